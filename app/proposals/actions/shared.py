"""What the acts on a proposal share: its lock, its row, its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.exc import NoResultFound

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import held
from app.core.refusals import Refused
from app.places.models import Place, PlaceKind
from app.places.queries import NamedPlace
from app.proposals import facts, rules
from app.proposals.models import (
    Endorsement,
    Follow,
    Proposal,
    ProposalState,
    Stage,
    TimelineCode,
    TimelineEntry,
)
from app.proposals.policy import ProposalRefusal
from app.residents.models import Person
from app.residents.queries import standing_told, with_standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


_ENDORSEMENTS = cast("Table", Endorsement.__table__)


_FOLLOWS = cast("Table", Follow.__table__)


_proposal: Any = Proposal.__table__
_place: Any = Place.__table__
_person: Any = Person.__table__
# Who would endorse, shared with nobody who changes them: they cannot leave meanwhile. Leaving takes
# the person first and then their proposals, and so does this.
_one: Any = (
    select(_person.c.id, _person.c.withdrawn_at)
    .where(_person.c.id == bindparam("person"))
    .with_for_update(read=True)
    .cte("one")
)
# That person, a proposal under its lock and its place, in one journey.
_TO_ENDORSE = with_standing(
    _one.join(_person, _person.c.id == _one.c.id)
    .join(_proposal, _proposal.c.id == bindparam("proposal"))
    .join(_place, _place.c.id == _proposal.c.place_id),
    _one.c.withdrawn_at,
    _proposal.c.state,
    _proposal.c.closes_at,
    _proposal.c.reply_due_on,
    _proposal.c.hidden_at,
    _proposal.c.threshold,
    _proposal.c.decision_days,
    _proposal.c.endorsement_count,
    _place.c.id.label("at_place_id"),
    _place.c.slug,
    _place.c.name,
    (_place.c.kind == PlaceKind.DISTRICT).label("is_district"),
).with_for_update(of=_proposal)


def _open_window(proposal: Proposal, terms: rules.Terms, at: datetime) -> None:
    """Freeze the rule onto the proposal and let people endorse."""
    proposal.state = ProposalState.ENDORSING
    proposal.policy_id = terms.policy_id
    proposal.threshold = terms.threshold
    proposal.decision_days = terms.decision_days
    proposal.opens_at = at
    proposal.closes_at = rules.window_closes(
        at, terms.window_days, counts_opening_day=terms.counts_opening_day
    )


def _lock_to_endorse(
    session: Session, proposal_id: int, person_id: int, at: datetime
) -> tuple[Row[*tuple[Any, ...]], NamedPlace, Standing]:
    """Read what endorsing is decided on, under the row's lock: proposal, place, and who acts.

    Raises Refused UNKNOWN where there is no such proposal, NOT_VERIFIED for who has just left.
    """
    asked = {"proposal": proposal_id, "person": person_id, "at": at, "today": seoul_day(at)}
    rows: Any = session.connection().execute(_TO_ENDORSE, asked).all()
    if not rows:
        raise Refused(ProposalRefusal.UNKNOWN)
    row = rows[0]
    if row.withdrawn_at is not None:
        raise Refused(ProposalRefusal.NOT_VERIFIED)
    place = NamedPlace(row.at_place_id, row.slug, row.name, row.is_district)
    return row, place, standing_told(person_id, rows)


def _change(session: Session, proposal_id: int, values: dict[str, Any]) -> None:
    session.execute(update(Proposal).where(Proposal.id == proposal_id).values(**values))


def _published_only(proposal: Proposal) -> None:
    if proposal.state is ProposalState.DRAFT:
        raise Refused(ProposalRefusal.UNKNOWN)


def _stage_of(proposal: Proposal) -> Stage:
    """Return the stage a proposal has come to by itself."""
    if proposal.state in (ProposalState.REVIEW, ProposalState.REPLIED):
        return Stage.REVIEW
    if proposal.state in (ProposalState.ENDORSING, ProposalState.EXPIRED):
        return Stage.ENDORSEMENT
    return Stage.PROPOSAL


def hold_proposals(session: Session, proposal_ids: Iterable[int | None]) -> None:
    """Hold several proposals until this write ends, before any of them is told anything.

    Whoever tells several takes them in the order of their ids, whatever order they stand in on an
    agenda or a paper: two who took them in different orders could wait for each other for ever.
    """
    ids = {one for one in proposal_ids if one is not None}
    if ids:
        session.execute(
            select(Proposal.id).where(Proposal.id.in_(ids)).order_by(Proposal.id).with_for_update()
        ).all()


def note_progress(
    session: Session,
    proposal_id: int,
    *,
    stage: Stage,
    code: TimelineCode,
    note: str = "",
    href: str = "",
    by: int | None,
    at: datetime,
) -> TimelineEntry:
    """Write what a later stage did onto a proposal's public timeline.

    Raises Refused UNKNOWN for a proposal that is not there or not published.
    """
    state = session.scalar(
        select(Proposal.state).where(Proposal.id == proposal_id).with_for_update()
    )
    if state in (None, ProposalState.DRAFT):
        raise Refused(ProposalRefusal.UNKNOWN)
    entry = _note(session, proposal_id, stage, code, at, note=note, href=href)
    session.flush()
    record(
        session,
        facts.ProposalAdvanced(at=at, by=by, proposal_id=proposal_id, stage=stage, code=code),
    )
    return entry


def _note(
    session: Session,
    proposal_id: int,
    stage: Stage,
    code: TimelineCode,
    at: datetime,
    *,
    note: str = "",
    href: str = "",
) -> TimelineEntry:
    entry = TimelineEntry(
        proposal_id=proposal_id, stage=stage, code=code, note=note, href=href, at=at
    )
    session.add(entry)
    return entry


def _lock_and_reread(session: Session, proposal: Proposal) -> None:
    """Read a proposal again under its lock, so that the decision stands on what is true now.

    Raises Refused UNKNOWN where the proposal is gone.
    """
    try:
        held(session, Proposal, proposal.id)
    except NoResultFound:
        raise Refused(ProposalRefusal.UNKNOWN) from None


def _read(session: Session, proposal_id: int) -> Row[*tuple[Any, ...]]:
    row: Row[*tuple[Any, ...]] | None = session.execute(
        select(Proposal.state, Proposal.closes_at, Proposal.reply_due_on).where(
            Proposal.id == proposal_id
        )
    ).one_or_none()
    if row is None:
        raise Refused(ProposalRefusal.UNKNOWN)
    return row
