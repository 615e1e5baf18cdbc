"""Photograph every page, in every state, into one book to leaf through."""
