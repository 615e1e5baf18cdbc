"""Reading ballots. Before the count nothing here says, or can say, what anyone chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.assemblies.models import Assembly
from app.assemblies.queries import is_coming
from app.ballots.models import (
    Ballot,
    BallotEditor,
    BallotState,
    Envelope,
    Option,
    Outcome,
    Slot,
    SlotState,
)
from app.ballots.rules import (
    FrozenPaper,
    PaperOption,
    Receipt,
    StatedReceipt,
    candidates_of,
    count_paper,
    roll_digest,
)
from app.core.own_rows import OwnRows, looked_up
from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Place
from app.proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.assemblies.models import Track
    from app.ballots.rules.counting.outcome import Count
    from app.moderation.models import HideReason

PUBLIC = tuple(state for state in BallotState if state is not BallotState.DRAFT)
HAS_RESULT = (BallotState.COUNTED, BallotState.CERTIFIED)
PAPERS_KEPT = 64


@dataclass(frozen=True)
class Shelves:
    """The public ballots by what a visitor can do with them."""

    open: Sequence[Ballot]
    upcoming: Sequence[Ballot]
    counting: Sequence[Ballot]
    finished: Page[Ballot]


@dataclass(frozen=True)
class TrackResult:
    """One track's options in the order of their ranks."""

    track: Track
    seats: int
    options: Sequence[Option]

    @property
    def selected(self) -> int:
        """Return how many were selected."""
        return sum(option.outcome is Outcome.SELECTED for option in self.options)

    @property
    def tied(self) -> int:
        """Return how many stand equal for the last place."""
        return sum(option.outcome is Outcome.TIED for option in self.options)


@dataclass(frozen=True)
class Result:
    """A counted ballot in figures; percentages name their base.

    `count` is counted again from the stored sums, and explains them.
    """

    roll_count: int
    voters: int
    votes: int
    quorum_needed: int
    selected: int
    tied: int
    options: int
    tracks: Sequence[TrackResult]
    count: Count

    @property
    def is_quorate(self) -> bool:
        """Say whether enough people voted; a ballot without a quorum always has enough."""
        return self.voters >= self.quorum_needed


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


def ballot_page(session: Session, ballot_id: int) -> Ballot | None:
    """Return a ballot with its place, options and seats."""
    return session.scalar(
        select(Ballot)
        .where(Ballot.id == ballot_id)
        .options(
            joinedload(Ballot.place),
            selectinload(Ballot.options).joinedload(Option.department),
            selectinload(Ballot.seats),
        )
    )


def public_ballot(session: Session, ballot_id: int) -> Ballot | None:
    """Return a ballot that the public may see; drafts are not among them."""
    ballot = ballot_page(session, ballot_id)
    return ballot if ballot is not None and ballot.state in PUBLIC else None


