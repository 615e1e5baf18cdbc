"""Reading what was said and hidden, for those who keep order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.assemblies.models import Assembly
from app.moderation.models import ModerationAct, SubjectKind
from app.moderation.policy import LIVE_KINDS
from app.moderation.rules import Subject
from app.places.models import Place
from app.residents.models import Person
from app.room.models import (
    SAID,
    FloorRequest,
    Message,
    Question,
    Said,
)
from app.room.policy import keeps_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.moderation.models import HideReason
    from app.residents.models import Role
    from app.residents.rules import Standing


_WORDS = {
    SubjectKind.MESSAGE: Message.text,
    SubjectKind.QUESTION: Question.text,
    SubjectKind.FLOOR_REQUEST: FloorRequest.topic,
}


@dataclass(frozen=True)
class HiddenWords:
    """What was hidden in a room, for those who may show it again: by whom, when and why."""

    kind: SubjectKind
    id: int
    who: str
    dong: str
    text: str
    reason: HideReason
    note: str
    hidden_by: str
    role: Role
    hidden_at: datetime


def hidden_words(session: Session, assembly: Assembly, by: Standing) -> list[HiddenWords]:
    """Return what is hidden in a room, last hidden first; nothing to who keeps no order there."""
    if not keeps_order(assembly, by):
        return []
    author, hider = aliased(Person), aliased(Person)
    by_whom = (Message.author_id, Question.author_id, FloorRequest.person_id)
    last_hide = (
        select(func.max(ModerationAct.id))
        .where(ModerationAct.act == "hide", ModerationAct.subject_kind.in_(LIVE_KINDS))
        .group_by(ModerationAct.subject_kind, ModerationAct.subject_id)
    )
    rows = session.execute(
        select(
            ModerationAct,
            func.coalesce(*_WORDS.values()),
            author.masked_name,
            Place.name,
            hider.masked_name,
        )
        .outerjoin(Message, _is_about(Message, SubjectKind.MESSAGE))
        .outerjoin(Question, _is_about(Question, SubjectKind.QUESTION))
        .outerjoin(FloorRequest, _is_about(FloorRequest, SubjectKind.FLOOR_REQUEST))
        .join(author, author.id == func.coalesce(*by_whom))
        .join(Place, Place.id == func.coalesce(*(kind.home_id for kind in SAID.values())))
        .join(hider, hider.id == ModerationAct.by)
        .where(
            ModerationAct.id.in_(last_hide),
            or_(*(kind.assembly_id == assembly.id for kind in SAID.values())),
        )
        .order_by(ModerationAct.id.desc())
    )
    return [
        HiddenWords(
            kind=act.subject_kind,
            id=act.subject_id,
            who=who,
            dong=dong,
            text=text,
            reason=act.reason,
            note=act.note,
            hidden_by=hidden_by,
            role=act.by_role,
            hidden_at=act.at,
        )
        for act, text, who, dong, hidden_by in rows
    ]


def _is_about(kind: type[Said], code: SubjectKind) -> ColumnElement[bool]:
    """Return the condition that a line of the ledger tells of a thing that is hidden now."""
    return and_(
        ModerationAct.subject_kind == code,
        kind.id == ModerationAct.subject_id,
        kind.hidden_at.is_not(None),
    )


def moderated_words(
    session: Session, ids: Sequence[int], *, kind: SubjectKind
) -> dict[int, Subject]:
    """Return what was said in rooms, one kind of it, for those who keep order; hidden or not."""
    said = SAID[kind]
    rows = session.execute(
        select(said.id, _WORDS[kind], Assembly.title, said.assembly_id, said.hidden_at)
        .join(Assembly, Assembly.id == said.assembly_id)
        .where(said.id.in_(ids))
    )
    return {
        key: Subject(
            words, title, f"/assemblies/{hall}/room/console#{kind}-{key}", hidden_at is not None
        )
        for key, words, title, hall, hidden_at in rows
    }
