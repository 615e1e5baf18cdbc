"""The document about counting, taken apart for its page: what to read, what to count again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.core import richtext

if TYPE_CHECKING:
    from pathlib import Path

    from markupsafe import Markup

_HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)
_BOX = re.compile(
    r"^```(?P<kind>[a-z_]+) ?(?P<more>[^\n]*)\n(?P<given>(?:(?!```).*\n)*)```\n"
    r"(?:```text\n(?P<told>(?:(?!```).*\n)*)```(?:\n|$))?",
    re.MULTILINE,
)
_TYPED = frozenset({"json", "sh"})
_FOLDED = {"파일": "files", "English summary": "english"}


@dataclass(frozen=True)
class Part:
    """Words, or a box of what was voted and what comes of it.

    `kind` names the box's method, `more` what else is settled before the vote.
    """

    words: Markup | None = None
    kind: str = ""
    more: str = ""
    given: str = ""
    told: str = ""

    @property
    def is_for_machines(self) -> bool:
        """Say whether the box holds a file or a command."""
        return self.kind in _TYPED


@dataclass(frozen=True)
class Section:
    """One heading of the document with its parts; `anchor` is its method's name, or empty."""

    title: str
    anchor: str
    parts: tuple[Part, ...]

    @property
    def is_folded(self) -> bool:
        """Say whether it is for those who count again, or for readers of English."""
        return self.anchor in _FOLDED.values()


@dataclass(frozen=True)
class Document:
    """A document of the house: its title, what stands before the first heading, its sections."""

    title: str
    lead: Markup
    sections: tuple[Section, ...]


def document(path: Path) -> Document:
    """Return a document of the house, kept until its file changes.

    Documents are Korean in every language, so one is kept for all of them.
    """
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> Document:
    title, _, body = path.read_text(encoding="utf-8").partition("\n")
    lead, *rest = _HEADING.split(body)
    return Document(
        title.lstrip("# "),
        richtext.render(lead),
        tuple(_section(*pair) for pair in zip(rest[::2], rest[1::2], strict=True)),
    )


def _section(title: str, body: str) -> Section:
    parts = tuple(_parts(body))
    methods = [part.kind for part in parts if part.kind and not part.is_for_machines]
    return Section(title, _FOLDED.get(title) or next(iter(methods), ""), parts)


def _parts(body: str) -> list[Part]:
    """Return words and boxes in the order in which they stand."""
    parts, read = [], 0
    for box in _BOX.finditer(body):
        parts.append(Part(words=richtext.render(body[read : box.start()])))
        kind, more, given, told = box.group("kind", "more", "given", "told")
        parts.append(Part(kind=kind, more=more, given=given, told=told or ""))
        read = box.end()
    parts.append(Part(words=richtext.render(body[read:])))
    return [part for part in parts if part.kind or part.words]
