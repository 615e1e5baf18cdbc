"""The year told whole: its figures, its truths, and what is kept open after it."""

import json
import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.assemblies.actions import call_off
from app.assemblies.models import Assembly, AssemblyState
from app.assemblies.queries import stands
from app.audit.queries import broken_chains
from app.ballots.models import Ballot, BallotState, Envelope, Option, Outcome, Slot, SlotState
from app.commitments.models import Commitment
from app.core.clock import seoul_day
from app.core.orm import Base
from app.demo import running, story
from app.demo.signins import PASSPHRASE, SIGN_INS
from app.demo.teller import STORY_NOW
from app.forum.models import Opinion, OpinionEndorsement, StanceChange, Topic
from app.places.models import Place, PlaceKind
from app.proposals.models import Endorsement, Proposal, ProposalState, TimelineEntry
from app.residents.models import Person
from app.residents.passphrases import is_right
from app.residents.queries import account_by_contact, standing
from app.room.models import FloorRequest, FloorState, LiveEvent, Message, Question
from app.web.database import db, write

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

# What may lie ahead: times set for something, not the time of something done.
PLANNED = {
    "closes_at",
    "due_at",
    "due_on",
    "effective_from",
    "ends_at",
    "expires_at",
    "held_at",
    "opens_at",
    "planned_on",
    "reply_due_on",
    "until",
}
FIGURES = {
    "dongs": 10,
    "proposals": 44,
    "dong_proposals": 94,
    "expired": 24,
    "forum_topics": 2,
    "ballots": 11,
    "votes": 834,
    "commitments": 61,
    "commitments_by_dong": [7, 7, 6, 7, 5, 7, 5, 8, 4, 5],
}


@pytest.fixture(scope="module")
def told(built_app, empty_database, clock):
    """The app after `flask demo story --json`, its clock at the story's end."""
    empty_database()
    result = built_app.test_cli_runner().invoke(args=["demo", "story", "--json"])
    assert result.exit_code == 0, result.output
    clock.at = STORY_NOW
    yield SimpleNamespace(app=built_app, output=result.output)
    empty_database()


@pytest.fixture
def session(told):
    with told.app.app_context():
        yield db.session


def fingerprint(session):
    """Everything chance decided that a reader can see."""
    votes = session.execute(
        select(Option.title, Option.votes, Option.outcome).order_by(Option.id)
    ).all()
    endorsed = session.execute(
        select(Proposal.title, Proposal.endorsement_count, Proposal.published_at).order_by(
            Proposal.id
        )
    ).all()
    people = session.scalars(select(Person.masked_name).order_by(Person.id)).all()
    said = session.execute(select(Message.text, Message.at).order_by(Message.id)).all()
    return votes, endorsed, people, said


def test_the_figures_are_the_last_line(told):
    assert json.loads(told.output.splitlines()[-1]) == FIGURES


def test_the_same_seed_tells_the_same_year(session):
    told_before = fingerprint(session)
    with running.fresh_session() as (fresh, keys):
        story.tell(fresh, keys=keys)
        assert fingerprint(fresh) == told_before


def test_every_count_is_the_number_of_its_rows(session):
    rows = dict(
        session.execute(
            select(Endorsement.proposal_id, func.count()).group_by(Endorsement.proposal_id)
        ).all()
    )
    for proposal in session.scalars(select(Proposal)):
        assert proposal.endorsement_count == rows.get(proposal.id, 0)
        if proposal.state is ProposalState.EXPIRED:
            assert proposal.endorsement_count < proposal.threshold
        elif proposal.state is not ProposalState.UNFIT:
            assert proposal.endorsement_count == proposal.threshold
    for ballot in session.scalars(select(Ballot)):
        used = select(func.count()).where(
            Slot.ballot_id == ballot.id, Slot.state != SlotState.UNUSED
        )
        sealed = select(func.count()).where(Envelope.ballot_id == ballot.id)
        assert ballot.cast_count == session.scalar(used) == session.scalar(sealed)
        assert ballot.state is BallotState.CERTIFIED
        assert ballot.certified_by not in (ballot.drawn_by, ballot.frozen_by)
    supported = dict(
        session.execute(
            select(OpinionEndorsement.opinion_id, func.count()).group_by(
                OpinionEndorsement.opinion_id
            )
        ).all()
    )
    for opinion in session.scalars(select(Opinion)):
        assert opinion.endorsement_count == supported.get(opinion.id, 0)


def test_nothing_is_told_that_has_not_happened_yet(session):
    said = {datetime: STORY_NOW, date: seoul_day(STORY_NOW)}
    early = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.type.python_type not in said or column.name in PLANNED:
                continue
            last = session.scalar(select(func.max(column)))
            if last is not None and last > said[column.type.python_type]:
                early.add(f"{column}: {last}")
    assert early == set()


def test_every_chain_of_records_holds(session):
    assert broken_chains(session) == []


