"""By which rules a file can be counted: one table, which commands and pages ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.channels import count_channels
from app.ballots.rules.counting.election import (
    NONE,
    ONE,
    Approval,
    Ranking,
    Scoring,
    sum_of_picks,
    sum_of_points,
)
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.files import Unfit
from app.ballots.rules.counting.formats.pabulib import Difference, count_pabulib, difference
from app.ballots.rules.counting.formats.pabulib.terms import RULES as PABULIB_RULES
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.majority import MORE_THAN_HALF
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.single import count_single
from app.ballots.rules.counting.stv import count_stv
from app.ballots.rules.counting.ties import TieBreak
from app.ballots.rules.counting.yes_no import count_yes_no

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from app.ballots.rules.counting.election import Election
    from app.ballots.rules.counting.files import ReadFile
    from app.ballots.rules.counting.outcome import Count


# Time grows with the cube of the candidates: so many take some 15 s, ten times as many hours.
MOST_IN_DUELS = 300
YES_NO_ABSTAIN = (2, 3)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the asker wants otherwise than the file: how many seats, how ties are settled."""

    seats: int | None = None
    ties: TieBreak | None = None


_Kind = TypeVar("_Kind", Approval, Scoring, Ranking)


def _ballots(file: ReadFile, kind: type[_Kind], needed: str) -> list[_Kind]:
    ballots = [one for one in file.election.ballots if isinstance(one, kind)]
    if len(ballots) < len(file.election.ballots):
        raise Unfit(f"this rule counts {needed}")
    return ballots


def _picks(file: ReadFile) -> list[Approval]:
    return _ballots(file, Approval, "ballots that pick")


def _rankings(file: ReadFile) -> list[Ranking]:
    return _ballots(file, Ranking, "rankings")


def _seats(file: ReadFile, asked: Asked) -> int:
    return asked.seats or file.election.seats


def _places(file: ReadFile, asked: Asked) -> dict[str, int]:
    """Return the places of each section: its own, or as many as there are seats."""
    if sections := file.election.terms.sections:
        return {one.id: asked.seats or one.seats for one in sections}
    return {one.section: _seats(file, asked) for one in file.election.candidates}


def _ties(file: ReadFile, asked: Asked) -> TieBreak:
    return asked.ties or file.ties


def _approval(file: ReadFile, asked: Asked) -> Count:
    candidates, terms = file.election.candidates, file.election.terms
    return count_approval(
        candidates,
        sum_of_picks(candidates, _picks(file)),
        _places(file, asked),
        ties=_ties(file, asked),
        voters=terms.voters,
        needed=terms.needed,
    )


def _single(file: ReadFile, asked: Asked) -> Count:
    candidates, terms = file.election.candidates, file.election.terms
    return count_single(
        candidates,
        sum_of_picks(candidates, _one_each(file)),
        places=_seats(file, asked),
        ties=_ties(file, asked),
        majority=terms.majority,
        voters=terms.voters,
        roll=terms.roll,
        needed=terms.needed,
    )


def _one_each(file: ReadFile) -> list[Approval]:
    ballots = _picks(file)
    if any(len(one.picks) > 1 for one in ballots):
        raise Unfit("this rule counts ballots that pick one")
    return ballots


def _yes_no(file: ReadFile, _asked: Asked) -> Count:
    """Decide a question whose answers stand on the paper in the order yes, no, abstain."""
    candidates, terms = file.election.candidates, file.election.terms
    if len(candidates) not in YES_NO_ABSTAIN:
        raise Unfit("this rule counts the answers yes, no and, if there is a third, abstain")
    yes, no, *abstain = sum_of_picks(candidates, _one_each(file)).values()
    return count_yes_no(
        candidates[0],
        yes=yes,
        no=no,
        abstain=sum(abstain),
        majority=terms.majority or MORE_THAN_HALF,
        present=terms.voters,
        roll=terms.roll,
        needed=terms.needed,
    )


def _score(file: ReadFile, asked: Asked) -> Count:
    candidates, terms = file.election.candidates, file.election.terms
    return count_scores(
        candidates,
        sum_of_points(candidates, _ballots(file, Scoring, "ballots that give points")),
        _places(file, asked),
        ties=_ties(file, asked),
        voters=terms.voters,
        needed=terms.needed,
    )


def _weighted_channels(file: ReadFile, asked: Asked) -> Count:
    candidates, terms = file.election.candidates, file.election.terms
    if not terms.channels or file.election.ballots:
        raise Unfit("this rule counts the sums of channels, and no ballots beside them")
    return count_channels(
        candidates,
        terms.channels,
        _places(file, asked),
        ties=_ties(file, asked),
        voters=terms.voters,
        needed=terms.needed,
    )


