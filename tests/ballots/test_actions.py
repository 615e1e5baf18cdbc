"""A ballot's life on a real database."""

from app.assemblies.models import Track
from app.ballots import queries
from app.ballots.models import BallotState, Outcome


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
