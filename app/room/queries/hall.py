"""Reading what a hall shows: where it stands, its questions, who speaks, its ballots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.assemblies.models import Assembly, Attendance, RunningStage
from app.assemblies.queries import stands
from app.assemblies.rules import current_stage
from app.ballots.models import Ballot
from app.ballots.queries import is_taking
from app.core.paging import page_of
from app.residents.models import day_of
from app.residents.queries import birth_of
from app.room.models import (
    FloorRequest,
    FloorState,
    Question,
    QuestionUpvote,
    Room,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.core.paging import Page
    from app.moderation.models import HideReason
    from app.residents.rules import Standing


QUESTIONS_A_PAGE = 100


@dataclass(frozen=True)
class RoomView:
    """An assembly with its running order, as one asker stands in it."""

    assembly: Assembly
    last_seq: int
    is_checked_in: bool
    born: date | None

    @property
    def stage(self) -> RunningStage | None:
        """Return the stage that is running."""
        return current_stage(self.assembly)

    @property
    def next_stage(self) -> RunningStage | None:
        """Return the stage that follows the running one, the first before any ran."""
        here = self.stage.position if self.stage else 0
        return next((one for one in self.assembly.stages if one.position > here), None)


@dataclass(frozen=True)
class QuestionView:
    """A question as one asker may see it: a hidden one without its words and its author."""

    id: int
    at: datetime
    who: str
    dong: str
    text: str
    upvotes: int
    is_answered: bool
    answer: str
    hidden_reason: HideReason | None
    is_own: bool
    is_raised: bool


def room_view(session: Session, assembly_id: int, by: Standing) -> RoomView | None:
    """Return an assembly whose notice is out, in one statement."""
    rows = session.execute(
        select(
            Assembly,
            func.coalesce(Room.last_seq, 0),
            Attendance.person_id,
            birth_of(by.person_id),
        )
        .outerjoin(Room, Room.assembly_id == Assembly.id)
        .outerjoin(
            Attendance,
            and_(
                Attendance.assembly_id == Assembly.id,
                Attendance.person_id == (by.person_id or 0),
            ),
        )
        .where(Assembly.id == assembly_id, stands())
        .options(joinedload(Assembly.place), joinedload(Assembly.stages))
    )
    row = rows.unique().first()
    if row is None:
        return None
    return RoomView(row[0], row[1], row[2] is not None, day_of(row[3]))


def questions(
    session: Session, assembly_id: int, by: Standing, *, number: int = 1
) -> Page[QuestionView]:
    """Return one page of an assembly's questions, with the total of all.

    First those that wait for an answer, the most wanted first among them. A page after the last
    is the first.
    """
    rows = session.execute(
        select(Question, QuestionUpvote.person_id, func.count().over())
        .outerjoin(
            QuestionUpvote,
            and_(
                QuestionUpvote.question_id == Question.id,
                QuestionUpvote.person_id == (by.person_id or 0),
            ),
        )
        .where(Question.assembly_id == assembly_id)
        .options(joinedload(Question.author), joinedload(Question.home))
        .order_by(
            or_(Question.answered_at.is_not(None), Question.hidden_at.is_not(None)),
            Question.upvotes.desc(),
            Question.id,
        )
        .offset((number - 1) * QUESTIONS_A_PAGE)
        .limit(QUESTIONS_A_PAGE + 1)
    ).all()
    if not rows and number > 1:
        return questions(session, assembly_id, by)
    return page_of(
        [_seen(question, by, is_raised=raised is not None) for question, raised, _ in rows],
        number=number,
        size=QUESTIONS_A_PAGE,
        total=rows[0][2] if rows else 0,
    )


def _seen(question: Question, by: Standing, *, is_raised: bool) -> QuestionView:
    is_open = not question.is_hidden
    return QuestionView(
        id=question.id,
        at=question.at,
        who=question.author.masked_name if is_open else "",
        dong=question.home.name if is_open else "",
        text=question.text if is_open else "",
        upvotes=question.upvotes,
        is_answered=question.answered_at is not None,
        answer=(question.answer or "") if is_open else "",
        hidden_reason=question.hidden_reason,
        is_own=question.author_id == by.person_id,
        is_raised=is_raised,
    )


def floor_queue(session: Session, assembly_id: int) -> Sequence[FloorRequest]:
    """Return who speaks, then who waits, first come first."""
    return session.scalars(
        select(FloorRequest)
        .where(
            FloorRequest.assembly_id == assembly_id,
            or_(
                FloorRequest.state == FloorState.SPEAKING,
                FloorRequest.state == FloorState.WAITING,
            ),
        )
        .options(joinedload(FloorRequest.person), joinedload(FloorRequest.home))
        .order_by(FloorRequest.state != FloorState.SPEAKING, FloorRequest.id)
    ).all()


def open_ballots(session: Session, assembly_id: int, *, at: datetime) -> Sequence[Ballot]:
    """Return an assembly's ballots that take votes now."""
    return session.scalars(
        select(Ballot)
        .where(Ballot.assembly_id == assembly_id, is_taking(at))
        .order_by(Ballot.opens_at, Ballot.id)
    ).all()
