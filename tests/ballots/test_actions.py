"""A ballot's life on a real database."""

import stat
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from app.assemblies.models import QuorumKind, Track
from app.ballots import actions, queries, rules
from app.ballots.models import Ballot, BallotState, Envelope, Option, Outcome, Slot
from app.ballots.policy import BallotRefusal
from app.ballots.rules import PreparedChoice
from app.core import vault
from app.core.refusals import Refused
from app.residents.models import Role
from app.residents.rules import AgeMode
from tests.ballots.conftest import CLOSES, OPENS


def test_a_ballot_lives_from_draft_to_certified(polls):
    voters = polls.world.residents(5)
    ballot_id = polls.opened(Track.BUDGET, Track.BUDGET, Track.SUPPORT, Track.SUPPORT)
    for voter, picks in zip(voters, [(1, 3), (1, 4), (1, 3), (2,), (3,)], strict=True):
        polls.cast(ballot_id, voter, *picks)
    polls.close(ballot_id)
    polls.count(ballot_id)
    polls.certify(ballot_id)
    ballot = polls.ballot(ballot_id)
    assert ballot.state is BallotState.CERTIFIED
    assert [option.votes for option in ballot.options] == [3, 1, 3, 1]
    assert [option.rank for option in ballot.options] == [1, 2, 1, 2]
    assert [option.outcome for option in ballot.options] == [
        Outcome.SELECTED,
        Outcome.NOT_SELECTED,
        Outcome.SELECTED,
        Outcome.NOT_SELECTED,
    ]
    result = queries.result(ballot)
    assert (result.roll_count, result.voters, result.votes, result.selected) == (5, 5, 8, 2)


def _state(polls, ballot_id):
    return polls.ballot(ballot_id).state


# ---------------------------------------------------------------- freezing


def test_freezing_draws_the_roll_by_day_and_age(polls):
    world = polls.world
    just, _late = world.resident(born=date(2003, 4, 8)), world.resident(born=date(2003, 4, 9))
    worker = world.resident("doksan1", born=date(1970, 1, 1))
    world.verify(worker, "doksan2", born=date(1970, 1, 1))
    world.resident("doksan2", born=date(1980, 1, 1))
    world.person()
    ballot_id = polls.draw(ages_on=date(2021, 4, 7), min_age=18, age_mode=AgeMode.ELECTION_LAW)
    polls.freeze(ballot_id)
    with world.read() as session:
        roll = {s.person_id for s in session.query(Slot).filter_by(ballot_id=ballot_id)}
    assert roll == {just, worker}
    assert polls.ballot(ballot_id).roll_count == 2
    plain = polls.draw(ages_on=date(2021, 4, 7), min_age=18, age_mode=AgeMode.PLAIN)
    polls.freeze(plain)
    assert polls.ballot(plain).roll_count == 1


def test_a_person_of_two_dongs_stands_once_on_the_districts_roll(polls):
    world = polls.world
    person = world.resident("doksan1", born=date(1970, 1, 1))
    world.verify(person, "gasan", born=date(1970, 1, 1))
    clerk, officer = world.staff(Role.CLERK), world.staff(Role.OFFICER)
    polls.clerk = clerk
    ballot_id = polls.draw(place="geumcheon")
    polls.freeze(ballot_id, by=officer)
    assert polls.ballot(ballot_id).roll_count == 1


def test_the_tally_key_lies_in_a_file_only_its_owner_reads(polls):
    polls.world.resident()
    ballot_id = polls.draw()
    polls.freeze(ballot_id)
    file = polls.keys / f"tally-{ballot_id}.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert polls.ballot(ballot_id).tally_public == vault.public_half(file.read_bytes())