def test_assemblies_were_announced_in_time_and_decided_what_became_promises(session):
    assemblies = session.scalars(select(Assembly)).all()
    assert len(assemblies) == 10
    for assembly in assemblies:
        assert assembly.state is AssemblyState.CLOSED
        assert seoul_day(assembly.held_at) - seoul_day(assembly.noticed_at) >= timedelta(days=30)
        assert assembly.minutes
        assert all(stage.started_at and stage.ended_at for stage in assembly.stages)
    promised = set(session.scalars(select(Commitment.option_id)))
    dong = select(Place.id).where(Place.kind == PlaceKind.DONG)
    selected = session.scalars(
        select(Option.id)
        .join(Ballot)
        .where(Option.outcome == Outcome.SELECTED, Ballot.place_id.in_(dong))
    )
    assert promised == set(selected)
    assert all(one.milestones for one in session.scalars(select(Commitment)))
    district = session.scalars(select(Ballot).where(Ballot.place_id.not_in(dong))).one()
    assert [one.title for one in district.options if one.outcome is not Outcome.SELECTED] == [
        "금천 들머리 네 곳에 빛나는 환영 조형물"
    ]
    assert len(district.options) == 18


def test_the_talk_is_told_whole(session):
    assert [topic.opinion_count for topic in session.scalars(select(Topic).order_by(Topic.id))]
    assert session.scalar(select(func.count()).select_from(StanceChange)) == 3
    assert len(session.scalars(select(Opinion).where(Opinion.hidden_at.is_not(None))).all()) == 1
    full = session.scalars(select(Assembly).join(Place).where(Place.slug == "doksan2")).one()
    messages = session.scalars(select(Message).where(Message.assembly_id == full.id)).all()
    assert (len(messages), sum(one.is_hidden for one in messages)) == (75, 2)
    questions = session.scalars(select(Question).where(Question.assembly_id == full.id)).all()
    assert (len(questions), sum(bool(one.answer) for one in questions)) == (12, 10)
    floor = session.scalars(select(FloorRequest.state)).all()
    assert sorted(floor) == [FloorState.DONE] * 4 + [FloorState.WITHDRAWN] * 2
    numbers = session.scalars(
        select(LiveEvent.seq).where(LiveEvent.assembly_id == full.id).order_by(LiveEvent.seq)
    ).all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_nobody_stands_there_with_their_whole_name(session):
    names = set()
    for person in session.scalars(select(Person)):
        assert "*" in person.masked_name
        assert person.masked_name != person.name
        names.add(person.name)
    for payload in session.scalars(select(LiveEvent.payload)):
        if "who" in payload:
            assert "*" in payload["who"]
    lines = session.scalars(select(TimelineEntry.note)).all()
    assert not any(name in line for name in names if len(name) > 2 for line in lines)


def test_the_accounts_open_with_the_passphrase_everybody_may_know(session):
    for sign_in in SIGN_INS:
        account = account_by_contact(session, sign_in.address)
        assert is_right(account.passphrase_hash, PASSPHRASE)


# ---------------------------------------------------------------- the present; told last


def rows_of(app):
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


def test_something_is_open_at_every_start_and_only_once(told, clock):
    running.keep_open(told.app)
    once = rows_of(told.app)
    clock.at += timedelta(minutes=3)
    running.keep_open(told.app)
    assert rows_of(told.app) == once
    with told.app.app_context():
        session, now = db.session, clock.at
        _insist_it_looks_alive(session, now)
        assert broken_chains(session) == []
    clock.at += timedelta(days=40)
    running.keep_open(told.app)
    with told.app.app_context():
        _insist_it_looks_alive(db.session, clock.at)
    _call_off_what_comes(told.app, clock.at)
    running.keep_open(told.app)
    with told.app.app_context():
        _insist_it_looks_alive(db.session, clock.at)


def _call_off_what_comes(app, now):
    with app.app_context(), write() as session:
        coming = select(Assembly).where(Assembly.state == AssemblyState.NOTICED)
        assembly = session.scalars(coming.where(Assembly.held_at > now)).one()
        by = standing(session, assembly.called_by, at=now)
        call_off(session, assembly, reason="강당을 고칩니다.", by=by, at=now)


def _insist_it_looks_alive(session, now):
    windows = session.scalars(
        select(Proposal).where(Proposal.state == ProposalState.ENDORSING, Proposal.closes_at > now)
    ).all()
    left = sorted((one.closes_at - now).days for one in windows)
    assert left[0] < 3
    assert left[-1] > 10
    assert any(one.endorsement_count == 17 and one.threshold == 20 for one in windows)
    waiting = session.scalars(
        select(Proposal).where(
            Proposal.state == ProposalState.REVIEW, Proposal.reply_due_on >= seoul_day(now)
        )
    ).one()
    assert (now - waiting.review_began_at).days in (11, 12)
    ballot = session.scalars(
        select(Ballot).where(
            Ballot.title.startswith("2022 금천"),
            Ballot.state == BallotState.OPEN,
            Ballot.closes_at > now,
        )
    ).one()
    assert len(ballot.options) == 9
    for sign_in in SIGN_INS:
        account = account_by_contact(session, sign_in.address)
        slot = session.scalar(
            select(Slot).where(Slot.ballot_id == ballot.id, Slot.person_id == account.person_id)
        )
        assert (slot is not None) == sign_in.verified
        assert slot is None or slot.state is SlotState.UNUSED
    assert session.scalar(
        select(func.count()).select_from(Topic).where(Topic.opens_at <= now, Topic.closes_at > now)
    )
    live = session.scalars(select(Assembly).where(Assembly.state == AssemblyState.OPEN)).one()
    assert seoul_day(live.held_at) == seoul_day(now)
    assert session.scalar(
        select(func.count())
        .select_from(Assembly)
        .where(stands(), Assembly.state == AssemblyState.NOTICED, Assembly.held_at > now)
    )
    years = {re.match(r"\d{4}", one).group() for one in session.scalars(select(Assembly.title))}
    assert years
