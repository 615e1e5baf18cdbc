"""The choice and what hides it: commitments, the review's sealed state, the receipt, pure.

Later commitments to single options replace `commit`, in the same place.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.core.numbers import spoken_code
from app.core.vault import CannotOpen, digest, open_token, seal_token

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    opened = _opened(key, token)
    if opened is None:
        return None
    choice, until = opened
    return choice if at.timestamp() < until else None


def picks_kept(
    key: bytes, token: str, *, ballot_id: int, slot_id: int, setup_hash: bytes
) -> tuple[int, ...]:
    """Return the positions that seal_choice sealed for a place on a roll, however long ago.

    They tell its own voter where to begin choosing anew, and cannot be cast: the seed stays
    behind. Empty if it is not our own work, or belongs to another person, ballot or paper.
    """
    opened = _opened(key, token)
    if opened is None:
        return ()
    choice, _until = opened
    sealed_for = (choice.ballot_id, choice.slot_id, choice.setup_hash)
    return choice.positions if sealed_for == (ballot_id, slot_id, setup_hash) else ()


def _opened(key: bytes, token: str) -> tuple[PreparedChoice, int] | None:
    """Return what a state holds, and the second in which it expires."""
    try:
        packed = open_token(key, base64.urlsafe_b64decode(token.encode()))
        version, ballot_id, slot_id, until, setup_hash, picks, seed = _TOKEN.unpack(packed)
    except (CannotOpen, ValueError, struct.error):
        return None
    if version != _TOKEN_VERSION:
        return None
    choice = PreparedChoice(
        ballot_id=ballot_id, slot_id=slot_id, setup_hash=setup_hash, picks=picks, seed=seed
    )
    return choice, until


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
        return receipt_message(self.ballot_id, self.setup_hash, self.leaf)


def receipt_message(ballot_id: int, setup_hash: bytes, leaf: bytes) -> bytes:
    """Return the bytes that a receipt signs: which paper, and which ballot in its urn."""
    return digest(b"madang/receipt/v1", ballot_id, setup_hash, leaf)


def to_the_minute(at: datetime) -> datetime:
    """Return a moment without seconds: all that is kept of when someone voted."""
    return at.replace(second=0, microsecond=0)
