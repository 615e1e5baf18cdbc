"""The forum over HTTP: success and refusal, bad input, and how many statements a page takes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select

from app.forum.models import Opinion, OpinionReply, Stance, Topic
from app.moderation.models import Report
from app.residents.models import Role
from tests.forum.steps import TEXT, Forum, opinion_paper
from tests.proposals import steps as proposal_steps
from tests.support.statements import statements

RESIDENT_NUMBER = "800101-1234567"
SCRIPT = "<script>alert(1)</script> 그래도 의견입니다"
RTL = "\u202e뒤집힌 글\u202c 그래도 의견입니다"


# ---------------------------------------------------------------- reading


def test_the_list_names_open_coming_and_past_topics(browser, world, forum):
    assert "이야기를 마친 의제" in browser.open("/forum").text
    for stance in Stance:
        forum.say(stance=stance)
    Forum(world, begins_in=3)
    text = browser.open("/forum").text
    assert "20일 남았습니다" in text
    assert "곧 열리는 의제" in text
    assert re.search(r"찬성\s*<b>1</b>", text)
    world.pass_time(days=21)
    forum.conclude()
    forum.answer()
    assert "모아 주신 조건대로" in browser.open("/forum").text
    assert browser.open("/forum?place=mine&page=2").status == 200
    for unknown in ("0", "-1", "99999999999999999999"):
        assert browser.open(f"/forum?page={unknown}").status == 200


def test_an_empty_forum_says_what_will_appear(browser, world):
    assert "지금 이야기하는 의제가 없습니다" in browser.open("/forum").text


def test_a_topic_shows_its_question_background_and_sides(browser, world):
    proposal_id = proposal_steps.endorsing(world)
    forum = Forum(world, proposal_id=proposal_id)
    forum.say(reason="찬성하는 까닭")
    forum.say(stance=Stance.AGAINST, reason="반대하는 까닭")
    text = browser.open(forum.url).text
    assert f"/proposals/{proposal_id}" in text
    for part in ("<strong>2.1m</strong>", "찬성하는 까닭", "반대하는 까닭", "로그인하고 의견 쓰기"):
        assert part in text
    alone = browser.open(f"{forum.url}?side=against").text
    assert "반대하는 까닭" in alone
    assert "찬성하는 까닭" not in alone
    assert browser.open(f"{forum.url}?side=both").status == 404
    assert browser.open(f"{forum.url}?side=for&before=0").status == 200
    assert browser.open(f"{forum.url}?side=for&before=99999999999").status == 200
    assert browser.open("/forum/99999999999999").status == 404
    assert browser.open(f"{forum.url}/opinions/999").status == 404


def test_every_phase_of_a_topic_has_its_page(browser, world):
    forum = Forum(world, begins_in=1)
    assert "이야기를 시작합니다" in browser.open(forum.url).text
    world.pass_time(days=1)
    assert "나눈 이야기" in browser.open(forum.url).text
    world.pass_time(days=20)
    assert "정리하고 있습니다" in browser.open(forum.url).text
    forum.conclude()
    assert "답변을 준비하고 있습니다" in browser.open(forum.url).text
    forum.answer()
    text = browser.open(forum.url).text
    assert "부서 답변" in text
    assert "의견 쓰기" not in text


def test_a_long_opinion_is_folded_in_lists_and_whole_on_its_page(browser, forum):
    tail = "마지막 문장까지 읽을 수 있습니다."
    opinion_id = forum.say(text="긴 사연입니다. " * 60 + tail)
    replies = [forum.reply(opinion_id, text=f"{number}번째 답글") for number in range(25)]
    text = browser.open(forum.url).text
    assert tail not in text
    assert "답글 25개" in text
    assert "1번째 답글" in text
    assert "2번째 답글" not in text
    page = browser.open(f"{forum.url}/opinions/{opinion_id}")
    assert tail in page.text
    assert f"reply-{replies[0]}" in page.text
    assert f"reply-{replies[24]}" in browser.open(f"{page.path}?page=2").text


# ---------------------------------------------------------------- speaking


def test_a_resident_writes_quotes_replies_endorses_and_changes_their_mind(
    me, resident, world, forum
):
    other = forum.say(stance=Stance.AGAINST, reason="하루 매출이 걸렸습니다")
    me.open(f"{forum.url}/opinions/new?quote={other}&side=improve")
    assert "하루 매출이 걸렸습니다" in me.text
    me.submit(me.path, **opinion_paper(stance="improve", quoted_id=str(other)))
    assert (me.status, me.path) == (200, forum.url)
    assert "의견을 남겼습니다" in me.text
    with world.read() as session:
        mine = session.scalars(select(Opinion).where(Opinion.author_id == resident)).one()
        assert (mine.quoted_id, mine.stance, mine.home_place.slug) == (
            other,
            Stance.IMPROVE,
            "doksan1",
        )
    url = f"{forum.url}/opinions/{other}"
    me.open(url).submit(f"{url}/endorse", back=f"{forum.url}?side=against", follow=False)
    assert me.page.headers["Location"] == f"{forum.url}?side=against#opinion-{other}"
    assert me.open(url).submit(f"{url}/endorse").status == 409
    assert me.open(url).submit(f"{url}/withdraw", back="https://evil.example/").path == url
    me.open(url).submit(f"{url}/replies", text="저도 걱정입니다.")
    assert "저도 걱정입니다." in me.text
    own = f"{forum.url}/opinions/{mine.id}"
    me.open(f"{own}/stance").submit(
        f"{own}/stance", after="for", why="구간을 줄인다니 해 볼 만합니다"
    )
    assert "구간을 줄인다니 해 볼 만합니다" in me.text
    assert (
        me.open(f"{own}/stance").submit(f"{own}/stance", after="for", why="같은 입장입니다").status
        == 422
    )
    assert me.open(f"{url}/stance").status == 403
    assert me.open(own).submit(f"{own}/endorse").status == 409


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stance": "maybe"}, "보기 가운데에서 골라 주세요"),
        ({"stance": ""}, "골라 주세요"),
        ({"reason": ""}, "꼭 필요한 항목입니다"),
        ({"reason": "가" * 61}, "1자를 줄여 주세요"),
        ({"reason": f"연락은 {RESIDENT_NUMBER}"}, "주민등록번호로 보이는"),
        ({"text": "짧다"}, "10자 이상"),
        ({"text": "가" * 2001}, "1자를 줄여 주세요"),
        ({"text": f"제 번호는 {RESIDENT_NUMBER}입니다"}, "주민등록번호로 보이는"),
        ({"text": "의견입니다 \x00 의견입니다"}, "쓸 수 없는 글자"),
        ({"text": "\u200b" * 30}, "꼭 필요한 항목입니다"),
        ({"quoted_id": "99999"}, "인용하려는 의견이 이 의제에 없습니다"),
        ({"quoted_id": "1; DROP TABLE opinion"}, "인용하려는 의견이 이 의제에 없습니다"),
        ({"quoted_id": "9" * 40}, "인용하려는 의견이 이 의제에 없습니다"),
    ],
)
def test_an_opinion_that_cannot_be_kept_is_explained_and_nothing_typed_is_lost(
    me, world, forum, fields, sentence
):
    url = f"{forum.url}/opinions/new"
    paper = opinion_paper(**fields)
    me.open(url).submit(url, **paper)
    assert me.status == 422
    assert sentence in me.text
    for name in ("reason", "text"):
        if paper[name] and name not in fields:
            assert paper[name] in me.text
    assert forum.topic().opinion_count == 0


@pytest.mark.parametrize("typed", [SCRIPT, RTL])
def test_script_and_direction_tricks_do_no_harm_in_any_field(me, resident, forum, typed):
    url = f"{forum.url}/opinions/new"
    me.open(url).submit(url, **opinion_paper(reason=typed, text=typed))
    assert me.status == 200
    (opinion_id,) = map(int, re.findall(r'id="opinion-(\d+)"', me.text))
    page = f"{forum.url}/opinions/{opinion_id}"
    me.open(page).submit(f"{page}/replies", text=typed)
    me.open(f"{page}/stance").submit(f"{page}/stance", after="against", why=typed)
    for path in (forum.url, page, f"{forum.url}/opinions/new?quote={opinion_id}", "/forum"):
        text = me.open(path).text
        assert "<script>alert" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", "", "꼭 필요한 항목입니다"),
        ("text", "가" * 1001, "1자를 줄여 주세요"),
        ("text", f"{RESIDENT_NUMBER} 입니다", "주민등록번호로 보이는"),
    ],
)
def test_a_reply_that_cannot_be_kept_is_explained(me, world, forum, field, value, sentence):
    opinion_id = forum.say()
    url = f"{forum.url}/opinions/{opinion_id}"
    me.open(url).submit(f"{url}/replies", **{field: value})
    assert me.status == 422
    assert sentence in me.text


def test_a_change_of_mind_needs_a_side_and_a_reason(me, resident, forum):
    url = f"{forum.url}/opinions/{forum.say(resident)}/stance"
    for paper in ({"after": "none", "why": "까닭입니다"}, {"after": "for", "why": ""}):
        assert me.open(url).submit(url, **paper).status == 422
    number = {"after": "against", "why": f"번호는 {RESIDENT_NUMBER}"}
    assert "주민등록번호로 보이는" in me.open(url).submit(url, **number).text


def test_who_may_not_speak_is_told_why(new_browser, world):
    forum = Forum(world, begins_in=1)
    opinion_url = f"{forum.url}/opinions/new"
    visitor = new_browser()
    assert visitor.open(opinion_url).path == "/sign-in"
    assert visitor.submit(opinion_url, **opinion_paper()).status == 401
    here = new_browser().sign_in(world, world.resident())
    assert here.open(opinion_url).status == 409
    assert here.submit(opinion_url, **opinion_paper()).status == 409
    world.pass_time(days=1)
    other_topic = Forum(world).say()
    opinion_id = forum.say()
    acts = ("endorse", "withdraw", "replies")
    unverified = new_browser().sign_in(world, world.person())
    neighbour = new_browser().sign_in(world, world.resident("doksan2"))
    for someone in (unverified, neighbour):
        assert someone.open(opinion_url).status == 403
        is_sent = "동 주민센터에서 확인해 드립니다" in someone.text
        assert is_sent == (someone is unverified)
        assert someone.submit(opinion_url, **opinion_paper()).status == 403
        for act in acts:
            url = f"{forum.url}/opinions/{opinion_id}/{act}"
            assert someone.submit(url, text="답글입니다").status == 403
    for act in acts:
        url = f"{forum.url}/opinions/{other_topic}/{act}"
        assert here.open(forum.url).submit(url, text="답글입니다").status == 404
    world.pass_time(days=20)
    here.sign_in(world, world.resident())
    for act in acts:
        url = f"{forum.url}/opinions/{opinion_id}/{act}"
        assert here.submit(url, text="답글입니다").status == 409
    assert here.submit(opinion_url, **opinion_paper()).status == 409


def test_the_eleventh_opinion_of_a_day_is_too_many(me, resident, forum):
    for _ in range(10):
        forum.say(resident)
    url = f"{forum.url}/opinions/new"
    me.open(url).submit(url, **opinion_paper())
    assert me.status == 429
    assert "하루에 10개까지" in me.text
    assert TEXT in me.text


# ---------------------------------------------------------------- keeping order


def test_a_reader_reports_and_a_moderator_hides_and_shows_again(me, new_browser, world, forum):
    opinion_id = forum.say(reason="욕설이 담긴 의견")
    reply_id = forum.reply(opinion_id, text="욕설이 담긴 답글")
    url = f"{forum.url}/opinions/{opinion_id}"
    report = f"{url}/report"
    assert me.open(report).submit(report, reason="because").status == 422
    assert me.open(report).submit(report, reason="insult", note="심합니다").path == url
    assert me.open(report).submit(report, reason="insult").status == 409
    assert (
        me.open(f"{report}?reply={reply_id}")
        .submit(f"{report}?reply={reply_id}", reason="insult")
        .path
        == url
    )
    assert me.open(f"{report}?reply=999").status == 404
    assert me.open(f"{url}/hide").status == 403
    with world.read() as session:
        hrefs = session.scalars(select(Report.href).order_by(Report.id)).all()
        assert hrefs == [url, f"{url}#reply-{reply_id}"]

    away = new_browser().sign_in(world, world.staff(Role.MODERATOR, "doksan2"))
    assert away.open(f"{url}/hide").status == 403
    moderator = new_browser().sign_in(world, forum.moderator)
    assert moderator.open(f"{url}/hide").submit(f"{url}/hide", reason="insult").status == 422
    for query in ("", f"?reply={reply_id}"):
        hide = f"{url}/hide{query}"
        moderator.open(hide).submit(hide, reason="insult", note="서로 헐뜯는 말입니다")
        assert (moderator.status, moderator.path) == (200, url)
    for path in (forum.url, url):
        text = me.open(path).text
        assert "진행자가 가린" in text
        assert "욕설이 담긴" not in text
    assert me.open(url).submit(f"{url}/endorse").status == 409
    write = f"{forum.url}/opinions/new"
    assert me.open(write).submit(write, **opinion_paper(quoted_id=str(opinion_id))).status == 409
    restore = f"{url}/restore"
    moderator.open(restore).submit(restore, note="다시 살펴보니 괜찮습니다")
    assert "욕설이 담긴 의견" in me.open(url).text


# ---------------------------------------------------------------- how much it costs


def crowd(world, forum: Forum, each: int) -> None:
    """Fill a topic with opinions on every side, some endorsed, some answered."""
    people = world.residents(5)
    with world.write() as session:
        rows = [
            {
                "topic_id": forum.topic_id,
                "author_id": people[number % 5],
                "stance": stance,
                "text": TEXT,
                "reason": f"까닭 {number}",
                "created_at": world.at,
                "endorsement_count": number % 97,
                "reply_count": 3 if number % 10 == 0 else 0,
            }
            for stance in Stance
            for number in range(each)
        ]
        session.execute(insert(Opinion), rows)
        answered = session.scalars(select(Opinion.id).where(Opinion.reply_count > 0)).all()
        session.execute(
            insert(OpinionReply),
            [
                {"opinion_id": one, "author_id": people[0], "text": "답글", "created_at": world.at}
                for one in answered
                for _ in range(3)
            ],
        )
        session.execute(
            Topic.__table__.update().values(for_count=each, against_count=each, improve_count=each)
        )


def test_pages_take_few_statements_however_many_opinions_there_are(app, me, world):
    proposal_id = proposal_steps.endorsing(world)
    forum = Forum(world, proposal_id=proposal_id)
    for _ in range(8):
        Forum(world, place="geumcheon")
    crowd(world, forum, 40)
    opinion = f"{forum.url}/opinions/1"
    limits = {
        "/forum": 6,
        forum.url: 8,
        f"{forum.url}?side=for": 8,
        f"{forum.url}?side=for&before=30": 8,
        opinion: 8,
        f"{forum.url}/opinions/new?quote=1": 8,
    }
    for path, most in limits.items():
        me.open(path)
        with statements(app) as seen:
            assert me.open(path).status == 200
        sent = [one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))]
        assert len(sent) <= most, (path, sent)


@pytest.mark.slow
def test_ten_thousand_opinions_are_read_along_the_index(app, browser, world, forum):
    crowd(world, forum, 3400)
    assert browser.open(f"{forum.url}?side=for").text.count("공감이 많은 의견") == 2
    with statements(app) as seen:
        browser.open(forum.url)
    (picking,) = [one for one in seen if "UNION ALL" in one]
    if "?" not in picking:
        return  # only SQLite tells its plan in these words
    with world.read() as session:
        connection = session.connection()
        numbers = picking.count("?")
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {picking}", tuple(1 for _ in range(numbers))
        ).all()
    steps = [row[3] for row in plan]
    assert not [step for step in steps if step.startswith("SCAN opinion")], steps


def test_the_head_of_the_paper_alone_is_no_attempt(me, forum):
    url = f"{forum.url}/opinions/new"
    assert me.client.head(url).status_code == me.client.get(url).status_code == 200
