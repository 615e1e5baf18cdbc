"""The arithmetic of a ballot, pure: commitments, sums, ranks, the hash of the paper.

A later counting engine replaces `count_picks` and `rank_track`; later commitments replace
`commit`, in the same place.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.ballots.models import Outcome
from app.core.numbers import spoken_code
from app.core.vault import CannotOpen, digest, open_token, seal_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.assemblies.models import Track
    from app.ballots.models import Ballot

MAX_OPTIONS = 128
PICKS_BYTES = MAX_OPTIONS // 8
SEED_BYTES = 32
REVIEW_LASTS = timedelta(minutes=15)
_TOKEN = struct.Struct(f">BQQQ32s{PICKS_BYTES}s{SEED_BYTES}s")
_TOKEN_VERSION = 1


# ---------------------------------------------------------------- the choice and its seal


def picks_to_bytes(positions: Iterable[int]) -> bytes:
    """Return the options' positions (from 1) as bits; every choice has the same size."""
    bits = 0
    for position in positions:
        bits |= 1 << (position - 1)
    return bits.to_bytes(PICKS_BYTES, "big")


def picks_from_bytes(raw: bytes) -> tuple[int, ...]:
    """Return the positions that picks_to_bytes was given, in order."""
    bits = int.from_bytes(raw, "big")
    return tuple(place + 1 for place in range(bits.bit_length()) if bits >> place & 1)


def commit(*, ballot_id: int, setup_hash: bytes, picks: bytes, seed: bytes) -> bytes:
    """Return the leaf: what binds a voter's choice to this ballot without showing it.

    SHA-256(tag ‖ ballot ‖ setup ‖ SHA-256(tag ‖ seed ‖ picks)); the 32 random bytes of the seed
    hide the choice. This is the one place where commitments to single options will stand.
    """
    opening = digest(b"madang/choice/v1", seed, picks)
    return digest(b"madang/leaf/v1", ballot_id, setup_hash, opening)


@dataclass(frozen=True, kw_only=True)
class PreparedChoice:
    """A choice that was checked and committed to, not yet cast; it never shows in a log."""

    ballot_id: int
    slot_id: int
    setup_hash: bytes = field(repr=False)
    picks: bytes = field(repr=False)
    seed: bytes = field(repr=False)

    @property
    def leaf(self) -> bytes:
        """Return the commitment that the receipt will sign."""
        return commit(
            ballot_id=self.ballot_id, setup_hash=self.setup_hash, picks=self.picks, seed=self.seed
        )

    @property
    def number(self) -> str:
        """Return the 확인번호 that the receipt will have."""
        return spoken_code(self.leaf)

    @property
    def positions(self) -> tuple[int, ...]:
        """Return the chosen options' positions on the paper."""
        return picks_from_bytes(self.picks)

    @property
    def payload(self) -> bytes:
        """Return what is sealed into the envelope; its size says nothing."""
        return self.picks + self.seed


def split_payload(payload: bytes) -> tuple[bytes, bytes] | None:
    """Return picks and seed of an unsealed envelope, None if it cannot be one."""
    if len(payload) != PICKS_BYTES + SEED_BYTES:
        return None
    return payload[:PICKS_BYTES], payload[PICKS_BYTES:]


def review_key(secret_key: bytes) -> bytes:
    """Return the key of the review page's hidden field, derived from the site's secret."""
    return hashlib.sha256(b"madang/booth/v1" + secret_key).digest()


def seal_choice(key: bytes, choice: PreparedChoice, *, at: datetime) -> str:
    """Return a prepared choice as the text the review page carries for 15 minutes.

    The voter's browser holds it but can neither read nor change it.
    """
    until = int((at + REVIEW_LASTS).timestamp())
    packed = _TOKEN.pack(
        _TOKEN_VERSION,
        choice.ballot_id,
        choice.slot_id,
        until,
        choice.setup_hash,
        choice.picks,
        choice.seed,
    )
    return base64.urlsafe_b64encode(seal_token(key, packed)).decode()


def open_choice(key: bytes, token: str, *, at: datetime) -> PreparedChoice | None:
    """Return the choice that seal_choice sealed; None if it expired or is not our own work."""
    try:
        packed = open_token(key, base64.urlsafe_b64decode(token.encode()))
        version, ballot_id, slot_id, until, setup_hash, picks, seed = _TOKEN.unpack(packed)
    except (CannotOpen, ValueError, struct.error):
        return None
    if version != _TOKEN_VERSION or at.timestamp() >= until:
        return None
    return PreparedChoice(
        ballot_id=ballot_id, slot_id=slot_id, setup_hash=setup_hash, picks=picks, seed=seed
    )


