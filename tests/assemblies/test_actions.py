"""Calling, announcing, holding and recording assemblies, on a real database."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.assemblies import actions, queries
from app.assemblies.models import (
    Assembly,
    AssemblyState,
    Attendance,
    QuorumKind,
    StageKind,
    Track,
)
from app.assemblies.policy import AssemblyRefusal as R
from app.assemblies.rules import PlannedStage, current_stage, is_ahead
from app.assemblies.words import SENTENCES
from app.core.clock import seoul_moment
from app.core.refusals import Refused
from app.proposals.models import Proposal, Stage, TimelineCode, TimelineEntry
from app.residents.models import Role
from app.residents.rules import AgeMode
from tests.assemblies.steps import HELD, Hall
from tests.proposals import steps
from tests.support.meeting import meet


@pytest.fixture
def hall(world):
    return Hall(world)


def set_rules(world, place="doksan1", **changed):
    rules = {
        "notice_days": 30,
        "quorum_kind": QuorumKind.PERMILLE,
        "quorum_value": 10,
        "min_age": 18,
        "age_mode": AgeMode.ELECTION_LAW,
    } | changed
    with world.write() as session:
        return actions.set_assembly_rules(
            session, world.place(session, place), **rules, by=None, at=world.at
        )


def refused(refusal):
    return pytest.raises(Refused, check=lambda error: error.refusal is refusal)


def test_every_refusal_has_its_sentence():
    assert set(SENTENCES) == set(R)


def test_a_draft_begins_with_the_customary_order(world, hall):
    with world.read() as session:
        stages = hall.now(session).stages
        assert [stage.kind for stage in stages][:2] == [StageKind.PRELUDE, StageKind.REPORT]
        assert [stage.position for stage in stages] == list(range(1, 10))


def test_the_notice_freezes_rules_and_quorum(world, hall):
    set_rules(world)
    hall.notice()
    set_rules(world, quorum_value=5, min_age=12)
    with world.read() as session:
        announced = hall.now(session)
        assert announced.state is AssemblyState.NOTICED
        assert (announced.quorum_base, announced.quorum_needed) == (24_999, 250)
        assert (announced.min_age, announced.notice_days) == (18, 30)
        assert announced.rules_id is not None


def test_the_quorum_is_computed_from_the_people_who_lived_there_at_the_notice(world):
    held = seoul_moment(date(2021, 2, 20), 19)
    world.clock.at = seoul_moment(date(2020, 12, 30), 10)
    hall = Hall(world, held=held, ends=held + timedelta(hours=2)).notice()
    with world.read() as session:
        assert hall.now(session).quorum_base == 25_001
        assert hall.now(session).quorum_needed == 126


def test_a_dong_without_rules_follows_its_district(world, hall):
    set_rules(world, "geumcheon", quorum_kind=QuorumKind.SEATS, quorum_value=72)
    hall.notice()
    with world.read() as session:
        announced = hall.now(session)
        assert (announced.quorum_kind, announced.quorum_needed) == (QuorumKind.SEATS, 72)
        assert announced.quorum_base is None


def test_rules_have_versions_and_only_the_operator_sets_them(world):
    assert set_rules(world).version == 1
    assert set_rules(world, min_age=15).version == 2
    clerk = world.staff(Role.CLERK)
    with world.write() as session, refused(R.NOT_OPERATOR):
        actions.set_assembly_rules(
            session,
            world.place(session),
            notice_days=1,
            quorum_kind=QuorumKind.NONE,
            quorum_value=0,
            min_age=0,
            age_mode=AgeMode.PLAIN,
            by=world.standing(session, clerk),
            at=world.at,
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"quorum_value": 0},
        {"quorum_value": 1001},
        {"notice_days": -1},
        {"min_age": 121},
        {"quorum_kind": QuorumKind.SEATS, "quorum_value": 0},
    ],
)
def test_rules_that_make_no_sense_are_refused(world, changed):
    with refused(R.BAD_RULES):
        set_rules(world, **changed)


def test_the_last_day_for_the_notice_is_24_april(world, hall):
    hall.go_to(seoul_moment(date(2021, 4, 25), 0))
    with pytest.raises(Refused) as late:
        hall.notice()
    assert late.value.refusal is R.NOTICE_TOO_LATE
    assert late.value.details == {"latest": date(2021, 4, 24), "days": 30}
    hall.go_to(seoul_moment(date(2021, 4, 24), 23, 59))
    hall.notice()


def test_after_the_notice_agenda_times_and_order_stand(world, hall):
    item_id = hall.item()
    hall.notice()
    with refused(R.NOT_DRAFT):
        hall.item("늦은 안건")
    with refused(R.NOT_DRAFT):
        hall.act("set_running_order", hall.clerk, [PlannedStage(StageKind.VOTE, "투표", 10)])
    with refused(R.NOT_DRAFT):
        hall.act(
            "revise_assembly",
            hall.clerk,
            title="다른 이름",
            notice_text="",
            venue="다른 곳",
            held_at=HELD,
            ends_at=HELD + timedelta(hours=3),
        )
    with world.write() as session, refused(R.NOT_DRAFT):
        item = next(one for one in hall.items(session) if one.id == item_id)
        actions.remove_item(session, item, by=world.standing(session, hall.clerk), at=world.at)
    with refused(R.NOT_DRAFT):
        hall.notice()


def test_a_draft_is_revised_and_its_items_come_and_go(world, hall):
    first, second = hall.item("첫째"), hall.item("둘째", track=Track.BUDGET)
    hall.act(
        "revise_assembly",
        hall.clerk,
        title="고친 이름",
        notice_text="",
        venue="온라인",
        held_at=HELD,
        ends_at=HELD + timedelta(hours=3),
    )
    with world.write() as session:
        item = next(one for one in hall.items(session) if one.id == first)
        actions.remove_item(session, item, by=world.standing(session, hall.clerk), at=world.at)
    third = hall.item("셋째")
    with world.read() as session:
        assert hall.now(session).title == "고친 이름"
        assert [(one.id, one.position) for one in hall.items(session)] == [(second, 2), (third, 3)]


def test_a_running_order_needs_names_and_minutes(world, hall):
    for stages, refusal in (
        ([], R.NO_STAGES),
        ([PlannedStage(StageKind.VOTE, "투표", 0)], R.BAD_STAGE),
        ([PlannedStage(StageKind.VOTE, " ", 5)], R.BAD_STAGE),
    ):
        with refused(refusal):
            hall.act("set_running_order", hall.clerk, stages)
    hall.act(
        "set_running_order",
        hall.clerk,
        [PlannedStage(StageKind.OPENING, "개회", 5), PlannedStage(StageKind.VOTE, "투표", 20)],
    )
    with world.read() as session:
        assert [(s.title, s.planned_minutes) for s in hall.now(session).stages] == [
            ("개회", 5),
            ("투표", 20),
        ]


def test_a_proposal_on_the_agenda_hears_of_it_at_the_notice(world, hall, adopted):
    with world.read() as session:
        raisable = queries.raisable_proposals(session, hall.now(session), at=world.at)
        assert [one.proposal.id for one in raisable.items] == [adopted]
    hall.item("자치회가 올린 안건")
    hall.item("제안에서 온 안건", track=Track.BUDGET, proposal_id=adopted)
    with world.read() as session:
        assert queries.raisable_proposals(session, hall.now(session), at=world.at).items == []
        assert not _on_agenda(session, adopted)
    with refused(R.ALREADY_ON_AGENDA):
        hall.item("또", proposal_id=adopted)
    hall.notice()
    with world.read() as session:
        [entry] = _on_agenda(session, adopted)
        assert (entry.stage, entry.href) == (Stage.ASSEMBLY, f"/assemblies/{hall.id}")


def _on_agenda(session, proposal_id):
    return session.scalars(
        select(TimelineEntry).where(
            TimelineEntry.proposal_id == proposal_id, TimelineEntry.code == TimelineCode.ON_AGENDA
        )
    ).all()


def test_the_chair_moves_the_running_order_forwards_and_back(world, hall):
    hall.open()
    with world.read() as session:
        first, second = (stage.id for stage in hall.now(session).stages[:2])

    def stage(stage_id):
        return lambda session: next(s for s in hall.now(session).stages if s.id == stage_id)

    hall.act("move_to_stage", hall.chair, stage(first))
    world.pass_time(minutes=10)
    hall.act("move_to_stage", hall.chair, stage(second))
    world.pass_time(minutes=5)
    hall.act("move_to_stage", hall.chair, stage(first))
    began = world.at
    world.pass_time(minutes=1)
    hall.act("move_to_stage", hall.chair, stage(first))
    with world.read() as session:
        held = hall.now(session)
        assert current_stage(held).id == first
        assert held.stages[0].started_at == began
        assert held.stages[1].ended_at == began
    hall.act("close_assembly", hall.chair)
    with world.read() as session:
        assert current_stage(hall.now(session)) is None
    with refused(R.NOT_OPEN):
        hall.act("move_to_stage", hall.chair, stage(second))


def test_a_stage_of_another_assembly_is_not_this_ones(world, hall):
    other = Hall(world, "gasan")
    hall.open()
    with world.read() as session:
        foreign = other.now(session).stages[0].id
    with world.write() as session, refused(R.OTHER_ASSEMBLY):
        actions.move_to_stage(
            session,
            hall.now(session),
            next(s for s in other.now(session).stages if s.id == foreign),
            by=world.standing(session, hall.chair),
            at=world.at,
        )


def test_a_resident_is_counted_once(world, hall):
    resident = world.resident("doksan1")
    hall.notice()
    with refused(R.DOORS_CLOSED):
        hall.act("check_in", resident)
    hall.go_to(HELD - timedelta(minutes=30))
    assert hall.act("check_in", resident) == 1
    with refused(R.ALREADY_CHECKED_IN):
        hall.act("check_in", resident)
    with refused(R.MEMBER_ELSEWHERE):
        hall.act("check_in", world.resident("gasan"))
    with world.read() as session:
        assert hall.now(session).attendance_count == 1
        assert session.get(Attendance, (hall.id, resident)) is not None


@pytest.mark.race
def test_twelve_presses_at_once_count_one_person_once_and_everyone_else_too(world, hall):
    hall.open()
    people = world.residents(6)
    barrier = threading.Barrier(12)
    counts, refusals = [], []

    def press(person_id):
        with world.app.app_context():
            barrier.wait()
            try:
                counts.append(hall.act("check_in", person_id))
            except Refused as error:
                refusals.append(error.refusal)

    threads = [threading.Thread(target=press, args=(one,)) for one in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]
    assert refusals == [R.ALREADY_CHECKED_IN] * 6
    with world.read() as session:
        assert hall.now(session).attendance_count == 6
        assert len(session.scalars(select(Attendance)).all()) == 6


def test_minutes_are_published_once_after_closing(world, hall):
    hall.open()
    with refused(R.NOT_CLOSED):
        hall.act("publish_minutes", hall.clerk, minutes="정한 것")
    hall.act("close_assembly", hall.chair)
    with refused(R.EMPTY_MINUTES):
        hall.act("publish_minutes", hall.clerk, minutes="  \n")
    hall.act("publish_minutes", hall.clerk, minutes="일곱 건 가운데 다섯 건을 골랐습니다.")
    with refused(R.MINUTES_STAND):
        hall.act("publish_minutes", hall.clerk, minutes="다시")
    with refused(R.OVER):
        hall.act("check_in", world.resident("doksan1"))


def test_lists_put_the_nearest_first_and_the_past_last(world):
    spans = {"가까운": 40, "먼": 80, "지난": 35}
    for title, days in spans.items():
        hall = Hall(
            world,
            held=world.at + timedelta(days=days),
            ends=world.at + timedelta(days=days, hours=2),
        )
        with world.write() as session:
            session.get_one(Assembly, hall.id).title = title
        hall.notice()
    Hall(world)  # a draft, which nobody sees
    world.pass_time(days=36)
    with world.read() as session:
        page = queries.listing(session, at=world.at)
        assert [one.title for one in page.items] == ["가까운", "먼", "지난"]
        assert [is_ahead(one, at=world.at) for one in page.items] == [True, True, False]


@pytest.mark.race
@pytest.mark.postgres
def test_a_notice_takes_its_proposals_in_the_order_of_their_ids(hall, world, adopted):
    later = steps.adopted(world)
    for proposal_id in (later, adopted):
        with world.write() as session:
            actions.add_item(
                session,
                session.get_one(Assembly, hall.id),
                title="골목 끝 빈터를 쉼터로",
                sense="비어 있는 터를 이웃의 쉼터로",
                body="",
                track=Track.SUPPORT,
                budget_won=0,
                proposal=session.get_one(Proposal, proposal_id),
                by=world.standing(session, hall.clerk),
                at=world.at,
            )

    def hold(proposal_id):
        return lambda session: session.execute(
            select(Proposal.id).where(Proposal.id == proposal_id).with_for_update()
        )

    assert meet(world, hold(adopted), hall.notice, hold(later)) == []
