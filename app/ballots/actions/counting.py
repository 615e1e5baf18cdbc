"""Counting the urn and certifying the count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.ballots import facts, policy, queries, rules
from app.ballots.actions.shared import about, key_path, note
from app.ballots.models import (
    Ballot,
    BallotState,
    Envelope,
    Outcome,
)
from app.ballots.policy import BallotRefusal
from app.core import vault
from app.core.bus import record
from app.core.database import held
from app.core.refusals import Refused, insist
from app.proposals.models import TimelineCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from fractions import Fraction
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing

_NOTES = {
    Outcome.SELECTED: TimelineCode.SELECTED,
    Outcome.NOT_SELECTED: TimelineCode.NOT_SELECTED,
    Outcome.TIED: TimelineCode.TIED,
}


@dataclass(frozen=True)
class OpenedUrn:
    """What lay in an urn, as sums by position alone, and which ballot's urn it was."""

    setup_hash: bytes | None
    cast_count: int
    sums: Mapping[str, Fraction]


def open_urn(session: Session, ballot: Ballot, *, keys: Path, by: Standing) -> OpenedUrn:
    """Open the urn of a closed ballot in memory and sum it up; nothing is written.

    A reading, because many envelopes take long and nobody needs to wait: nothing comes to a
    closed urn. Every envelope must open with the key file, match its leaf and keep the paper's
    limits; paper and roll must still have the hash of the freezing.
    Raises Refused: NOT_OFFICER, NOT_CLOSED, KEY_MISSING, SETUP_CHANGED, URN_DAMAGED.
    """
    insist(policy.why_not_count(by, ballot))
    secret = _tally_secret(keys, ballot)
    _insist_unchanged(session, ballot)
    papers = _open_envelopes(session, ballot, secret)
    sums = rules.sum_papers(papers, rules.candidates_of(ballot.options))
    return OpenedUrn(ballot.setup_hash, len(papers), sums)


def count_ballot(
    session: Session, ballot: Ballot, *, opened: OpenedUrn, by: Standing, at: datetime
) -> Ballot:
    """Write sums, ranks and outcomes of an opened urn, once.

    The urn must be this ballot's, and as full as when it was opened. Otherwise nothing is written.
    Raises Refused: NOT_OFFICER, NOT_CLOSED, SETUP_CHANGED, URN_DAMAGED.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_count(by, ballot))
    if opened.setup_hash != ballot.setup_hash:
        raise Refused(BallotRefusal.SETUP_CHANGED)
    if opened.cast_count != ballot.cast_count:
        raise Refused(BallotRefusal.URN_DAMAGED)
    count = rules.count_paper(
        rules.candidates_of(ballot.options),
        opened.sums,
        {seats.track: seats.seats for seats in ballot.seats},
        voters=ballot.quorum_count,
        needed=ballot.quorum_needed or 0,
    )
    placings = rules.placings(count)
    for option in ballot.options:
        placing = placings[option.position]
        option.votes, option.rank, option.outcome = placing.votes, placing.rank, placing.outcome
    ballot.state = BallotState.COUNTED
    ballot.counted_at, ballot.counted_by = at, by.person_id
    session.flush()
    record(session, facts.BallotCounted(**about(ballot, by, at), turnout=opened.cast_count))
    return ballot


def _tally_secret(keys: Path, ballot: Ballot) -> bytes:
    """Return the secret half of a ballot's tally key, if the file holds that very key."""
    try:
        secret = key_path(keys, ballot.id).read_bytes()
    except OSError as error:
        raise Refused(BallotRefusal.KEY_MISSING) from error
    if len(secret) != vault.KEY_SIZE or vault.public_half(secret) != ballot.tally_public:
        raise Refused(BallotRefusal.KEY_MISSING)
    return secret


def _insist_unchanged(session: Session, ballot: Ballot) -> None:
    roll_count, roll_hash = queries.roll_hash(session, ballot.id)
    now = rules.setup_digest(
        ballot,
        tally_public=bytes(ballot.tally_public or b""),
        roll_hash=roll_hash,
        roll_count=roll_count,
    )
    if now != ballot.setup_hash or roll_count != ballot.roll_count:
        raise Refused(BallotRefusal.SETUP_CHANGED)


def _open_envelopes(session: Session, ballot: Ballot, secret: bytes) -> list[tuple[int, ...]]:
    """Return every paper in the urn as positions, in no order that means anything."""
    sizes = queries.urn_sizes(session, ballot.id)
    if sizes != (ballot.cast_count, ballot.cast_count):
        raise Refused(BallotRefusal.URN_DAMAGED)
    papers = []
    for leaf, sealed in session.execute(
        select(Envelope.leaf, Envelope.sealed).where(Envelope.ballot_id == ballot.id)
    ):
        papers.append(_open_envelope(ballot, secret, bytes(leaf), bytes(sealed)))
    return papers


def _open_envelope(ballot: Ballot, secret: bytes, leaf: bytes, sealed: bytes) -> tuple[int, ...]:
    try:
        halves = rules.split_payload(vault.unseal(secret, sealed))
    except vault.CannotOpen as error:
        raise Refused(BallotRefusal.URN_DAMAGED) from error
    if halves is None:
        raise Refused(BallotRefusal.URN_DAMAGED)
    picks, seed = halves
    found = rules.commit(
        ballot_id=ballot.id, setup_hash=bytes(ballot.setup_hash or b""), picks=picks, seed=seed
    )
    positions = rules.picks_from_bytes(picks)
    on_paper = {option.position for option in ballot.options}
    if (
        found != leaf
        or not set(positions) <= on_paper
        or not ballot.min_picks <= len(positions) <= ballot.max_picks
    ):
        raise Refused(BallotRefusal.URN_DAMAGED)
    return positions


def certify_count(session: Session, ballot: Ballot, *, by: Standing, at: datetime) -> Ballot:
    """Certify a count as someone who had no hand in the paper; the outcomes become final.

    Each proposal behind an option hears here what became of it.
    Raises Refused: NOT_CERTIFIER, NOT_COUNTED, EDITOR_CERTIFIES.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_certify(by, ballot, editors=queries.editors(session, ballot.id)))
    ballot.state = BallotState.CERTIFIED
    ballot.certified_at, ballot.certified_by = at, by.person_id
    session.flush()
    record(session, facts.BallotCertified(**about(ballot, by, at)))
    codes = {option: _NOTES[option.outcome] for option in ballot.options if option.outcome}
    note(session, ballot, codes, by, at, page="/result")
    return ballot
