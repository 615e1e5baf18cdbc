"""A believable year, told only through actions."""
