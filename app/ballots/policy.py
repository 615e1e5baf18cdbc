"""Who may draw up, freeze, cast, count and certify a ballot, and when. Asks no database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.assemblies.models import AssemblyState
from app.assemblies.rules import is_ahead
from app.ballots.models import TAKES_VOTES, BallotState
from app.ballots.rules import MAX_OPTIONS
from app.core.clock import seoul_day
from app.core.refusals import Refusal
from app.residents.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from app.assemblies.models import Assembly, Track
    from app.ballots.models import Ballot
    from app.ballots.rules import FrozenPaper, PreparedChoice
    from app.places.models import Place
    from app.residents.rules import Standing


class BallotRefusal(Refusal):
    """Why an act upon a ballot is refused."""

    NOT_CLERK = "ballot.not_clerk"
    NOT_OFFICER = "ballot.not_officer"
    NOT_CERTIFIER = "ballot.not_certifier"
    NOT_DRAFT = "ballot.not_draft"
    NOT_FROZEN = "ballot.not_frozen"
    NOT_OPEN = "ballot.not_open"
    NOT_CLOSED = "ballot.not_closed"
    NOT_COUNTED = "ballot.not_counted"
    OTHER_PLACE = "ballot.other_place"
    BAD_WINDOW = "ballot.bad_window"
    BAD_LIMITS = "ballot.bad_limits"
    BAD_AMOUNT = "ballot.bad_amount"
    NO_ASSEMBLY = "ballot.no_assembly"
    ASSEMBLY_NOT_NOTICED = "ballot.assembly_not_noticed"
    ASSEMBLY_OVER = "ballot.assembly_over"
    ASSEMBLY_CALLED_OFF = "ballot.assembly_called_off"
    ASSEMBLY_VOTES = "ballot.assembly_votes"
    ASSEMBLY_HAS_DRAFT = "ballot.assembly_has_draft"
    ASSEMBLY_HAS_BALLOT = "ballot.assembly_has_ballot"
    TOO_MANY_OPTIONS = "ballot.too_many_options"
    ALREADY_ON_PAPER = "ballot.already_on_paper"
    TOO_FEW_OPTIONS = "ballot.too_few_options"
    SEATS_MISMATCH = "ballot.seats_mismatch"
    PICKS_OVER_OPTIONS = "ballot.picks_over_options"
    HIDDEN_PROPOSAL = "ballot.hidden_proposal"
    DECIDED_ELSEWHERE = "ballot.decided_elsewhere"
    WINDOW_PASSED = "ballot.window_passed"
    BASE_DATE_AHEAD = "ballot.base_date_ahead"
    NO_POPULATION = "ballot.no_population"
    EMPTY_ROLL = "ballot.empty_roll"
    TOO_EARLY = "ballot.too_early"
    EARLY_WITHOUT_REASON = "ballot.early_without_reason"
    WINDOW_RUNNING = "ballot.window_running"
    KEY_MISSING = "ballot.key_missing"
    SETUP_CHANGED = "ballot.setup_changed"
    URN_DAMAGED = "ballot.urn_damaged"
    EDITOR_CERTIFIES = "ballot.editor_certifies"

    NOT_ON_ROLL = "ballot.not_on_roll"
    OUTSIDE_HOURS = "ballot.outside_hours"
    ALREADY_CAST = "ballot.already_cast"
    STALE_PAPER = "ballot.stale_paper"
    BROKEN_PAPER = "ballot.broken_paper"
    FOREIGN_PAPER = "ballot.foreign_paper"
    NO_PICK = "ballot.no_pick"
    TOO_FEW_PICKS = "ballot.too_few_picks"
    TOO_MANY_PICKS = "ballot.too_many_picks"
    PICKED_TWICE = "ballot.picked_twice"
    UNKNOWN_OPTION = "ballot.unknown_option"


# ---------------------------------------------------------------- drawing up


def may_draw(by: Standing, place: Place) -> bool:
    """Say whether someone prepares ballots at a place."""
    return by.holds(Role.CLERK, place) or by.holds(Role.OFFICER, place)


def why_not_draw(
    by: Standing, place: Place, assembly: Assembly | None, *, has_other: bool, at: datetime
) -> BallotRefusal | None:
    """Say why someone may not draw up a ballot of a place, or of an assembly that has another."""
    if not may_draw(by, place):
        return BallotRefusal.NOT_CLERK
    if assembly is None:
        return None
    if assembly.place_id != place.id:
        return BallotRefusal.OTHER_PLACE
    return why_not_belong(assembly, has_other=has_other, at=at)


def why_not_belong(assembly: Assembly, *, has_other: bool, at: datetime) -> BallotRefusal | None:
    """Say why no ballot may be prepared for an assembly: its agenda must stand, for one ballot."""
    if assembly.state is AssemblyState.DRAFT:
        return BallotRefusal.ASSEMBLY_NOT_NOTICED
    if assembly.is_called_off:
        return BallotRefusal.ASSEMBLY_CALLED_OFF
    if not is_ahead(assembly, at=at):
        return BallotRefusal.ASSEMBLY_OVER
    return BallotRefusal.ASSEMBLY_HAS_BALLOT if has_other else None


def why_not_without_assembly(ballot: Ballot | None) -> BallotRefusal | None:
    """Say why the assembly of a ballot may not be called off: residents' votes hang on it."""
    if ballot is None:
        return None
    is_draft = ballot.state is BallotState.DRAFT
    return BallotRefusal.ASSEMBLY_HAS_DRAFT if is_draft else BallotRefusal.ASSEMBLY_VOTES


