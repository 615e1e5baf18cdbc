"""A visitor's steps in the booth: choose, review, cast; and what the urn holds after them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.ballots.models import Envelope, Slot, SlotState

if TYPE_CHECKING:
    from tests.ballots.conftest import Polls
    from tests.support.http import Browser

# What the desk's paper wants to know, beside the place.
PAPER = {
    "title": "2021년 봄 투표",
    "explanation": "내년에 할 일을 정합니다.",
    "opens_on": "2021-03-10",
    "opens_time": "00:00",
    "closes_on": "2021-03-16",
    "closes_time": "24:00",
    "min_picks": "1",
    "max_picks": "1",
    "seats_budget": "1",
    "base_date": "2021-03-02",
    "min_age": "15",
    "age_mode": "plain",
    "quorum_kind": "none",
    "quorum_value": "0",
}
STATE = re.compile(r'name="state" value="([^"]+)"')


def state_of(browser: Browser) -> str:
    """The sealed state that the review page carries."""
    found = STATE.search(browser.text)
    assert found, browser.text
    return found[1]


def choose(browser: Browser, polls: Polls, ballot_id: int, *positions: int) -> Browser:
    """Open the booth and send these options on to their review."""
    ids = polls.option_ids(ballot_id)
    browser.open(f"/ballots/{ballot_id}/booth")
    return browser.submit(
        f"/ballots/{ballot_id}/booth/review", pick=[str(ids[p - 1]) for p in positions]
    )


def cast(browser: Browser, ballot_id: int) -> Browser:
    """Put the ballot of the review page being looked at into the urn."""
    return browser.submit(f"/ballots/{ballot_id}/booth/cast", state=state_of(browser))


def counts(polls: Polls, ballot_id: int) -> tuple[int, int, int]:
    """The turnout, the places used, and the envelopes in the urn."""
    with polls.world.read() as session:
        used = session.query(Slot).filter_by(ballot_id=ballot_id, state=SlotState.ONLINE).count()
        return (
            polls.ballot(ballot_id).cast_count,
            used,
            session.query(Envelope).filter_by(ballot_id=ballot_id).count(),
        )
