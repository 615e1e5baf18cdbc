"""A page past the end of its list says so and leads back, in every list that has pages."""

import re
from pathlib import Path

import pytest
from flask import template_rendered

from app.residents.models import Role
from tests.assemblies.steps import Hall
from tests.commitments.conftest import Promises
from tests.forum.steps import Forum
from tests.proposals import steps

PAST_THE_END = "목록은 이 쪽보다 앞에서 끝납니다"
LISTS = {
    "/proposals?all=1": "골목",
    "/proposals?q=골목": "골목",
    "/assemblies": "아직 공고된 총회가 없습니다",
    "/forum": "지금 이야기하는 의제",
    "/forum/1/opinions/1": "아직 답글이 없습니다",
    "/forum/1/weighed": "아직 표시한 문장이 없습니다",
    "/commitments": "골목 안 1번째 쉼터",
    "/ballots": "2021년 주민총회 투표",
    "/moderation": "가린 글이 없습니다",
    "/me/notices": "아직 알림이 없습니다",
    "/desk/residents": "참여 중",
    "/desk/roles": "지금 맡은 사람",
    "/desk/proposals": "골목",
    "/desk/forum": "의제 목록",
    "/desk/moderation/hidden": "가린 글이 없습니다",
    "/desk/moderation/dismissed": "정리한 신고가 없습니다",
    "/desk/assemblies": "2021년 독산1동 주민총회",
    "/desk/assemblies/1/agenda": "골라 안건에 올릴 수 있습니다",
    "/desk/ballots": "2021년 주민총회 투표",
    "/desk/commitments": "골목 안 1번째 쉼터",
    "/desk/audit": "역할 맡김",
    "/desk/audit/proposal/1": "모든 줄이 이어집니다",
}


@pytest.fixture
def someone_who_sees_all(world, browser, settings):
    Promises(world, settings.keys_path).made(1)
    steps.published(world)
    Forum(world).say()
    Hall(world)
    person_id = world.resident()
    for role in (Role.OPERATOR, Role.CLERK):
        world.grant(person_id, role)
    return browser.sign_in(world, person_id)


def test_the_lists_here_are_all_that_have_pages(app, someone_who_sees_all):
    templates = Path(app.root_path, app.template_folder)
    with_pages = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*.html")
        if "{{ pager(" in path.read_text(encoding="utf-8")
    } - {"macros/lists.html", "pages/style.html"}
    drawn = set()
    with template_rendered.connected_to(lambda _app, template, **_: drawn.add(template.name), app):
        for url in LISTS:
            someone_who_sees_all.open(url)
    assert with_pages - drawn == set()


def test_a_page_past_the_end_says_so_and_leads_back_to_the_first(someone_who_sees_all):
    browser = someone_who_sees_all
    for url, shown in LISTS.items():
        assert PAST_THE_END not in browser.open(url).text, url
        assert shown in browser.text, url
        far = f"{url}{'&' if '?' in url else '?'}page={'9' * 12}"
        assert browser.open(far).text.count(PAST_THE_END) == 1, far
        assert 'rel="prev"' not in browser.text, far
        back = re.search(r'<a class="button" href="([^"]+)">첫 쪽으로', browser.text)
        assert back, far
        assert PAST_THE_END not in browser.open(back[1].replace("&amp;", "&")).text
        assert shown in browser.text, far


def test_the_next_page_of_a_list_below_a_form_can_be_opened(world, browser):
    for _ in range(21):
        world.staff(Role.OBSERVER)
    browser.sign_in(world, world.staff(Role.OPERATOR))
    browser.open("/desk/roles").submit("/desk/roles/person", address="nobody@example.kr")
    following = re.search(r'rel="next" href="([^"]+)"', browser.text)
    assert following
    assert browser.open(following[1]).status == 200
