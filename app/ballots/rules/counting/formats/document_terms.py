"""How a JSON document says that it is to be counted; all of it may be left out.

    "rule": "approval" | "stv" | "greedy" | …,
    "sections": [{"id": "a", "name": "…", "seats": 2, "budget": "100",
                  "picks": {"least": 1, "most": 2}}, …],
    "picks": {"least": 9, "most": 9}, "most_points": 5,
    "channels": [{"id": "online", "name": "…", "weight": "45", "votes": {"a": "1000"}}, …],
    "voters": 299, "roll": 1200, "needed": 250,
    "majority": {"share": "2/3", "strictly": false, "of": "participants" | "votes" | "roll"},
    "ties": "joint" | "runoff" | "cheaper" | "paper_order"

Where sections are named, every candidate stands in one of them. Channels hold sums, not ballots.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.ballots.rules.counting.formats.json_values import (
    Misfit,
    Number,
    read_amount,
    read_flag,
    read_list,
    read_object,
    read_text,
    read_whole,
)
from app.ballots.rules.counting.formats.reading import MOST_CANDIDATES
from app.ballots.rules.counting.majority import MORE_THAN_HALF, Base, Majority
from app.ballots.rules.counting.papers import Bounds, PaperRule
from app.ballots.rules.counting.terms import Channel, Section, Terms
from app.ballots.rules.counting.ties import TieRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.formats.json_values import Path

_COUNTS = ("voters", "roll", "needed")
KEYS = {"rule", "sections", "picks", "most_points", "channels", "majority", "ties", *_COUNTS}
_SECTION = {"id", "name", "seats", "budget", "picks"}
_CHANNEL = {"id", "name", "weight", "votes"}


def read(top: Mapping[str, Any], candidates: Sequence[Candidate]) -> Terms:
    """Return the terms of a document. Raises Misfit."""
    rows = _rows(top, "sections", _SECTION)
    sections = tuple(_section(row, ("sections", place)) for place, row in enumerate(rows))
    ids = {one.id for one in sections}
    for place, one in enumerate(candidates):
        if sections and one.section not in ids:
            raise Misfit(("candidates", place), "the id of one of the sections as its section")
    bounds = {
        section.id: _bounds(row["picks"], ("sections", place, "picks"))
        for place, (section, row) in enumerate(zip(sections, rows, strict=True))
        if "picks" in row
    }
    channels = _rows(top, "channels", _CHANNEL)
    for place, row in enumerate(channels):
        if row["id"] in ids:
            raise Misfit(("channels", place, "id"), "an id that no section has")
    total = _bounds(top["picks"], ("picks",)) if "picks" in top else None
    most_points = read_whole(top["most_points"], ("most_points",)) if "most_points" in top else None
    has_rule = bool(bounds) or total is not None or most_points is not None
    paper = PaperRule(total=total, sections=bounds, most_points=most_points) if has_rule else None
    counts = {key: read_whole(top[key], (key,), least=0) for key in _COUNTS if key in top}
    known = {one.id for one in candidates}
    return Terms(
        rule=read_text(top.get("rule", ""), ("rule",)),
        sections=sections,
        channels=tuple(
            _channel(row, ("channels", place), known) for place, row in enumerate(channels)
        ),
        paper=paper,
        majority=_majority(top["majority"]) if "majority" in top else None,
        voters=counts.get("voters"),
        roll=counts.get("roll"),
        needed=counts.get("needed", 0),
        ties=_ties(top["ties"]) if "ties" in top else None,
    )


def write(terms: Terms) -> dict[str, Any]:
    """Return what a document says of these terms: nothing of what they leave open."""
    silent = _all(Terms())
    return {key: value for key, value in _all(terms).items() if value != silent[key]}


def _all(terms: Terms) -> dict[str, Any]:
    paper = terms.paper or PaperRule()
    told: dict[str, Any] = {"rule": terms.rule}
    told["sections"] = [
        {
            "id": one.id,
            "name": one.name,
            "seats": one.seats,
            **({} if one.budget is None else {"budget": str(one.budget)}),
            **({"picks": _told(paper.sections[one.id])} if one.id in paper.sections else {}),
        }
        for one in terms.sections
    ]
    told["picks"] = _told(paper.total) if paper.total else None
    told["most_points"] = paper.most_points
    told["channels"] = [
        {
            "id": one.id,
            "name": one.name,
            "weight": str(one.weight),
            "votes": {name: str(votes) for name, votes in one.sums.items()},
        }
        for one in terms.channels
    ]
    told |= {"voters": terms.voters, "roll": terms.roll, "needed": terms.needed}
    told["majority"] = None
    if terms.majority:
        share, strictly = str(terms.majority.share), terms.majority.strictly
        told["majority"] = {"share": share, "strictly": strictly, "of": terms.majority.base.value}
    told["ties"] = terms.ties.value if terms.ties else None
    return told


def _told(bounds: Bounds) -> dict[str, int]:
    return {"least": bounds.least, "most": bounds.most}


def _rows(top: Mapping[str, Any], key: str, keys: set[str]) -> list[dict[str, Any]]:
    """Return the objects of a list, each with an id of its own."""
    rows = read_list(top.get(key, []), (key,), MOST_CANDIDATES)
    seen: set[str] = set()
    for place, row in enumerate(rows):
        own = read_object(row, (key, place), keys)
        name = read_text(own.get("id", ""), (key, place, "id"))
        if not name or name in seen:
            raise Misfit((key, place), 'an "id" that no other has')
        seen.add(name)
    return rows


def _section(row: Mapping[str, Any], path: Path) -> Section:
    budget = row.get("budget")
    return Section(
        id=row["id"],
        name=read_text(row.get("name", ""), (*path, "name")),
        seats=read_whole(row.get("seats", Number("1")), (*path, "seats")),
        budget=None if budget is None else read_amount(budget, (*path, "budget")),
    )


def _bounds(value: Any, path: Path) -> Bounds:
    own = read_object(value, path, {"least", "most"})
    least = read_whole(own.get("least", Number("0")), (*path, "least"), least=0)
    return Bounds(least, read_whole(own.get("most"), (*path, "most"), least=least))


def _channel(row: Mapping[str, Any], path: Path, known: set[str]) -> Channel:
    votes = read_object(row.get("votes"), (*path, "votes"))
    for one in votes:
        if one not in known:
            raise Misfit((*path, "votes", one), "a candidate's id")
    return Channel(
        id=row["id"],
        name=read_text(row.get("name", ""), (*path, "name")),
        weight=read_amount(row.get("weight"), (*path, "weight")),
        sums={one: read_amount(count, (*path, "votes", one)) for one, count in votes.items()},
    )


def _ties(value: Any) -> TieRule:
    known = [one for one in TieRule if one is not TieRule.DRAW]  # its number comes after the file
    if value not in known:
        raise Misfit(("ties",), "one of " + ", ".join(known))
    return TieRule(value)


def _majority(value: Any) -> Majority:
    own = read_object(value, ("majority",), {"share", "strictly", "of"})
    share = read_amount(own.get("share", "1/2"), ("majority", "share"))
    if not 0 < share <= 1:
        raise Misfit(("majority", "share"), "a share of more than 0 and at most 1")
    base = own.get("of", MORE_THAN_HALF.base.value)
    if base not in tuple(Base):
        raise Misfit(("majority", "of"), "one of " + ", ".join(Base))
    strictly = read_flag(own.get("strictly", share == Fraction(1, 2)), ("majority", "strictly"))
    return Majority(share=share, strictly=strictly, base=Base(base))
