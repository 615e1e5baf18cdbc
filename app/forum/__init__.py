"""The public forum (공론장): a question, both sides of it, and what came of them."""