# ---------------------------------------------------------------- the receipt


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that a ballot lies in the urn; it says nothing of what was chosen."""

    ballot_id: int
    setup_hash: bytes
    leaf: bytes
    used_at: datetime

    @property
    def number(self) -> str:
        """Return the 확인번호: 26 letters of the leaf, to be read over the phone."""
        return spoken_code(self.leaf)

    @property
    def message(self) -> bytes:
        """Return the bytes that the site signs."""
        return digest(b"madang/receipt/v1", self.ballot_id, self.setup_hash, self.leaf)


def to_the_minute(at: datetime) -> datetime:
    """Return a moment without seconds: all that is kept of when someone voted."""
    return at.replace(second=0, microsecond=0)


# ---------------------------------------------------------------- the paper


@dataclass(frozen=True)
class PaperOption:
    """One option as it stands on a frozen paper."""

    id: int
    position: int
    track: Track
    title: str
    budget_won: int


@dataclass(frozen=True)
class FrozenPaper:
    """What a voter may choose from, and when: all of it covered by the hash of the freezing."""

    id: int
    title: str
    opens_at: datetime
    closes_at: datetime
    min_picks: int
    max_picks: int
    setup_hash: bytes
    options: tuple[PaperOption, ...]


def roll_digest(roll: Iterable[tuple[int, int]]) -> bytes:
    """Return the hash of a roll: pairs of person and dong, whatever their order."""
    lines = "\n".join(f"{person_id}:{place_id}" for person_id, place_id in sorted(roll))
    return digest(b"madang/roll/v1", lines)


def setup_digest(
    ballot: Ballot, *, tally_public: bytes, roll_hash: bytes, roll_count: int
) -> bytes:
    """Return the hash of everything that stands from freezing on, as canonical JSON.

    Computed again before the count, it tells whether anyone touched the paper or the roll.
    """
    paper: dict[str, Any] = {
        "ballot": ballot.id,
        "place": ballot.place_id,
        "assembly": ballot.assembly_id,
        "title": ballot.title,
        "explanation": ballot.explanation,
        "opens_at": _moment(ballot.opens_at),
        "closes_at": _moment(ballot.closes_at),
        "picks": [ballot.min_picks, ballot.max_picks],
        "seats": {seats.track.value: seats.seats for seats in ballot.seats},
        "options": [
            {
                "position": option.position,
                "track": option.track.value,
                "title": option.title,
                "sense": option.sense,
                "budget_won": option.budget_won,
                "proposal": option.proposal_id,
            }
            for option in sorted(ballot.options, key=lambda option: option.position)
        ],
        "roll": {
            "base_date": ballot.base_date.isoformat(),
            "min_age": ballot.min_age,
            "age_mode": ballot.age_mode.value,
            "count": roll_count,
            "hash": roll_hash.hex(),
        },
        "quorum": [ballot.quorum_kind.value, ballot.quorum_value, ballot.quorum_needed],
        "key_mode": "server",
        "tally_public": tally_public.hex(),
    }
    canonical = json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest(b"madang/setup/v1", canonical)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


# ---------------------------------------------------------------- the count


@dataclass(frozen=True, kw_only=True)
class Placing:
    """What the count says of one option."""

    votes: int
    rank: int
    outcome: Outcome


def count_picks(papers: Iterable[Sequence[int]], positions: Iterable[int]) -> dict[int, int]:
    """Return how many papers chose each position."""
    votes = dict.fromkeys(positions, 0)
    for paper in papers:
        for position in paper:
            votes[position] += 1
    return votes


def rank_track(votes: Mapping[int, int], seats: int) -> dict[int, Placing]:
    """Return ranks and outcomes of one track's options by their votes.

    Equal votes share a rank and the next is skipped (1, 2, 2, 4). Where more options share the
    last seat than there are seats left, all of them are TIED and none is chosen silently. An
    option that nobody chose is not selected.
    """
    placings = {}
    for position, count in votes.items():
        ahead = sum(other > count for other in votes.values())
        equal = sum(other == count for other in votes.values())
        if count == 0 or ahead >= seats:
            outcome = Outcome.NOT_SELECTED
        elif ahead + equal <= seats:
            outcome = Outcome.SELECTED
        else:
            outcome = Outcome.TIED
        placings[position] = Placing(votes=count, rank=ahead + 1, outcome=outcome)
    return placings


def place_options(
    votes: Mapping[int, int],
    tracks: Mapping[int, Track],
    seats: Mapping[Track, int],
    *,
    is_quorate: bool,
) -> dict[int, Placing]:
    """Return every option's placing, track by track; below the quorum nothing is selected."""
    placings: dict[int, Placing] = {}
    for track, count in seats.items():
        own = {position: n for position, n in votes.items() if tracks[position] is track}
        placings |= rank_track(own, count if is_quorate else 0)
    return placings
