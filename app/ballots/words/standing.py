"""How far a ballot has come, in a line for the page of its assembly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.ballots.models import TAKES_VOTES, BallotState
from app.ballots.policy import phase_of
from app.ballots.words.polls import turnout
from app.web.wording import format_datetime, format_until

if TYPE_CHECKING:
    from datetime import datetime

    from app.ballots.models import Ballot


def how_it_stands(ballot: Ballot, *, at: datetime) -> str:
    """Say how far a public ballot has come: what counted so far, and what comes next."""
    phase = phase_of(ballot, at=at)
    told = turnout(ballot.cast_count, ballot.quorum_count, ballot.quorum_needed or 0)
    match phase:
        case BallotState.FROZEN:
            opens = format_datetime(ballot.opens_at)
            return str(_("%(opens)s부터 투표할 수 있습니다.", opens=opens))
        case BallotState.OPEN:
            return str(
                _(
                    "지금까지 %(cast)s명이 투표했습니다. %(closes)s까지 투표할 수 있습니다.",
                    cast=f"{ballot.cast_count:,}",
                    closes=format_until(ballot.closes_at),
                )
            )
        case BallotState.CLOSED:
            later = str(_("투표를 마감했습니다. 개표를 마치면 이 자리에 결과를 알려 드립니다."))
            return later if ballot.state in TAKES_VOTES else f"{told} {later}"
        case BallotState.COUNTED:
            return f"{told} {_('결과는 아직 확정되지 않았습니다.')}"
        case _certified:
            return told
