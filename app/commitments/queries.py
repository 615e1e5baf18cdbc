"""Reading commitments, which are public from the day they are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.assemblies.models import Track
from app.ballots.models import Ballot, BallotState, Option, Outcome
from app.ballots.queries import HAS_RESULT
from app.commitments.models import Commitment, Milestone, ProgressReport
from app.commitments.rules import DongLine, Tally, silent_since
from app.core.clock import seoul_day
from app.core.own_rows import OwnRows, looked_up
from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Place
from app.places.queries import within
from app.residents.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


class Status(StrEnum):
    """What a list of commitments may be narrowed to."""

    ON_WAY = "on_way"
    LATE = "late"
    SILENT = "silent"
    DELAYED = "delayed"
    KEPT = "kept"


@dataclass(frozen=True)
class Filters:
    """Which commitments a list shows; None leaves a side open."""

    year: int | None = None
    place_id: int | None = None
    status: Status | None = None


@dataclass(frozen=True)
class Line:
    """A commitment in a list, with the next step that is not done."""

    commitment: Commitment
    next_step: Milestone | None


@dataclass(frozen=True)
class Unpromised:
    """A counted ballot of which something selected is not yet a commitment."""

    ballot: Ballot
    options: int

    @property
    def is_certified(self) -> bool:
        """Say whether the count is certified, so that commitments can be made of it."""
        return self.ballot.state is BallotState.CERTIFIED


def _silent(at: datetime) -> ColumnElement[bool]:
    heard = func.coalesce(Commitment.last_reported_at, Commitment.created_at)
    return Commitment.done_at.is_(None) & (heard < silent_since(at))


def _condition(status: Status, at: datetime) -> ColumnElement[bool]:
    """Return the condition under which a commitment has a status at a moment."""
    if status is Status.KEPT:
        return Commitment.done_at.is_not(None)
    if status is Status.SILENT:
        return _silent(at)
    unkept = Commitment.done_at.is_(None)
    if status is Status.LATE:
        return unkept & (Commitment.due_on < seoul_day(at))
    if status is Status.DELAYED:
        return unkept & Commitment.delayed_because.is_not(None)
    return unkept


def _lines(*where: ColumnElement[bool]) -> Select[Commitment, Milestone]:
    """Return the selection of commitments, each with its next step, in one statement."""
    step = aliased(Milestone)
    next_id = (
        select(step.id)
        .where(step.commitment_id == Commitment.id, step.done_on.is_(None))
        .order_by(step.due_on, step.position)
        .limit(1)
        .correlate(Commitment)
        .scalar_subquery()
    )
    return (
        select(Commitment, Milestone)
        .outerjoin(Milestone, Milestone.id == next_id)
        .where(*where)
        .options(joinedload(Commitment.place), joinedload(Commitment.department))
    )


def _page(session: Session, chosen: Select[Commitment, Milestone], number: int) -> Page[Line]:
    rows = session.execute(chosen.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)).all()
    return page_of([Line(commitment, step) for commitment, step in rows], number=number)


def listing(session: Session, filters: Filters, *, number: int = 1, at: datetime) -> Page[Line]:
    """Return one page of commitments: what is still owed by its date, then what was kept."""
    where = []
    if filters.year is not None:
        where.append(Commitment.year == filters.year)
    if filters.place_id is not None:
        where.append(Commitment.place_id == filters.place_id)
    if filters.status is not None:
        where.append(_condition(filters.status, at))
    chosen = _lines(*where).order_by(
        case((Commitment.done_at.is_(None), 0), else_=1),
        Commitment.done_at.desc(),
        Commitment.due_on,
        Commitment.id,
    )
    return _page(session, chosen, number)


def tallies(session: Session) -> dict[int, list[DongLine]]:
    """Return every year's commitments by place and track, the newest year first."""
    rows = session.execute(
        select(
            Commitment.year,
            Place.id,
            Place.name,
            Place.slug,
            Commitment.track,
            func.count(),
            func.count(Commitment.done_at),
        )
        .join(Place, Place.id == Commitment.place_id)
        .group_by(
            Commitment.year, Place.id, Place.name, Place.slug, Place.position, Commitment.track
        )
        .order_by(Commitment.year.desc(), Place.position, Place.id)
    )
    years: dict[int, dict[int, tuple[str, str, dict[Track, Tally]]]] = {}
    for year, place_id, name, slug, track, count, kept in rows:
        place = years.setdefault(year, {}).setdefault(place_id, (name, slug, {}))
        place[2][track] = Tally(count, kept)
    return {
        year: [DongLine(place_id, *line) for place_id, line in places.items()]
        for year, places in years.items()
    }


