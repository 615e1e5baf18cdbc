"""Whoever leaves the site is waited for in no room, and nobody is kept waiting by them."""

from __future__ import annotations

import pytest

from app.residents import actions as residents
from app.residents.models import Account
from app.room.models import FloorRequest
from tests.room.house import LiveAssembly
from tests.room.test_actions import at_once


def leave(world, person_id):
    account_id = world.account_of(person_id).id
    with world.write() as session:
        account = session.get_one(Account, account_id)
        residents.withdraw_person(session, account, checked=account.passphrase_hash, at=world.at)


def states(world, *request_ids):
    with world.read() as session:
        return [str(session.get_one(FloorRequest, one).state) for one in request_ids]


def last_queue(live):
    queues = [event.payload["queue"] for event in live.events() if event.kind == "floor"]
    return [(entry["id"], entry["state"]) for entry in queues[-1]]


def test_whoever_leaves_waits_and_speaks_in_no_room(live, world, browser):
    other = LiveAssembly(world)
    leaver, neighbour = live.guest(), live.guest()
    other.check_in(leaver)
    speech, wish = live.want_floor(leaver), other.want_floor(leaver)
    stays = live.want_floor(neighbour)
    live.call(speech)
    leave(world, leaver)
    assert states(world, speech, wish, stays) == ["done", "withdrawn", "waiting"]
    assert last_queue(live) == [(stays, "waiting")]
    assert last_queue(other) == []
    page = browser.open(f"{live.path}?tab=floor").text
    assert f'data-request="{stays}"' in page
    assert page.count("data-request=") == 1


def test_what_is_over_stays_as_it_was(live, world):
    leaver = live.guest()
    request = live.want_floor(leaver)
    live.close()
    before = len(live.events())
    leave(world, leaver)
    assert states(world, request) == ["withdrawn"]
    assert len(live.events()) == before


@pytest.mark.race
def test_people_leave_while_they_are_called(live, world):
    people = [live.guest() for _ in range(4)]
    requests = [live.want_floor(person) for person in people]
    calls = [lambda one=one: live.call(one) for one in requests[:2]]
    at_once(world, calls + [lambda one=one: leave(world, one) for one in people])
    assert set(states(world, *requests)) <= {"done", "withdrawn"}
    assert last_queue(live) == []
