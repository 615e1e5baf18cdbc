"""The moderators' and departments' desk of the forum."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.clock import seoul_day
from app.forum.models import Topic, TopicKind
from app.places.models import Department
from app.residents.models import Role
from tests.proposals import steps as proposal_steps

RESIDENT_NUMBER = "800101-1234567"
SCRIPT = "<script>alert(1)</script> 그래도 의견입니다"
RTL = "\u202e뒤집힌 글\u202c 그래도 의견입니다"


def topic_paper(world, **fields: object) -> dict[str, object]:
    with world.read() as session:
        place, department = world.place(session).id, world.department(session).id
    today = seoul_day(world.at)
    return {
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
        **fields,
    }


def test_a_moderator_previews_opens_concludes_and_the_department_answers(new_browser, world):
    moderator = new_browser().sign_in(world, world.staff(Role.MODERATOR, "doksan1"))
    officer = new_browser().sign_in(world, world.staff(Role.DEPARTMENT, department="parks"))
    assert "아직 맡은 의제가 없습니다" in moderator.open("/desk/forum").text
    new = "/desk/forum/new"
    moderator.open(new).submit(new, **topic_paper(world, act="preview"))
    assert "미리보기" in moderator.text
    assert "<h3>알아 둘 사실</h3>" in moderator.text
    moderator.submit(new, **topic_paper(world))
    url = moderator.path
    assert "지난 해 사고는" in moderator.text
    with world.read() as session:
        topic = session.scalars(select(Topic)).one()
        assert (topic.kind, topic.closes_at - topic.opens_at) == (
            TopicKind.QUESTION,
            timedelta(days=7),
        )
        desk = f"/desk/forum/{topic.id}"
    assert moderator.open(f"{desk}/conclude").status == 409
    world.pass_time(days=7)
    assert officer.open(f"{desk}/answer").status == 409
    assert "결론 쓰기" in moderator.open("/desk/forum").text
    conclude = f"{desk}/conclude"
    assert moderator.open(conclude).submit(conclude, conclusion="짧다").status == 422
    text = "옮기되 겨울이 오기 전에 한다는 데 뜻을 모았습니다."
    assert "미리보기" in moderator.submit(conclude, conclusion=text, act="preview").text
    assert moderator.submit(conclude, conclusion=text, act="publish").path == url
    assert moderator.open(conclude).status == 409
    assert moderator.open(f"{desk}/answer").status == 403
    answer = f"{desk}/answer"
    assert text in officer.open(answer).text
    assert officer.submit(answer, reply=f"11월에 옮기겠습니다. {RESIDENT_NUMBER}").status == 422
    assert (
        officer.submit(
            answer, reply="11월까지 옮기고 결과를 이 자리에 알리겠습니다.", act="publish"
        ).path
        == url
    )
    assert officer.open(answer).status == 409
    assert "종료" in officer.open("/desk/forum").text
    assert moderator.open("/desk/forum/999/conclude").status == 404


def test_nothing_is_chosen_for_whoever_opens_a_topic(world, browser):
    browser.sign_in(world, world.staff(Role.MODERATOR))
    new = "/desk/forum/new"
    page = browser.open(new).text
    assert page.count('<option selected value="">골라 주세요</option>') == 2
    assert "checked" not in page.split("<main")[1]
    left = topic_paper(world, kind="", place_id="", department_id="", act="preview")
    browser.submit(new, **left)
    assert browser.status == 422
    assert browser.text.count("골라 주세요.</a>") == 3


def test_a_topic_follows_its_proposal_to_the_department(world, browser):
    proposal_id = proposal_steps.assigned(world)
    with world.read() as session:
        parks = world.department(session, "parks")
        other = session.scalars(select(Department).where(Department.id != parks.id)).first()
    browser.sign_in(world, world.staff(Role.MODERATOR))
    new = "/desk/forum/new"
    chosen = {"kind": "proposal", "proposal_id": proposal_id, "act": "preview"}
    browser.open(new).submit(new, **topic_paper(world, **chosen, department_id=""))
    assert browser.status == 200
    seen = browser.text.split('class="preview"')[1].split("<form")[0]
    for words in (parks.name, "독산1동", proposal_steps.TITLE, "24:00"):
        assert words in seen
    assert f'<option selected value="{parks.id}">' in browser.text
    browser.submit(new, **topic_paper(world, **chosen, department_id=other.id))
    assert other.name in browser.text.split('class="preview"')[1].split("<form")[0]


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"title": ""}, 422, "꼭 필요한 항목입니다"),
        ({"title": "가" * 61}, 422, "1자를 줄여 주세요"),
        ({"question": f"{RESIDENT_NUMBER} 님께 묻습니다"}, 422, "주민등록번호로 보이는"),
        (
            {"background": f"자료에 {RESIDENT_NUMBER} 번호가 있습니다. 지워 주세요."},
            422,
            "주민등록",
        ),
        ({"kind": "rumour"}, 422, "보기 가운데에서 골라 주세요"),
        ({"kind": "proposal"}, 422, "제안에서 온 의제는 제안을 고르고"),
        ({"place_id": "999"}, 422, "보기 가운데에서 골라 주세요"),
        ({"place_id": "dong"}, 422, "보기 가운데에서 골라 주세요"),
        ({"department_id": "999"}, 422, "보기 가운데에서 골라 주세요"),
        ({"proposal_id": "999", "kind": "proposal"}, 422, "보기 가운데에서 골라 주세요"),
        ({"opens_on": "2021-13-40"}, 422, "달력에 없는 날짜입니다"),
        ({"closes_on": "9999-12-31"}, 422, "연도를 확인해 주세요"),
        ({"closes_on": "0001-01-01"}, 422, "연도를 확인해 주세요"),
        ({"closes_on": "2021-03-01"}, 422, "끝나는 날은 시작하는 날과"),
        ({"opens_on": "2021-02-01"}, 422, "지난 날에는 열 수 없습니다"),
    ],
)
def test_a_topic_that_cannot_be_opened_is_explained(browser, world, fields, status, sentence):
    browser.sign_in(world, world.staff(Role.MODERATOR, "doksan1"))
    paper = topic_paper(world, **fields)
    browser.open("/desk/forum/new").submit("/desk/forum/new", **paper)
    assert browser.status == status
    assert sentence in browser.text
    with world.read() as session:
        assert session.scalars(select(func.count(Topic.id))).one() == 0


def test_a_moderator_opens_only_where_they_lead_and_a_proposal_fills_the_form(browser, world):
    proposal_id = proposal_steps.endorsing(world)
    proposal_steps.endorsing(world, place="geumcheon", title="먼 곳의 다른 이야기")
    browser.sign_in(world, world.staff(Role.MODERATOR, "doksan1"))
    text = browser.open(f"/desk/forum/new?proposal={proposal_id}").text
    assert f'value="{proposal_steps.TITLE}"' in text
    assert "먼 곳의 다른 이야기" not in text
    with world.read() as session:
        other = world.place(session, "doksan2").id
    paper = topic_paper(world, place_id=other)
    assert browser.submit("/desk/forum/new", **paper).status == 422
    paper = topic_paper(world, kind="proposal", proposal_id=proposal_id)
    assert browser.submit("/desk/forum/new", **paper).status == 200
    assert browser.path == "/forum/1"
    assert browser.open("/desk/forum/new?proposal=99999999999999").status == 200


def test_the_desk_is_for_staff(me, browser, world):
    for path in ("/desk/forum", "/desk/forum/new"):
        assert me.open(path).status == 403
