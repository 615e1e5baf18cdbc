"""How a count is told: whose names, votes or points, which money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from flask_babel import gettext, ngettext

from app.ballots.words.amounts import amount
from app.web.wording import josa

ONE = 1
SEVERAL = 2  # what a language says of 12⅓ it says of several
BY_BUDGET = ("greedy", "equalshares")  # how the names of these methods begin


def say(sentence: str, **parts: object) -> str:
    """Look a sentence up in the language of the page."""
    return str(gettext(sentence, **parts))


_ = say


def _how_many(number: Fraction) -> int:
    return ONE if 0 < number <= ONE else SEVERAL


def votes(number: Fraction) -> str:
    """Return a number of votes: 41표, 12⅓표."""
    count = _how_many(number)
    return str(ngettext("%(amount)s표", "%(amount)s표", count, amount=amount(number)))


def points(number: Fraction) -> str:
    """Return a number of points."""
    count = _how_many(number)
    return str(ngettext("%(amount)s점", "%(amount)s점", count, amount=amount(number)))


def people(number: Fraction) -> str:
    """Return a number of people."""
    count = _how_many(number)
    return str(ngettext("%(amount)s명", "%(amount)s명", count, amount=amount(number)))


def together(names: Sequence[str], particle: str = "") -> str:
    """Return names in quotes, joined by 와 or 과, the last one with its particle."""
    *others, last = (f"‘{name}’" for name in names)
    last = josa(last, particle) if particle else last
    if not others:
        return last
    others[-1] = josa(others[-1], "과")
    return _("%(others)s %(last)s", others=", ".join(others), last=last)


@dataclass(frozen=True)
class Voice:
    """The names of candidates and of parts (sections, channels), what sums are made of, how money is told."""

    method: str
    names: Mapping[str, str]
    money: Callable[[Fraction], str]
    unit: Callable[[Fraction], str]
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def tells_of_a_budget(self) -> bool:
        """Say whether the rule spends a budget and knows no places."""
        return self.method.startswith(BY_BUDGET)

    def part(self, one: str) -> str:
        """Return the name of a section or a channel; an id where none is known."""
        return self.parts.get(one, one)

    def name(self, one: str, particle: str = "") -> str:
        """Return somebody's name, with its particle on a Korean page; an id where none is known."""
        name = self.names.get(one, one)
        return josa(name, particle) if particle else name

    def all_names(self, several: Iterable[str]) -> str:
        """Return several names in their order."""
        return ", ".join(self.name(one) for one in several)

    def together(self, several: Iterable[str], particle: str) -> str:
        """Return several names as one: ‘쉼터’, ‘놀이터’와 ‘도서관’이."""
        return together([self.name(one) for one in several], particle)
