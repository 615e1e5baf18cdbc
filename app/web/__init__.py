"""The Flask kit every domain's pages are made with; knows no domain."""
