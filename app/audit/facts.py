"""What the audit itself announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class HeadsAnchored(Fact):
    """The heads of all chains were bound together into the district's record."""

    chain: ClassVar[str] = "district"
    district_id: int
    chains: int
    root: str

    @property
    def subject_id(self) -> int:
        """Return the district's id."""
        return self.district_id