def why_not_rules(
    *,
    opens_at: datetime,
    closes_at: datetime,
    min_picks: int,
    max_picks: int,
    seats: Mapping[Track, int],
) -> BallotRefusal | None:
    """Say what is wrong with a paper's window or limits."""
    if closes_at <= opens_at:
        return BallotRefusal.BAD_WINDOW
    if not 1 <= min_picks <= max_picks or not seats or min(seats.values()) < 1:
        return BallotRefusal.BAD_LIMITS
    return None


def why_not_edit(by: Standing, ballot: Ballot) -> BallotRefusal | None:
    """Say why someone may not change a ballot's paper; from freezing on nobody may."""
    if not may_draw(by, ballot.place):
        return BallotRefusal.NOT_CLERK
    return None if ballot.state is BallotState.DRAFT else BallotRefusal.NOT_DRAFT


def why_not_add_option(by: Standing, ballot: Ballot) -> BallotRefusal | None:
    """Say why no further option may be added."""
    if refusal := why_not_edit(by, ballot):
        return refusal
    return BallotRefusal.TOO_MANY_OPTIONS if len(ballot.options) >= MAX_OPTIONS else None


# ---------------------------------------------------------------- the acts of an officer


@dataclass(frozen=True)
class Surroundings:
    """What is around a draft and may hinder its freezing.

    Its assembly, whether another paper of that is frozen already, and the titles of the options
    whose proposals another ballot decides or has selected.
    """

    assembly: Assembly | None
    has_other: bool
    decided_elsewhere: Sequence[str]


NOTHING_AROUND = Surroundings(assembly=None, has_other=False, decided_elsewhere=())


def why_not_freeze(
    by: Standing, ballot: Ballot, surroundings: Surroundings, *, at: datetime
) -> BallotRefusal | None:
    """Say why a paper may not be frozen now, as what is around it stands."""
    if not by.holds(Role.OFFICER, ballot.place):
        return BallotRefusal.NOT_OFFICER
    if ballot.state is not BallotState.DRAFT:
        return BallotRefusal.NOT_DRAFT
    if at >= ballot.closes_at:
        return BallotRefusal.WINDOW_PASSED
    return (
        why_roll_is_unknown(ballot, at=at)
        or why_not_stand(ballot)
        or why_not_among(surroundings, at=at)
    )


def why_not_among(surroundings: Surroundings, *, at: datetime) -> BallotRefusal | None:
    """Say why a paper cannot stand beside what is decided already: nothing is decided twice."""
    assembly = surroundings.assembly
    if assembly is not None:
        refusal = why_not_belong(assembly, has_other=surroundings.has_other, at=at)
        if refusal is not None:
            return refusal
    return BallotRefusal.DECIDED_ELSEWHERE if surroundings.decided_elsewhere else None


def why_roll_is_unknown(ballot: Ballot, *, at: datetime) -> BallotRefusal | None:
    """Say why nobody can tell yet who stands on the roll: its base date is to come."""
    return BallotRefusal.BASE_DATE_AHEAD if ballot.base_date > seoul_day(at) else None


def why_not_stand(ballot: Ballot) -> BallotRefusal | None:
    """Say why a paper cannot stand as it is: options, seats and limits must fit together.

    A frozen paper never changes, so no words that moderators hid may be on it.
    """
    if len(ballot.options) < 2:  # noqa: PLR2004
        return BallotRefusal.TOO_FEW_OPTIONS
    on_paper = Counter(option.track for option in ballot.options)
    seats = {seats.track: seats.seats for seats in ballot.seats}
    if set(on_paper) != set(seats) or any(seats[track] > on_paper[track] for track in seats):
        return BallotRefusal.SEATS_MISMATCH
    if ballot.max_picks > len(ballot.options):
        return BallotRefusal.PICKS_OVER_OPTIONS
    if any(option.hidden_reason for option in ballot.options):
        return BallotRefusal.HIDDEN_PROPOSAL
    return None


