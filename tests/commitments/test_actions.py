"""Making commitments once, reporting on them, delaying and keeping them."""

import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from app.ballots.models import Ballot
from app.commitments import actions, queries
from app.commitments.models import Commitment, ProgressReport
from app.commitments.policy import CommitmentRefusal as R
from app.commitments.queries import Filters, Status
from app.commitments.rules import mark_of
from app.core.refusals import Refused
from app.proposals.models import Stage, TimelineCode, TimelineEntry
from tests.commitments.conftest import DUE
from tests.proposals import steps


def refused(refusal):
    return pytest.raises(Refused, check=lambda error: error.refusal is refusal)


def test_what_was_selected_becomes_a_commitment_once(world, promises):
    ballot_id = promises.ballot(3)
    made = promises.make(ballot_id)
    assert len(made) == 3
    assert promises.make(ballot_id) == made
    with world.read() as session:
        first, second, _ = [session.get_one(Commitment, one) for one in made]
        assert first.number.startswith("2021-DS1-")
        assert first.department.name == "공원녹지과"
        assert second.department.name == "복지정책과"
        assert (first.title, first.budget_won) == ("골목 안 1번째 쉼터", 10_000_000)
        assert session.scalar(select(func.count()).select_from(Commitment)) == 3


@pytest.mark.race
def test_nothing_is_promised_that_no_department_answers_for(world, promises):
    ballot_id = promises.ballot(2)
    with pytest.raises(Refused) as caught, world.write() as session:
        actions.make_commitments(
            session,
            session.get_one(Ballot, ballot_id),
            year=2022,
            due_on=DUE,
            by=world.standing(session, promises.clerk),
            at=world.at,
        )
    assert caught.value.refusal is R.DEPARTMENT_NEEDED
    with world.read() as session:
        assert session.query(Commitment).count() == 0


def test_two_clerks_at_once_make_each_commitment_once(world, promises):
    ballot_id = promises.ballot(3)
    barrier = threading.Barrier(4)
    results = []

    def press():
        with world.app.app_context():
            barrier.wait()
            results.append(promises.make(ballot_id))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert {tuple(sorted(one)) for one in results} == {tuple(sorted(results[0]))}


def test_a_count_that_is_not_certified_makes_none(promises):
    with refused(R.NOT_COUNTED):
        promises.make(promises.ballot(1, until="closed"))
    counted = promises.ballot(1, until="counted")
    with refused(R.NOT_CERTIFIED):
        promises.make(counted)
    promises.certify(counted)
    assert len(promises.make(counted)) == 1
    with refused(R.NOT_CLERK):
        promises.make(promises.ballot(1), by=promises.officer)


def test_reports_lead_to_keeping_and_the_proposal_hears_each_step(world, promises):
    proposal_id = steps.assigned(world)
    [commitment_id, _] = promises.made(2, proposal_id=proposal_id)
    promises.act(
        "set_milestones",
        commitment_id,
        [("설계", date(2021, 6, 1)), ("공사", date(2021, 10, 1))],
    )
    promises.report(commitment_id, 40, milestones_done=["설계"])
    with refused(R.PERCENT_FALLS):
        promises.report(commitment_id, 39)
    with refused(R.NO_SUCH_MILESTONE):
        promises.report(commitment_id, 50, milestones_done=["개장"])
    world.pass_time(days=10)
    promises.report(commitment_id, 100, milestones_done=["설계", "공사"], text="쉼터를 열었습니다.")
    with refused(R.ALREADY_KEPT):
        promises.report(commitment_id, 100)
    with world.read() as session:
        kept = queries.detail(session, commitment_id)
        assert kept.done_at == world.at
        assert (kept.percent, kept.spent_won) == (100, 1_000_000)
        first, second = (step.done_on for step in kept.milestones)
        assert (second - first).days == 10
        codes = session.execute(
            select(TimelineEntry.stage, TimelineEntry.code)
            .where(
                TimelineEntry.proposal_id == proposal_id,
                TimelineEntry.stage.in_((Stage.EXECUTION, Stage.RESULT)),
            )
            .order_by(TimelineEntry.id)
        ).all()
        assert [tuple(one) for one in codes] == [
            (Stage.EXECUTION, TimelineCode.COMMITMENT_MADE),
            (Stage.EXECUTION, TimelineCode.PROGRESS_REPORTED),
            (Stage.RESULT, TimelineCode.COMMITMENT_KEPT),
        ]


def test_a_refused_report_leaves_nothing_behind(world, promises):
    [commitment_id, _] = promises.made()
    with refused(R.NO_SUCH_MILESTONE):
        promises.report(commitment_id, 50, milestones_done=["설계"])
    with world.read() as session:
        assert session.get_one(Commitment, commitment_id).percent == 0
        assert session.scalar(select(func.count()).select_from(ProgressReport)) == 0


