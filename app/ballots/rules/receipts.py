"""A receipt as its file states it: what somebody holds who asks whether it is true. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.ballots.rules.sealing import receipt_message
from app.core.vault import is_signed

MOST_BYTES = 10_000
SIGNATURE = "signature (Ed25519)"
_VALUE = re.compile(r"(ballot|setup|leaf|signature \(Ed25519\)): ([0-9a-f]+)")
_LENGTHS = {"setup": 64, "leaf": 64, SIGNATURE: 128}
_BALLOT = re.compile(r"[1-9][0-9]{0,9}")


class NotAReceipt(ValueError):
    """A file that does not state what a receipt states; the message names it."""


@dataclass(frozen=True, kw_only=True)
class StatedReceipt:
    """What a receipt's file says: of which ballot, which leaf, and the signature over both."""

    ballot_id: int
    setup_hash: bytes
    leaf: bytes
    signature: bytes

    def is_signed_with(self, public: bytes) -> bool:
        """Say whether the signature over these very values was made with a key's secret half."""
        message = receipt_message(self.ballot_id, self.setup_hash, self.leaf)
        return is_signed(public, message, self.signature)


def read_receipt(raw: bytes) -> StatedReceipt:
    """Return what a receipt's file states, whatever words stand around it.

    Every value stands once, in a line of its own. Raises NotAReceipt.
    """
    if len(raw) > MOST_BYTES:
        raise NotAReceipt(f"it is longer than {MOST_BYTES} bytes")
    found: dict[str, list[str]] = {}
    for line in raw.decode("utf-8", errors="replace").splitlines():
        if stated := _VALUE.fullmatch(line.strip()):
            found.setdefault(stated[1], []).append(stated[2])
    for name in ("ballot", *_LENGTHS):
        values = found.get(name, [])
        if len(values) != 1:
            raise NotAReceipt(f"it has {len(values)} lines `{name}: …`, and one is needed")
    if not _BALLOT.fullmatch(found["ballot"][0]):
        raise NotAReceipt("`ballot` is no number of a ballot")
    for name, length in _LENGTHS.items():
        if len(found[name][0]) != length:
            raise NotAReceipt(f"`{name}` does not have {length} hexadecimal digits")
    return StatedReceipt(
        ballot_id=int(found["ballot"][0]),
        setup_hash=bytes.fromhex(found["setup"][0]),
        leaf=bytes.fromhex(found["leaf"][0]),
        signature=bytes.fromhex(found[SIGNATURE][0]),
    )
