"""Telling people what happened to what they care about: on the site, and by mail."""
