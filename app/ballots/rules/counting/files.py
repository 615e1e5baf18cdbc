"""Which files can be read and written: one table, which commands ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from app.ballots.rules.counting.election import Approval, Election, Ranking, Scoring
from app.ballots.rules.counting.formats import blt, document, preflib, table
from app.ballots.rules.counting.formats.pabulib import (
    Note,
    PabulibFile,
    read_pabulib,
    write_pabulib,
)
from app.ballots.rules.counting.formats.pabulib.rows import place_of_vote
from app.ballots.rules.counting.formats.pabulib.sums import counted_sums, named_sums
from app.ballots.rules.counting.formats.pabulib.terms import BY_PICKS
from app.ballots.rules.counting.formats.reading import FormatError, decode
from app.ballots.rules.counting.losses import IDS, TITLE, losses
from app.ballots.rules.counting.places import OPEN
from app.ballots.rules.counting.ties import TieBreak, TieRule
from app.ballots.rules.counting.unfit import Unfit


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file as it was read: the election, the rule it asks for, and what was mended.

    `source` is Pabulib's own reading, for rules that need more than the election; `ties` settles
    equals where nobody asks otherwise; `place_of` tells line and column of a ballot, from 0.
    """

    election: Election
    rule: str
    ties: TieBreak = OPEN
    notes: tuple[Note, ...] = ()
    published: tuple[str, ...] | None = None
    source: PabulibFile | None = None
    place_of: Callable[[int], tuple[int, int]] = field(
        default=lambda _ballot: (1, 1), compare=False, repr=False
    )

    @property
    def gives_points(self) -> bool:
        """Say whether ballots are worth points where a budget is spent, as orders are too."""
        if self.source is not None:
            return self.source.vote_type not in BY_PICKS
        return isinstance(next(iter(self.election.ballots), None), Scoring)


class Format(NamedTuple):
    """A kind of file: how its name ends, what its text looks like, how it is read and written.

    Of what is called how, a format may leave out `nameless`: a title, or ids beside names.
    """

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[str], ReadFile]
    write: Callable[[ReadFile], str]
    nameless: tuple[str, ...] = ()


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
        place_of=lambda ballot: (place_of_vote(text, ballot, len(file.election.ballots)), 1),
    )


def _write_pb(file: ReadFile) -> str:
    election, source = file.election, file.source
    if election.budget is None:
        raise Unfit("a .pb file holds a budget and costs")
    valued = [one for one in election.ballots if not isinstance(one, Ranking)]
    named = named_sums([one.id for one in election.candidates], election.ballots)
    counted = counted_sums(election.candidates, valued) if valued else named
    sums = source.sums if source else counted
    told = source.meta if source else {"rule": file.rule}
    return write_pabulib(election, told, sums, file.published)


def _no_place(_text: str, _ballot: int) -> tuple[int, int]:
    return 1, 1


def _plain(
    read: Callable[[str], Election], place_of: Callable[[str, int], tuple[int, int]], text: str
) -> ReadFile:
    """Read a file that says no more than an election and its terms."""
    election = read(text)
    return ReadFile(
        election=election,
        rule=_usual_rule(election),
        ties=TieBreak(election.terms.ties) if election.terms.ties else OPEN,
        place_of=partial(place_of, text),
    )


def _usual_rule(election: Election) -> str:
    """Return the rule that a file names, else one by what it holds."""
    if election.terms.rule:
        return election.terms.rule
    if election.terms.channels:
        return "weighted_channels"
    if election.budget is not None:
        return "greedy"
    first = election.ballots[0] if election.ballots else Approval(())
    if isinstance(first, Ranking):
        return "irv" if election.seats == 1 else "stv"
    return "score" if isinstance(first, Scoring) else "approval"


def _write_json(file: ReadFile) -> str:
    ties = None if file.ties == OPEN else file.ties.rule
    terms = replace(file.election.terms, rule=file.rule, ties=ties)
    return document.write(replace(file.election, terms=terms))


def _starts(marks: tuple[str, ...], text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").upper().startswith(marks)


def _is_preflib(text: str) -> bool:
    """Say whether a file is PrefLib's; with the same mark begin comments, of BLT files too."""
    return _starts((preflib.MARK,), text) and preflib.SIZE in text.upper()


def _bare(write: Callable[[Election], str], file: ReadFile) -> str:
    return write(file.election)


FORMATS: tuple[Format, ...] = (
    Format("Pabulib .pb", (".pb",), partial(_starts, ("META",)), _read_pb, _write_pb),
    Format(
        "PrefLib",
        preflib.SUFFIXES,
        _is_preflib,
        partial(_plain, preflib.read, _no_place),
        partial(_bare, preflib.write),
        (IDS,),
    ),
    Format(
        "BLT",
        blt.SUFFIXES,
        lambda _text: False,
        partial(_plain, blt.read, _no_place),
        partial(_bare, blt.write),
        (IDS,),
    ),
    Format(
        "CSV",
        table.SUFFIXES,
        partial(_starts, table.WORDS),
        partial(_plain, table.read, table.place_of),
        partial(_bare, table.write),
        (TITLE, IDS),
    ),
    Format(
        "JSON",
        document.SUFFIXES,
        partial(_starts, ("{",)),
        partial(_plain, document.read, document.place_of),
        _write_json,
    ),
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


def write_file(name: str, file: ReadFile) -> str:
    """Return the text of a file in the format that its name's ending asks for.

    Raises Unfit where no format has this ending, or the format cannot hold all that decides who is
    selected.
    """
    for one in FORMATS:
        if name.lower().endswith(one.endings):
            text = one.write(file)
            _insist_on_all(file, text, one)
            return text
    endings = " ".join(ending for one in FORMATS for ending in one.endings)
    raise Unfit(f"the name of what is written ends on one of {endings}")


def _insist_on_all(file: ReadFile, text: str, into: Format) -> None:
    """Read a file as it was written: it has to say all that it said before. Raises Unfit.

    Names count too: one that came back otherwise would be another's in a paper that people read.
    """
    try:
        again = into.read(decode(text.encode()))
    except FormatError as error:
        raise Unfit(f"as {into.name} it could not be read again: {error}") from error
    if lost := losses(file, again, but=into.nameless):
        raise Unfit(f"{into.name} cannot hold {', '.join(lost)}")
