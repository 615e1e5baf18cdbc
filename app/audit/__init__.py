"""One chained row for every consequential act, written in the act's own transaction."""
