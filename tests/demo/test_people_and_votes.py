"""The pieces of the demo year: names, moments, shares of votes, texts."""

import re
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from app.core.clock import FixedClock, seoul_moment
from app.core.korean import mask_name
from app.core.plaintext import tidy
from app.core.working_days import is_working_day
from app.demo import content
from app.demo.calendar import Calendar, office_hour, spread
from app.demo.chapters.votes import share_out
from app.demo.people import FIRST_BIRTH, LAST_BIRTH, identities
from app.demo.signins import SIGN_INS
from app.residents.models import Role

FILES = sorted(Path(content.__file__).parent.glob("*.toml"))
PHONE = re.compile(r"(?<!\d)0\d{1,2}[-. )]?\d{3,4}[-. ]?\d{4}(?!\d)")
MORNING = seoul_moment(date(2020, 5, 4), 9)


def test_the_same_chance_invents_the_same_people_and_no_two_alike():
    first = list(islice(identities(Random(7)), 700))
    assert first == list(islice(identities(Random(7)), 700))
    assert len(set(first)) == 700
    assert all(FIRST_BIRTH <= one.born <= LAST_BIRTH for one in first)
    assert any(one.born.year < 1940 for one in first)
    assert any(one.born.year > 2004 for one in first)
    assert all("*" in mask_name(one.name) for one in first)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_text_holds_a_phone_number_or_what_may_not_be_stored(file):
    text = file.read_text(encoding="utf-8")
    assert not PHONE.search(text)
    assert tidy(text, lines=True)


def test_the_sign_ins_cover_every_duty_and_lead_nowhere_real():
    roles = {sign_in.role for sign_in in SIGN_INS}
    assert roles >= {
        None,
        Role.CLERK,
        Role.DESK_CLERK,
        Role.DEPARTMENT,
        Role.MODERATOR,
        Role.CHAIR,
        Role.OFFICER,
        Role.OBSERVER,
        Role.OPERATOR,
    }
    assert all(sign_in.address.endswith(".example") for sign_in in SIGN_INS)
    assert len({sign_in.place for sign_in in SIGN_INS if sign_in.verified}) == 3


def test_offices_work_on_working_days_and_nobody_is_woken():
    chance = Random(1)
    for days in range(120):
        moment = office_hour(date(2020, 1, 1) + timedelta(days=days), chance)
        assert is_working_day((moment + timedelta(hours=9)).date())
    moments = spread(MORNING, MORNING + timedelta(days=5), 60, chance)
    assert moments == sorted(moments)
    assert all(7 <= (moment + timedelta(hours=9)).hour < 22 for moment in moments)


@pytest.mark.parametrize(("voters", "most"), [(32, 4), (40, 7), (360, 6)])
def test_votes_follow_the_shares_and_keep_the_paper_s_limits(voters, most):
    shares = dict(enumerate([0.7, 0.5, 0.44, 0.37, 0.3, 0.2]))
    picks = share_out(shares, range(voters), most, Random(3))
    assert len(picks) == voters
    assert all(1 <= len(chosen) <= most for chosen in picks.values())
    assert all(len(set(chosen)) == len(chosen) for chosen in picks.values())
    votes = [sum(number in chosen for chosen in picks.values()) for number in shares]
    assert votes == sorted(votes, reverse=True)
    assert len(set(votes)) == len(votes)


def test_a_calendar_keeps_order_and_never_goes_back(app):
    clock = FixedClock(MORNING)
    calendar, told = Calendar(clock), []

    def tell(name):
        told.append((name, clock.at))

    def tell_and_note(name):
        tell(name)
        calendar.at(MORNING, tell, "what should have been earlier")

    calendar.at(MORNING + timedelta(days=2), tell, "last")
    calendar.at(MORNING + timedelta(hours=1), tell_and_note, "first")
    calendar.at(MORNING + timedelta(hours=1), tell, "second")
    from app.web.database import db

    with app.app_context():
        calendar.happen(db.session)
    assert [name for name, _ in told] == [
        "first",
        "second",
        "what should have been earlier",
        "last",
    ]
    assert [at for _, at in told] == sorted(at for _, at in told)
