"""Freezing, opening and closing: after these nothing goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from app.assemblies.models import Assembly, QuorumKind
from app.assemblies.rules import quorum_needed
from app.ballots import facts, policy, queries, rules
from app.ballots.actions.shared import (
    about,
    freezing_details,
    hold_its_proposals,
    key_path,
    note,
    open_once,
    remember_editor,
)
from app.ballots.models import (
    Ballot,
    BallotState,
    Slot,
    SlotState,
)
from app.ballots.policy import BallotRefusal
from app.core import vault
from app.core.bus import record
from app.core.database import held
from app.core.refusals import Refused, Until, insist
from app.places.queries import population
from app.proposals.models import TimelineCode
from app.residents.queries import members_of
from app.residents.rules import is_old_enough

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def freeze_ballot(
    session: Session, ballot: Ballot, *, keys: Path, by: Standing, at: datetime
) -> Ballot:
    """Freeze the paper and the roll; from now on neither changes.

    The roll is everyone verified for the place on the base date who meets the age rule; people
    whose birth date nobody has seen are left out. A base date to come is refused: nobody knows yet
    who will be verified by then. The secret half of the tally key goes to a
    file in `keys`, never into the database. Raises Refused: NOT_OFFICER, NOT_DRAFT,
    WINDOW_PASSED, BASE_DATE_AHEAD with `base`, TOO_FEW_OPTIONS, SEATS_MISMATCH,
    PICKS_OVER_OPTIONS, HIDDEN_PROPOSAL, ASSEMBLY_NOT_NOTICED, ASSEMBLY_OVER,
    ASSEMBLY_HAS_BALLOT, DECIDED_ELSEWHERE with `titles`, NO_POPULATION, EMPTY_ROLL.
    """
    ballot = held(session, Ballot, ballot.id)
    if ballot.assembly_id is not None:
        held(session, Assembly, ballot.assembly_id)
    hold_its_proposals(session, ballot)
    around = queries.surroundings_of(session, ballot)
    insist(policy.why_not_freeze(by, ballot, around, at=at), **freezing_details(ballot, around))
    roll = roll_for(session, ballot)
    if not roll:
        raise Refused(BallotRefusal.EMPTY_ROLL)
    quorum_needed = _quorum(session, ballot)
    public = vault.public_half(vault.key_file(key_path(keys, ballot.id)))
    session.execute(
        insert(Slot),
        [
            {
                "ballot_id": ballot.id,
                "person_id": person_id,
                "place_id": place_id,
                "state": SlotState.UNUSED,
            }
            for person_id, place_id in roll
        ],
    )
    ballot.quorum_needed, ballot.roll_count = quorum_needed, len(roll)
    ballot.tally_public = public
    ballot.frozen_at, ballot.frozen_by = at, by.person_id
    ballot.setup_hash = rules.setup_digest(
        ballot, tally_public=public, roll_hash=rules.roll_digest(roll), roll_count=len(roll)
    )
    ballot.state = BallotState.FROZEN
    session.flush()
    remember_editor(session, ballot, by)
    record(
        session,
        facts.BallotFrozen(
            **about(ballot, by, at), roll_count=len(roll), setup_hash=ballot.setup_hash.hex()
        ),
    )
    note(session, ballot, dict.fromkeys(ballot.options, TimelineCode.ON_BALLOT), by, at)
    return ballot


def roll_for(session: Session, ballot: Ballot) -> list[tuple[int, int]]:
    """Return who would stand on a draft's roll: pairs of person and dong."""
    return [
        (member.person_id, member.place_id)
        for member in members_of(session, ballot.place, on=ballot.base_date)
        if member.born is not None
        and is_old_enough(
            member.born, base=ballot.age_day, years=ballot.min_age, mode=ballot.age_mode
        )
    ]


def _quorum(session: Session, ballot: Ballot) -> int:
    """Return how many people must vote; 0 where no quorum is set."""
    base = 0
    if ballot.quorum_kind is QuorumKind.PERMILLE:
        base = population(session, ballot.place, ballot.base_date)
        if base == 0:
            raise Refused(BallotRefusal.NO_POPULATION)
    return quorum_needed(ballot.quorum_kind, ballot.quorum_value, base)


def open_due_ballots(session: Session, *, at: datetime) -> None:
    """Open every frozen ballot whose time has come. Doing it twice is once."""
    for ballot_id in _due(session, Ballot.state == BallotState.FROZEN, Ballot.opens_at <= at):
        open_once(session, ballot_id, by=None, at=at)


def close_due_ballots(session: Session, *, at: datetime) -> None:
    """Close every open ballot whose time has passed. Doing it twice is once."""
    for ballot_id in _due(session, Ballot.state == BallotState.OPEN, Ballot.closes_at <= at):
        _close(session, ballot_id, by=None, at=at)


def _due(session: Session, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Hold the ballots that meet the conditions, in the order of their ids, and return those.

    All are held before the first is touched: what a ballot does echoes in its assembly's room,
    and whoever casts takes the ballot before the room. They come in the order of the assemblies,
    in which their rooms are taken then.
    """
    held = session.execute(
        select(Ballot.assembly_id, Ballot.id)
        .where(*conditions)
        .order_by(Ballot.id)
        .with_for_update()
    )
    return [ballot_id for _room, ballot_id in sorted((room or 0, one) for room, one in held)]


def open_ballot(session: Session, ballot: Ballot, *, by: Standing, at: datetime) -> None:
    """Open a ballot by hand, not before its time.

    Raises Refused: NOT_OFFICER, NOT_FROZEN, TOO_EARLY, WINDOW_PASSED.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_open(by, ballot, at=at), opens=ballot.opens_at)
    open_once(session, ballot.id, by=by.person_id, at=at)
    session.refresh(ballot)


def close_ballot(
    session: Session, ballot: Ballot, *, reason: str = "", by: Standing, at: datetime
) -> None:
    """Close a ballot by hand, for good; before its time only where an assembly votes.

    Everybody reads the reason of closing early. Raises Refused: NOT_OFFICER, NOT_OPEN,
    WINDOW_RUNNING, EARLY_WITHOUT_REASON.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_close(by, ballot, at=at), closes=Until(ballot.closes_at))
    is_early = at < ballot.closes_at
    if is_early and not reason.strip():
        raise Refused(BallotRefusal.EARLY_WITHOUT_REASON)
    _close(session, ballot.id, because=reason if is_early else None, by=by.person_id, at=at)
    session.refresh(ballot)


def _close(
    session: Session, ballot_id: int, *, because: str | None = None, by: int | None, at: datetime
) -> None:
    row = session.execute(
        update(Ballot)
        .where(Ballot.id == ballot_id, Ballot.state == BallotState.OPEN)
        .values(state=BallotState.CLOSED, closed_at=at, closed_because=because)
        .returning(Ballot.assembly_id, Ballot.cast_count)
    ).one_or_none()
    if row is None:
        return
    if row.assembly_id is not None:
        # Now, for the turnout is known from now on, and the hall stays open.
        took_part = queries.took_part(session, ballot_id, assembly_id=row.assembly_id)
        session.execute(update(Ballot).where(Ballot.id == ballot_id).values(took_part=took_part))
    record(
        session,
        facts.BallotClosed(
            at=at,
            by=by,
            ballot_id=ballot_id,
            assembly_id=row.assembly_id,
            turnout=row.cast_count,
            digest=None if because is None else vault.digest(b"madang/closing/v1", because).hex(),
        ),
    )
