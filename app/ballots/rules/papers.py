"""The paper and the roll as they stand frozen, and the hashes that hold them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.core.vault import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.assemblies.models import Track
    from app.ballots.models import Ballot


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
            # Stated where it is a day of its own: papers frozen without one keep their hash.
            **({"ages_on": ballot.ages_on.isoformat()} if ballot.ages_on else {}),
        },
        "quorum": [ballot.quorum_kind.value, ballot.quorum_value, ballot.quorum_needed],
        "key_mode": "server",
        "tally_public": tally_public.hex(),
    }
    canonical = json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest(b"madang/setup/v1", canonical)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
