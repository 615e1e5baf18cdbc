"""The one error of a rule, or of a format, that an election does not go together with."""

from __future__ import annotations


class Unfit(ValueError):
    """A rule that cannot count this election, or a format that cannot hold it: what is wrong."""