def shelves(
    session: Session, place_ids: Collection[int] | None, *, number: int = 1, at: datetime
) -> Shelves:
    """Return the public ballots of some places (None: all), sorted onto shelves.

    Those with a result come in pages, the latest first; all others are there at once.
    """
    query = (
        select(Ballot)
        .where(Ballot.state.in_(PUBLIC))
        .options(joinedload(Ballot.place))
        .order_by(Ballot.closes_at.desc(), Ballot.id.desc())
    )
    if place_ids is not None:
        query = query.where(Ballot.place_id.in_(place_ids))
    rows = session.scalars(query.where(Ballot.state.not_in(HAS_RESULT))).all()
    finished = session.scalars(
        query.where(Ballot.state.in_(HAS_RESULT))
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    coming = [b for b in rows if b.state in (BallotState.FROZEN, BallotState.OPEN)]
    return Shelves(
        open=[b for b in reversed(coming) if b.opens_at <= at < b.closes_at],
        upcoming=[b for b in reversed(coming) if at < b.opens_at],
        counting=[b for b in rows if b.state is BallotState.CLOSED or b.closes_at <= at],
        finished=page_of(finished, number=number),
    )


def to_cast(session: Session, person_id: int, *, at: datetime) -> Sequence[Ballot]:
    """Return the open ballots on whose roll a person stands and has not voted, soonest first."""
    return session.scalars(
        select(Ballot)
        .join(Slot, Slot.ballot_id == Ballot.id)
        .where(
            Slot.person_id == person_id,
            Slot.state == SlotState.UNUSED,
            Ballot.state == BallotState.OPEN,
            Ballot.opens_at <= at,
            Ballot.closes_at > at,
        )
        .options(joinedload(Ballot.place))
        .order_by(Ballot.closes_at)
    ).all()


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


def editors(session: Session, ballot_id: int) -> frozenset[int]:
    """Return everyone who had a hand in a ballot's paper."""
    return frozenset(
        session.scalars(select(BallotEditor.person_id).where(BallotEditor.ballot_id == ballot_id))
    )


def result(ballot: Ballot) -> Result | None:
    """Return the figures of a counted ballot, None before the count."""
    if ballot.state not in HAS_RESULT:
        return None
    order = list(dict.fromkeys(option.track for option in ballot.options))
    tracks = [
        TrackResult(
            seats.track,
            seats.seats,
            sorted(
                (option for option in ballot.options if option.track is seats.track),
                key=lambda option: (option.rank or 0, option.position),
            ),
        )
        for seats in sorted(ballot.seats, key=lambda seats: order.index(seats.track))
    ]
    outcomes = [option.outcome for option in ballot.options]
    return Result(
        roll_count=ballot.roll_count,
        voters=ballot.cast_count,
        votes=sum(option.votes or 0 for option in ballot.options),
        quorum_needed=ballot.quorum_needed or 0,
        selected=outcomes.count(Outcome.SELECTED),
        tied=outcomes.count(Outcome.TIED),
        options=len(outcomes),
        tracks=tracks,
        count=count_paper(
            candidates_of(ballot.options),
            {str(option.position): option.votes or 0 for option in ballot.options},
            {seats.track: seats.seats for seats in ballot.seats},
            voters=ballot.cast_count,
            needed=ballot.quorum_needed or 0,
        ),
    )


def desk_ballots(session: Session, places: Collection[Place], *, number: int = 1) -> Page[Ballot]:
    """Return one page of the ballots of the places somebody works for.

    What is not certified yet comes first, the earliest closing before all; then the latest.
    """
    waits = Ballot.state != BallotState.CERTIFIED
    rows = session.scalars(
        select(Ballot)
        .where(Ballot.place_id.in_([place.id for place in places]))
        .options(joinedload(Ballot.place))
        .order_by(
            waits.desc(),
            case((waits, Ballot.closes_at)),
            Ballot.closes_at.desc(),
            Ballot.id.desc(),
        )
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return page_of(rows, number=number)


def ballot_of(session: Session, assembly_id: int) -> Ballot | None:
    """Return the newest ballot of an assembly, drafts among them."""
    return session.scalar(
        select(Ballot).where(Ballot.assembly_id == assembly_id).order_by(Ballot.id.desc()).limit(1)
    )


def without_ballot(
    session: Session, places: Collection[Place], *, at: datetime
) -> Sequence[Assembly]:
    """Return the announced assemblies of some places that no ballot belongs to, the next first."""
    return session.scalars(
        select(Assembly)
        .where(
            Assembly.place_id.in_([place.id for place in places]),
            is_coming(at),
            ~exists().where(Ballot.assembly_id == Assembly.id),
        )
        .options(joinedload(Assembly.place))
        .order_by(Assembly.held_at, Assembly.id)
    ).all()


def with_ties(session: Session, ballot_ids: Collection[int]) -> frozenset[int]:
    """Return which of these ballots have options that stand equal for the last place."""
    return frozenset(
        session.scalars(
            select(Option.ballot_id).where(
                Option.ballot_id.in_(ballot_ids), Option.outcome == Outcome.TIED
            )
        )
    )


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


# ------------------------------------------------------------------ what is one's own
def _in_office(whose: Any, at: Any) -> OwnRows:
    place = looked_up(Place.name, Place.id == Ballot.place_id)
    return OwnRows(whose, {"at": at, "id": Ballot.id, "place": place, "title": Ballot.title})


# That someone voted, and when; never their choice, and nothing that leads to their envelope.
OWN = {
    "places_on_rolls": OwnRows(
        Slot.person_id,
        {
            "voted_at": Slot.used_at,
            "ballot_id": Slot.ballot_id,
            "ballot": looked_up(Ballot.title, Ballot.id == Slot.ballot_id),
            "dong": looked_up(Place.name, Place.id == Slot.place_id),
            "state": Slot.state,
        },
    ),
    "ballots_drawn": _in_office(Ballot.drawn_by, Ballot.created_at),
    "ballots_edited": OwnRows(
        BallotEditor.person_id,
        {
            "ballot_id": BallotEditor.ballot_id,
            "ballot": looked_up(Ballot.title, Ballot.id == BallotEditor.ballot_id),
        },
    ),
    "ballots_frozen": _in_office(Ballot.frozen_by, Ballot.frozen_at),
    "ballots_counted": _in_office(Ballot.counted_by, Ballot.counted_at),
    "ballots_certified": _in_office(Ballot.certified_by, Ballot.certified_at),
}
