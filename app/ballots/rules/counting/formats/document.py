"""JSON: the one format that holds everything an `Election` does.

The schema `madang/election/v1`:

    {"format": "madang/election/v1", "title": "…", "seats": 2, "budget": "100" or null,
     "candidates": [{"id": "a", "name": "…", "section": "…", "cost": "1/3", "rivals": "…",
                     "withdrawn": false}, …],
     "kind": "approval" | "score" | "ranking",
     "ballots": [{"weight": "2", "picks": ["a", "b"]} | {"points": {"a": "3"}}
                 | {"tiers": [["a"], ["b", "c"]]}, …]}

and, how it is to be counted, in `document_terms`. Numbers may be texts (exact: "1/3", "2.50") or
JSON numbers; an exponent is refused. Everything but `format`, `candidates` and a candidate's `id`
may be left out; unknown keys are refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.ballots.rules.counting.election import (
    Approval,
    Candidate,
    Election,
    Ranking,
    Scoring,
)
from app.ballots.rules.counting.formats import document_terms
from app.ballots.rules.counting.formats.json_values import (
    Misfit,
    Number,
    find,
    parse,
    read_amount,
    read_by,
    read_flag,
    read_list,
    read_object,
    read_text,
    read_whole,
)
from app.ballots.rules.counting.formats.reading import (
    MOST_BALLOTS,
    MOST_CANDIDATES,
    MOST_CHARACTERS,
    FormatError,
    Tiers,
    first_repeated,
    read_weight,
)
from app.ballots.rules.counting.papers import why_not_valid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ballots.rules.counting.formats.json_values import Path
    from app.ballots.rules.counting.terms import Terms

SUFFIXES = (".json",)
FORMAT = "madang/election/v1"
_KINDS = {"approval": "picks", "score": "points", "ranking": "tiers"}
_TOP = {"format", "title", "seats", "budget", "candidates", "kind", "ballots", *document_terms.KEYS}
_CANDIDATE = {"id", "name", "section", "cost", "rivals", "withdrawn"}


def read(text: str) -> Election:
    """Return the election that a document holds. Raises FormatError."""
    if len(text) > MOST_CHARACTERS:
        raise FormatError(1, 1, f"at most {MOST_CHARACTERS} characters")
    text = text.removeprefix("\ufeff")
    try:
        return _election(parse(text))
    except Misfit as misfit:
        line, column = _place(text, misfit.path)
        path = "".join(f"[{key!r}]" for key in misfit.path)
        raise FormatError(line, column, f"{misfit.expected} ({path or 'document'})") from misfit


def place_of(text: str, ballot: int) -> tuple[int, int]:
    """Return the line and column of a ballot, counted from 0."""
    return _place(text.removeprefix("\ufeff"), ("ballots", ballot))


def _place(text: str, path: Path) -> tuple[int, int]:
    at = find(text, path)
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def write(election: Election) -> str:
    """Return an election as a document, one candidate or ballot a line."""
    first = election.ballots[0] if election.ballots else Approval(())
    kind = {Approval: "approval", Scoring: "score", Ranking: "ranking"}[type(first)]
    head = {
        "format": FORMAT,
        "title": election.title,
        "seats": election.seats,
        "budget": None if election.budget is None else str(election.budget),
        "kind": kind,
        **document_terms.write(election.terms),
    }
    candidates = [
        {
            "id": one.id,
            "name": one.name,
            "section": one.section,
            "cost": str(one.cost),
            "rivals": one.rivals,
            "withdrawn": one.is_withdrawn,
        }
        for one in election.candidates
    ]
    ballots = [{"weight": str(ballot.weight), **_choice(ballot)} for ballot in election.ballots]
    lines = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
    for key, rows in (("candidates", candidates), ("ballots", ballots)):
        lines.append(f'"{key}": [' + ",".join("\n  " + _json(row) for row in rows) + "\n]")
    return "{" + ",\n".join(lines) + "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _choice(ballot: Approval | Scoring | Ranking) -> dict[str, Any]:
    match ballot:
        case Approval(picks):
            return {"picks": picks}
        case Scoring(points):
            return {"points": {one: str(value) for one, value in points}}
        case Ranking(tiers):
            return {"tiers": tiers}


# ---------------------------------------------------------------- what the schema asks for


def _election(document: Any) -> Election:
    top = read_object(document, (), _TOP)
    if top.get("format") != FORMAT:
        raise Misfit(("format",) if "format" in top else (), f'"format": "{FORMAT}"')
    rows = read_list(top.get("candidates"), ("candidates",), MOST_CANDIDATES)
    candidates = [_candidate(row, ("candidates", place)) for place, row in enumerate(rows)]
    ids = [one.id for one in candidates]
    twice = first_repeated(ids)
    if twice is not None:
        raise Misfit(("candidates", twice, "id"), "an id that no other candidate has")
    kind = top.get("kind", "approval")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Misfit(("kind",), "one of " + ", ".join(_KINDS))
    budget = top.get("budget")
    terms = document_terms.read(top, candidates)
    ballots = _ballots(
        read_list(top.get("ballots", []), ("ballots",), MOST_BALLOTS), kind, set(ids)
    )
    _keep(ballots, candidates, terms)
    return Election(
        title=read_text(top.get("title", ""), ("title",)),
        seats=read_whole(top.get("seats", Number("1")), ("seats",)),
        budget=None if budget is None else read_amount(budget, ("budget",)),
        candidates=tuple(candidates),
        ballots=ballots,
        terms=terms,
    )


def _keep(
    ballots: Sequence[Approval | Scoring | Ranking], candidates: Sequence[Candidate], terms: Terms
) -> None:
    """Raise Misfit at the first ballot that does not keep what the terms say of a paper."""
    if terms.paper is None:
        return
    sections = {one.id: one.section for one in candidates}
    for place, ballot in enumerate(ballots):
        complaint = why_not_valid(ballot, sections, terms.paper)
        if complaint is None:
            continue
        least, most = complaint.bounds.least, complaint.bounds.most
        if complaint.candidate:
            expected = f"whole points from {least} to {most} for {complaint.candidate}"
        else:
            where = "in all" if complaint.section is None else f"in section {complaint.section}"
            expected = f"{least} to {most} picks {where}, not {complaint.found}"
        raise Misfit(("ballots", place), expected)


def _candidate(row: Any, path: Path) -> Candidate:
    own = read_object(row, path, _CANDIDATE)
    if "id" not in own or not own["id"]:
        raise Misfit(path, 'an "id"')
    texts = {
        key: read_text(own.get(key, ""), (*path, key)) for key in ("name", "section", "rivals")
    }
    return Candidate(
        id=read_text(own["id"], (*path, "id")),
        cost=read_amount(own.get("cost", "0"), (*path, "cost")),
        is_withdrawn=read_flag(own.get("withdrawn", False), (*path, "withdrawn")),
        **texts,
    )


def _ballots(
    rows: Sequence[Any], kind: str, ids: set[str]
) -> tuple[Approval | Scoring | Ranking, ...]:
    key, tiers = _KINDS[kind], Tiers(len(ids))
    ballots: list[Approval | Scoring | Ranking] = []
    for place, row in enumerate(rows):
        path: Path = ("ballots", place)
        own = read_object(row, path, {"weight", key})
        weight = read_by(read_weight, own.get("weight", "1"), (*path, "weight"))
        named = _Named(ids)
        choice, at = own.get(key), (*path, key)
        if kind == "ranking":
            ballots.append(Ranking(_tiers(choice, at, named, tiers), weight))
        elif kind == "score":
            if not isinstance(choice, dict):
                raise Misfit(at if choice is not None else path, f'"{key}": an object')
            points = (
                (named(one, (*at, one)), read_amount(value, (*at, one)))
                for one, value in choice.items()
            )
            ballots.append(Scoring(tuple(points), weight))
        else:
            picks = enumerate(read_list(choice, at, MOST_CANDIDATES))
            ballots.append(Approval(tuple(named(one, (*at, i)) for i, one in picks), weight))
    return tuple(ballots)


def _tiers(value: Any, path: Path, named: _Named, tiers: Tiers) -> tuple[tuple[str, ...], ...]:
    found = []
    for place, tier in enumerate(read_list(value, path, MOST_CANDIDATES)):
        at = (*path, place)
        ones = tuple(
            named(one, (*at, i)) for i, one in enumerate(read_list(tier, at, MOST_CANDIDATES))
        )
        if not ones:
            raise Misfit(at, "at least one candidate on a tier")
        found.append(tiers.keep(ones))
    return tuple(found)


class _Named:
    """Whom one ballot has named so far."""

    def __init__(self, ids: set[str]) -> None:
        self._ids = ids
        self._named: set[str] = set()

    def __call__(self, value: Any, path: Path) -> str:
        """Return a candidate's id that the ballot has not named before."""
        if not isinstance(value, str) or value not in self._ids:
            raise Misfit(path, "a candidate's id")
        if value in self._named:
            raise Misfit(path, "a candidate whom this ballot has not named yet")
        self._named.add(value)
        return value
