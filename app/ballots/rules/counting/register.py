"""Which files can be read, and by which rules they can be counted: one table for each.

A format or a rule is plugged in by one line here; commands and pages ask only this register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app.ballots.rules.counting.approval import count_approval
from app.ballots.rules.counting.election import (
    ONE,
    Approval,
    Election,
    Ranking,
    Scoring,
    sum_of_picks,
    sum_of_points,
)
from app.ballots.rules.counting.equal_shares import SharesRule, count_equal_shares
from app.ballots.rules.counting.formats import blt, document, preflib, table
from app.ballots.rules.counting.formats.pabulib import (
    Difference,
    Note,
    PabulibFile,
    count_pabulib,
    difference,
    read_pabulib,
)
from app.ballots.rules.counting.formats.pabulib.terms import RULES as PABULIB_RULES
from app.ballots.rules.counting.formats.reading import FormatError, decode
from app.ballots.rules.counting.greedy import GreedyRule, count_greedy
from app.ballots.rules.counting.pairs import sum_of_preferences
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.runoff import count_instant_runoff
from app.ballots.rules.counting.schulze import count_schulze
from app.ballots.rules.counting.scores import count_scores
from app.ballots.rules.counting.single import count_single
from app.ballots.rules.counting.stv import count_stv
from app.ballots.rules.counting.ties import TieBreak, TieRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.ballots.rules.counting.outcome import Count


# Time grows with the cube of the candidates: so many take some 15 s, ten times as many hours.
MOST_IN_DUELS = 300


class Unfit(ValueError):
    """A rule that cannot count this file, or not as asked: what it would need."""


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file as it was read: the election, the rule it asks for, and what was mended.

    `source` is Pabulib's own reading, for rules that need more than the election; `ties` settles
    equals where nobody asks otherwise.
    """

    election: Election
    rule: str
    ties: TieBreak = OPEN
    notes: tuple[Note, ...] = ()
    published: tuple[str, ...] | None = None
    source: PabulibFile | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the asker wants otherwise than the file: how many seats, how ties are settled."""

    seats: int | None = None
    ties: TieBreak | None = None


class Format(NamedTuple):
    """A kind of file: how its name ends, what its text looks like, and how it is read."""

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[str], ReadFile]


# ---------------------------------------------------------------- formats


def _read_pb(text: str) -> ReadFile:
    file = read_pabulib(text)
    return ReadFile(
        election=file.election,
        rule=file.rule,
        # Published files stand in the order in which their cities ranked equals.
        ties=TieBreak(TieRule.PAPER_ORDER),
        notes=file.notes,
        published=file.published if file.marks else None,
        source=file,
    )


def _plain(read: Callable[[str], Election]) -> Callable[[str], ReadFile]:
    def reader(text: str) -> ReadFile:
        election = read(text)
        return ReadFile(election=election, rule=_usual_rule(election))

    return reader


def _usual_rule(election: Election) -> str:
    """Return the rule for a file that names none, by what its ballots are."""
    if election.budget is not None:
        return "greedy"
    first = election.ballots[0] if election.ballots else Approval(())
    if isinstance(first, Ranking):
        return "irv" if election.seats == 1 else "stv"
    return "score" if isinstance(first, Scoring) else "approval"


def _starts(*marks: str) -> Callable[[str], bool]:
    return lambda text: text.lstrip("\ufeff \t\r\n").upper().startswith(marks)


FORMATS: tuple[Format, ...] = (
    Format("Pabulib .pb", (".pb",), _starts("META"), _read_pb),
    Format("PrefLib", preflib.SUFFIXES, _starts("# FILE NAME"), _plain(preflib.read)),
    Format("BLT", blt.SUFFIXES, lambda _text: False, _plain(blt.read)),
    Format("CSV", table.SUFFIXES, _starts(*(k.upper() for k in table.KINDS)), _plain(table.read)),
    Format("JSON", document.SUFFIXES, _starts("{"), _plain(document.read)),
)


def read_file(name: str, raw: bytes) -> ReadFile:
    """Read a file by how its name ends, else by what it looks like. Raises FormatError."""
    text = decode(raw)
    for one in FORMATS:
        if name.lower().endswith(one.endings):
            return one.read(text)
    for one in FORMATS:
        if one.recognises(text):
            return one.read(text)
    names = ", ".join(one.name for one in FORMATS)
    raise FormatError(1, 1, f"a file in one of these formats: {names}")


# ---------------------------------------------------------------- rules

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
    """Return the places of each section: as many as there are seats."""
    return {one.section: _seats(file, asked) for one in file.election.candidates}


def _ties(file: ReadFile, asked: Asked) -> TieBreak:
    return asked.ties or file.ties


def _approval(file: ReadFile, asked: Asked) -> Count:
    candidates, ballots = file.election.candidates, _picks(file)
    sums = sum_of_picks(candidates, ballots)
    return count_approval(candidates, sums, _places(file, asked), ties=_ties(file, asked))


def _single(file: ReadFile, asked: Asked) -> Count:
    candidates, ballots = file.election.candidates, _picks(file)
    if any(len(one.picks) > 1 for one in ballots):
        raise Unfit("this rule counts ballots that pick one")
    return count_single(
        candidates,
        sum_of_picks(candidates, ballots),
        places=_seats(file, asked),
        ties=_ties(file, asked),
    )


def _score(file: ReadFile, asked: Asked) -> Count:
    candidates = file.election.candidates
    sums = sum_of_points(candidates, _ballots(file, Scoring, "ballots that give points"))
    return count_scores(candidates, sums, _places(file, asked), ties=_ties(file, asked))


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
        add, compare = ONE if "add1" in rule else None, rule.endswith("-comparison")
        shares = SharesRule(budget=budget, add=add, compare=compare, ties=ties)
        return count_equal_shares(election.candidates, ballots, shares)
    points = [
        Scoring(tuple((one, ONE) for one in ballot.picks), ballot.weight)
        if isinstance(ballot, Approval)
        else ballot
        for ballot in ballots
    ]
    greedy = GreedyRule(budget=budget, skip=rule != "greedy-no-skip", ties=ties)
    return count_greedy(election.candidates, sum_of_points(election.candidates, points), greedy)


RULES: Mapping[str, Callable[[ReadFile, Asked], Count]] = {
    "approval": _approval,
    "single": _single,
    "score": _score,
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
}


def count_file(file: ReadFile, rule: str, asked: Asked) -> tuple[Count, Difference | None]:
    """Count a file by a rule, or by its own if none is named.

    Says how the outcome differs from what the file publishes, if it publishes anything. Raises
    Unfit where the rule and the file do not go together, FormatError where the file lacks a part.
    """
    rule = rule or file.rule
    count = RULES[rule](file, asked)
    if file.source is None or file.published is None or rule not in PABULIB_RULES:
        return count, None
    return count, difference(file.source, count, rule, _ties(file, asked))
