"""Reading assemblies: drafts are seen by those who prepare them, everything else by everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyRules,
    AssemblyState,
    Attendance,
    MinutesCorrection,
    NoticeCorrection,
)
from app.assemblies.rules import DEFAULT_RULES, RUNS_ON_AT_MOST, Rules
from app.core.clock import seoul_day, seoul_midnight
from app.core.own_rows import OwnRows, looked_up
from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Place
from app.places.queries import within
from app.proposals.models import (
    Proposal,
    ProposalState,
    Reply,
    TimelineCode,
    TimelineEntry,
    Verdict,
)
from app.residents.models import Role, day_of
from app.residents.queries import birth_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, ScalarSelect, Select
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

PREPARERS = (Role.CLERK, Role.CHAIR, Role.OPERATOR)
PUBLIC = (AssemblyState.NOTICED, AssemblyState.OPEN, AssemblyState.CLOSED)


@dataclass(frozen=True)
class Raisable:
    """A proposal that may be put on an agenda, with the reply it received."""

    proposal: Proposal
    reply: Reply

    @property
    def verdict(self) -> Verdict:
        """Return the department's verdict."""
        return self.reply.verdict


@dataclass(frozen=True)
class Past:
    """What assemblies made of a proposal until now."""

    has_won: bool
    is_elsewhere: bool


def _public(place_id: int | None) -> Select[Assembly]:
    """Return the selection of published assemblies of a place, or of all."""
    chosen = select(Assembly).where(Assembly.state.in_(PUBLIC)).options(joinedload(Assembly.place))
    return chosen.where(Assembly.place_id == place_id) if place_id is not None else chosen


def stands() -> ColumnElement[bool]:
    """Return the condition of what was announced and not called off."""
    return (Assembly.state != AssemblyState.DRAFT) & Assembly.called_off_at.is_(None)


def is_coming(at: datetime) -> ColumnElement[bool]:
    """Return the condition of what is announced and still to come or going on."""
    to_come = and_(stands(), Assembly.state == AssemblyState.NOTICED, Assembly.ends_at > at)
    return is_going_on(at) | to_come


def is_going_on(at: datetime) -> ColumnElement[bool]:
    """Return the condition of what is open, and not merely left open."""
    return (Assembly.state == AssemblyState.OPEN) & (Assembly.ends_at > at - RUNS_ON_AT_MOST)