def _instant_runoff(file: ReadFile, asked: Asked) -> Count:
    if _seats(file, asked) > 1:
        raise Unfit("instant runoff fills one seat; several are filled by stv")
    return count_instant_runoff(file.election.candidates, _rankings(file), ties=_ties(file, asked))


def _schulze(file: ReadFile, asked: Asked) -> Count:
    candidates = file.election.candidates
    if len(candidates) > MOST_IN_DUELS:
        raise Unfit(f"schulze sets everybody against everybody: at most {MOST_IN_DUELS} candidates")
    preferences = sum_of_preferences(candidates, _rankings(file))
    return count_schulze(candidates, preferences, _seats(file, asked), ties=_ties(file, asked))


def _stv(file: ReadFile, asked: Asked) -> Count:
    return count_stv(
        file.election.candidates, _rankings(file), _seats(file, asked), ties=_ties(file, asked)
    )


def _by_budget(rule: str) -> Callable[[ReadFile, Asked], Count]:
    def count(file: ReadFile, asked: Asked) -> Count:
        if asked.seats is not None:
            raise Unfit(f"{rule} spends a budget and knows no seats")
        if file.source is not None:
            return count_pabulib(file.source, rule, _ties(file, asked))
        return _spend(file, rule, _ties(file, asked))

    return count


def _spend(file: ReadFile, rule: str, ties: TieBreak) -> Count:
    """Spend the budget of an election that is not Pabulib's."""
    election, budget = file.election, file.election.budget
    if budget is None:
        raise Unfit(f"{rule} needs a budget and costs")
    ballots = [one for one in election.ballots if isinstance(one, (Approval, Scoring))]
    if len(ballots) < len(election.ballots):
        raise Unfit(f"{rule} counts ballots that pick or give points")
    if rule.startswith("equalshares"):
        return _shared_out(election, ballots, rule, ties)
    points = [
        Scoring(tuple((one, ONE) for one in ballot.picks), ballot.weight)
        if isinstance(ballot, Approval)
        else ballot
        for ballot in ballots
    ]
    sections = _section_budgets(election)
    if sections and any(one.section not in sections for one in election.candidates):
        raise Unfit("either every section has a budget or none")
    greedy = GreedyRule(budget=budget, skip=rule != "greedy-no-skip", ties=ties, sections=sections)
    return count_greedy(election.candidates, sum_of_points(election.candidates, points), greedy)


def _shared_out(
    election: Election, ballots: Sequence[Approval | Scoring], rule: str, ties: TieBreak
) -> Count:
    if _section_budgets(election):
        raise Unfit("Equal Shares spends one budget, not one for each section")
    shares = SharesRule(
        budget=election.budget or NONE,
        add=ONE if "add1" in rule else None,
        compare=rule.endswith("-comparison"),
        ties=ties,
    )
    return count_equal_shares(election.candidates, ballots, shares)


def _section_budgets(election: Election) -> dict[str, Fraction]:
    sections = election.terms.sections
    return {one.id: one.budget for one in sections if one.budget is not None}


RULES: Mapping[str, Callable[[ReadFile, Asked], Count]] = {
    "approval": _approval,
    "single": _single,
    "score": _score,
    "yes_no": _yes_no,
    "weighted_channels": _weighted_channels,
    "irv": _instant_runoff,
    "schulze": _schulze,
    "stv": _stv,
    **{rule: _by_budget(rule) for rule in PABULIB_RULES},
}
# Other names under which a rule is known.
ALSO: Mapping[str, str] = {
    "plurality": "single",
    "choose-1": "single",
    "instant-runoff": "irv",
    "instant_runoff": "irv",
    "mes": "equalshares",
    "mes/add1": "equalshares/add1",
    "yes-no": "yes_no",
    "channels": "weighted_channels",
}


def count_file(file: ReadFile, rule: str, asked: Asked) -> tuple[Count, Difference | None]:
    """Count a file by a rule, or by its own if none is named.

    Says how the outcome differs from what the file publishes, if it publishes anything. Raises
    Unfit where the rule and the file do not go together, FormatError where the file lacks a part.
    """
    rule = named_rule(rule or file.rule)
    try:
        count = RULES[rule](file, asked)
    except (FormatError, Unfit):
        raise
    except ValueError as error:
        raise Unfit(str(error)) from error
    if file.source is None or file.published is None or rule not in PABULIB_RULES:
        return count, None
    return count, difference(file.source, count, rule, _ties(file, asked))


def named_rule(name: str) -> str:
    """Return the rule that a name means. Raises Unfit where it means none."""
    rule = ALSO.get(name.lower(), name.lower())
    if rule not in RULES:
        raise Unfit(f"not a rule: {name}; there are {', '.join(RULES)}")
    return rule
