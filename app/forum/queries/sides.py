"""Both sides of a topic, each opinion as a page shows it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    select,
    true,
    union_all,
)

from app.forum.models import (
    SIDES,
    Opinion,
    OpinionEndorsement,
    OpinionReply,
    Stance,
    StanceChange,
)
from app.places.models import Place
from app.residents.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.moderation.models import HideReason


STRONGEST = 2
FOLDED = 2


class Quoted(NamedTuple):
    """An opinion that another one quotes."""

    id: int
    stance: Stance
    reason: str
    is_hidden: bool
    masked_name: str


class Change(NamedTuple):
    """The latest change of an author's mind."""

    before: Stance
    after: Stance
    why: str


class FoldedReply(NamedTuple):
    """A reply as it stands folded beneath an opinion."""

    id: int
    text: str
    created_at: datetime
    masked_name: str
    home: str | None


class ShownOpinion(NamedTuple):
    """An opinion as every reader sees it; nothing of who reads."""

    id: int
    stance: Stance
    reason: str
    text: str
    created_at: datetime
    endorsement_count: int
    reply_count: int
    hidden_reason: HideReason | None
    is_hidden: bool
    masked_name: str
    home: str | None
    quoted: Quoted | None
    change: Change | None
    replies: tuple[FoldedReply, ...] = ()


class OpinionForReader(NamedTuple):
    """An opinion, whose it is, and whether the reader endorsed it."""

    shown: ShownOpinion
    author_id: int
    is_endorsed: bool


class Side(NamedTuple):
    """One side of a topic: its strongest opinions, then its newest, then where to read on."""

    stance: Stance
    strongest: list[OpinionForReader]
    newest: list[OpinionForReader]
    next_before: int | None

    @property
    def opinions(self) -> list[OpinionForReader]:
        """Return all opinions in the order they are read."""
        return [*self.strongest, *self.newest]


# Rows are read from the tables themselves: that is cheaper than through the mapped classes.
_opinion: Any = Opinion.__table__
_reply: Any = OpinionReply.__table__
_change: Any = StanceChange.__table__
_author: Any = Person.__table__
_home: Any = Place.__table__
_quoted = _opinion.alias("quoted")
_quoted_author = _author.alias("quoted_author")
# What becomes of the columns in order: the fields of ShownOpinion, of Quoted, of Change.
_SHOWN = (
    *(_opinion.c[name] for name in ShownOpinion._fields[:8]),
    _opinion.c.hidden_at.is_not(None),
    _author.c.masked_name,
    _home.c.name,
)
_QUOTED = (
    *(_quoted.c[name] for name in Quoted._fields[:3]),
    _quoted.c.hidden_at.is_not(None),
    _quoted_author.c.masked_name,
)
_CHANGED = tuple(_change.c[name] for name in Change._fields)
_TO_QUOTED = len(_SHOWN) + len(_QUOTED)
_TO_CHANGED = _TO_QUOTED + len(_CHANGED)


def sides(
    session: Session,
    topic_id: int,
    *,
    of: Sequence[Stance] = SIDES,
    size: int,
    before: int | None = None,
    viewer: int | None,
) -> list[Side]:
    """Return sides of a topic, each read along its own index however many opinions there are.

    A side begins with its strongest opinions by endorsements, shown once; `before` reads on from
    an opinion's id, and then the strongest are left out. Takes two statements.
    """
    rows = session.execute(
        _sides_read(tuple(of), size, reads_on=before is not None),
        {"topic": topic_id, "viewer": viewer or 0, "before": before},
    ).all()
    replies = _first_replies(session, [row.id for row in rows if row.reply_count])
    found: dict[tuple[Stance, bool], list[OpinionForReader]] = {}
    for row in rows:
        one = _for_reader(row, replies.get(row.id, ()))
        found.setdefault((row.stance, bool(row.is_strong)), []).append(one)
    return [
        _side(stance, found.get((stance, True), []), found.get((stance, False), []), size)
        for stance in of
    ]


def opinion_for_reader(
    session: Session, topic_id: int, opinion_id: int, *, viewer: int | None
) -> OpinionForReader | None:
    """Return one opinion of a topic as a page shows it, without replies; None if not there."""
    row = session.execute(
        _ONE, {"topic": topic_id, "opinion": opinion_id, "viewer": viewer or 0}
    ).one_or_none()
    return None if row is None else _for_reader(row, ())


def _for_reader(row: Any, replies: tuple[FoldedReply, ...]) -> OpinionForReader:
    of_all, quoted = row[: len(_SHOWN)], row[len(_SHOWN) : _TO_QUOTED]
    change = row[_TO_QUOTED:_TO_CHANGED]
    shown = (
        *of_all,
        None if quoted[0] is None else Quoted(*quoted),
        None if change[0] is None else Change(*change),
        replies,
    )
    return OpinionForReader(ShownOpinion._make(shown), row.author_id, bool(row.is_endorsed))


