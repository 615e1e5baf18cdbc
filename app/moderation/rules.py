"""How much of something's words a moderator's list shows."""

from __future__ import annotations

from dataclasses import dataclass

LETTERS_READ, LETTERS_SHOWN = 400, 140


@dataclass(frozen=True)
class Subject:
    """What something says, without marks, the title of what it stands in, and the way to it.

    `text` may be the beginning alone, of LETTERS_READ letters. A proposal stands in nothing.
    """

    text: str
    stands_in: str
    href: str
    is_hidden: bool

    @property
    def excerpt(self) -> str:
        """Return the beginning of the words on one line."""
        line = " ".join(self.text.split())
        return line if len(line) <= LETTERS_SHOWN else f"{line[: LETTERS_SHOWN - 1].rstrip()}…"
