"""What makes something new makes it once, however often its form is sent."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from app.assemblies.models import AgendaItem, Assembly
from app.ballots.models import Ballot, Option
from app.commitments.models import ProgressReport
from app.core.clock import seoul_day
from app.core.sendings import Sending
from app.forum.models import Claim, Opinion, OpinionReply, Topic
from app.proposals.models import Proposal
from app.residents.models import Person, Role
from app.web.jobs import run_due
from tests.assemblies.steps import Hall
from tests.ballots.booth import PAPER
from tests.commitments.conftest import Promises
from tests.forum.steps import Forum, opinion_paper
from tests.support.http import Browser

PROPOSAL = {
    "place": "doksan1",
    "field": "environment",
    "title": "골목 끝 빈터를 아이들 쉼터로",
    "sense": "의자와 그늘막이면 됩니다",
    "body": "독산로 끝에 세 해째 비어 있는 터가 있습니다.",
}
ASSEMBLY = {
    "place": "doksan1",
    "title": "2021년 독산1동 주민총회",
    "held_on": "2021-05-24",
    "starts": "19:00",
    "ends": "20:30",
    "venue": "주민센터 3층 강당",
    "notice_text": "함께 모여 정합니다.",
}
ITEM = {
    "title": "보안등 열네 곳을 더 밝게",
    "sense": "밤길이 환해집니다",
    "body": "",
    "track": "budget",
    "budget_won": "1000",
    "department": "",
}
OPTION = {
    "track": "budget",
    "title": "가 쉼터",
    "sense": "앉아 쉴 곳",
    "budget_won": "1000",
    "department": "0",
}
REPORT = {"text": "첫 의자를 놓았습니다.", "percent": "40", "spent_won": "4000"}
SEEN = {
    "name": "홍길동",
    "born": "19500302",
    "dong": "doksan1",
    "member_class": "resident",
    "id_seen": "y",
    "twin": "another",
}


def proposal(world, _keys):
    return world.resident(), "/proposals/new", "/proposals/new", PROPOSAL, Proposal


def opinion(world, _keys):
    url = f"/forum/{Forum(world).topic_id}/opinions/new"
    return world.resident(), url, url, opinion_paper(), Opinion


def reply(world, _keys):
    forum = Forum(world)
    page = f"/forum/{forum.topic_id}/opinions/{forum.say()}"
    return world.resident(), page, f"{page}/replies", {"text": "동의합니다."}, OpinionReply


def topic(world, _keys):
    with world.read() as session:
        place, department = world.place(session).id, world.department(session).id
    today = seoul_day(world.at)
    words = {
        "kind": "question",
        "place_id": place,
        "proposal_id": 0,
        "department_id": department,
        "title": "경로당 앞 건널목을 옮길까요?",
        "question": "건널목을 20m 옮기는 데 어떻게 생각하시나요?",
        "background": "## 알아 둘 사실\n지난 해 사고는 두 건입니다. 자세히 읽어 주세요.",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=6)).isoformat(),
        "act": "open",
    }
    url = "/desk/forum/new"
    return world.staff(Role.MODERATOR, "doksan1"), url, url, words, Topic


def claim(world, _keys):
    url = f"/forum/{Forum(world).topic_id}"
    return world.resident(), f"{url}/weigh", f"{url}/claims", {"text": "걷는 길이 먼저다"}, Claim


def opening_claim(world, _keys):
    forum = Forum(world)
    url = f"/desk/forum/{forum.topic_id}/claims"
    return forum.moderator, url, url, {"text": "걷는 길이 먼저다"}, Claim


def assembly(world, _keys):
    url = "/desk/assemblies/new"
    return world.staff(Role.CLERK, "doksan1"), url, url, ASSEMBLY, Assembly


def item(world, _keys):
    hall = Hall(world)
    url = f"/desk/assemblies/{hall.id}/agenda"
    return hall.clerk, url, url, ITEM, AgendaItem


def ballot(world, _keys):
    with world.read() as session:
        place = world.place(session).id
    url = "/desk/ballots/new"
    return world.staff(Role.CLERK, "doksan1"), url, url, {**PAPER, "place": place}, Ballot


def option(world, keys):
    clerk, url, _, paper, _ = ballot(world, keys)
    desk = Browser(world.app).sign_in(world, clerk).open(url).submit(url, **paper).path
    return clerk, desk, f"{desk}/options", OPTION, Option


def progress(world, keys):
    promises = Promises(world, keys)
    url = f"/desk/commitments/{promises.made()[0]}"
    return promises.officer, url, url, REPORT, ProgressReport


def resident(world, _keys):
    url = "/desk/residents/new"
    return world.staff(Role.CLERK, "doksan1"), url, url, SEEN, Person


FORMS = [
    proposal,
    opinion,
    reply,
    topic,
    claim,
    opening_claim,
    assembly,
    item,
    ballot,
    option,
    progress,
    resident,
]


def rows(world, kind):
    with world.read() as session:
        return session.scalar(select(func.count()).select_from(kind))


def where(browser):
    address = urlsplit(browser.page.headers["Location"])
    return browser.status, address.path, address.fragment


@pytest.fixture
def keys(app):
    return app.extensions["settings"].keys_path


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_sent_twice_makes_one_thing_and_leads_to_it_both_times(world, browser, keys, form):
    person, page, url, words, kind = form(world, keys)
    once = browser.sign_in(world, person).open(page).once()
    assert once
    before = rows(world, kind)
    first = where(browser.submit(url, follow=False, **words, **once))
    assert first[0] == 303
    assert where(browser.submit(url, follow=False, **words, **once)) == first
    assert rows(world, kind) == before + 1


@pytest.mark.race
@pytest.mark.parametrize("form", [proposal, reply, item], ids=lambda form: form.__name__)
def test_forms_sent_at_one_moment_make_one_thing(world, keys, form):
    person, page, url, words, kind = form(world, keys)
    devices = [Browser(world.app).sign_in(world, person).open(page) for _ in range(4)]
    once, before = devices[0].once(), rows(world, kind)
    barrier, answers = threading.Barrier(len(devices)), []

    def send(device):
        barrier.wait()
        answers.append(where(device.submit(url, follow=False, **words, **once)))

    threads = [threading.Thread(target=send, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(devices)
    assert len(set(answers)) == 1
    assert rows(world, kind) == before + 1


def test_whoever_goes_back_and_changes_a_word_sends_another(world, browser, new_browser):
    person, page, url, words, kind = proposal(world, None)
    once = browser.sign_in(world, person).open(page).once()
    browser.submit(url, **words, **once)
    browser.submit(url, **{**words, "title": "골목 끝 빈터를 모두의 쉼터로"}, **once)
    assert rows(world, kind) == 2
    neighbour = new_browser().sign_in(world, world.resident()).open(page)
    neighbour.submit(url, **words, **once)
    assert rows(world, kind) == 3


def test_what_was_refused_may_be_sent_again(world, browser):
    person, page, url, words, kind = opinion(world, None)
    once = browser.sign_in(world, person).open(page).once()
    browser.submit(url, **words, **once, quoted_id="999")
    assert browser.status == 422
    assert rows(world, kind) == rows(world, Sending) == 0


def test_what_was_sent_is_remembered_for_a_day_and_names_nobody(app, world, browser):
    person, page, url, words, _kind = proposal(world, None)
    browser.sign_in(world, person).open(page)
    browser.submit(url, **words, **browser.once())
    world.pass_time(hours=23)
    assert run_due(app) == []
    assert rows(world, Sending) == 1
    world.pass_time(hours=2)
    assert run_due(app) == []
    assert rows(world, Sending) == 0


def test_a_paper_without_a_number_is_written_like_any_other(world, browser):
    person, _page, url, words, kind = proposal(world, None)
    browser.sign_in(world, person)
    before = rows(world, kind)
    assert where(browser.submit(url, follow=False, **words)) != where(
        browser.submit(url, follow=False, **words)
    )
    assert rows(world, kind) == before + 2
