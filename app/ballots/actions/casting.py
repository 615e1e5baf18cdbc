"""Casting: from picks to an envelope in the urn."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from app.ballots import facts, policy, queries, rules
from app.ballots.actions.shared import hours, open_once
from app.ballots.models import (
    Ballot,
    BallotState,
    Envelope,
    Slot,
    SlotState,
)
from app.ballots.policy import BallotRefusal
from app.ballots.rules import PreparedChoice, Receipt
from app.core import vault
from app.core.bus import record
from app.core.refusals import Refused, insist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from app.ballots.queries import Booth
    from app.residents.rules import Standing


def prepare_choice(
    session: Session,
    ballot_id: int,
    *,
    option_ids: Sequence[int],
    by: Standing,
    at: datetime,
) -> PreparedChoice:
    """Check a person's picks and commit to them; nothing is written, nothing is cast.

    Raises Refused: NOT_ON_ROLL, ALREADY_CAST, OUTSIDE_HOURS, NO_PICK, UNKNOWN_OPTION,
    PICKED_TWICE, TOO_MANY_PICKS, TOO_FEW_PICKS.
    """
    booth = queries.booth(session, ballot_id, by.person_id)
    if booth is None:
        raise Refused(BallotRefusal.NOT_ON_ROLL)
    return prepare_in(booth, option_ids=option_ids, at=at)


def prepare_in(booth: Booth, *, option_ids: Sequence[int], at: datetime) -> PreparedChoice:
    """Do what prepare_choice does, for a paper and a place on the roll read already."""
    paper = booth.paper
    insist(
        policy.why_not_vote(
            paper,
            booth.state,
            on_roll=booth.slot_id is not None,
            has_voted=booth.has_voted,
            at=at,
        ),
        **hours(paper.opens_at, paper.closes_at),
    )
    assert booth.slot_id is not None  # noqa: S101 - who is not on the roll was refused
    positions = {option.id: option.position for option in paper.options}
    insist(
        policy.why_not_choose(paper, option_ids, on_paper=positions),
        least=paper.min_picks,
        most=paper.max_picks,
        over=len(option_ids) - paper.max_picks,
        missing=paper.min_picks - len(option_ids),
    )
    return PreparedChoice(
        ballot_id=paper.id,
        slot_id=booth.slot_id,
        setup_hash=paper.setup_hash,
        picks=rules.picks_to_bytes(positions[option_id] for option_id in option_ids),
        seed=secrets.token_bytes(rules.SEED_BYTES),
    )


_ballot: Any = Ballot.__table__
_slot: Any = Slot.__table__
_envelope: Any = Envelope.__table__
_LOCK = (
    select(
        _ballot.c.state,
        _ballot.c.opens_at,
        _ballot.c.closes_at,
        _ballot.c.assembly_id,
        _ballot.c.setup_hash,
        _ballot.c.tally_public,
        _ballot.c.roll_count,
        _slot.c.id.label("slot_id"),
        _slot.c.state.label("slot_state"),
    )
    .select_from(_ballot.join(_slot, _slot.c.ballot_id == _ballot.c.id))
    .where(_ballot.c.id == bindparam("ballot"), _slot.c.person_id == bindparam("person"))
    .with_for_update(of=(_ballot, _slot))
)
_IN_URN = (
    select(_envelope.c.leaf, _slot.c.used_at)
    .select_from(_envelope.join(_slot, _envelope.c.slot_id == _slot.c.id))
    .where(_slot.c.id == bindparam("slot"))
)
_USE_SLOT = (
    update(_slot)
    .where(_slot.c.id == bindparam("slot"), _slot.c.state == SlotState.UNUSED)
    .values(state=SlotState.ONLINE, used_at=bindparam("minute"))
)
_COUNT_ONE = (
    update(_ballot)
    .where(_ballot.c.id == bindparam("ballot"), _ballot.c.state == BallotState.OPEN)
    .values(cast_count=_ballot.c.cast_count + 1)
    .returning(_ballot.c.cast_count)
)
_PUT_IN_URN = insert(_envelope)


def cast_ballot(
    session: Session, ballot_id: int, *, choice: PreparedChoice, by: Standing, at: datetime
) -> Receipt:
    """Put one sealed ballot into the urn, once, and return its receipt.

    The order is the protocol's: the ballot's row is locked and must be inside its window; then
    this person's place on the roll; the same ballot sent again gets the same receipt; then
    envelope, slot, turnout and record, all in the caller's one write. A frozen ballot whose time
    has come is opened by the first cast, where no job has been yet. The roll alone says who may
    vote, so `by` needs no more than its person.
    Raises Refused: NOT_ON_ROLL, FOREIGN_PAPER, ALREADY_CAST, OUTSIDE_HOURS.
    """
    connection = session.connection()
    asked = {"ballot": ballot_id, "person": by.person_id}
    held = connection.execute(_LOCK, asked).one_or_none()
    if held is None:
        raise Refused(BallotRefusal.NOT_ON_ROLL)
    slot_id, setup_hash, leaf = held.slot_id, bytes(held.setup_hash), choice.leaf
    insist(
        policy.why_not_bring(choice, ballot_id=ballot_id, slot_id=slot_id, setup_hash=setup_hash)
    )
    if held.slot_state is not SlotState.UNUSED:
        return _again(connection, choice)
    if not policy.is_taking(held.state, held.opens_at, held.closes_at, at=at):
        raise Refused(BallotRefusal.OUTSIDE_HOURS, **hours(held.opens_at, held.closes_at))
    minute = rules.to_the_minute(at)
    connection.execute(
        _PUT_IN_URN,
        {
            "id": secrets.token_bytes(16),
            "ballot_id": ballot_id,
            "slot_id": slot_id,
            "leaf": leaf,
            "sealed": vault.seal_to(bytes(held.tally_public), choice.payload),
        },
    )
    used = connection.execute(_USE_SLOT, {"slot": slot_id, "minute": minute})
    if used.rowcount != 1:
        raise Refused(BallotRefusal.ALREADY_CAST)
    if held.state is BallotState.FROZEN:
        # After the slot is used, so that whoever votes is not invited to; told to the minute, as
        # the cast is.
        open_once(session, ballot_id, by=None, at=max(minute, held.opens_at))
    turnout = connection.execute(_COUNT_ONE, {"ballot": ballot_id}).scalar_one()
    record(
        session,
        facts.BallotCast(
            at=minute,
            by=by.person_id,
            ballot_id=ballot_id,
            assembly_id=held.assembly_id,
            turnout=turnout,
            roll_count=held.roll_count,
        ),
    )
    return Receipt(ballot_id=ballot_id, setup_hash=setup_hash, leaf=leaf, used_at=minute)


def _again(connection: Connection, choice: PreparedChoice) -> Receipt:
    """Return the receipt of a ballot that lies in the urn already, sent a second time.

    Raises Refused: ALREADY_CAST when what lies there is another one.
    """
    lying = connection.execute(_IN_URN, {"slot": choice.slot_id}).one_or_none()
    if lying is None or bytes(lying.leaf) != choice.leaf:
        raise Refused(BallotRefusal.ALREADY_CAST)
    return Receipt(
        ballot_id=choice.ballot_id,
        setup_hash=choice.setup_hash,
        leaf=choice.leaf,
        used_at=lying.used_at,
    )
