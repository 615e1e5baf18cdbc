"""Who stands on a roll: the day that says who is a resident, and the day that says how old."""

from datetime import date

import pytest

from app.assemblies.models import Assembly
from app.ballots import actions
from app.ballots.models import Ballot, Slot
from app.core.refusals import Refused
from app.residents.rules import AgeMode
from tests.assemblies.steps import Hall
from tests.support.statements import statements

LATE = "명부는 2021. 3. 2.(화) 10:00에 확정했고, 그 뒤에 주민 확인을 받으신 분은"


def test_somebody_verified_after_the_freezing_hears_its_hour(polls, new_browser):
    on_time = polls.world.resident()
    ballot_id = polls.draw()
    polls.freeze(ballot_id)
    polls.world.pass_time(minutes=5)
    late, elsewhere = polls.world.resident(), polls.world.resident("gasan")
    page = f"/ballots/{ballot_id}"
    heard = new_browser().sign_in(polls.world, late).open(page)
    assert LATE in heard.text
    assert "2021. 3. 2.(화) 10:00까지 독산1동 주민으로 확인된 분" in heard.text
    refused = heard.open(f"{page}/booth")
    assert "10:00까지 독산1동 주민으로 확인된 분" in refused.text
    assert LATE not in new_browser().sign_in(polls.world, on_time).open(page).text
    stranger = new_browser().sign_in(polls.world, elsewhere).open(page)
    assert "투표인명부에 올라 있지 않습니다. 잘못되었다면" in stranger.text


def test_a_roll_of_an_earlier_day_names_that_day(polls, new_browser):
    polls.world.resident()
    ballot_id = polls.draw()
    polls.world.pass_time(days=2)
    late = polls.world.resident()
    polls.freeze(ballot_id)
    heard = new_browser().sign_in(polls.world, late).open(f"/ballots/{ballot_id}")
    assert "주민 확인을 2021. 3. 2.(화)보다 늦게 받으신 분은" in heard.text
    assert "2021. 3. 2.(화)에 독산1동 주민으로 확인된 분" in heard.text


def test_an_officer_hears_that_the_base_date_is_to_come(polls, new_browser):
    polls.world.resident()
    ballot_id = polls.draw(base_date=date(2021, 3, 5))
    officer = new_browser().sign_in(polls.world, polls.officer)
    officer.open(f"/desk/ballots/{ballot_id}")
    assert "기준일 2021. 3. 5.(금)이 아직 오지 않았습니다" in officer.text
    officer.open(f"/desk/ballots/{ballot_id}/freeze")
    assert officer.status == 409
    assert "기준일 2021. 3. 5.(금)이 아직 오지 않았습니다" in officer.text
    polls.world.pass_time(days=3)
    officer = new_browser().sign_in(polls.world, polls.officer)
    assert (
        "확정한 뒤에 주민 확인을 받는 분은"
        in officer.open(f"/desk/ballots/{ballot_id}/freeze").text
    )


def test_a_ballot_of_an_assembly_counts_ages_on_its_day(polls):
    """Fifteen on the evening of the assembly is old enough, though not when the roll is drawn."""
    world = polls.world
    young = world.resident(born=date(2006, 5, 25))
    hall = Hall(world)
    hall.item()
    hall.item("보안등")
    hall.notice()
    ballot_id = polls.draw(place="doksan1", **_of(world, hall), age_mode=AgeMode.ELECTION_LAW)
    polls.freeze(ballot_id)
    with world.read() as session:
        ballot = session.get_one(Ballot, ballot_id)
        assert ballot.age_day == date(2021, 5, 24) > ballot.base_date
        assert [one.person_id for one in session.query(Slot)] == [young]
    without = polls.draw(age_mode=AgeMode.ELECTION_LAW)
    with world.read() as session:
        assert actions.roll_for(session, session.get_one(Ballot, without)) == []


def test_a_roll_is_drawn_without_opening_a_name(polls):
    residents = polls.world.residents(3)
    ballot_id = polls.draw()
    with statements(polls.world.app) as asked, polls.world.read() as session:
        roll = actions.roll_for(session, session.get_one(Ballot, ballot_id))
    assert [person_id for person_id, _place in roll] == residents
    (births,) = [one for one in asked if "birth_date" in one]
    assert "name" not in births.partition(" FROM ")[0]


def _of(world, hall):
    with world.read() as session:
        return {"assembly": session.get_one(Assembly, hall.id)}


def test_the_day_for_ages_is_part_of_what_is_frozen(polls):
    polls.world.resident()
    named = polls.draw(ages_on=date(2021, 3, 2))
    polls.open(named)
    polls.close(named)
    with polls.world.write() as session:
        session.get_one(Ballot, named).ages_on = date(2020, 3, 2)
    with pytest.raises(Refused, match="setup_changed"):
        polls.count(named)