def by_dong(session: Session, year: int) -> list[DongLine]:
    """Return a year's commitments by dong and track: how many, and how many were kept."""
    return tallies(session).get(year, [])


def detail(session: Session, commitment_id: int) -> Commitment | None:
    """Return a commitment with its milestones and reports."""
    return session.scalar(
        select(Commitment)
        .where(Commitment.id == commitment_id)
        .options(
            joinedload(Commitment.place),
            joinedload(Commitment.department),
            joinedload(Commitment.option),
            selectinload(Commitment.milestones),
            selectinload(Commitment.reports),
        )
    )


def on_the_desk(
    session: Session,
    *,
    departments: Collection[int],
    places: Collection[int],
    status: Status | None = None,
    number: int = 1,
    at: datetime,
) -> Page[Line]:
    """Return one page of what these departments or these places' clerks answer for."""
    theirs = or_(Commitment.department_id.in_(departments), Commitment.place_id.in_(places))
    where = [theirs] if status is None else [theirs, _condition(status, at)]
    chosen = _lines(*where).order_by(
        case((Commitment.done_at.is_(None), 0), else_=1), Commitment.due_on, Commitment.id
    )
    return _page(session, chosen, number)


def desk_load(session: Session, by: Standing, *, at: datetime) -> tuple[int, int, int]:
    """Return how many ballots wait to be promised, how many commitments are silent, and late."""
    clerked = within(by.places_with({Role.CLERK}))
    theirs = or_(Commitment.department_id.in_(by.departments), clerked)
    mine = (
        select(func.count())
        .select_from(Commitment)
        .join(Place, Place.id == Commitment.place_id)
        .where(theirs)
    )
    missing = _unpromised().subquery()
    unpromised = (
        select(func.count())
        .select_from(Ballot)
        .join(missing, missing.c.ballot_id == Ballot.id)
        .join(Place, Place.id == Ballot.place_id)
        .where(Ballot.state == BallotState.CERTIFIED, clerked)
    )
    ballots, silent, late = session.execute(
        select(
            unpromised.scalar_subquery(),
            mine.where(_condition(Status.SILENT, at)).scalar_subquery(),
            mine.where(_condition(Status.LATE, at)).scalar_subquery(),
        )
    ).one()
    return ballots, silent, late


def _unpromised() -> Select[int, int]:
    """Return the selection of ballots with how many selected options are no commitment yet."""
    return (
        select(Option.ballot_id, func.count().label("options"))
        .outerjoin(Commitment, Commitment.option_id == Option.id)
        .where(Option.outcome == Outcome.SELECTED, Commitment.id.is_(None))
        .group_by(Option.ballot_id)
    )


def waiting_ballots(session: Session, places: Collection[int]) -> list[Unpromised]:
    """Return counted ballots of these places with something selected and not yet promised."""
    missing = _unpromised().subquery()
    rows = session.execute(
        select(Ballot, missing.c.options)
        .join(missing, missing.c.ballot_id == Ballot.id)
        .where(
            Ballot.place_id.in_(places),
            Ballot.state.in_(HAS_RESULT),
        )
        .options(joinedload(Ballot.place))
        .order_by(Ballot.counted_at.desc(), Ballot.id.desc())
    ).all()
    return [Unpromised(ballot, count) for ballot, count in rows]


# ------------------------------------------------------------------ what is one's own
OWN = {
    "progress_reports": OwnRows(
        ProgressReport.by,
        {
            "at": ProgressReport.at,
            "id": ProgressReport.id,
            "commitment_id": ProgressReport.commitment_id,
            "commitment": looked_up(
                Commitment.number, Commitment.id == ProgressReport.commitment_id
            ),
            "text": ProgressReport.text,
            "percent": ProgressReport.percent,
            "spent_won": ProgressReport.spent_won,
            "due_on": ProgressReport.due_on,
            "step": ProgressReport.step,
            "step_was_due": ProgressReport.step_was_due,
        },
    ),
}