def why_not_open(by: Standing, ballot: Ballot, *, at: datetime) -> BallotRefusal | None:
    """Say why an officer may not open a ballot now."""
    if not by.holds(Role.OFFICER, ballot.place):
        return BallotRefusal.NOT_OFFICER
    if ballot.state is not BallotState.FROZEN:
        return BallotRefusal.NOT_FROZEN
    if at < ballot.opens_at:
        return BallotRefusal.TOO_EARLY
    return BallotRefusal.WINDOW_PASSED if at >= ballot.closes_at else None


def why_not_close(by: Standing, ballot: Ballot, *, at: datetime) -> BallotRefusal | None:
    """Say why an officer may not close a ballot now; before its time only in an assembly."""
    if not by.holds(Role.OFFICER, ballot.place):
        return BallotRefusal.NOT_OFFICER
    if ballot.state is not BallotState.OPEN:
        return BallotRefusal.NOT_OPEN
    if ballot.assembly_id is None and at < ballot.closes_at:
        return BallotRefusal.WINDOW_RUNNING
    return None


def why_not_count(by: Standing, ballot: Ballot) -> BallotRefusal | None:
    """Say why the urn may not be opened."""
    if not by.holds(Role.OFFICER, ballot.place):
        return BallotRefusal.NOT_OFFICER
    return None if ballot.state is BallotState.CLOSED else BallotRefusal.NOT_CLOSED


def why_not_certify(
    by: Standing, ballot: Ballot, *, editors: Collection[int]
) -> BallotRefusal | None:
    """Say why someone may not certify a count: whoever edited the ballot cannot."""
    if not (by.holds(Role.OFFICER, ballot.place) or by.holds(Role.OBSERVER, ballot.place)):
        return BallotRefusal.NOT_CERTIFIER
    if ballot.state is not BallotState.COUNTED:
        return BallotRefusal.NOT_COUNTED
    return BallotRefusal.EDITOR_CERTIFIES if by.person_id in editors else None


# ---------------------------------------------------------------- the voter


def is_taking(state: BallotState, opens_at: datetime, closes_at: datetime, *, at: datetime) -> bool:
    """Say whether a cast is taken: inside the half-open window, and open or due to be.

    The dates decide, not when a job comes round: what is frozen and due, the first cast opens.
    """
    return state in TAKES_VOTES and opens_at <= at < closes_at


def phase_of(ballot: Ballot, *, at: datetime) -> BallotState:
    """Return how far a ballot has come by its dates, whether or not anybody wrote it down."""
    if ballot.state not in TAKES_VOTES:
        return ballot.state
    if at >= ballot.closes_at:
        return BallotState.CLOSED
    return BallotState.OPEN if at >= ballot.opens_at else BallotState.FROZEN


def why_not_vote(
    paper: Ballot | FrozenPaper,
    state: BallotState,
    *,
    on_roll: bool,
    has_voted: bool,
    at: datetime,
) -> BallotRefusal | None:
    """Say why someone may not enter the booth now."""
    if not on_roll:
        return BallotRefusal.NOT_ON_ROLL
    if has_voted:
        return BallotRefusal.ALREADY_CAST
    if not is_taking(state, paper.opens_at, paper.closes_at, at=at):
        return BallotRefusal.OUTSIDE_HOURS
    return None


def why_not_choose(
    paper: Ballot | FrozenPaper, option_ids: Sequence[int], *, on_paper: Collection[int]
) -> BallotRefusal | None:
    """Say what is wrong with a set of picks."""
    if not option_ids:
        return BallotRefusal.NO_PICK
    if not set(option_ids) <= set(on_paper):
        return BallotRefusal.UNKNOWN_OPTION
    if len(set(option_ids)) != len(option_ids):
        return BallotRefusal.PICKED_TWICE
    if len(option_ids) > paper.max_picks:
        return BallotRefusal.TOO_MANY_PICKS
    return BallotRefusal.TOO_FEW_PICKS if len(option_ids) < paper.min_picks else None


def why_not_bring(
    choice: PreparedChoice, *, ballot_id: int, slot_id: int, setup_hash: bytes
) -> BallotRefusal | None:
    """Say why a prepared choice does not belong into this urn from this person."""
    if choice.ballot_id != ballot_id or choice.slot_id != slot_id:
        return BallotRefusal.FOREIGN_PAPER
    return BallotRefusal.FOREIGN_PAPER if choice.setup_hash != setup_hash else None
