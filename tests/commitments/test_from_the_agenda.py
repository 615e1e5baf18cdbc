"""From the agenda to the paper, from the paper to the promise: the proposal hears each step."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly, Track
from app.ballots import actions as ballots
from app.ballots.models import Ballot, Outcome
from app.ballots.policy import BallotRefusal
from app.commitments import actions
from app.commitments.models import Commitment
from app.core.refusals import Refused
from app.moderation.models import HideReason
from app.proposals import actions as proposals
from app.proposals.models import Proposal, Stage, TimelineCode, TimelineEntry
from app.residents.models import Role
from tests.assemblies.steps import Hall
from tests.ballots.conftest import Polls
from tests.proposals import steps

HEARD_HERE = [
    TimelineCode.ON_AGENDA,
    TimelineCode.ON_BALLOT,
    TimelineCode.SELECTED,
    TimelineCode.NOT_SELECTED,
    TimelineCode.TIED,
    TimelineCode.COMMITMENT_MADE,
]


class Year:
    """Two adopted proposals and an item of the council's own, at one assembly with its ballot."""

    def __init__(self, world, keys):
        self.world = world
        self.shelter = steps.adopted(world)
        self.lamps = steps.adopted(world, title="보안등 열네 곳을 더 밝게")
        self.hall = Hall(world)
        self.moderator = world.staff(Role.MODERATOR)
        roles = (Role.CLERK, Role.OFFICER, Role.OBSERVER)
        self.polls = Polls(world, keys, *(world.staff(role, "doksan1") for role in roles))

    def raise_items(self):
        """Put all three on the agenda, each with its track and its money."""
        self.raised(self.shelter, "쉼터를 함께", Track.SUPPORT, 5_000_000)
        self.raised(self.lamps, "보안등을 더 밝게", Track.BUDGET, 30_000_000)
        self.raised(None, "마을 축제", Track.BUDGET, 8_000_000)

    def raised(self, proposal_id, title, track, budget_won):
        with self.world.write() as session:
            proposal = session.get_one(Proposal, proposal_id) if proposal_id else None
            assemblies.add_item(
                session,
                self.hall.now(session),
                title=title,
                sense=f"{title}, 이렇게 합니다",
                body="",
                track=track,
                budget_won=budget_won,
                department=self.world.department(session) if proposal else None,
                proposal=proposal,
                by=self.world.standing(session, self.hall.clerk),
                at=self.world.at,
            )

    def drawn(self):
        """A draft of the assembly's ballot, a seat for each track; return its id."""
        with self.world.write() as session:
            ballot = ballots.draw_ballot(
                session,
                place=self.world.place(session),
                assembly=session.get_one(Assembly, self.hall.id),
                title="주민총회 투표",
                explanation="",
                opens_at=self.world.at + timedelta(days=1),
                closes_at=self.world.at + timedelta(days=8),
                max_picks=2,
                seats={Track.SUPPORT: 1, Track.BUDGET: 1},
                base_date=self.world.at.date(),
                quorum_value=0,
                by=self.world.standing(session, self.polls.clerk),
                at=self.world.at,
            )
            return ballot.id

    def put_agenda(self, ballot_id, hall=None):
        with self.world.write() as session:
            return ballots.put_agenda_on_ballot(
                session,
                session.get_one(Ballot, ballot_id),
                (hall or self.hall).now(session),
                by=self.world.standing(session, self.polls.clerk),
                at=self.world.at,
            )

    def vote(self, ballot_id, *papers):
        """Open, cast these papers and close."""
        voters = self.world.residents(len(papers))
        self.polls.freeze(ballot_id)
        self.world.pass_time(days=2)
        self.polls.open(ballot_id)
        for voter, picks in zip(voters, papers, strict=True):
            self.polls.cast(ballot_id, voter, *picks)
        self.polls.close(ballot_id)

    def promise(self, ballot_id):
        with self.world.write() as session:
            actions.make_commitments(
                session,
                session.get_one(Ballot, ballot_id),
                year=2021,
                due_on=date(2021, 11, 30),
                default_department=self.world.department(session, "welfare"),
                by=self.world.standing(session, self.polls.clerk),
                at=self.world.at,
            )

    def hide(self, proposal_id):
        self._moderate(proposals.hide_proposal, proposal_id, reason=HideReason.PERSONAL_DATA)

    def show_again(self, proposal_id):
        self._moderate(proposals.restore_proposal, proposal_id)

    def _moderate(self, act, proposal_id, **why):
        with self.world.write() as session:
            act(
                session,
                session.get_one(Proposal, proposal_id),
                **why,
                note="이웃의 이름이 있습니다",
                by=self.world.standing(session, self.moderator),
                at=self.world.at,
            )

    def heard(self, proposal_id):
        """What a proposal's timeline says from the agenda on: code, stage and where it leads."""
        with self.world.read() as session:
            return [
                (entry.code, entry.stage, entry.href)
                for entry in session.scalars(
                    select(TimelineEntry)
                    .where(
                        TimelineEntry.proposal_id == proposal_id,
                        TimelineEntry.code.in_(HEARD_HERE),
                    )
                    .order_by(TimelineEntry.id)
                )
            ]


