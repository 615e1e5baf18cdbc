"""The fields for days, hours, whole numbers and one of a few, read with sentences that help."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (  # type: ignore[attr-defined] # the stubs are a release behind
    Choice,
    DateField,
    FieldList,
    IntegerField,
    SelectChoice,
    SelectField,
    TimeField,
)
from wtforms.widgets import TextInput

from app.core.numbers import read_won
from app.web.wording import format_won

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_WON = 1_000_000_000_000
_DAY = re.compile(r"([0-9]{4,6})-([0-9]{1,2})-([0-9]{1,2})")


class DayField(DateField):
    """A day between 2000 and 2100."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        # With a last day, a browser takes no years of five digits.
        self.render_kw = {"min": EARLIEST.isoformat(), "max": LATEST.isoformat()}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day; say in words how one is written, or what is wrong with one that is."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_why_no_day(valuelist[0])) from None
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            self.data = None
            raise ValueError(_out_of_years())


def _why_no_day(typed: str) -> str:
    written = _DAY.fullmatch(typed.strip())
    if written is None:
        return str(_("날짜를 2021-05-24처럼 적어 주세요."))
    if not EARLIEST.year <= int(written[1]) <= LATEST.year:
        return _out_of_years()
    return str(_("달력에 없는 날짜입니다. 달과 날을 확인해 주세요."))


def _out_of_years() -> str:
    return str(
        _(
            "%(first)s년부터 %(last)s년까지의 날짜만 쓸 수 있습니다. 연도를 확인해 주세요.",
            first=EARLIEST.year,
            last=LATEST.year,
        )
    )


class HourField(TimeField):
    """A time of day."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a time; say in words how one is written."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("시각을 19:00처럼 적어 주세요.")) from None


class WholeField(IntegerField):
    """A whole number within limits; commas may divide the thousands."""

    widget = TextInput()
    data: Any

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int, most: int, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most = least, most
        self.render_kw = {"inputmode": "numeric", "autocomplete": "off"}

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number; say in words which ones are possible."""
        typed = valuelist[0].replace(",", "").strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        if not re.fullmatch(r"-?[0-9]{1,18}", typed):
            raise ValueError(_("숫자만 적어 주세요."))
        number = int(typed)
        if not self.least <= number <= self.most:
            raise ValueError(
                _(
                    "%(least)s부터 %(most)s까지 적어 주세요.",
                    least=f"{self.least:,}",
                    most=f"{self.most:,}",
                )
            )
        self.data = number


class WonField(WholeField):
    """An amount of money of at most MOST_WON, typed in digits or as people say it: 1,200만 원."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        hint = lazy_gettext("12,000,000이나 1,200만 원처럼 적어 주세요.")
        super().__init__(
            label, validators, **{"least": 0, "most": MOST_WON, "description": hint, **kwargs}
        )
        self.render_kw = {"autocomplete": "off"}  # a keyboard of digits alone has no 만

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read an amount; say in words how one is written, and between which it may be."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        amount = read_won(typed)
        if amount is None:
            raise ValueError(
                _("금액으로 읽을 수 없습니다. 12,000,000이나 1,200만 원처럼 적어 주세요.")
            )
        if not self.least <= amount <= self.most:
            raise ValueError(
                _(
                    "%(least)s부터 %(most)s까지 적어 주세요.",
                    least=format_won(self.least),
                    most=format_won(self.most),
                )
            )
        self.data = amount

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}"


class RowList(FieldList):  # type: ignore[type-arg]
    """Rows of a paper, named rows-0, rows-1, …; whatever else somebody sends is no row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        named = re.compile(re.escape(prefix) + r"-([0-9]{1,3})(?:-.*)?", re.DOTALL)
        return (int(found[1]) for name in formdata if (found := named.fullmatch(name)))


class PickField(SelectField):
    """One of a few. A needed one begins with nothing chosen, unless there is but one to choose."""

    data: Any

    def iter_choices(self) -> Any:
        """Return what can be chosen, before it the request to choose."""
        offered: list[Any] = list(super().iter_choices())
        is_prefilled = self.default is not None or any(one.value == "" for one in offered)
        if not self.flags.required or is_prefilled:
            return offered
        is_open = self.data in (None, "")
        if len(offered) == 1:
            return [one._replace(selected=is_open or one.selected) for one in offered]
        return [Choice("", _("골라 주세요"), is_open, {}), *offered]


def picker(label: Any, names: Mapping[Any, Any] | None = None, **more: Any) -> PickField:
    """Return the field for one of a few: the codes of `names`, or what is offered later."""
    unknown = lazy_gettext("목록에서 골라 주세요.")
    return PickField(
        label,
        **{
            "choices": choices((code.value, name) for code, name in (names or {}).items()),
            "invalid_choice_message": unknown,
            "invalid_value_message": unknown,
            **more,
        },
    )


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return choices of values and their words."""
    return [SelectChoice(value, name) for value, name in pairs]
