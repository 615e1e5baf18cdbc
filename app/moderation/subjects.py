"""A seam for higher domains: what their things say, told to those who keep order among them.

A domain's wiring calls `register(house.app, kind, read)` for each kind of thing that moderators
may hide in it. `read(session, ids)` returns by id, in one statement, what those things say, where
they stand and the way to the very place. Hidden ones are told too: only the moderators' desk asks.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.moderation.models import SubjectKind
    from app.moderation.rules import Subject

    Key = tuple[SubjectKind, int]
    Read = Callable[[Session, Sequence[int]], Mapping[int, Subject]]

_KEY = "moderation_subjects"


def register(app: Flask, kind: SubjectKind, read: Read) -> None:
    """Let a domain tell what its things of one kind say."""
    app.extensions.setdefault(_KEY, {})[kind] = read


def subjects_of(app: Flask, session: Session, keys: Iterable[Key]) -> dict[Key, Subject]:
    """Return what things say, one statement for each kind among them."""
    wanted: defaultdict[SubjectKind, list[int]] = defaultdict(list)
    for kind, subject_id in keys:
        wanted[kind].append(subject_id)
    reads: dict[SubjectKind, Read] = app.extensions.get(_KEY, {})
    return {
        (kind, subject_id): subject
        for kind, ids in wanted.items()
        for subject_id, subject in reads[kind](session, ids).items()
    }
