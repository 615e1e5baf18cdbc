"""What the audit itself announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class HeadsAnchored(Fact):
    """The heads of all chains that moved were bound into the district's record.

    A head is (chain, subject, number of its last row, that row's digest in hex).
    """

    chain: ClassVar[str] = "district"
    district_id: int
    heads: tuple[tuple[str, int, int, str], ...]
