"""Write an election with a budget as a `.pb` file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Approval, Ranking, Scoring
from app.ballots.rules.counting.formats.pabulib.numbers import decimal
from app.ballots.rules.counting.unfit import Unfit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from fractions import Fraction

    from app.ballots.rules.counting.election import Election


def write_pabulib(
    election: Election,
    meta: Mapping[str, str],
    sums: Mapping[str, Fraction],
    selected: Collection[str] | None = None,
) -> str:
    """Return the text of a `.pb` file: the projects in the order of the paper, ballots numbered.

    `meta` adds to, or overrules, what the election tells itself. Fractions that no decimal can say
    raise Unfit, as the format has no other numbers; so do several candidates in one place.
    """
    lines = ["META", "key;value"]
    kind = _kind(election)
    told = {
        "description": election.title,
        "num_projects": str(len(election.candidates)),
        "num_votes": str(len(election.ballots)),
        "budget": decimal(election.budget) if election.budget is not None else "",
        "vote_type": kind,
    }
    for key, value in (told | dict(meta)).items():
        if value:
            lines.append(_row(key, value))
    column = "score" if kind == "scoring" else "votes"
    header = ["project_id", "cost", column, "name"]
    if selected is not None:
        header.append("selected")
    lines += ["PROJECTS", ";".join(header)]
    for one in election.candidates:
        fields = [one.id, decimal(one.cost), decimal(sums[one.id]), one.name]
        if selected is not None:
            fields.append("1" if one.id in selected else "0")
        lines.append(_row(*fields))
    lines += ["VOTES", *_votes(election)]
    return "\n".join(lines) + "\n"


def _kind(election: Election) -> str:
    match election.ballots[:1]:
        case (Scoring(),):
            return "scoring"
        case (Ranking(),):
            return "ordinal"
        case _:
            return "approval"


def _votes(election: Election) -> Iterable[str]:
    has_weights = any(ballot.weight != 1 for ballot in election.ballots)
    has_points = _kind(election) == "scoring"
    header = ["voter_id", "vote"]
    header += ["points"] * has_points + ["vote_strength"] * has_weights
    yield ";".join(header)
    for number, ballot in enumerate(election.ballots, start=1):
        fields = [str(number), *_choices(ballot)]
        if has_weights:
            fields.append(decimal(ballot.weight))
        yield _row(*fields)


def _choices(ballot: Approval | Scoring | Ranking) -> list[str]:
    match ballot:
        case Approval():
            return [",".join(ballot.picks)]
        case Scoring():
            names, points = ([name for name, _ in ballot.points], [one for _, one in ballot.points])
            return [",".join(names), ",".join(decimal(one) for one in points)]
        case Ranking():
            if any(len(tier) != 1 for tier in ballot.tiers):
                raise Unfit("the format holds one candidate in each place of an order")
            return [",".join(tier[0] for tier in ballot.tiers)]


def _row(*fields: str) -> str:
    return ";".join(_field(one) for one in fields)


def _field(text: str) -> str:
    if any(mark in text for mark in ';"\n\r') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text
