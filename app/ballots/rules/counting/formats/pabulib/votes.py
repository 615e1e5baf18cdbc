"""The ballots of a `.pb` file: as they were cast, and as the budget's rules count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from app.ballots.rules.counting.election import NONE, ONE, Approval, Ranking, Scoring
from app.ballots.rules.counting.formats.pabulib.notes import Oddity
from app.ballots.rules.counting.formats.pabulib.numbers import loose_number
from app.ballots.rules.counting.formats.pabulib.points import points_of_rankings
from app.ballots.rules.counting.formats.pabulib.terms import BY_PICKS
from app.ballots.rules.counting.formats.reading import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from app.ballots.rules.counting.election import Candidate
    from app.ballots.rules.counting.formats.pabulib.notes import Notes
    from app.ballots.rules.counting.formats.pabulib.rows import Row

    Table: TypeAlias = Sequence[tuple[Row, Mapping[str, str]]]
    Cast: TypeAlias = tuple[Approval | Scoring | Ranking, ...]
    Valued: TypeAlias = tuple[Approval | Scoring, ...]


class _Paper(NamedTuple):
    """One ballot: whom it names, its fields, its row, and how many voters it stands for."""

    picks: tuple[str, ...]
    fields: Mapping[str, str]
    row: Row
    weight: Fraction


class VoteReader:
    """Reads the rows of VOTES and notes what it mended.

    `rows` are those of the projects; META is asked for a number only where the votes need it.
    """

    def __init__(
        self,
        notes: Notes,
        rows: Mapping[str, Mapping[str, str]],
        *,
        scoring: str,
        meta_number: Callable[[str], Fraction | None],
    ) -> None:
        self._notes = notes
        self._rows = rows
        self._scoring = scoring
        self._meta_number = meta_number
        self._known_points: dict[str, Fraction] = {}

    def read(
        self,
        table: Table,
        vote_type: str,
        candidates: Sequence[Candidate],
        *,
        header_line: int,
    ) -> tuple[Cast, Valued]:
        """Return the ballots as they were cast, and as picks or points. Raises FormatError."""
        papers = [
            _Paper(self._choices(row, fields), fields, row, self._weight(row, fields))
            for row, fields in table
        ]
        self._note_double_voters(papers)
        if vote_type in BY_PICKS:
            approvals = tuple(Approval(one.picks, one.weight) for one in papers)
            return approvals, approvals
        has_points = bool(table) and "points" in table[0][1]
        if vote_type == "ordinal":
            rankings = tuple(
                Ranking(tuple((name,) for name in one.picks), one.weight) for one in papers
            )
            if has_points:
                return rankings, tuple(self._scored(one) for one in papers)
            scoring = (self._scoring, self._meta_number("max_length"))
            valued, way = points_of_rankings(rankings, candidates, scoring, self._rows)
            self._notes.add(Oddity.SCORING, way=way)
            return rankings, valued
        if table and not has_points:
            raise FormatError(header_line, 1, f"a column points, as the votes are {vote_type}")
        scored = tuple(self._scored(one) for one in papers)
        if default := self._meta_number("default_score"):
            scored = tuple(self._filled(one, default) for one in scored)
        return scored, scored

    def _note_double_voters(self, papers: Sequence[_Paper]) -> None:
        voters: set[str] = set()
        for one in papers:
            voter = one.fields["voter_id"]
            if voter and voter in voters:
                self._notes.add(Oddity.DOUBLE_VOTER, one.row.line, voter=voter)
            voters.add(voter)

    def _filled(self, ballot: Scoring, default: Fraction) -> Scoring:
        """Return a ballot that gives so much to whoever it does not name."""
        points = dict.fromkeys(self._rows, default) | dict(ballot.points)
        return Scoring(tuple(points.items()), ballot.weight)

    def _weight(self, row: Row, fields: Mapping[str, str]) -> Fraction:
        text = fields.get("vote_strength", "")
        if text in ("", "1"):
            return ONE
        column = row.column(list(fields).index("vote_strength"))
        expected = "the vote's strength as a number of more than 0"
        strength = loose_number(self._notes, text, row.line, column, expected, is_small=True)
        if not strength:
            raise FormatError(row.line, column, expected)
        return strength

    def _choices(self, row: Row, fields: Mapping[str, str]) -> tuple[str, ...]:
        """Return the projects that a ballot names, without what names nothing."""
        text = fields["vote"]
        if not text:
            self._notes.add(Oddity.EMPTY_BALLOT, row.line)
            return ()
        picks = tuple(text.split(","))
        if len(set(picks)) == len(picks) and all(one in self._rows for one in picks):
            return picks
        kept: dict[str, None] = {}
        for one in picks:
            name = one.strip()
            if not name:
                self._notes.add(Oddity.EMPTY_CHOICE, row.line)
            elif name not in self._rows:
                self._notes.add(Oddity.UNKNOWN_PROJECT, row.line, once=name, project=name)
            elif name in kept:
                self._notes.add(Oddity.DOUBLE_CHOICE, row.line)
            else:
                kept[name] = None
        return tuple(kept)

    def _scored(self, paper: _Paper) -> Scoring:
        """Return a ballot with its points; they stand in the order of the vote as it is written."""
        named, texts = _pairs(paper.fields["vote"], paper.fields["points"])
        if len(texts) < len(named) or not all(texts):
            self._notes.add(Oddity.POINTS_MISSING, paper.row.line)
        elif len(texts) > len(named):
            self._notes.add(Oddity.POINTS_TOO_MANY, paper.row.line)
        kept = set(paper.picks)
        points: dict[str, Fraction] = {}
        texts += [""] * (len(named) - len(texts))
        for name, text in zip(named, texts, strict=False):
            if name in kept and name not in points:
                points[name] = self._points(text, paper) if text else NONE
        return Scoring(tuple(points.items()), paper.weight)

    def _points(self, text: str, paper: _Paper) -> Fraction:
        # Points recur: the few numbers that people give are read once.
        points = self._known_points.get(text)
        if points is None:
            row = paper.row
            column = row.column(list(paper.fields).index("points"))
            expected = "points as numbers, none below 0"
            points = loose_number(self._notes, text, row.line, column, expected, is_small=True)
            self._known_points[text] = points
        return points


def _pairs(vote: str, points: str) -> tuple[list[str], list[str]]:
    """Return the choices and the points that stand for them, in the same order.

    As many points as choices belong together, whatever is empty between them: commas too many. Else
    an empty one keeps its place, and the choice there gets nothing.
    """
    named, texts = ([one.strip() for one in text.split(",")] for text in (vote, points))
    choices, given = [one for one in named if one], [one for one in texts if one]
    if len(choices) == len(given) or len(given) == len(texts):
        return choices, given
    return named, texts