def _side(
    stance: Stance, strongest: list[OpinionForReader], newest: list[OpinionForReader], size: int
) -> Side:
    strongest.sort(key=lambda one: (-one.shown.endorsement_count, -one.shown.id))
    newest.sort(key=lambda one: -one.shown.id)
    more = len(newest) > size
    return Side(stance, strongest, newest[:size], newest[size - 1].shown.id if more else None)


@cache
def _sides_read(of: tuple[Stance, ...], size: int, *, reads_on: bool) -> Select[Any]:
    """Return the statement that reads sides; there are a handful, each built once."""
    picks = union_all(*_picks(of, size, reads_on=reads_on)).subquery("picks")
    return _opinions(picks, picks.c.is_strong)


def _picks(of: Sequence[Stance], size: int, *, reads_on: bool) -> list[Select[Any]]:
    """Return one bounded select of ids for the head and one for the run of each side."""
    picks: list[Select[Any]] = []
    for stance in of:
        on_side = and_(Opinion.topic_id == bindparam("topic"), Opinion.stance == stance)
        strong = (
            select(Opinion.id)
            .where(on_side, Opinion.endorsement_count > 0, Opinion.hidden_at.is_(None))
            .order_by(Opinion.endorsement_count.desc(), Opinion.id.desc())
            .limit(STRONGEST)
        )
        new = (
            select(Opinion.id)
            .where(on_side, Opinion.id.not_in(select(strong.subquery().c.id)))
            .order_by(Opinion.id.desc())
            .limit(size + 1)
        )
        if reads_on:
            new = new.where(Opinion.id < bindparam("before"))
        else:
            head = strong.subquery()
            picks.append(select(head.c.id, true().label("is_strong")))
        run = new.subquery()
        picks.append(select(run.c.id, false().label("is_strong")))
    return picks


def _opinions(picks: Any, *extra: Any) -> Select[Any]:
    """Select opinions with their latest change of mind and whether the viewer endorsed them."""
    newest_change = (
        select(func.max(StanceChange.id))
        .where(StanceChange.opinion_id == _opinion.c.id)
        .correlate(_opinion)
        .scalar_subquery()
    )
    endorsed = exists().where(
        OpinionEndorsement.opinion_id == _opinion.c.id,
        OpinionEndorsement.person_id == bindparam("viewer"),
    )
    return select(
        *_SHOWN,
        *_QUOTED,
        *_CHANGED,
        _opinion.c.author_id,
        endorsed.label("is_endorsed"),
        *extra,
    ).select_from(
        _opinion.join(picks, picks.c.id == _opinion.c.id)
        .join(_author, _author.c.id == _opinion.c.author_id)
        .outerjoin(_home, _home.c.id == _opinion.c.home_place_id)
        .outerjoin(_quoted, _quoted.c.id == _opinion.c.quoted_id)
        .outerjoin(_quoted_author, _quoted_author.c.id == _quoted.c.author_id)
        .outerjoin(_change, _change.c.id == newest_change)
    )


_ONE = _opinions(
    select(Opinion.id)
    .where(Opinion.id == bindparam("opinion"), Opinion.topic_id == bindparam("topic"))
    .subquery("picks")
)


def _first_replies(session: Session, answered: list[int]) -> dict[int, tuple[FoldedReply, ...]]:
    """Return the first replies of opinions that have any, those a reader can see."""
    if not answered:
        return {}
    first: dict[int, tuple[FoldedReply, ...]] = {}
    for opinion_id, *answer in session.execute(_FIRST_REPLIES, {"answered": answered}):
        first[opinion_id] = (*first.get(opinion_id, ()), FoldedReply(*answer))
    return first


_in_line = (
    select(
        OpinionReply.id,
        func.row_number()
        .over(partition_by=OpinionReply.opinion_id, order_by=OpinionReply.id)
        .label("place_in_line"),
    )
    .where(
        OpinionReply.opinion_id.in_(bindparam("answered", expanding=True)),
        OpinionReply.hidden_at.is_(None),
    )
    .subquery()
)
_FIRST_REPLIES = (
    select(
        _reply.c.opinion_id,
        _reply.c.id,
        _reply.c.text,
        _reply.c.created_at,
        _author.c.masked_name,
        _home.c.name,
    )
    .select_from(
        _reply.join(_in_line, _in_line.c.id == _reply.c.id)
        .join(_author, _author.c.id == _reply.c.author_id)
        .outerjoin(_home, _home.c.id == _reply.c.home_place_id)
    )
    .where(_in_line.c.place_in_line <= FOLDED)
    .order_by(_reply.c.opinion_id, _reply.c.id)
)