def test_less_money_is_told_only_by_who_knows_what_was_told_before(world, promises):
    [commitment_id, _] = promises.made()
    promises.report(commitment_id, 40, spent_won=5_000_000)
    for known in (None, 0, 4_000_000):
        with refused(R.SPENT_FALLS):
            promises.report(commitment_id, 50, spent_won=4_000_000, spent_before=known)
    promises.report(commitment_id, 50, spent_won=4_000_000, spent_before=5_000_000)
    with world.read() as session:
        assert session.get_one(Commitment, commitment_id).spent_won == 4_000_000


def test_a_delay_is_public_and_dated(world, promises):
    [commitment_id, _] = promises.made()
    with refused(R.NOT_LATER):
        promises.act("delay_commitment", commitment_id, due_on=DUE, reason="장마")
    promises.act(
        "delay_commitment", commitment_id, due_on=date(2022, 3, 31), reason="장마가 길었습니다."
    )
    with world.read() as session:
        delayed = queries.detail(session, commitment_id)
        assert (delayed.due_on, delayed.delayed_because) == (
            date(2022, 3, 31),
            "장마가 길었습니다.",
        )
        [report] = delayed.reports
        assert (report.text, report.due_on) == ("장마가 길었습니다.", date(2022, 3, 31))


def test_steps_change_but_what_is_done_stays_done(world, promises):
    [commitment_id, _] = promises.made()
    set_steps = [("설계", date(2021, 6, 1)), ("공사", date(2021, 10, 1))]
    promises.act("set_milestones", commitment_id, set_steps)
    promises.report(commitment_id, 10, milestones_done=["설계"])
    with refused(R.BAD_MILESTONE):
        promises.act("set_milestones", commitment_id, [("설계", date(2021, 11, 1))])
    with refused(R.BAD_MILESTONE):
        promises.act("set_milestones", commitment_id, [("설계", DUE), ("설계", DUE)])
    with refused(R.BAD_MILESTONE):
        promises.act("set_milestones", commitment_id, [("  ", DUE)])
    promises.act("set_milestones", commitment_id, [("개장", date(2021, 5, 1)), set_steps[1]])
    with world.read() as session:
        steps = [
            (step.name, step.due_on, step.done_on is not None)
            for step in queries.detail(session, commitment_id).milestones
        ]
    first, second = set_steps
    assert steps == [("개장", date(2021, 5, 1), False), (*first, True), (*second, False)]


def test_who_did_not_know_that_a_step_is_done_looks_again(world, promises):
    [commitment_id, _] = promises.made()
    step = ("설계", date(2021, 6, 1))
    promises.act("set_milestones", commitment_id, [step])
    with world.read() as session:
        seen = mark_of(queries.detail(session, commitment_id).milestones)
    promises.report(commitment_id, 10, milestones_done=["설계"])
    with refused(R.STEPS_CHANGED_MEANWHILE):
        promises.act("set_milestones", commitment_id, [step, ("공사", DUE)], seen=seen)


def test_a_report_finishes_the_step_that_was_ticked_wherever_it_stands_now(world, promises):
    [commitment_id, _] = promises.made()
    promises.act("set_milestones", commitment_id, [("설계", date(2021, 6, 1)), ("공사", DUE)])
    promises.act(
        "set_milestones",
        commitment_id,
        [("주민 설명회", date(2021, 5, 1)), ("설계", date(2021, 6, 1)), ("공사", DUE)],
    )
    promises.report(commitment_id, 10, milestones_done=["설계"])
    with world.read() as session:
        steps = queries.detail(session, commitment_id).milestones
        assert [step.name for step in steps if step.done_on] == ["설계"]


@pytest.mark.race
def test_of_those_who_change_the_same_steps_at_once_one_does(world, promises):
    [commitment_id, _] = promises.made()
    seen, together, found = mark_of([]), threading.Barrier(4), []

    def change(number):
        together.wait(60)
        steps = [(f"{number}번째 안", DUE)]
        try:
            promises.act("set_milestones", commitment_id, steps, seen=seen)
        except Refused as error:
            found.append(error.refusal)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [R.STEPS_CHANGED_MEANWHILE] * 3
    with world.read() as session:
        assert len(queries.detail(session, commitment_id).milestones) == 1


def test_lists_are_narrowed_and_tables_foot(world, promises):
    kept, silent, reported = promises.made(3)
    promises.report(kept, 100)
    world.pass_time(days=31)
    promises.report(reported, 20)
    with world.read() as session:

        def ids(**filters):
            page = queries.listing(session, Filters(**filters), at=world.at)
            return [line.commitment.id for line in page.items]

        assert ids() == [silent, reported, kept]
        assert ids(status=Status.KEPT) == [kept]
        assert ids(status=Status.SILENT) == [silent]
        assert ids(status=Status.ON_WAY) == [silent, reported]
        assert ids(status=Status.LATE) == ids(status=Status.DELAYED) == ids(year=1999) == []
        [line] = queries.by_dong(session, 2021)
        assert (line.name, line.whole.count, line.whole.kept) == ("독산1동", 3, 1)
        assert queries.by_dong(session, 2020) == []