@pytest.mark.parametrize(
    ("kind", "value", "needed"),
    [(QuorumKind.PERMILLE, 5, 125), (QuorumKind.SEATS, 72, 72), (QuorumKind.NONE, 0, 0)],
)
def test_the_quorum_is_frozen(polls, kind, value, needed):
    polls.world.resident()
    ballot_id = polls.draw(quorum_kind=kind, quorum_value=value)
    polls.freeze(ballot_id)
    assert polls.ballot(ballot_id).quorum_needed == needed


@pytest.mark.parametrize(
    ("paper", "refusal"),
    [
        ({"options": (Track.BUDGET,), "max_picks": 1}, BallotRefusal.TOO_FEW_OPTIONS),
        ({"seats": {Track.BUDGET: 5}}, BallotRefusal.SEATS_MISMATCH),
        ({"seats": {Track.BUDGET: 1, Track.SUPPORT: 1}}, BallotRefusal.SEATS_MISMATCH),
        ({"max_picks": 5}, BallotRefusal.PICKS_OVER_OPTIONS),
        ({"base_date": date(2010, 1, 1)}, BallotRefusal.EMPTY_ROLL),
        ({"min_age": 120}, BallotRefusal.EMPTY_ROLL),
        ({"base_date": date(2021, 3, 3)}, BallotRefusal.BASE_DATE_AHEAD),
    ],
)
def test_a_paper_that_does_not_fit_stays_a_draft(polls, paper, refusal):
    polls.world.resident()
    ballot_id = polls.draw(**paper)
    with pytest.raises(Refused) as refused:
        polls.freeze(ballot_id)
    assert refused.value.refusal is refusal
    assert _state(polls, ballot_id) is BallotState.DRAFT


@pytest.mark.parametrize("state", ["frozen", "open", "closed", "counted", "certified"])
def test_after_freezing_nothing_on_the_paper_changes(polls, state):
    polls.world.resident()
    ballot_id = polls.draw()
    polls.freeze(ballot_id)
    for step in ("open", "close", "count", "certify"):
        if _state(polls, ballot_id) == state:
            break
        getattr(polls, step)(ballot_id)
    before = polls.ballot(ballot_id)
    for by in (polls.clerk, polls.officer):
        for change in (_add, _remove, _revise):
            with pytest.raises(Refused) as refused:
                change(polls, ballot_id, by)
            assert refused.value.refusal is BallotRefusal.NOT_DRAFT
    after = polls.ballot(ballot_id)
    assert (after.setup_hash, after.max_picks) == (before.setup_hash, before.max_picks)
    assert [o.title for o in after.options] == [o.title for o in before.options]


def _add(polls, ballot_id, by):
    with polls.world.write() as session:
        actions.add_option(
            session,
            session.get_one(Ballot, ballot_id),
            track=Track.BUDGET,
            title="늦은 안건",
            sense="늦었습니다",
            budget_won=0,
            by=polls.world.standing(session, by),
            at=polls.world.at,
        )


def _remove(polls, ballot_id, by):
    with polls.world.write() as session:
        option = session.query(Option).filter_by(ballot_id=ballot_id).first()
        standing = polls.world.standing(session, by)
        actions.remove_option(session, option, by=standing, at=polls.world.at)


def _revise(polls, ballot_id, by):
    with polls.world.write() as session:
        ballot = session.get_one(Ballot, ballot_id)
        actions.revise_ballot(
            session,
            ballot,
            title=ballot.title,
            explanation=ballot.explanation,
            opens_at=ballot.opens_at,
            closes_at=ballot.closes_at,
            min_picks=1,
            max_picks=4,
            seats={Track.BUDGET: 1},
            base_date=ballot.base_date,
            min_age=15,
            age_mode=AgeMode.PLAIN,
            quorum_kind=QuorumKind.NONE,
            quorum_value=0,
            by=polls.world.standing(session, by),
            at=polls.world.at,
        )


def test_a_draft_can_be_changed_and_its_positions_stay_without_gaps(polls):
    ballot_id = polls.draw()
    _remove(polls, ballot_id, polls.clerk)
    _add(polls, ballot_id, polls.officer)
    _revise(polls, ballot_id, polls.clerk)
    ballot = polls.ballot(ballot_id)
    assert [o.position for o in ballot.options] == [1, 2, 3, 4]
    assert ballot.options[-1].title == "늦은 안건"
    assert ballot.max_picks == 4


