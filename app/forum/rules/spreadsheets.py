"""Text that a spreadsheet would take for a formula: shielded on its way out, bare again in.

A cell that begins with = + - @, their full-width forms, a tab or a carriage return is computed by
spreadsheets instead of shown; an apostrophe before it keeps it text.
"""

from __future__ import annotations

import re

SHIELD = "'"
_COMPUTED = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def shielded(text: str) -> str:
    """Return a text as it may stand in a cell; one that looks shielded gets a further shield."""
    return SHIELD + text if _COMPUTED.match(text) else text


def bare(text: str) -> str:
    """Return a cell's text without the shield: what `shielded` was given."""
    return text[1:] if text.startswith(SHIELD) and _COMPUTED.match(text) else text
