"""마당 (Madang): a neighbourhood's year of proposing, deliberating, deciding and keeping promises."""
