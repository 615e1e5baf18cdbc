"""Commands: thin doors to actions, for operators and for make."""
