"""Looking for somebody of another dong: it tells nothing of them, and leaves its trace."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.residents.models import Role
from app.residents.rules import Twin
from tests.residents.conftest import verify
from tests.residents.test_desk import SEEN
from tests.support.statements import questions


def refused_looks(world):
    """Who was looked for in vain, by whom and for which task, as the record keeps it."""
    with world.read() as s:
        rows = s.scalars(
            select(AuditRow)
            .where(AuditRow.act == "PersonalRecordRefused")
            .order_by(AuditRow.at, AuditRow.subject_id)
        )
        return [(row.subject_id, row.by, row.said["purpose"]) for row in rows]


ELSEWHERE = ("가산동", "계정 있음", "홍*동", "등록</span>")


@pytest.mark.parametrize("key", ["010-1234-5678", "홍길동 19500302"])
def test_looking_for_somebody_of_another_dong_tells_nothing_of_them_and_is_recorded(
    world, browser, key
):
    account = world.account(name="홍길동", address="01012345678")
    world.verify(account.person_id, "gasan", born=date(1950, 3, 2))
    by = world.staff(Role.CLERK, "doksan1")
    browser.sign_in(world, by).open("/desk/residents")
    browser.submit("/desk/residents", key=key, purpose="contact")
    assert browser.status == 403
    assert "다른 동에서 확인된 분입니다" in browser.text
    assert refused_looks(world) == [(account.person_id, by, "contact")]
    pages = [browser.text, browser.open(f"/desk/residents/{account.person_id}").text]
    for page in pages:
        assert not [words for words in ELSEWHERE if words in page.split("<main")[1]]
    url = f"/desk/residents/{account.person_id}/verify"
    assert f'action="{url}"' in pages[0], "who works here too is verified here too"
    browser.submit(url, **SEEN | {"member_class": "worker"})
    assert browser.status == 200
    assert "가산동" in browser.open(f"/desk/residents/{account.person_id}").text


def test_of_two_with_one_name_the_one_of_another_dong_is_not_placed(app, world, browser):
    browser.sign_in(world, world.staff(Role.CLERK, "doksan1")).open("/desk/residents")
    near, far = world.person("홍길동"), world.person("홍길동")
    for person_id, dong in ((near, "doksan1"), (far, "gasan")):
        verify(world, person_id, dong, twin=Twin.ANOTHER)
    with questions(app) as asked:
        browser.submit("/desk/residents", key="홍길동 19500302", purpose="registration")
    belonging = [one for one in asked if "FROM place JOIN membership" in one[0]]
    assert len(belonging) == len(set(belonging)) == 2, "where each of them belongs is read once"
    assert "2명 있습니다" in browser.text
    assert "독산1동" in browser.text
    assert "가산동" not in browser.text
    assert [person_id for person_id, _by, _purpose in refused_looks(world)] == [far]


def test_an_operator_of_a_dong_finds_nobody_of_another_to_entrust_and_the_look_is_recorded(
    world, browser
):
    account = world.account(name="홍길동", address="01012345678")
    world.verify(account.person_id, "gasan")
    by = world.staff(Role.OPERATOR, "doksan1")
    browser.sign_in(world, by).open("/desk/roles")
    browser.submit("/desk/roles/person", address="010-1234-5678")
    assert browser.status == 403
    assert "다른 동에서 확인된 분입니다" in browser.text
    assert "홍*동" not in browser.text
    assert refused_looks(world) == [(account.person_id, by, "role")]
    browser.submit(f"/desk/roles/{account.person_id}", role="clerk", place="doksan1")
    assert browser.status == 403
    assert "홍*동" not in browser.text
    assert refused_looks(world) == [(account.person_id, by, "role")] * 2, "by number, too"
