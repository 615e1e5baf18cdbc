"""JSON: the one format that holds everything an `Election` does.

The schema `madang/election/v1`:

    {"format": "madang/election/v1", "title": "…", "seats": 2, "budget": "100" or null,
     "candidates": [{"id": "a", "name": "…", "section": "…", "cost": "1/3", "rivals": "…",
                     "withdrawn": false}, …],
     "kind": "approval" | "score" | "ranking",
     "ballots": [{"weight": "2", "picks": ["a", "b"]} | {"points": {"a": "3"}}
                 | {"tiers": [["a"], ["b", "c"]]}, …]}

Numbers may be texts (exact: "1/3", "2.50") or JSON numbers; an exponent is refused. Everything but
`format`, `candidates` and a candidate's `id` may be left out; unknown keys are refused.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from app.ballots.rules.counting.election import (
    Approval,
    Candidate,
    Election,
    Ranking,
    Scoring,
)
from app.ballots.rules.counting.formats.reading import (
    LONGEST_NAME,
    MOST_BALLOTS,
    MOST_CANDIDATES,
    MOST_CHARACTERS,
    FormatError,
    Tiers,
    read_integer,
    read_number,
    read_weight,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Path = tuple[str | int, ...]

SUFFIXES = (".json",)
FORMAT = "madang/election/v1"
_KINDS = {"approval": "picks", "score": "points", "ranking": "tiers"}
_TOP = {"format", "title", "seats", "budget", "candidates", "kind", "ballots"}
_CANDIDATE = {"id", "name", "section", "cost", "rivals", "withdrawn"}


_Read = TypeVar("_Read")


class _Number(str):
    """A JSON number as it stands in the file: read exactly, never as a float."""

    __slots__ = ()


class _Misfit(Exception):
    """A value that is not what the schema asks for there."""

    def __init__(self, path: Path, expected: str) -> None:
        super().__init__(expected)
        self.path = path
        self.expected = expected


def read(text: str) -> Election:
    """Return the election that a document holds. Raises FormatError."""
    if len(text) > MOST_CHARACTERS:
        raise FormatError(1, 1, f"at most {MOST_CHARACTERS} characters")
    text = text.removeprefix("\ufeff")
    try:
        return _election(_parse(text))
    except _Misfit as misfit:
        at = _find(text, misfit.path)
        line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
        path = "".join(f"[{key!r}]" for key in misfit.path)
        raise FormatError(line, column, f"{misfit.expected} ({path or 'document'})") from misfit


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


def _parse(text: str) -> Any:
    def constant(name: str) -> Any:
        raise _Misfit((), f"no {name}")

    def pairs(found: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in found}) < len(found):
            raise _Misfit((), "no key twice in one object")
        return dict(found)

    try:
        return json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=constant,
            object_pairs_hook=pairs,
        )
    except json.JSONDecodeError as error:
        raise FormatError(error.lineno, error.colno, f"JSON ({error.msg})") from error
    except RecursionError as error:
        raise FormatError(1, 1, "a document that is not nested so deep") from error


# ---------------------------------------------------------------- what the schema asks for


def _election(document: Any) -> Election:
    top = _object(document, (), _TOP)
    if top.get("format") != FORMAT:
        raise _Misfit(("format",) if "format" in top else (), f'"format": "{FORMAT}"')
    rows = _list(top.get("candidates"), ("candidates",), MOST_CANDIDATES)
    candidates = [_candidate(row, ("candidates", place)) for place, row in enumerate(rows)]
    ids = [one.id for one in candidates]
    if len(set(ids)) < len(ids):
        twice = next(place for place, one in enumerate(ids) if one in ids[:place])
        raise _Misfit(("candidates", twice, "id"), "an id that no other candidate has")
    kind = top.get("kind", "approval")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _Misfit(("kind",), "one of " + ", ".join(_KINDS))
    budget = top.get("budget")
    return Election(
        title=_text(top.get("title", ""), ("title",)),
        seats=_whole(top.get("seats", _Number("1")), ("seats",)),
        budget=None if budget is None else _amount(budget, ("budget",)),
        candidates=tuple(candidates),
        ballots=_ballots(_list(top.get("ballots", []), ("ballots",), MOST_BALLOTS), kind, set(ids)),
    )


def _candidate(row: Any, path: Path) -> Candidate:
    own = _object(row, path, _CANDIDATE)
    if "id" not in own or not own["id"]:
        raise _Misfit(path, 'an "id"')
    texts = {key: _text(own.get(key, ""), (*path, key)) for key in ("name", "section", "rivals")}
    withdrawn = own.get("withdrawn", False)
    if not isinstance(withdrawn, bool):
        raise _Misfit((*path, "withdrawn"), "true or false")
    return Candidate(
        id=_text(own["id"], (*path, "id")),
        cost=_amount(own.get("cost", "0"), (*path, "cost")),
        is_withdrawn=withdrawn,
        **texts,
    )


def _ballots(
    rows: Sequence[Any], kind: str, ids: set[str]
) -> tuple[Approval | Scoring | Ranking, ...]:
    key, tiers = _KINDS[kind], Tiers(len(ids))
    ballots: list[Approval | Scoring | Ranking] = []
    for place, row in enumerate(rows):
        path: Path = ("ballots", place)
        own = _object(row, path, {"weight", key})
        weight = _read(read_weight, own.get("weight", "1"), (*path, "weight"))
        named = _Named(ids)
        choice, at = own.get(key), (*path, key)
        if kind == "ranking":
            ballots.append(Ranking(_tiers(choice, at, named, tiers), weight))
        elif kind == "score":
            if not isinstance(choice, dict):
                raise _Misfit(at if choice is not None else path, f'"{key}": an object')
            points = (
                (named(one, (*at, one)), _amount(value, (*at, one)))
                for one, value in choice.items()
            )
            ballots.append(Scoring(tuple(points), weight))
        else:
            picks = enumerate(_list(choice, at, MOST_CANDIDATES))
            ballots.append(Approval(tuple(named(one, (*at, i)) for i, one in picks), weight))
    return tuple(ballots)


def _tiers(value: Any, path: Path, named: _Named, tiers: Tiers) -> tuple[tuple[str, ...], ...]:
    found = []
    for place, tier in enumerate(_list(value, path, MOST_CANDIDATES)):
        at = (*path, place)
        ones = tuple(named(one, (*at, i)) for i, one in enumerate(_list(tier, at, MOST_CANDIDATES)))
        if not ones:
            raise _Misfit(at, "at least one candidate on a tier")
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
            raise _Misfit(path, "a candidate's id")
        if value in self._named:
            raise _Misfit(path, "a candidate whom this ballot has not named yet")
        self._named.add(value)
        return value


def _object(value: Any, path: Path, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Misfit(path, "an object")
    for key in value:
        if key not in keys:
            raise _Misfit((*path, key), "one of the keys " + ", ".join(sorted(keys)))
    return value


def _list(value: Any, path: Path, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        at = path if value is not None else path[:-1]
        raise _Misfit(at, f'"{path[-1]}": a list of at most {most}')
    return value


def _text(value: Any, path: Path) -> str:
    if not isinstance(value, str) or isinstance(value, _Number) or len(value) > LONGEST_NAME:
        raise _Misfit(path, f"a text of at most {LONGEST_NAME} characters")
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _Misfit(path, "a text of whole letters, no half of a surrogate pair")
    return value


def _whole(value: Any, path: Path) -> int:
    def read_it(text: str, line: int, column: int) -> int:
        return read_integer(text, line, column, expected="a whole number from 1", least=1)

    return _read(read_it, value, path)


def _amount(value: Any, path: Path) -> Fraction:
    def read_it(text: str, line: int, column: int) -> Fraction:
        return read_number(text, line, column, expected="a number such as 3, 2.50 or 1/3")

    return _read(read_it, value, path)


def _read(reader: Callable[[str, int, int], _Read], value: Any, path: Path) -> _Read:
    try:
        return reader(value if isinstance(value, str) else "", 1, 1)
    except FormatError as error:
        raise _Misfit(path, error.expected) from error


# ---------------------------------------------------------------- where in the file


def _find(text: str, path: Path) -> int:
    """Return where the value at a path begins; where it is missing, where its parent begins."""
    # Numbers are passed over as they stand: one of thousands of digits is no reason to fail here.
    decoder = json.JSONDecoder(parse_int=_Number, parse_float=_Number)
    at = _skip(text, 0)
    for wanted in path:
        inside = _skip(text, at + 1)
        place = 0
        while text[inside] not in "]}":
            key: str | int = place
            begins = inside
            if text[at] == "{":
                key, inside = decoder.raw_decode(text, inside)
                begins = inside = _skip(text, _skip(text, inside) + 1)
            if key == wanted:
                break
            _, inside = decoder.raw_decode(text, begins)
            inside = _skip(text, inside)
            inside = _skip(text, inside + 1) if text[inside] == "," else inside
            place += 1
        else:
            return at
        at = begins
    return at


def _skip(text: str, at: int) -> int:
    """Return where the next character that is no blank stands."""
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at