def test_whoever_had_a_hand_in_the_paper_cannot_certify(polls):
    polls.world.resident()
    helper = polls.world.staff(Role.CLERK, "doksan1")
    polls.world.grant(helper, Role.OBSERVER, "doksan1")
    polls.world.grant(polls.clerk, Role.OBSERVER, "doksan1")
    counter = polls.world.staff(Role.OFFICER, "doksan1")
    ballot_id = polls.draw()
    _add(polls, ballot_id, helper)
    polls.open(ballot_id)
    polls.close(ballot_id)
    polls.count(ballot_id, by=counter)
    for by in (polls.clerk, helper, polls.officer):
        with pytest.raises(Refused) as refused:
            polls.certify(ballot_id, by=by)
        assert refused.value.refusal is BallotRefusal.EDITOR_CERTIFIES
    polls.certify(ballot_id, by=polls.observer)


# ---------------------------------------------------------------- opening and closing


def test_the_jobs_open_and_close_once_and_only_in_time(polls):
    polls.world.resident()
    ballot_id = polls.draw()
    polls.freeze(ballot_id)

    def run(at):
        polls.world.clock.at = at
        with polls.world.write() as session:
            actions.open_due_ballots(session, at=at)
            actions.close_due_ballots(session, at=at)
        return _state(polls, ballot_id)

    assert run(OPENS - timedelta(seconds=1)) is BallotState.FROZEN
    assert run(OPENS) is BallotState.OPEN
    opened_at = polls.ballot(ballot_id).opened_at
    assert run(CLOSES - timedelta(seconds=1)) is BallotState.OPEN
    assert polls.ballot(ballot_id).opened_at == opened_at
    assert run(CLOSES) is BallotState.CLOSED
    assert run(CLOSES + timedelta(days=1)) is BallotState.CLOSED
    assert polls.ballot(ballot_id).closed_at == CLOSES


# ---------------------------------------------------------------- the count


def _voted(polls, picks=((1,), (1, 2), (3,))):
    people = polls.world.residents(len(picks))
    ballot_id = polls.opened()
    for person, chosen in zip(people, picks, strict=True):
        polls.cast(ballot_id, person, *chosen)
    polls.close(ballot_id)
    return ballot_id


def _refuses_to_count(polls, ballot_id, refusal):
    with pytest.raises(Refused) as refused:
        polls.count(ballot_id)
    assert refused.value.refusal is refusal
    ballot = polls.ballot(ballot_id)
    assert ballot.state is BallotState.CLOSED
    assert {option.votes for option in ballot.options} == {None}


def test_the_count_is_written_once(polls):
    ballot_id = _voted(polls)
    polls.count(ballot_id)
    with pytest.raises(Refused):
        polls.count(ballot_id)


def test_without_the_key_file_nothing_is_counted_and_with_it_again_it_is(polls):
    ballot_id = _voted(polls)
    file = polls.keys / f"tally-{ballot_id}.key"
    aside = file.with_suffix(".aside")
    file.rename(aside)
    _refuses_to_count(polls, ballot_id, BallotRefusal.KEY_MISSING)
    assert not file.exists()
    file.write_bytes(b"x" * 32)
    _refuses_to_count(polls, ballot_id, BallotRefusal.KEY_MISSING)
    aside.rename(file)
    polls.count(ballot_id)


def _damage(polls, statement):
    with polls.world.write() as session:
        session.execute(statement)