def listing(
    session: Session, *, place_id: int | None = None, number: int = 1, at: datetime
) -> Page[Assembly]:
    """Return one page of published assemblies: to come, the nearest first; then past, the latest.

    `rules.is_ahead` tells the two apart.
    """
    ahead = is_coming(at)
    rows = session.scalars(
        _public(place_id)
        .order_by(
            case((ahead, 0), else_=1),
            case((ahead, Assembly.held_at)),
            Assembly.held_at.desc(),
            Assembly.id,
        )
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return page_of(rows, number=number)


@dataclass(frozen=True)
class Seen:
    """An assembly as one person sees it: whether they have checked in, and when they were born."""

    assembly: Assembly
    checked_in: bool
    born: date | None


def seen_by(session: Session, assembly_id: int, by: Standing) -> Seen | None:
    """Return an assembly with agenda and running order; a draft only to those who prepare it."""
    row = session.execute(
        select(
            Assembly,
            exists().where(
                Attendance.assembly_id == assembly_id, Attendance.person_id == by.person_id
            ),
            birth_of(by.person_id),
        )
        .where(Assembly.id == assembly_id)
        .options(
            joinedload(Assembly.place).joinedload(Place.parent),
            selectinload(Assembly.stages),
            selectinload(Assembly.items).joinedload(AgendaItem.department),
        )
    ).one_or_none()
    if row is None:
        return None
    assembly, checked_in, birth_date = row
    if assembly.state is AssemblyState.DRAFT and (
        assembly.is_called_off or not may_prepare(by, assembly.place)
    ):
        return None
    return Seen(assembly, checked_in, day_of(birth_date))


def may_prepare(by: Standing, place: Place) -> bool:
    """Say whether someone sees the drafts of a place."""
    return any(by.holds(role, place) for role in PREPARERS)


def on_the_desk(
    session: Session,
    places: Sequence[int],
    *,
    state: AssemblyState | None = None,
    number: int = 1,
) -> Page[Assembly]:
    """Return one page of the assemblies someone works on: what is over last, else latest first."""
    chosen = (
        select(Assembly)
        .where(Assembly.place_id.in_(places), ~_is_thrown_away())
        .options(joinedload(Assembly.place))
        .order_by(
            (Assembly.state == AssemblyState.CLOSED) | Assembly.called_off_at.is_not(None),
            Assembly.held_at.desc(),
            Assembly.id.desc(),
        )
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    )
    if state is not None:
        chosen = chosen.where(Assembly.state == state)
    return page_of(session.scalars(chosen).all(), number=number)


def _is_thrown_away() -> ColumnElement[bool]:
    """Return the condition of a draft that was thrown away, which no page shows."""
    return (Assembly.state == AssemblyState.DRAFT) & Assembly.called_off_at.is_not(None)


def desk_load(session: Session, by: Standing, *, at: datetime) -> tuple[int, int, int]:
    """Return how many are held today, wait for their notice, and for their minutes, for someone."""
    today = seoul_day(at)
    day = and_(
        Assembly.held_at >= seoul_midnight(today),
        Assembly.held_at < seoul_midnight(today + timedelta(days=1)),
    )
    clerked = within(by.places_with({Role.CLERK}))
    held, unnoticed, unminuted = session.execute(
        select(
            func.count().filter(is_coming(at), day),
            func.count().filter(
                Assembly.state == AssemblyState.DRAFT, Assembly.called_off_at.is_(None), clerked
            ),
            func.count().filter(
                Assembly.state == AssemblyState.CLOSED, Assembly.minutes.is_(None), clerked
            ),
        )
        .select_from(Assembly)
        .join(Place, Place.id == Assembly.place_id)
        .where(within(by.places_with(PREPARERS)))
    ).one()
    return held, unnoticed, unminuted


def notice_corrections(session: Session, assembly_id: int) -> Sequence[NoticeCorrection]:
    """Return the corrections of an assembly's notice, the newest first."""
    return session.scalars(
        select(NoticeCorrection)
        .where(NoticeCorrection.assembly_id == assembly_id)
        .order_by(NoticeCorrection.number.desc())
    ).all()


def corrections(session: Session, assembly_id: int) -> Sequence[MinutesCorrection]:
    """Return the corrections of an assembly's minutes, the newest first."""
    return session.scalars(
        select(MinutesCorrection)
        .where(MinutesCorrection.assembly_id == assembly_id)
        .order_by(MinutesCorrection.number.desc())
    ).all()


def rules_in_force(session: Session, place: Place, *, at: datetime) -> Rules:
    """Return the rules for a place at a moment: its own, its district's, or the defaults."""
    ids = [place.id] if place.parent_id is None else [place.id, place.parent_id]
    row = session.scalar(
        select(AssemblyRules)
        .where(AssemblyRules.place_id.in_(ids), AssemblyRules.effective_from <= at)
        .order_by((AssemblyRules.place_id == place.id).desc(), AssemblyRules.version.desc())
        .limit(1)
    )
    return Rules.of(row) if row is not None else DEFAULT_RULES


def rules_history(session: Session, places: Sequence[int]) -> Sequence[AssemblyRules]:
    """Return every version of these places' rules, the newest of each place first."""
    return session.scalars(
        select(AssemblyRules)
        .where(AssemblyRules.place_id.in_(places))
        .order_by(AssemblyRules.place_id, AssemblyRules.version.desc())
    ).all()


def _has_won() -> ColumnElement[bool]:
    """Return the condition that an assembly selected a proposal, as its timeline tells."""
    won = (TimelineCode.SELECTED, TimelineCode.COMMITMENT_MADE)
    return exists().where(TimelineEntry.proposal_id == Proposal.id, TimelineEntry.code.in_(won))


def _is_before_another(assembly: Assembly, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a proposal is on the agenda of another assembly.

    An assembly that was never opened is over at its end or when it was called off, one that nobody
    closed some hours later.
    """
    to_come = and_(
        Assembly.state.in_((AssemblyState.DRAFT, AssemblyState.NOTICED)),
        Assembly.called_off_at.is_(None),
    )
    return (
        exists()
        .where(AgendaItem.proposal_id == Proposal.id, AgendaItem.assembly_id != assembly.id)
        .where(Assembly.id == AgendaItem.assembly_id)
        .where(is_going_on(at) | (to_come & (Assembly.ends_at > at)))
    )


def _is_elsewhere(assembly: Assembly, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a proposal is before another assembly, or on a ballot uncertified.

    Every certified ballot answers the line that told of it with one of its outcome.
    """
    on_ballot = _told(TimelineCode.ON_BALLOT) > _told(*_OUTCOMES)
    return _is_before_another(assembly, at) | on_ballot


_OUTCOMES = (TimelineCode.SELECTED, TimelineCode.NOT_SELECTED, TimelineCode.TIED)


def _told(*codes: TimelineCode) -> ScalarSelect[int]:
    """Return how many lines of a proposal's timeline have one of these codes."""
    return (
        select(func.count())
        .select_from(TimelineEntry)
        .where(TimelineEntry.proposal_id == Proposal.id, TimelineEntry.code.in_(codes))
        .correlate(Proposal)
        .scalar_subquery()
    )


def past_of(session: Session, proposal_id: int, assembly: Assembly, *, at: datetime) -> Past:
    """Return what other assemblies made of a proposal until now."""
    row = session.execute(
        select(_has_won(), _is_elsewhere(assembly, at)).where(Proposal.id == proposal_id)
    ).one()
    return Past(*row)


def is_taken_up(session: Session, assembly: Assembly, *, at: datetime) -> bool:
    """Say whether something of an agenda came before another assembly, or has won there."""
    ours = select(AgendaItem.proposal_id).where(AgendaItem.assembly_id == assembly.id)
    taken_up = _is_before_another(assembly, at) | _has_won()
    asked = exists().where(Proposal.id.in_(ours), taken_up)
    return bool(session.scalar(select(asked)))


def raisable_proposals(
    session: Session, assembly: Assembly, *, at: datetime, number: int = 1
) -> Page[Raisable]:
    """Return one page of the adopted proposals that may be put on an assembly's agenda.

    They concern its place, are not on its agenda, have not won and are before no other.
    """
    rows = session.execute(
        _raisable(assembly, at)
        .order_by(Reply.at.desc(), Proposal.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    )
    return page_of([Raisable(proposal, reply) for proposal, reply in rows], number=number)


def raisable_proposal(
    session: Session, assembly: Assembly, proposal_id: int, *, at: datetime
) -> Raisable | None:
    """Return one proposal that may be put on an assembly's agenda, None if it may not."""
    row = session.execute(_raisable(assembly, at).where(Proposal.id == proposal_id)).one_or_none()
    return None if row is None else Raisable(*row)


def _raisable(assembly: Assembly, at: datetime) -> Select[Proposal, Reply]:
    place = assembly.place
    concerns = [Proposal.place_id == place.id]
    if place.parent_id is not None:
        concerns.append(Proposal.place_id == place.parent_id)
    else:
        concerns.append(Proposal.place_id.in_(select(Place.id).where(Place.parent_id == place.id)))
    taken = select(AgendaItem.proposal_id).where(
        AgendaItem.assembly_id == assembly.id, AgendaItem.proposal_id.is_not(None)
    )
    return (
        select(Proposal, Reply)
        .join(Reply, Reply.proposal_id == Proposal.id)
        .where(
            or_(*concerns),
            Proposal.state == ProposalState.REPLIED,
            Proposal.hidden_at.is_(None),
            Reply.verdict.in_((Verdict.ADOPTED, Verdict.PARTLY)),
            Proposal.id.not_in(taken),
            ~_has_won(),
            ~_is_elsewhere(assembly, at),
        )
        .options(joinedload(Proposal.place), joinedload(Reply.department))
    )


# ------------------------------------------------------------------ what is one's own
OWN = {
    "attendances": OwnRows(
        Attendance.person_id,
        {
            "at": Attendance.at,
            "assembly_id": Attendance.assembly_id,
            "assembly": looked_up(Assembly.title, Assembly.id == Attendance.assembly_id),
        },
    ),
    "assemblies_called": OwnRows(
        Assembly.called_by,
        {
            "at": Assembly.created_at,
            "id": Assembly.id,
            "place": looked_up(Place.name, Place.id == Assembly.place_id),
            "title": Assembly.title,
        },
    ),
    "notices_corrected": OwnRows(
        NoticeCorrection.by,
        {
            "at": NoticeCorrection.at,
            "assembly_id": NoticeCorrection.assembly_id,
            "number": NoticeCorrection.number,
            "reason": NoticeCorrection.reason,
        },
    ),
    "minutes_corrected": OwnRows(
        MinutesCorrection.by,
        {
            "at": MinutesCorrection.at,
            "assembly_id": MinutesCorrection.assembly_id,
            "number": MinutesCorrection.number,
            "reason": MinutesCorrection.reason,
        },
    ),
    "assembly_rules_set": OwnRows(
        AssemblyRules.set_by,
        {
            "effective_from": AssemblyRules.effective_from,
            "place": looked_up(Place.name, Place.id == AssemblyRules.place_id),
            "version": AssemblyRules.version,
        },
    ),
}
