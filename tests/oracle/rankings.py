"""What pyrankvote and schulze-condorcet say of an election."""

import pyrankvote
from schulze_condorcet import schulze_evaluate


def _profile(candidates, ballots):
    theirs = {one.id: pyrankvote.Candidate(one.id) for one in candidates}
    papers = [
        pyrankvote.Ballot(ranked_candidates=[theirs[one] for (one,) in ballot.tiers])
        for ballot in ballots
    ]
    return list(theirs.values()), papers


def instant_runoff(candidates, ballots):
    """The winner by pyrankvote; of strict rankings."""
    result = pyrankvote.instant_runoff_voting(*_profile(candidates, ballots))
    (winner,) = result.get_winners()
    return winner.name


def stv(candidates, ballots, seats):
    """The winners by pyrankvote, in the order of the alphabet; of strict rankings."""
    result = pyrankvote.single_transferable_vote(*_profile(candidates, ballots), seats)
    return sorted(winner.name for winner in result.get_winners())


def schulze(candidates, ballots):
    """The levels by schulze-condorcet, best first."""
    ids = [one.id for one in candidates]
    votes = []
    for ballot in ballots:
        named = {one for tier in ballot.tiers for one in tier}
        rest = [one for one in ids if one not in named]
        tiers = [*ballot.tiers, *([rest] if rest else [])]
        votes.append(">".join("=".join(tier) for tier in tiers))
    return [sorted(level.split("=")) for level in schulze_evaluate(votes, ids).split(">")]
