"""What happens to proposals, on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.clock import seoul_midnight, seoul_moment
from app.core.refusals import Refused
from app.moderation.models import HideReason
from app.proposals import actions, queries
from app.proposals.models import (
    Endorsement,
    Field,
    Proposal,
    ProposalState,
    Stage,
    TimelineCode,
    TimelineEntry,
    Verdict,
)
from app.proposals.policy import ProposalRefusal
from app.proposals.queries import Filters, Order
from app.proposals.rules import Phase
from app.residents.models import Role
from tests.proposals import steps


def read(world, proposal_id):
    with world.read() as session:
        return session.get_one(Proposal, proposal_id, populate_existing=True)


def codes(world, proposal_id):
    with world.read() as session:
        return [entry.code for entry in queries.timeline(session, proposal_id)]


def refusal_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.refusal


def act(world, proposal_id, verb, person_id, **details):
    with world.write() as session:
        return verb(
            session,
            session.get_one(Proposal, proposal_id),
            by=world.standing(session, person_id),
            at=world.at,
            **details,
        )


def test_publishing_twice_is_publishing_once(world):
    author = world.resident()
    proposal_id = steps.draft(world, author)
    act(world, proposal_id, actions.publish_proposal, author)
    number = read(world, proposal_id).number
    world.pass_time(days=400)
    act(world, proposal_id, actions.publish_proposal, author)
    assert read(world, proposal_id).number == number
    assert number.startswith("2021-DS1-000001-")
    assert codes(world, proposal_id) == [TimelineCode.PUBLISHED]


def test_unverified_people_draft_but_do_not_publish(world):
    visitor = world.person()
    proposal_id = steps.draft(world, visitor)
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.publish_proposal, visitor))
        is ProposalRefusal.NOT_VERIFIED
    )
    neighbour = world.resident("gasan")
    elsewhere = steps.draft(world, neighbour, place="doksan1")
    assert (
        refusal_of(lambda: act(world, elsewhere, actions.publish_proposal, neighbour))
        is ProposalRefusal.OTHER_DONG
    )


def test_nobody_changes_another_persons_draft_or_a_published_text(world):
    author, other = world.resident(), world.resident()
    proposal_id = steps.draft(world, author)
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.publish_proposal, other))
        is ProposalRefusal.NOT_AUTHOR
    )
    act(world, proposal_id, actions.publish_proposal, author)
    with world.write() as session:
        words = {"field": "safety", "title": "고침", "sense": "고침", "body": "고침"}
        place = world.place(session)
        assert (
            refusal_of(
                lambda: actions.revise_draft(
                    session,
                    session.get_one(Proposal, proposal_id),
                    place=place,
                    by=world.standing(session, author),
                    at=world.at,
                    **words,
                )
            )
            is ProposalRefusal.NOT_DRAFT
        )


@pytest.mark.parametrize(
    ("counts_opening_day", "closes"), [(True, date(2019, 12, 29)), (False, date(2019, 12, 30))]
)
def test_the_window_of_2019_ends_at_a_seoul_midnight(world, counts_opening_day, closes):
    with world.write() as session:
        actions.set_endorsement_policy(
            session,
            world.place(session, "geumcheon"),
            threshold=20,
            window_days=20,
            counts_opening_day=counts_opening_day,
            precheck_required=False,
            decision_days=20,
            by=None,
            at=seoul_moment(date(2019, 1, 1)),
        )
    author = world.resident()
    proposal_id = steps.draft(world, author)
    with world.write() as session:
        actions.publish_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            by=world.standing(session, author),
            at=seoul_moment(date(2019, 12, 9), 15, 30),
        )
    assert read(world, proposal_id).closes_at == seoul_midnight(closes)


def test_a_dongs_own_rule_goes_before_the_districts_and_open_windows_keep_theirs(world):
    steps.rule(world, threshold=20)
    first = steps.endorsing(world)
    with world.write() as session:
        actions.set_endorsement_policy(
            session,
            world.place(session, "doksan1"),
            threshold=3,
            window_days=5,
            counts_opening_day=True,
            precheck_required=True,
            decision_days=10,
            by=None,
            at=world.at,
        )
    second = steps.endorsing(world)
    assert read(world, first).threshold == 20
    assert read(world, second).threshold == 3
    assert read(world, second).decision_days == 10


def test_only_an_operator_sets_the_rule(world):
    clerk = world.registrar()
    with world.write() as session:
        place = world.place(session, "geumcheon")
        assert (
            refusal_of(
                lambda: actions.set_endorsement_policy(
                    session,
                    place,
                    threshold=1,
                    window_days=1,
                    counts_opening_day=True,
                    precheck_required=True,
                    decision_days=1,
                    by=world.standing(session, clerk),
                    at=world.at,
                )
            )
            is ProposalRefusal.NOT_OPERATOR
        )


def test_one_person_endorses_once_takes_it_back_and_endorses_again(world):
    proposal_id = steps.endorsing(world)
    person = world.resident()
    assert steps.endorse(world, proposal_id, person) == 1
    assert (
        refusal_of(lambda: steps.endorse(world, proposal_id, person))
        is ProposalRefusal.ALREADY_ENDORSED
    )
    with world.write() as session:
        left = actions.withdraw_endorsement(session, proposal_id, person_id=person, at=world.at)
        assert left == 0
    with world.write() as session:
        assert (
            refusal_of(
                lambda: actions.withdraw_endorsement(
                    session, proposal_id, person_id=person, at=world.at
                )
            )
            is ProposalRefusal.NOT_ENDORSED
        )
    assert steps.endorse(world, proposal_id, person) == 1


def test_who_belongs_elsewhere_endorses_the_districts_proposals_only(world):
    neighbour = world.resident("gasan")
    ours = steps.endorsing(world)
    everyones = steps.endorsing(world, place="geumcheon")
    assert refusal_of(lambda: steps.endorse(world, ours, neighbour)) is ProposalRefusal.OTHER_DONG
    assert steps.endorse(world, everyones, neighbour) == 1


def test_the_last_endorsement_begins_the_review_and_shuts_the_window(world):
    steps.rule(world, threshold=2)
    proposal_id = steps.endorsing(world)
    first, second, third = world.residents(3)
    steps.endorse(world, proposal_id, first)
    steps.endorse(world, proposal_id, second)
    row = read(world, proposal_id)
    assert row.state is ProposalState.REVIEW
    assert row.review_began_at == world.at
    assert row.reply_due_on == date(2021, 3, 22)
    assert (
        refusal_of(lambda: steps.endorse(world, proposal_id, third)) is ProposalRefusal.REVIEW_BEGAN
    )
    with world.write() as session:
        assert (
            refusal_of(
                lambda: actions.withdraw_endorsement(
                    session, proposal_id, person_id=first, at=world.at
                )
            )
            is ProposalRefusal.REVIEW_BEGAN
        )
    assert codes(world, proposal_id).count(TimelineCode.THRESHOLD_REACHED) == 1


def test_the_last_moment_counts_and_the_next_does_not(world, clock):
    proposal_id = steps.endorsing(world)
    early, late = world.residents(2)
    closes = read(world, proposal_id).closes_at
    clock.at = closes - timedelta(microseconds=1)
    assert steps.endorse(world, proposal_id, early) == 1
    clock.at = closes
    assert (
        refusal_of(lambda: steps.endorse(world, proposal_id, late)) is ProposalRefusal.WINDOW_CLOSED
    )


def test_a_missed_window_is_over_before_the_job_and_written_down_once(world, clock):
    proposal_id = steps.endorsing(world)
    closes = read(world, proposal_id).closes_at
    clock.at = closes + timedelta(hours=9)
    with world.read() as session:
        expired = queries.board(session, Filters(phase=Phase.EXPIRED), at=world.at)
        assert [line.id for line in expired.items] == [proposal_id]
        assert queries.closing_soon(session, None, at=world.at) == []
    for _again in range(2):
        with world.write() as session:
            actions.close_missed_windows(session, at=world.at)
    assert read(world, proposal_id).state is ProposalState.EXPIRED
    with world.read() as session:
        entry = queries.timeline(session, proposal_id)[-1]
        assert (entry.code, entry.at) == (TimelineCode.WINDOW_MISSED, closes)
    assert codes(world, proposal_id).count(TimelineCode.WINDOW_MISSED) == 1


def test_the_pre_check_may_fail_with_a_public_reason(world):
    proposal_id = steps.published(world)
    clerk, outsider = world.registrar(), world.resident()
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.pass_precheck, outsider))
        is ProposalRefusal.NOT_CLERK
    )
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.fail_precheck, clerk, reason=" "))
        is ProposalRefusal.REASON_NEEDED
    )
    act(world, proposal_id, actions.fail_precheck, clerk, reason="구의 일이 아닙니다")
    assert read(world, proposal_id).state is ProposalState.UNFIT
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.pass_precheck, clerk))
        is ProposalRefusal.NOT_IN_PRECHECK
    )
    with world.read() as session:
        assert queries.timeline(session, proposal_id)[-1].note == "구의 일이 아닙니다"


def test_a_clerk_of_another_dong_may_not_decide(world):
    proposal_id = steps.published(world)
    stranger = world.staff(Role.CLERK, "gasan")
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.pass_precheck, stranger))
        is ProposalRefusal.NOT_CLERK
    )


def test_the_department_answers_once_with_a_reason_and_a_day(world):
    proposal_id = steps.assigned(world)
    officer = steps.department_officer(world)
    other = steps.department_officer(world, "welfare")
    answer = {"verdict": Verdict.ADOPTED, "reason": "할 수 있습니다.", "planned_on": None}
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.reply_to_proposal, other, **answer))
        is ProposalRefusal.NOT_DEPARTMENT
    )
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.reply_to_proposal, officer, **answer))
        is ProposalRefusal.PLAN_NEEDED
    )
    answer["planned_on"] = date(2021, 10, 1)
    act(world, proposal_id, actions.reply_to_proposal, officer, **answer)
    assert (
        refusal_of(lambda: act(world, proposal_id, actions.reply_to_proposal, officer, **answer))
        is ProposalRefusal.ALREADY_REPLIED
    )
    with world.read() as session:
        line = queries.life_line(session, proposal_id, at=world.at)
        assert (line.now, line.verdict) == (Stage.REVIEW, Verdict.ADOPTED)


def test_later_stages_note_themselves_on_the_life_line(world):
    proposal_id = steps.assigned(world)
    with world.write() as session:
        actions.note_progress(
            session,
            proposal_id,
            stage=Stage.ASSEMBLY,
            code=TimelineCode.ON_AGENDA,
            href="/assemblies/1",
            by=None,
            at=world.at,
        )
    with world.read() as session:
        line = queries.life_line(session, proposal_id, at=world.at)
        assert line.now is Stage.ASSEMBLY
        assert Stage.FORUM not in line.days


def test_what_is_hidden_leaves_the_board_and_takes_no_endorsements(world):
    proposal_id = steps.endorsing(world)
    moderator, person = world.staff(Role.MODERATOR), world.resident()
    hiding = {"reason": HideReason.ADVERTISING, "note": "가게 광고입니다"}
    act(world, proposal_id, actions.hide_proposal, moderator, **hiding)
    assert refusal_of(lambda: steps.endorse(world, proposal_id, person)) is ProposalRefusal.HIDDEN
    with world.read() as session:
        assert queries.board(session, Filters(), at=world.at).items == []
    act(world, proposal_id, actions.restore_proposal, moderator, note="다시 살펴보았습니다")
    assert steps.endorse(world, proposal_id, person) == 1


def test_following_twice_is_following_once(world):
    proposal_id = steps.published(world)
    person = world.person()
    for verb in (actions.follow, actions.follow):
        with world.write() as session:
            verb(session, proposal_id, by=world.standing(session, person), at=world.at)
    with world.read() as session:
        assert queries.ties(session, proposal_id, person).follows
        assert person in queries.followers(session, proposal_id)
    with world.write() as session:
        actions.unfollow(session, proposal_id, by=world.standing(session, person), at=world.at)
    with world.read() as session:
        assert not queries.ties(session, proposal_id, person).follows


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("빈터", True),
        ("아이들 쉼터", True),
        ("아이들쉼터", True),
        ("쉬", True),
        ("쉼ㅌ", True),
        ("ㄱㅁㄲ", True),
        ("ㅂㅌ", True),
        ("의자와그늘", True),
        ("2021-DS1", True),
        ("100%", False),
        ("_____", False),
        ('"', False),
        ("AND OR NOT", False),
        ("쉼터 OR 공원", False),
        ("운동장", False),
        ("ㅋㅋㅋ", False),
    ],
)
def test_search_finds_words_half_words_and_initials(world, words, found):
    proposal_id = steps.published(world)
    steps.draft(world, world.resident(), title="골목 끝 빈터 임시 글")
    with world.read() as session:
        page = queries.board(session, Filters(words=words), at=world.at)
    assert [line.id for line in page.items] == ([proposal_id] if found else [])


def test_search_follows_a_change_and_the_board_counts_what_it_lists(world):
    ids = [steps.endorsing(world, title=f"마을 텃밭 {n}번째") for n in range(3)]
    steps.endorse(world, ids[1], world.resident())
    with world.read() as session:
        for order in Order:
            page = queries.board(session, Filters(words="텃밭", order=order), at=world.at, size=2)
            assert (len(page.items), page.has_next, page.total) == (2, True, 3)
        most = queries.board(session, Filters(order=Order.ENDORSED), at=world.at).items
        assert most[0].id == ids[1]
        last = queries.board(session, Filters(words="텃밭"), at=world.at, page=2, size=2)
        assert [line.id for line in last.items] == [ids[0]]


def test_a_persons_own_lists(world):
    proposal_id = steps.endorsing(world)
    person = world.resident()
    steps.endorse(world, proposal_id, person)
    draft_id = steps.draft(world, person)
    author = read(world, proposal_id).author_id
    with world.read() as session:
        assert [line.id for line in queries.endorsed_by(session, person)] == [proposal_id]
        assert [row.id for row in queries.drafts_of(session, person)] == [draft_id]
        assert [line.id for line in queries.proposals_of(session, author)] == [proposal_id]
        assert queries.counts(session, None, at=world.at).endorsing == 1


def test_the_count_on_the_row_is_the_number_of_endorsements(world):
    proposal_id = steps.endorsing(world)
    for person in world.residents(3):
        steps.endorse(world, proposal_id, person)
    with world.read() as session:
        rows = session.query(Endorsement).filter_by(proposal_id=proposal_id).count()
        assert session.get_one(Proposal, proposal_id).endorsement_count == rows == 3
        assert session.query(TimelineEntry).filter_by(proposal_id=proposal_id).count() == 2


def test_a_proposal_names_a_dong_that_its_author_is_verified_for(world):
    author = world.resident("doksan1")
    with world.write() as session:
        draft = actions.draft_proposal(
            session,
            place=world.place(session, "geumcheon"),
            field=Field.SAFETY,
            title="밤길을 밝혀 주세요",
            sense="등 두 개면 됩니다",
            body="골목이 어둡습니다. 등 두 개면 됩니다.",
            home=world.place(session, "gasan"),
            by=world.standing(session, author),
            at=world.at,
        )
        actions.publish_proposal(session, draft, by=world.standing(session, author), at=world.at)
        assert draft.home_place_id == world.place(session, "doksan1").id
