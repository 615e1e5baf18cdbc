"""From the agenda to the promise: the proposal hears each step, and hides the promise's words."""

import pytest
from sqlalchemy import select

from app.assemblies.models import Track
from app.ballots.models import Outcome
from app.commitments.models import Commitment
from app.proposals.models import Stage, TimelineCode, TimelineEntry
from tests.support.year import HIDDEN, WHY, noticed_year

HEARD_HERE = [
    TimelineCode.ON_AGENDA,
    TimelineCode.ON_BALLOT,
    TimelineCode.SELECTED,
    TimelineCode.NOT_SELECTED,
    TimelineCode.TIED,
    TimelineCode.COMMITMENT_MADE,
]


@pytest.fixture
def year(world, app):
    return noticed_year(world, app)


def heard(year, proposal_id):
    """What a proposal's timeline says from the agenda on: code, stage and where it leads."""
    with year.world.read() as session:
        return [
            (entry.code, entry.stage, entry.href)
            for entry in session.scalars(
                select(TimelineEntry)
                .where(
                    TimelineEntry.proposal_id == proposal_id,
                    TimelineEntry.code.in_(HEARD_HERE),
                )
                .order_by(TimelineEntry.id)
            )
        ]


def test_each_proposal_hears_what_became_of_it_and_one_becomes_a_promise(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    on_agenda = (TimelineCode.ON_AGENDA, Stage.ASSEMBLY, f"/assemblies/{year.hall.id}")
    assert heard(year, year.shelter) == heard(year, year.lamps) == [on_agenda]

    year.vote(ballot_id, (1, 3), (1, 3), (2,))
    year.polls.count(ballot_id)
    on_ballot = (TimelineCode.ON_BALLOT, Stage.ASSEMBLY, f"/ballots/{ballot_id}")
    so_far = [on_agenda, on_ballot]
    assert heard(year, year.shelter) == heard(year, year.lamps) == so_far

    year.polls.certify(ballot_id)
    outcomes = [option.outcome for option in year.polls.ballot(ballot_id).options]
    assert outcomes == [Outcome.SELECTED, Outcome.NOT_SELECTED, Outcome.SELECTED]
    page = f"/ballots/{ballot_id}/result"
    won = (TimelineCode.SELECTED, Stage.ASSEMBLY, page)
    lost = (TimelineCode.NOT_SELECTED, Stage.ASSEMBLY, page)
    assert heard(year, year.shelter) == [*so_far, won]
    assert heard(year, year.lamps) == [*so_far, lost]

    year.promise(ballot_id)
    year.promise(ballot_id)
    with year.world.read() as session:
        promises = session.scalars(select(Commitment).order_by(Commitment.id)).all()
        assert [(p.title, p.track, p.proposal_id, p.department.slug) for p in promises] == [
            ("쉼터를 함께", Track.SUPPORT, year.shelter, "parks"),
            ("마을 축제", Track.BUDGET, None, "welfare"),
        ]
        promised = (TimelineCode.COMMITMENT_MADE, Stage.EXECUTION, f"/commitments/{promises[0].id}")
    assert heard(year, year.shelter) == [*so_far, won, promised]
    assert heard(year, year.lamps) == [*so_far, lost]


def test_a_tie_for_the_last_place_is_told_as_a_tie_and_promises_nothing(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.vote(ballot_id, (2,), (3,))
    year.polls.count(ballot_id)
    year.polls.certify(ballot_id)
    year.promise(ballot_id)
    assert [code for code, _, _ in heard(year, year.lamps)][-1] is TimelineCode.TIED
    with year.world.read() as session:
        assert not session.scalars(
            select(Commitment).where(Commitment.proposal_id == year.lamps)
        ).all()


def test_a_promise_shows_why_its_proposal_is_hidden_instead_of_its_words(year, browser, world):
    page = f"/commitments/{year.promised()}"
    assert "쉼터를 함께, 이렇게 합니다" in browser.open(page).text
    year.hide(year.shelter)
    assert WHY in browser.open(page).text
    for url in (page, "/commitments"):
        assert HIDDEN in browser.open(url).text, url
        assert "쉼터를 함께" not in browser.text, url
    assert "마을 축제" in browser.text
    browser.sign_in(world, year.polls.clerk)
    for url in ("/desk/commitments", f"/desk{page}"):
        assert "쉼터를 함께" in browser.open(url).text, url
        assert "가려짐" in browser.text, url
