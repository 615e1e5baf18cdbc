"""PrefLib: .soc .soi .toc .toi, in the style with `# ` lines and in the old one with a bare header.

Source: the formats of preflib.org. Strict or tied orders (s, t), complete or incomplete (c, i);
candidates have numbers, which become their ids here. Ballots are whole.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from app.ballots.rules.counting.election import Election, Ranking
from app.ballots.rules.counting.formats.reading import (
    LONGEST_NAME,
    MOST_BALLOTS,
    FormatError,
    Tiers,
    lines_of,
    numbered,
    plain_name,
    rankings_of,
    read_integer,
    read_size,
    read_weight,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS = ("soc", "soi", "toc", "toi")
SUFFIXES = tuple(f".{kind}" for kind in KINDS)
MARK = "#"  # with which its present style begins
SIZE = "NUMBER ALTERNATIVES"  # what it cannot do without
_NAME = re.compile(r"ALTERNATIVE NAME ([0-9]+)")
_PART = re.compile(r"[{},]|[^{},]+")


def read(text: str) -> Election:
    """Return the election that a PrefLib file holds. Raises FormatError."""
    lines = lines_of(text)
    blank = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if lines[blank].lstrip().startswith(MARK):
        return _read_marked(lines)
    return _read_bare(lines, blank)


def write(election: Election) -> str:
    """Return an election of rankings in the present style of PrefLib.

    Raises Unfit for ballots that are no rankings or not whole, or a name with a line break.
    """
    numbers = {one.id: number for number, one in enumerate(election.candidates, start=1)}
    orders: dict[str, int] = {}
    for ballot in rankings_of(election):
        order = ",".join(
            str(numbers[tier[0]])
            if len(tier) == 1
            else "{" + ",".join(str(numbers[one]) for one in tier) + "}"
            for tier in ballot.tiers
            if tier
        )
        orders[order] = orders.get(order, 0) + whole(ballot.weight)
    head = [
        ("TITLE", plain_name(election.title)),
        ("DATA TYPE", kind(election)),
        (SIZE, str(len(numbers))),
        ("NUMBER VOTERS", str(sum(orders.values()))),
        ("NUMBER UNIQUE ORDERS", str(len(orders))),
        *(
            (f"ALTERNATIVE NAME {numbers[one.id]}", plain_name(one.name or one.id))
            for one in election.candidates
        ),
    ]
    lines = [f"# {key}: {value}" for key, value in head]
    return "\n".join([*lines, *(f"{times}: {order}" for order, times in orders.items()), ""])


def kind(election: Election) -> str:
    """Return which of the four formats an election of rankings needs."""
    tiers = [ballot.tiers for ballot in rankings_of(election)]
    is_strict = all(len(tier) == 1 for ballot in tiers for tier in ballot)
    size = len(election.candidates)
    is_complete = all(sum(len(tier) for tier in ballot) == size for ballot in tiers)
    return f"{'s' if is_strict else 't'}o{'c' if is_complete else 'i'}"


def _read_marked(lines: Sequence[str]) -> Election:
    names: dict[int, str] = {}
    title, size, voters, voters_line = "", 0, None, 1
    orders: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if not line.lstrip().startswith(MARK):
            orders.append((number, line))
            continue
        key, _, value = line.lstrip()[1:].partition(":")
        at = len(line) - len(value.lstrip()) + 1
        key, value = key.strip().upper(), value.strip()
        if key == "TITLE":
            title = value
        elif key == "DATA TYPE" and value.lower() not in KINDS:
            raise FormatError(number, at, f"one of {', '.join(KINDS)}: orders of candidates")
        elif key == SIZE:
            size = read_size(value, number, at)
        elif key == "NUMBER VOTERS":
            voters = read_integer(value, number, at, expected="the number of voters")
            voters_line = number
        elif found := _NAME.fullmatch(key):
            names[int(found[1][:9])] = _name(value, number, at)
    known = _names(names, size)
    ballots = _read_orders(orders, size, ":")
    return _election(title, known, ballots, voters, voters_line)


def _names(names: Mapping[int, str], size: int) -> list[str]:
    """Return the names by number; the numbers themselves where no name is told."""
    if not size:
        raise FormatError(1, 1, f"a line `# {SIZE}: …`")
    if names and set(names) != set(range(1, size + 1)):
        raise FormatError(1, 1, f"a line `# ALTERNATIVE NAME …` for each of 1 to {size}")
    return [names.get(number, str(number)) for number in range(1, size + 1)]


def _read_bare(lines: Sequence[str], blank: int) -> Election:
    """Return the election whose header stands behind so many blank lines."""
    size = read_size(lines[blank].strip(), blank + 1, 1)
    names = []
    for one in range(1, size + 1):
        at = blank + 1 + one
        line = lines[at - 1] if at <= len(lines) else ""
        first, comma, name = line.partition(",")
        if not comma or first.strip() != str(one):
            raise FormatError(at, 1, f"`{one},` and the name of that candidate")
        names.append(_name(name.strip(), at, len(first) + 2))
    at = blank + size + 2
    totals = lines[at - 1].split(",") if at <= len(lines) else []
    if len(totals) != 3:  # noqa: PLR2004
        raise FormatError(at, 1, "voters, sum of votes and number of orders, with commas between")
    voters = read_integer(totals[0].strip(), at, 1, expected="the number of voters")
    orders = [(i, line) for i, line in enumerate(lines[at:], start=at + 1) if line.strip()]
    return _election("", names, _read_orders(orders, size, ","), voters, at)


def _name(text: str, line: int, column: int) -> str:
    if len(text) > LONGEST_NAME:
        raise FormatError(line, column, f"a name of at most {LONGEST_NAME} characters")
    return text


def _read_orders(
    orders: Sequence[tuple[int, str]], size: int, after_weight: str
) -> tuple[Ranking, ...]:
    """Return the ballots; each line is a number of voters, `after_weight`, and an order."""
    if len(orders) > MOST_BALLOTS:
        raise FormatError(orders[MOST_BALLOTS][0], 1, f"at most {MOST_BALLOTS} orders")
    tiers = Tiers(size)
    ballots = []
    for number, line in orders:
        count, mark, order = line.partition(after_weight)
        if not mark:
            raise FormatError(
                number, len(line) + 1, f"`{after_weight}` after how many voters cast this ballot"
            )
        weight = read_weight(count.strip(), number, 1)
        ballots.append(Ranking(_tiers(order, tiers, number, len(count) + 2), weight))
    return tuple(ballots)


def _tiers(order: str, tiers: Tiers, line: int, column: int) -> tuple[tuple[str, ...], ...]:
    """Return the tiers of `1,{2,3},4`; nothing is an empty ballot."""
    found: list[tuple[str, ...]] = []
    named: set[str] = set()
    together: list[str] | None = None
    wants_number = True
    for part in _PART.finditer(order):
        text, at = part.group().strip(), column + part.start()
        if not text:
            continue
        if text == "{" and together is None and wants_number:
            together = []
        elif text == "}" and together and not wants_number:
            found.append(tiers.keep(tuple(together)))
            together = None
        elif text == "," and not wants_number:
            wants_number = True
        elif wants_number and text not in "{},":
            at += len(part.group()) - len(part.group().lstrip())
            one = tiers.number(text, named, line, at)
            wants_number = False
            if together is None:
                found.append(tiers.keep((one,)))
            else:
                together.append(one)
        else:
            raise FormatError(line, at, "a candidate's number" if wants_number else "a comma")
    if together is not None or (wants_number and found):
        raise FormatError(line, column + len(order), "the rest of this ballot")
    return tuple(found)


def _election(
    title: str,
    names: Sequence[str],
    ballots: tuple[Ranking, ...],
    voters: int | None,
    line: int,
) -> Election:
    found = sum((ballot.weight for ballot in ballots), Fraction())
    if voters is not None and voters != found:
        raise FormatError(line, 1, f"{found} voters, as many as the ballots below make")
    return Election(
        candidates=numbered(names),
        ballots=ballots,
        title=title,
    )
