"""Which proposals come before a second assembly: what was not selected, once the first is over."""

from datetime import timedelta

import pytest

from app.assemblies import queries
from app.assemblies.models import Track
from app.assemblies.policy import AssemblyRefusal as R
from app.commitments.policy import CommitmentRefusal
from app.core.refusals import Refused
from tests.assemblies.steps import ENDS, HELD, Hall
from tests.support.year import noticed_year

YEAR = timedelta(days=365)


@pytest.fixture
def year(world, app):
    """A shelter and some lamps on the agenda of an announced assembly."""
    return noticed_year(world, app)


@pytest.fixture
def later(world, year):
    """An assembly of the same dong in the next year, still a draft."""
    assert year
    return Hall(world, held=HELD + YEAR, ends=ENDS + YEAR)


def offered(world, hall):
    with world.read() as session:
        raisable = queries.raisable_proposals(session, hall.now(session), at=world.at)
        return {one.proposal.id for one in raisable.items}


def raised(hall, proposal_id):
    """Put a proposal on an agenda, or return why not."""
    try:
        hall.item("다시 올린 안건", track=Track.BUDGET, proposal_id=proposal_id)
    except Refused as refused:
        return refused.refusal
    return None


def test_what_is_before_another_assembly_waits_for_it(world, year, later):
    assert offered(world, later) == set()
    assert raised(later, year.lamps) is R.ON_ANOTHER_AGENDA
    world.clock.at = ENDS
    assert offered(world, later) == {year.shelter, year.lamps}
    assert raised(later, year.lamps) is None


def test_what_won_is_not_decided_again_and_what_did_not_may_come_back(world, year, later):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.vote(ballot_id, (1, 3), (1, 3))
    year.polls.count(ballot_id)
    world.clock.at = ENDS
    assert offered(world, later) == set()
    assert raised(later, year.lamps) is R.ON_ANOTHER_AGENDA
    year.polls.certify(ballot_id)
    assert offered(world, later) == {year.lamps}
    assert raised(later, year.shelter) is R.ALREADY_WON
    assert raised(later, year.lamps) is None


def test_nothing_is_promised_of_a_count_that_nobody_certified(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.vote(ballot_id, (1, 3), (1, 3))
    year.polls.count(ballot_id)
    with pytest.raises(Refused) as refused:
        year.promise(ballot_id)
    assert refused.value.refusal is CommitmentRefusal.NOT_CERTIFIED
    year.polls.certify(ballot_id)
    year.promise(ballot_id)


def test_the_agenda_names_the_department_that_answered(world, year, later, browser):
    world.clock.at = ENDS
    browser.sign_in(world, later.clerk)
    page = f"/desk/assemblies/{later.id}/agenda"
    browser.open(f"{page}?proposal={year.lamps}")
    assert '<option selected value="parks">' in browser.page.get_data(as_text=True)
    browser.open(page)
    assert '<option selected value="parks">' not in browser.page.get_data(as_text=True)
