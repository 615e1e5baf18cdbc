"""The booth, the roll and the urn; nothing here says, or can say, what anyone chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, func, select

from app.ballots.models import Ballot, BallotState, Envelope, Option, Slot, SlotState
from app.ballots.rules import FrozenPaper, PaperOption, Receipt, StatedReceipt, roll_digest
from app.proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.moderation.models import HideReason

PAPERS_KEPT = 64


@dataclass(frozen=True)
class Booth:
    """A paper, how far its ballot has come, and one person's place on the roll (None: none).

    `hidden` says why proposals behind it are hidden now, by the positions of their options.
    """

    paper: FrozenPaper
    state: BallotState
    slot_id: int | None
    slot_state: SlotState | None
    hidden: Mapping[int, HideReason]

    @property
    def has_voted(self) -> bool:
        """Say whether this person's place is used."""
        return self.slot_state not in (None, SlotState.UNUSED)


# A frozen paper never changes and is known by its hash, so a process keeps what it has read.
_PAPERS: dict[bytes, FrozenPaper] = {}
_BALLOT: Any = Ballot.__table__
_SLOT: Any = Slot.__table__
_OPTION: Any = Option.__table__
_PROPOSAL: Any = Proposal.__table__
_BOOTH = (
    select(
        _BALLOT.c.state,
        _BALLOT.c.setup_hash,
        _SLOT.c.id.label("slot_id"),
        _SLOT.c.state.label("slot_state"),
        exists(_OPTION.c.id)
        .where(_OPTION.c.ballot_id == _BALLOT.c.id, _OPTION.c.proposal_id == _PROPOSAL.c.id)
        .where(_PROPOSAL.c.hidden_reason.is_not(None))
        .label("some_hidden"),
    )
    .select_from(
        _BALLOT.outerjoin(
            _SLOT,
            and_(_SLOT.c.ballot_id == _BALLOT.c.id, _SLOT.c.person_id == bindparam("person")),
        )
    )
    .where(_BALLOT.c.id == bindparam("ballot"), _BALLOT.c.state != BallotState.DRAFT)
)


def booth(session: Session, ballot_id: int, person_id: int | None) -> Booth | None:
    """Return a public ballot's paper and a person's place on its roll, in one small read."""
    row = session.execute(_BOOTH, {"ballot": ballot_id, "person": person_id}).one_or_none()
    if row is None:
        return None
    setup_hash = bytes(row.setup_hash)
    paper = _PAPERS.get(setup_hash)
    if paper is None:
        paper = _read_paper(session, ballot_id, setup_hash)
        if len(_PAPERS) >= PAPERS_KEPT:
            _PAPERS.clear()
        _PAPERS[setup_hash] = paper
    hidden = _hidden_since(session, ballot_id) if row.some_hidden else {}
    return Booth(paper, row.state, row.slot_id, row.slot_state, hidden)


def _read_paper(session: Session, ballot_id: int, setup_hash: bytes) -> FrozenPaper:
    ballot = session.get_one(Ballot, ballot_id)
    options = [
        PaperOption(option.id, option.position, option.track, option.title, option.budget_won)
        for option in ballot.options
    ]
    return FrozenPaper(
        id=ballot.id,
        title=ballot.title,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        min_picks=ballot.min_picks,
        max_picks=ballot.max_picks,
        setup_hash=setup_hash,
        options=tuple(options),
    )


def _hidden_since(session: Session, ballot_id: int) -> Mapping[int, HideReason]:
    rows = session.execute(
        select(Option.position, Option.hidden_reason).where(Option.ballot_id == ballot_id)
    )
    return {position: reason for position, reason in rows if reason}


def slot_of(session: Session, ballot_id: int, person_id: int | None) -> Slot | None:
    """Return a person's place on a ballot's roll."""
    if person_id is None:
        return None
    return session.scalar(
        select(Slot).where(Slot.ballot_id == ballot_id, Slot.person_id == person_id)
    )


def receipt_of(session: Session, ballot_id: int, person_id: int) -> Receipt | None:
    """Return the receipt of a person's own vote, None while they have not voted."""
    row = session.execute(
        select(Ballot.setup_hash, Envelope.leaf, Slot.used_at)
        .join(Slot, Slot.ballot_id == Ballot.id)
        .join(Envelope, Envelope.slot_id == Slot.id)
        .where(Ballot.id == ballot_id, Slot.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    return Receipt(
        ballot_id=ballot_id,
        setup_hash=bytes(row.setup_hash),
        leaf=bytes(row.leaf),
        used_at=row.used_at,
    )


def is_in_urn(session: Session, receipt: StatedReceipt) -> bool:
    """Say whether the ballot that a receipt speaks of lies in its urn."""
    lies = exists().where(
        Ballot.id == receipt.ballot_id,
        Ballot.setup_hash == receipt.setup_hash,
        Envelope.ballot_id == Ballot.id,
        Envelope.leaf == receipt.leaf,
    )
    return bool(session.scalar(select(lies)))


def roll_hash(session: Session, ballot_id: int) -> tuple[int, bytes]:
    """Return how many stand on the roll, and its hash."""
    roll = [
        (person_id, place_id)
        for person_id, place_id in session.execute(
            select(Slot.person_id, Slot.place_id).where(Slot.ballot_id == ballot_id)
        )
    ]
    return len(roll), roll_digest(roll)


def urn_sizes(session: Session, ballot_id: int) -> tuple[int, int]:
    """Return how many places on the roll are used, and how many envelopes lie in the urn."""
    used = session.scalar(
        select(func.count())
        .select_from(Slot)
        .where(Slot.ballot_id == ballot_id, Slot.state != SlotState.UNUSED)
    )
    sealed = session.scalar(
        select(func.count()).select_from(Envelope).where(Envelope.ballot_id == ballot_id)
    )
    return used or 0, sealed or 0