@pytest.fixture
def year(world, app):
    made = Year(world, app.extensions["settings"].keys_path)
    made.raise_items()
    made.hall.notice()
    return made


def paper(year, ballot_id):
    return [
        (one.title, one.track, one.budget_won, one.proposal_id, one.department_id is not None)
        for one in year.polls.ballot(ballot_id).options
    ]


def test_every_item_becomes_one_option_with_its_track_its_money_and_its_proposal(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    expected = [
        ("쉼터를 함께", Track.SUPPORT, 5_000_000, year.shelter, True),
        ("보안등을 더 밝게", Track.BUDGET, 30_000_000, year.lamps, True),
        ("마을 축제", Track.BUDGET, 8_000_000, None, False),
    ]
    assert paper(year, ballot_id) == expected
    assert year.put_agenda(ballot_id) == []
    assert paper(year, ballot_id) == expected
    with pytest.raises(Refused) as refused:
        year.put_agenda(ballot_id, Hall(year.world))
    assert refused.value.refusal is BallotRefusal.NO_ASSEMBLY
    year.world.resident()
    year.polls.freeze(ballot_id)
    assert year.put_agenda(ballot_id) == []
    assert paper(year, ballot_id) == expected


def test_no_hidden_words_are_frozen_onto_a_paper(year):
    ballot_id = year.drawn()
    year.hide(year.shelter)
    year.put_agenda(ballot_id)
    assert [title for title, *_ in paper(year, ballot_id)] == ["보안등을 더 밝게", "마을 축제"]
    year.show_again(year.shelter)
    year.put_agenda(ballot_id)
    year.hide(year.lamps)
    year.world.resident()
    with pytest.raises(Refused) as refused:
        year.polls.freeze(ballot_id)
    assert refused.value.refusal is BallotRefusal.HIDDEN_PROPOSAL
    year.show_again(year.lamps)
    year.polls.freeze(ballot_id)


def test_each_proposal_hears_what_became_of_it_and_one_becomes_a_promise(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    on_agenda = (TimelineCode.ON_AGENDA, Stage.ASSEMBLY, f"/assemblies/{year.hall.id}")
    assert year.heard(year.shelter) == year.heard(year.lamps) == [on_agenda]

    year.vote(ballot_id, (1, 3), (1, 3), (2,))
    year.polls.count(ballot_id)
    on_ballot = (TimelineCode.ON_BALLOT, Stage.ASSEMBLY, f"/ballots/{ballot_id}")
    so_far = [on_agenda, on_ballot]
    assert year.heard(year.shelter) == year.heard(year.lamps) == so_far

    year.polls.certify(ballot_id)
    outcomes = [option.outcome for option in year.polls.ballot(ballot_id).options]
    assert outcomes == [Outcome.SELECTED, Outcome.NOT_SELECTED, Outcome.SELECTED]
    page = f"/ballots/{ballot_id}/result"
    won = (TimelineCode.SELECTED, Stage.ASSEMBLY, page)
    lost = (TimelineCode.NOT_SELECTED, Stage.ASSEMBLY, page)
    assert year.heard(year.shelter) == [*so_far, won]
    assert year.heard(year.lamps) == [*so_far, lost]

    year.promise(ballot_id)
    year.promise(ballot_id)
    with year.world.read() as session:
        promises = session.scalars(select(Commitment).order_by(Commitment.id)).all()
        assert [(p.title, p.track, p.proposal_id, p.department.slug) for p in promises] == [
            ("쉼터를 함께", Track.SUPPORT, year.shelter, "parks"),
            ("마을 축제", Track.BUDGET, None, "welfare"),
        ]
        promised = (TimelineCode.COMMITMENT_MADE, Stage.EXECUTION, f"/commitments/{promises[0].id}")
    assert year.heard(year.shelter) == [*so_far, won, promised]
    assert year.heard(year.lamps) == [*so_far, lost]


def test_a_tie_for_the_last_place_is_told_as_a_tie_and_promises_nothing(year):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.vote(ballot_id, (2,), (3,))
    year.polls.count(ballot_id)
    year.polls.certify(ballot_id)
    year.promise(ballot_id)
    assert [code for code, _, _ in year.heard(year.lamps)][-1] is TimelineCode.TIED
    with year.world.read() as session:
        assert not session.scalars(
            select(Commitment).where(Commitment.proposal_id == year.lamps)
        ).all()


HIDDEN, WHY, HIDDEN_LATER = "가려진 제안", "까닭: 개인정보", "지금은 가린 제안입니다(까닭: 개인정보"


def test_the_agenda_shows_why_a_proposal_is_hidden_instead_of_its_words(year, browser):
    page = f"/assemblies/{year.hall.id}"
    assert "쉼터를 함께, 이렇게 합니다" in browser.open(page).text
    year.hide(year.shelter)
    for neutral in (HIDDEN, WHY, "보안등을 더 밝게"):
        assert neutral in browser.open(page).text
    assert "쉼터를 함께" not in browser.text
    year.show_again(year.shelter)
    assert "쉼터를 함께, 이렇게 합니다" in browser.open(page).text
    assert HIDDEN not in browser.text


def test_a_frozen_paper_keeps_its_words_and_says_what_was_hidden_later(year, browser, new_browser):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.world.pass_time(hours=1)
    voters = year.world.residents(2)
    year.polls.freeze(ballot_id)
    frozen = year.polls.ballot(ballot_id).setup_hash
    year.world.pass_time(days=2)
    year.polls.open(ballot_id)
    year.hide(year.shelter)
    voter = new_browser().sign_in(year.world, voters[0])
    for reader, page in (
        (browser, f"/ballots/{ballot_id}"),
        (voter, f"/ballots/{ballot_id}/booth"),
    ):
        assert "쉼터를 함께, 이렇게 합니다" in reader.open(page).text
        assert reader.text.count(HIDDEN_LATER) == 1
    for one in voters:
        year.polls.cast(ballot_id, one, 1, 3)
    year.polls.close(ballot_id)
    year.polls.count(ballot_id)
    assert year.polls.ballot(ballot_id).setup_hash == frozen
    assert "쉼터를 함께" in browser.open(f"/ballots/{ballot_id}/result").text
    assert browser.text.count(HIDDEN_LATER) == 1
    assert "쉼터를 함께" in browser.open(f"/ballots/{ballot_id}/result.csv").text


def test_a_promise_shows_why_its_proposal_is_hidden_instead_of_its_words(year, browser, world):
    ballot_id = year.drawn()
    year.put_agenda(ballot_id)
    year.vote(ballot_id, (1, 3), (1, 3))
    year.polls.count(ballot_id)
    year.polls.certify(ballot_id)
    year.promise(ballot_id)
    with world.read() as session:
        promise_id = session.scalars(
            select(Commitment.id).where(Commitment.proposal_id == year.shelter)
        ).one()
    page = f"/commitments/{promise_id}"
    assert "쉼터를 함께, 이렇게 합니다" in browser.open(page).text
    year.hide(year.shelter)
    assert WHY in browser.open(page).text
    for url in (page, "/commitments"):
        assert HIDDEN in browser.open(url).text, url
        assert "쉼터를 함께" not in browser.text, url
    assert "마을 축제" in browser.text
    browser.sign_in(world, year.polls.clerk)
    for url in ("/desk/commitments", f"/desk{page}"):
        assert "쉼터를 함께" in browser.open(url).text, url
        assert "가려짐" in browser.text, url
