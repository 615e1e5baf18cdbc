"""The moderators' desk says in words what was reported and hidden, where it stands, how to go."""

from __future__ import annotations

import html
import re

import pytest

from app.forum import actions as forum
from app.forum.models import Opinion, OpinionReply
from app.moderation.models import HideReason, SubjectKind
from app.moderation.rules import LETTERS_SHOWN, Subject
from app.proposals import actions as proposals
from app.proposals.models import Proposal
from app.residents.models import Role
from app.room.models import FloorRequest, Message, Question
from tests.forum.steps import Forum
from tests.proposals import steps
from tests.room.house import LiveAssembly
from tests.support.statements import statements

DESK = "/desk/moderation"
WHY = {"reason": HideReason.INSULT, "note": "말이 거칩니다"}


@pytest.fixture
def moderator(world):
    return world.staff(Role.MODERATOR, "doksan1")


def act(world, verb, kind, subject_id, by, **why):
    """Report or hide something of the forum or of the board."""
    domain = proposals if kind is Proposal else forum
    thing = "proposal" if kind is Proposal else "statement"
    if verb == "report" and kind is Proposal:
        why["href"] = f"/proposals/{subject_id}"
    with world.write() as session:
        getattr(domain, f"{verb}_{thing}")(
            session,
            session.get_one(kind, subject_id),
            **why,
            by=world.standing(session, by),
            at=world.at,
        )


def listed(page):
    """The addresses, words and places of the things on a list, in order."""
    found = re.findall(
        r'<th scope="row"><a href="([^"]+)">(.*?)</a><p class="desk-note">(.*?)</p></th>',
        page.text,
        re.DOTALL,
    )
    return [(html.unescape(way), html.unescape(words), place) for way, words, place in found]


def test_what_was_reported_is_told_by_its_words_its_kind_its_place_and_its_way(
    world, moderator, browser
):
    talk, reader = Forum(world), world.resident()
    opinion = talk.say(reason="<b>어둡다</b>", text="밤에는 **어둡다**.\n\n길이 좁다.")
    replies = [talk.reply(opinion, text=f"{number}째 답글") for number in range(21)]
    proposal = steps.published(world, title="골목 끝 빈터를")
    for kind, subject_id in ((Opinion, opinion), (OpinionReply, replies[20]), (Proposal, proposal)):
        act(world, "report", kind, subject_id, reader, **WHY)
    title = talk.topic().title
    me = browser.sign_in(world, moderator).open(DESK)
    assert listed(me) == [
        (
            f"{talk.url}/opinions/{opinion}#opinion-{opinion}",
            "<b>어둡다</b> · 밤에는 어둡다. 길이 좁다.",
            f"의견 · {title}",
        ),
        (
            f"{talk.url}/opinions/{opinion}?page=2#reply-{replies[20]}",
            "20째 답글",
            f"의견에 단 답글 · {title}",
        ),
        (f"/proposals/{proposal}", "골목 끝 빈터를 · 의자와 그늘막, 등 두 개면 됩니다", "제안"),
    ]
    assert "<b>어둡다" not in me.text
    for way, _words, _place in listed(me)[:2]:
        page, anchor = way.split("#")
        assert f'id="{anchor}"' in me.open(page).text


def test_what_is_hidden_is_read_by_those_who_may_show_it_again(world, moderator, browser):
    talk, live = Forum(world), LiveAssembly(world)
    opinion, shown = talk.say(reason="나쁜 의견"), talk.say(reason="괜찮은 의견")
    guest = live.guest()
    said = {
        SubjectKind.MESSAGE: (Message, live.say(guest, "나쁜 이야기")),
        SubjectKind.QUESTION: (Question, live.ask(guest, "나쁜 질문")),
        SubjectKind.FLOOR_REQUEST: (FloorRequest, live.want_floor(guest, "나쁜 주제")),
    }
    me = browser.sign_in(world, moderator)
    assert "가린 글이 없습니다" in me.open(f"{DESK}/hidden").text
    for one in (opinion, shown):
        act(world, "hide", Opinion, one, moderator, **WHY)
    act(world, "restore", Opinion, shown, moderator, note="다시 읽어 보니 괜찮습니다")
    for kind, subject_id in said.values():
        live.hide(kind, subject_id)
    me.open(f"{DESK}/hidden")
    assert [words.split(" · ")[0] for _way, words, _place in listed(me)] == [
        "나쁜 주제",
        "나쁜 질문",
        "나쁜 이야기",
        "나쁜 의견",
    ]
    assert "욕설·비방 · 말이 거칩니다" in me.text
    ways = [way for way, _words, _place in listed(me)]
    for way, (kind, (_table, subject_id)) in zip(ways, reversed(said.items()), strict=False):
        page, anchor = way.split("#")
        assert (page, anchor) == (f"{live.path}/console", f"{kind}-{subject_id}")
        assert f'id="{anchor}"' in me.open(page).text
    elsewhere = world.staff(Role.MODERATOR, "gasan")
    assert "나쁜" not in me.sign_in(world, elsewhere).open(f"{DESK}/hidden").text
    assert me.sign_in(world, live.chair).open(f"{DESK}/hidden").status == 403


def test_what_is_reported_though_it_is_hidden_says_so(world, moderator, browser):
    talk = Forum(world)
    opinion = talk.say(reason="나쁜 의견")
    act(world, "hide", Opinion, opinion, moderator, **WHY)
    act(world, "report", Opinion, opinion, world.resident(), **WHY)
    me = browser.sign_in(world, moderator).open(DESK)
    [(_way, words, place)] = listed(me)
    assert words.startswith("나쁜 의견")
    assert "가려짐" in place


def test_a_longer_list_asks_no_more_of_the_database(app, world, moderator, browser):
    talk, reader, live = Forum(world), world.resident(), LiveAssembly(world)
    me = browser.sign_in(world, moderator)

    def more(count):
        for _ in range(count):
            opinion = talk.say()
            things = [(Opinion, opinion), (OpinionReply, talk.reply(opinion))]
            things.append((Proposal, steps.published(world)))
            for kind, subject_id in things:
                act(world, "hide", kind, subject_id, moderator, **WHY)
                act(world, "report", kind, subject_id, reader, **WHY)
            live.hide(FloorRequest, live.want_floor(live.guest()))

    def asked(path):
        me.open(path)
        with statements(app) as seen:
            assert me.open(path).status == 200
        return len(seen)

    more(1)
    before = {path: asked(path) for path in (DESK, f"{DESK}/hidden")}
    more(4)
    assert {path: asked(path) for path in before} == before
    assert max(before.values()) <= 9
    assert len(listed(me)) == 20


def test_every_kind_of_thing_is_told_by_its_own_domain(app):
    assert set(app.extensions["moderation_subjects"]) == set(SubjectKind)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("한 줄\n\n  두 줄", "한 줄 두 줄"),
        ("가" * LETTERS_SHOWN, "가" * LETTERS_SHOWN),
        ("가" * (LETTERS_SHOWN + 1), "가" * (LETTERS_SHOWN - 1) + "…"),
    ],
)
def test_an_excerpt_is_one_short_line(text, excerpt):
    assert Subject(text, "", "/", is_hidden=False).excerpt == excerpt