def test_a_damaged_envelope_stops_the_count(polls):
    ballot_id = _voted(polls)
    with polls.world.read() as session:
        one, other = session.query(Envelope).filter_by(ballot_id=ballot_id).limit(2)
    spoiled = bytes(one.sealed[:-1]) + bytes([one.sealed[-1] ^ 1])
    _damage(polls, update(Envelope).where(Envelope.id == one.id).values(sealed=spoiled))
    _refuses_to_count(polls, ballot_id, BallotRefusal.URN_DAMAGED)
    _damage(polls, update(Envelope).where(Envelope.id == one.id).values(sealed=other.sealed))
    _refuses_to_count(polls, ballot_id, BallotRefusal.URN_DAMAGED)
    _damage(polls, update(Envelope).where(Envelope.id == one.id).values(sealed=one.sealed))
    polls.count(ballot_id)


def test_a_missing_envelope_stops_the_count(polls):
    ballot_id = _voted(polls)
    with polls.world.read() as session:
        one = session.query(Envelope).filter_by(ballot_id=ballot_id).first()
    _damage(polls, delete(Envelope).where(Envelope.id == one.id))
    _refuses_to_count(polls, ballot_id, BallotRefusal.URN_DAMAGED)


def test_an_envelope_beyond_the_limits_stops_the_count(polls):
    ballot_id = _voted(polls, [(1,)])
    ballot = polls.ballot(ballot_id)
    with polls.world.read() as session:
        one = session.query(Envelope).filter_by(ballot_id=ballot_id).one()
    greedy = PreparedChoice(
        ballot_id=ballot_id,
        slot_id=one.slot_id,
        setup_hash=ballot.setup_hash,
        picks=rules.picks_to_bytes([1, 2, 3]),
        seed=b"s" * 32,
    )
    sealed = vault.seal_to(ballot.tally_public, greedy.payload)
    _damage(polls, update(Envelope).values(sealed=sealed, leaf=greedy.leaf))
    _refuses_to_count(polls, ballot_id, BallotRefusal.URN_DAMAGED)


@pytest.mark.parametrize("what", ["title", "limit", "roll"])
def test_a_paper_or_roll_changed_behind_our_back_stops_the_count(polls, what):
    ballot_id = _voted(polls)
    stranger = polls.world.resident("gasan")
    with polls.world.read() as session:
        option = session.query(Option).filter_by(ballot_id=ballot_id).first().id
        slot = session.query(Slot).filter_by(ballot_id=ballot_id).first().id
    _damage(
        polls,
        {
            "title": update(Option).where(Option.id == option).values(title="바뀐 이름"),
            "limit": update(Ballot).where(Ballot.id == ballot_id).values(max_picks=4),
            "roll": update(Slot).where(Slot.id == slot).values(person_id=stranger),
        }[what],
    )
    _refuses_to_count(polls, ballot_id, BallotRefusal.SETUP_CHANGED)


def test_below_the_quorum_nothing_is_selected(polls):
    people = polls.world.residents(2)
    ballot_id = polls.opened(quorum_kind=QuorumKind.SEATS, quorum_value=3)
    for person in people:
        polls.cast(ballot_id, person, 1)
    polls.close(ballot_id)
    polls.count(ballot_id)
    ballot = polls.ballot(ballot_id)
    assert {option.outcome for option in ballot.options} == {Outcome.NOT_SELECTED}
    assert ballot.options[0].votes == 2
    assert not queries.result(ballot).is_quorate


def test_a_ballot_nobody_cast_is_counted_too(polls):
    ballot_id = _nobody(polls)
    polls.count(ballot_id)
    assert {option.votes for option in polls.ballot(ballot_id).options} == {0}


def _nobody(polls):
    polls.world.resident()
    ballot_id = polls.opened()
    polls.close(ballot_id)
    return ballot_id


def test_a_choice_prepared_for_one_ballot_fits_no_other(polls):
    person = polls.world.resident()
    first, second = polls.opened(), polls.opened()
    choice = polls.prepare(first, person, 1)
    with pytest.raises(Refused) as refused:
        polls.put(second, person, choice)
    assert refused.value.refusal is BallotRefusal.FOREIGN_PAPER
