"""Cells that spreadsheets open: what people wrote stays text and never becomes a formula.

A cell that begins with = + - @, their full-width forms, a tab or a carriage return is computed by
spreadsheets instead of shown; an apostrophe before it keeps it text.
"""

from __future__ import annotations

import re

SHIELD = "'"
_COMPUTED = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def inert(text: str) -> str:
    """Return a text as it may stand in a cell; one that looks shielded gets a further shield."""
    return SHIELD + text if _COMPUTED.match(text) else text


def as_written(cell: str) -> str:
    """Return a cell's text without the shield: what inert() was given."""
    return cell[1:] if cell.startswith(SHIELD) and _COMPUTED.match(cell) else cell
