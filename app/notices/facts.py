"""What happens to notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.core.bus import Fact


@dataclass(frozen=True, kw_only=True)
class MailClaimed(Fact):
    """Notices were claimed for mailing; they are sent once this has committed."""

    chain: ClassVar[str] = "notice"
    audited: ClassVar[bool] = False
    notice_ids: tuple[int, ...]

    @property
    def subject_id(self) -> int:
        """Return 0: claims belong to no aggregate."""
        return 0
