"""Steps that missed their day are moved or left out in public, with a reason."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.commitments import queries
from app.commitments.models import ProgressReport
from app.commitments.policy import CommitmentRefusal as R
from app.core.refusals import Refused
from tests.commitments.conftest import DUE

ROAD, BENCH = ("길 등", date(2021, 3, 20)), ("의자", date(2021, 10, 1))
WHY = "전기 공사 차례가 밀렸습니다."
ASKED = "기한이 지난 단계의 날을 바꾸거나 빼려면 까닭을 적어 주세요: ‘길 등’."


@pytest.fixture
def missed(world, promises):
    """A commitment whose first step is 23 days late."""
    [commitment_id, _] = promises.made()
    promises.act("set_milestones", commitment_id, [ROAD, BENCH])
    world.pass_time(days=29)
    return commitment_id


def steps_on(browser, *steps, **more):
    """Send the paper of steps as it was shown, with these rows."""
    rows = {}
    for row, (name, day) in enumerate(steps):
        rows |= {f"rows-{row}-name": name, f"rows-{row}-due_on": day.isoformat()}
    seen = re.search(r'name="seen"[^>]* value="([0-9a-f]+)"', browser.text)[1]
    return browser.submit(browser.path, **rows, seen=seen, **more)


def test_a_missed_step_is_moved_with_a_reason_that_stands_in_public(
    world, browser, promises, missed
):
    desk, later = f"/desk/commitments/{missed}/milestones", (ROAD[0], date(2021, 11, 2))
    browser.sign_in(world, promises.officer).open(desk)
    assert 'name="reason"' in browser.page.get_data(as_text=True)
    steps_on(browser, later, BENCH)
    assert browser.status == 422
    assert ASKED in browser.text
    assert 'value="2021-11-02"' in browser.text
    steps_on(browser, later, BENCH, reason="밀림")
    assert browser.status == 422
    assert "5자 이상 써 주세요" in browser.text
    steps_on(browser, later, BENCH, reason=WHY)
    assert "단계를 정했습니다" in browser.text
    browser.open(f"/commitments/{missed}")
    told = "‘길 등’ 단계의 날을 2021. 3. 20.(토)에서 2021. 11. 2.(화)로 바꿨습니다"
    assert told in browser.text
    assert WHY in browser.text
    with world.read() as session:
        row = session.scalar(select(AuditRow).where(AuditRow.act == "MissedMilestoneMoved"))
        told = {"due_before": 20210320, "due_after": 20211102, "number": 1}
        assert row.said == {"commitment_id": missed, **told}


def test_a_missed_step_is_left_out_with_a_reason_that_stands_in_public(
    world, browser, promises, missed
):
    desk = f"/desk/commitments/{missed}/milestones"
    browser.sign_in(world, promises.officer).open(desk)
    steps_on(browser, BENCH)
    assert browser.status == 422
    assert ASKED in browser.text
    steps_on(browser, BENCH, reason=WHY)
    browser.open(f"/commitments/{missed}")
    assert "2021. 3. 20.(토)까지였던 ‘길 등’ 단계를 뺐습니다" in browser.text
    assert WHY in browser.text
    with world.read() as session:
        row = session.scalar(select(AuditRow).where(AuditRow.act == "MissedMilestoneRemoved"))
        assert row.said == {"commitment_id": missed, "due_before": 20210320, "number": 1}


def test_neither_another_name_nor_an_earlier_day_hides_a_missed_step(promises, missed):
    renamed, earlier = ("골목 길 등", ROAD[1]), (ROAD[0], date(2021, 3, 18))
    for steps in ([renamed, BENCH], [earlier, BENCH], []):
        with pytest.raises(Refused) as error:
            promises.act("set_milestones", missed, steps, reason=" \n")
        assert error.value.refusal is R.MISSED_WITHOUT_REASON


def test_what_is_not_late_is_moved_without_a_reason(world, browser, promises, missed):
    promises.act("set_milestones", missed, [ROAD, ("의자", date(2021, 10, 8))])
    promises.report(missed, 40, milestones_done=["길 등"])
    promises.act("set_milestones", missed, [BENCH])
    with world.read() as session:
        assert list(session.scalars(select(ProgressReport.step))) == [None]
    browser.sign_in(world, promises.officer).open(f"/desk/commitments/{missed}/milestones")
    assert 'name="reason"' not in browser.page.get_data(as_text=True)


def test_no_step_outlasts_its_commitment(world, browser, promises, missed):
    desk, late = f"/desk/commitments/{missed}/milestones", ("의자", date(2022, 2, 1))
    browser.sign_in(world, promises.officer).open(desk)
    steps_on(browser, ROAD, late)
    assert browser.status == 422
    assert "약속의 기한 2021. 11. 30.(화)보다 늦은 단계가 있습니다: ‘의자’." in browser.text
    delay = f'<a href="/desk/commitments/{missed}/delay">기한 미루기</a>'
    assert delay in browser.page.get_data(as_text=True)
    promises.act("delay_commitment", missed, due_on=late[1], reason=WHY)
    steps_on(browser.open(desk), ROAD, late)
    assert "단계를 정했습니다" in browser.text
    with world.read() as session:
        days = [step.due_on for step in queries.detail(session, missed).milestones]
        assert days == [ROAD[1], late[1]]
        assert late[1] > DUE
