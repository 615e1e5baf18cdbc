"""By which rules a file can be counted: one table, which commands and pages ask."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
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
from app.ballots.rules.counting.formats.pabulib import Difference, count_pabulib, difference
from app.ballots.rules.counting.formats.pabulib.sums import named_sums
from app.ballots.rules.counting.formats.pabulib.terms import BY_PICKS, BY_POINTS
from app.ballots.rules.counting.formats.pabulib.terms import RULES as PABULIB_RULES
from app.ballots.rules.counting.formats.reading import FormatError
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.majority import MORE_THAN_HALF
from app.ballots.rules.counting.outcome import Count, Round, Verdict
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.papers import PaperRule
from app.ballots.rules.counting.places import refuse_all
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.single import count_single
from app.ballots.rules.counting.stv import count_stv
from app.ballots.rules.counting.ties import TieBreak
from app.ballots.rules.counting.unfit import Unfit
from app.ballots.rules.counting.yes_no import count_yes_no

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from app.ballots.rules.counting.election import Election
    from app.ballots.rules.counting.files import ReadFile
    from app.ballots.rules.counting.terms import Channel, Terms


# Time grows with the cube of the candidates: so many take some 15 s, ten times as many hours.
MOST_IN_DUELS = 300
YES_NO_ABSTAIN = (2, 3)
# Which end where one does not fit; of the custom only a `.pb` file can say that it goes on.
STOPPING = ("greedy-no-skip", "greedy-custom")
# Usual words of the answers, each with its place on the paper.
ANSWERS = {
    **dict.fromkeys(("찬성", "예", "yes", "for", "aye"), 0),
    **dict.fromkeys(("반대", "아니오", "아니요", "no", "against", "nay"), 1),
    **dict.fromkeys(("기권", "abstain", "abstention"), 2),
}


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
    if _holds_sums(file):
        raise FormatError(1, 1, "a section VOTES, as rankings cannot be counted from sums")
    return _ballots(file, Ranking, "rankings")


def _holds_sums(file: ReadFile) -> bool:
    """Say whether a file tells sums and no ballots, as a `.pb` file without votes does."""
    return file.source is not None and not file.election.ballots


def _told_sums(file: ReadFile, *kinds: str) -> dict[str, Fraction] | None:
    """Return the sums told instead of ballots, None where there are ballots.

    Raises Unfit for sums of another kind of votes.
    """
    if file.source is None or not _holds_sums(file):
        return None
    if file.source.vote_type not in kinds:
        raise Unfit(f"this rule counts sums of {' or '.join(kinds)}, not {file.source.vote_type}")
    return dict(file.source.sums)


def _seats(file: ReadFile, asked: Asked) -> int:
    return asked.seats or file.election.seats


def _places(file: ReadFile, asked: Asked) -> dict[str, int]:
    """Return the places of each section: its own, or as many as there are seats."""
    if sections := file.election.terms.sections:
        return {one.id: asked.seats or one.seats for one in sections}
    return {one.section: _seats(file, asked) for one in file.election.candidates}


def _ties(file: ReadFile, asked: Asked) -> TieBreak:
    return asked.ties or file.ties


def _by_sums(
    rule: Callable[..., Count], given: Callable[[ReadFile], object], file: ReadFile, asked: Asked
) -> Count:
    """Count by a rule that fills the places of each section from what is given."""
    terms = file.election.terms
    return rule(
        file.election.candidates,
        given(file),
        _places(file, asked),
        ties=_ties(file, asked),
        voters=terms.voters,
        needed=terms.needed,
    )


def _sums(file: ReadFile) -> dict[str, Fraction]:
    if (told := _told_sums(file, *BY_PICKS)) is not None:
        return told
    return sum_of_picks(file.election.candidates, _picks(file))


def _points(file: ReadFile) -> dict[str, Fraction]:
    if (told := _told_sums(file, *BY_POINTS)) is not None:
        return told
    ballots = _ballots(file, Scoring, "ballots that give points")
    return sum_of_points(file.election.candidates, ballots)


def _channels(file: ReadFile) -> Sequence[Channel]:
    if not file.election.terms.channels or file.election.ballots:
        raise Unfit("this rule counts the sums of channels, and no ballots beside them")
    return file.election.terms.channels


def _single(file: ReadFile, asked: Asked) -> Count:
    candidates, terms = file.election.candidates, file.election.terms
    told = _told_sums(file, "choose-1")
    return count_single(
        candidates,
        sum_of_picks(candidates, _one_each(file)) if told is None else told,
        places=_seats(file, asked),
        ties=_ties(file, asked),
        majority=terms.majority,
        voters=terms.voters,
        roll=terms.roll,
        needed=terms.needed,
    )


def _one_each(file: ReadFile) -> list[Approval]:
    ballots = _picks(file)
    for number, one in enumerate(ballots):
        if len(one.picks) > 1:
            line, column = file.place_of(number)
            raise FormatError(line, column, f"a ballot that picks one, not {len(one.picks)}")
    return ballots


def _yes_no(file: ReadFile, _asked: Asked) -> Count:
    """Decide a question whose answers stand on the paper in the order yes, no, abstain.

    What an answer is, its place on the paper says; usual words in another order are refused.
    Whoever picks nothing took part and said neither, as whoever abstains.
    """
    candidates, terms = file.election.candidates, file.election.terms
    if len(candidates) not in YES_NO_ABSTAIN:
        raise Unfit("this rule counts the answers yes, no and, if there is a third, abstain")
    for place, one in enumerate(candidates):
        if one.is_withdrawn:
            raise Unfit(f"a question is asked or not: no answer is withdrawn, as {one.id} is")
        said = {word.strip().lower() for word in (one.name, one.id)}
        if any(ANSWERS.get(word, place) != place for word in said):
            raise Unfit(
                f"the answers stand in the order yes, no, abstain, not {one.name or one.id}"
                f" as number {place + 1}"
            )
    if _holds_sums(file):
        raise FormatError(1, 1, "a section VOTES, as a question is answered by ballots")
    ballots = _one_each(file)
    yes, no, *abstain = sum_of_picks(candidates, ballots).values()
    empty = sum((one.weight for one in ballots if not one.picks), NONE)
    return count_yes_no(
        candidates[0],
        yes=yes,
        no=no,
        abstain=sum(abstain, empty),
        majority=terms.majority or MORE_THAN_HALF,
        present=terms.voters,
        roll=terms.roll,
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


def _by_budget(rule: str, file: ReadFile, asked: Asked) -> Count:
    if file.source is not None:
        return count_pabulib(file.source, rule, _ties(file, asked))
    return _spend(file, rule, _ties(file, asked))


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
    greedy = GreedyRule(budget=budget, skip=rule not in STOPPING, ties=ties, sections=sections)
    return count_greedy(election.candidates, sum_of_points(election.candidates, points), greedy)


def _shared_out(
    election: Election, ballots: Sequence[Approval | Scoring], rule: str, ties: TieBreak
) -> Count:
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
    "approval": partial(_by_sums, count_approval, _sums),
    "single": _single,
    "score": partial(_by_sums, count_scores, _points),
    "yes_no": _yes_no,
    "weighted_channels": partial(_by_sums, count_channels, _channels),
    "irv": _instant_runoff,
    "schulze": _schulze,
    "stv": _stv,
    **{rule: partial(_by_budget, rule) for rule in PABULIB_RULES},
}
# What a file may say of its counting, and which rules heed it. The quorum is heeded for all.
HEEDED: Mapping[str, Collection[str]] = {
    "approval": ("sections", "places of sections", "seats"),
    "single": ("majority", "seats"),
    "score": ("sections", "places of sections", "seats"),
    "yes_no": ("majority",),
    "weighted_channels": ("sections", "places of sections", "channels", "seats"),
    "irv": ("seats",),  # of which it refuses several itself
    "schulze": ("seats",),
    "stv": ("seats",),
    **{
        rule: ()
        if rule.startswith("equalshares")
        else ("sections", "budgets of sections", "rivals")
        for rule in PABULIB_RULES
    },
}
# Which rules need no more than how many voters named each candidate, so that files may hold sums.
BY_SUMS = {rule for rule in RULES if rule in ("approval", "score") or rule.startswith("greedy")}
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
    if asked.seats is not None and "seats" not in HEEDED[rule]:
        raise Unfit(f"{rule} knows no seats")
    _insist_on_terms(file, rule)
    count = _with_quorum(RULES[rule](file, asked), file.election)
    if file.source is None or not is_comparable(file, rule):
        return count, None
    return count, difference(file.source, count, rule, _ties(file, asked))


def is_comparable(file: ReadFile, rule: str) -> bool:
    """Say whether what a file publishes can be held against a count by this rule of `RULES`.

    What a city selected within its budget says nothing of a count without one.
    """
    return file.published is not None and rule in PABULIB_RULES


def _insist_on_terms(file: ReadFile, rule: str) -> None:
    """Refuse what a file says of its counting where the rule would pass it over. Raises Unfit."""
    election, terms = file.election, file.election.terms
    said = {
        "sections": bool(terms.sections),
        "places of sections": any(one.seats > 1 for one in terms.sections),
        "budgets of sections": bool(_section_budgets(election)),
        "majority": terms.majority is not None,
        "channels": bool(terms.channels),
        "rivals": file.source is None and any(one.rivals for one in election.candidates),
        "seats": election.seats > 1,
    }
    for term, is_said in said.items():
        if is_said and term not in HEEDED[rule]:
            article = "a " if term == "majority" else ""
            raise Unfit(f"{rule} does not count {article}{term}")
    if terms.sections and election.seats not in (1, sum(one.seats for one in terms.sections)):
        raise Unfit('each section has places of its own, which "seats" contradicts')
    if terms.voters is not None or terms.roll is not None:
        _insist_on_numbers(terms, _papers(election, rule))
    if terms.needed and terms.voters is None:
        raise Unfit('a quorum ("needed") is met or not by how many took part ("voters")')


def _papers(election: Election, rule: str) -> Fraction:
    """Return how many papers there are at least; a row may be the sum of one candidate's votes.

    Then it is as many as the most named has, as all that is named takes by so many on a paper, and
    the empty papers, which are no sums, beside them.
    """
    if rule not in BY_SUMS:
        return sum((one.weight for one in election.ballots), NONE)
    named = named_sums((one.id for one in election.candidates), election.ballots)
    least = [*named.values(), NONE]
    paper = election.terms.paper or PaperRule()
    if paper.total and paper.total.most:
        least.append(sum(named.values(), NONE) / paper.total.most)
    for section, bounds in paper.sections.items():
        within = (named[one.id] for one in election.candidates if one.section == section)
        least.append(sum(within, NONE) / max(bounds.most, 1))
    return max(least) + sum((one.weight for one in election.ballots if not one.names), NONE)


def _insist_on_numbers(terms: Terms, papers: Fraction) -> None:
    """Refuse more papers than voters, and more of either than the roll holds. Raises Unfit."""
    if terms.voters is not None and papers > terms.voters:
        raise Unfit(f'more voted ({papers}) than took part ("voters": {terms.voters})')
    took_part = max(papers, terms.voters or NONE)
    if terms.roll is not None and took_part > terms.roll:
        raise Unfit(f'more took part ({took_part}) than the roll holds ("roll": {terms.roll})')


def _with_quorum(count: Count, election: Election) -> Count:
    """Return a count, or that nobody is selected where too few took part."""
    terms = election.terms
    if terms.voters is None or terms.voters >= terms.needed:
        return count
    if any(step.verdict is Verdict.NO_QUORUM for step in count.verdicts.values()):
        return count  # the rule has said so itself
    stood = dict.fromkeys((one.id for one in election.candidates), NONE) | dict(count.votes)
    if count.rounds and not count.votes:
        stood |= dict(count.rounds[0].standing)
    figures = {"voters": Fraction(terms.voters), "needed": Fraction(terms.needed)}
    filling = refuse_all(stood, Verdict.NO_QUORUM, **figures)
    return Count(
        method=count.method,
        selected=(),
        rounds=(Round(number=1, standing=filling.standing, steps=filling.steps),),
        votes=count.votes,
        figures=figures,
    )


def named_rule(name: str) -> str:
    """Return the rule that a name means. Raises Unfit where it means none."""
    rule = ALSO.get(name.lower(), name.lower())
    if rule not in RULES:
        raise Unfit(f"not a rule: {name}; there are {', '.join(RULES)}")
    return rule
