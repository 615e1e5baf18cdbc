"""The papers of ballots: what the booth sends, what the desk fills in."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]
    IntegerField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.assemblies.models import QuorumKind, Track
from app.ballots import words
from app.core.clock import SEOUL, seoul_day, seoul_midnight
from app.residents.rules import AgeMode
from app.web.fields import DayField, WonField, picker
from app.web.forms import REQUIRED, SHORTEST_REASON, LineField, Paper, TextField, needed
from app.web.once import OncePaper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.assemblies.models import Assembly
    from app.assemblies.rules import Rules
    from app.ballots.models import Ballot
    from app.places.models import Department, Place

MOST_PICKS = 128
_HALF_HOURS = [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(0, 24 * 60 + 1, 30)]
_TIMES = [SelectChoice(moment) for moment in _HALF_HOURS]
_OPTION_ID = re.compile(r"[0-9]{1,10}")


def picked(values: Sequence[str]) -> list[int]:
    """Return the option ids that the booth's boxes sent; what is no id becomes 0, which none is."""
    return [int(value) if _OPTION_ID.fullmatch(value) else 0 for value in values[:500]]


def _number(label: Any, least: int, most: int) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            InputRequired(message=REQUIRED),
            NumberRange(least, most, message=_l("%(min)s에서 %(max)s 사이의 숫자로 적어 주세요.")),
        ],
    )


def _day(label: Any) -> DayField:
    return DayField(label, validators=[InputRequired(message=_l("날짜를 골라 주세요."))])


class BallotForm(OncePaper):
    """A ballot's paper without its options."""

    place = picker(_l("어느 곳의 투표인가요?"), validators=[needed()], coerce=int)
    title = LineField(_l("투표 이름"), least=2, most=80)
    explanation = TextField(_l("투표 안내"), least=2, most=4000)
    opens_on = _day(_l("시작하는 날"))
    opens_time = SelectField(_l("시작하는 시각"), [needed()], choices=_TIMES[:-1], default="00:00")
    closes_on = _day(_l("마감하는 날"))
    closes_time = SelectField(_l("마감하는 시각"), [needed()], choices=_TIMES, default="24:00")
    min_picks = _number(_l("한 사람이 고를 수 있는 가장 적은 수"), 1, MOST_PICKS)
    max_picks = _number(_l("한 사람이 고를 수 있는 가장 많은 수"), 1, MOST_PICKS)
    seats_support = IntegerField(
        _l("주민자치활동 지원에서 뽑을 수"), validators=[Optional(), NumberRange(0, MOST_PICKS)]
    )
    seats_budget = IntegerField(
        _l("시민참여예산에서 뽑을 수"), validators=[Optional(), NumberRange(0, MOST_PICKS)]
    )
    seats_governance = IntegerField(
        _l("협치 사업에서 뽑을 수"), validators=[Optional(), NumberRange(0, MOST_PICKS)]
    )
    base_date = _day(_l("투표인명부 기준일"))
    ages_on = DayField(_l("나이를 세는 날"), validators=[Optional()])
    min_age = _number(_l("투표할 수 있는 나이"), 0, 120)
    age_mode = picker(_l("나이를 세는 법"), words.AGE_MODES, validators=[needed()])
    quorum_kind = picker(_l("성원 기준"), words.QUORUM_KINDS, validators=[needed()])
    quorum_value = _number(_l("성원 기준의 수"), 0, 1_000_000)

    @classmethod
    def empty(cls, places: Sequence[Place]) -> BallotForm:
        """Return a blank form for the places somebody works for."""
        form = cls()
        form.place.choices = [SelectChoice(place.id, place.name) for place in places]
        return form

    def start_from(self, assembly: Assembly, rules: Rules, *, today: date) -> None:
        """Begin with what an assembly's notice has told: its day and hours, ages and quorum."""
        opens = assembly.held_at.astimezone(SEOUL)
        opens = opens.replace(minute=opens.minute // 30 * 30)
        self.title.data = _("%(title)s 투표", title=assembly.title)
        self.opens_on.data, self.opens_time.data = opens.date(), f"{opens:%H:%M}"
        self.closes_on.data, self.closes_time.data = _end_of(_half_hour_from(assembly.ends_at))
        self.base_date.data, self.ages_on.data = today, seoul_day(assembly.held_at)
        self.min_age.data, self.age_mode.data = rules.min_age, rules.age_mode.value
        self.quorum_kind.data, self.quorum_value.data = rules.quorum_kind.value, rules.quorum_value

    @classmethod
    def about(cls, ballot: Ballot) -> BallotForm:
        """Return the form filled with a draft."""
        opens = ballot.opens_at.astimezone(SEOUL)
        closes_on, closes_time = _end_of(ballot.closes_at)
        seats = {seats.track: seats.seats for seats in ballot.seats}
        form = cls(
            data={
                "place": ballot.place_id,
                "title": ballot.title,
                "explanation": ballot.explanation,
                "opens_on": opens.date(),
                "opens_time": f"{opens:%H:%M}",
                "closes_on": closes_on,
                "closes_time": closes_time,
                "min_picks": ballot.min_picks,
                "max_picks": ballot.max_picks,
                "seats_support": seats.get(Track.SUPPORT),
                "seats_budget": seats.get(Track.BUDGET),
                "seats_governance": seats.get(Track.GOVERNANCE),
                "base_date": ballot.base_date,
                "ages_on": ballot.ages_on,
                "min_age": ballot.min_age,
                "age_mode": ballot.age_mode.value,
                "quorum_kind": ballot.quorum_kind.value,
                "quorum_value": ballot.quorum_value,
            }
        )
        form.place.choices = [SelectChoice(ballot.place_id, ballot.place.name)]
        return form

    @property
    def seats(self) -> Mapping[Track, int]:
        """Return the seats of the tracks that have any."""
        asked = {
            Track.SUPPORT: self.seats_support.data,
            Track.BUDGET: self.seats_budget.data,
            Track.GOVERNANCE: self.seats_governance.data,
        }
        return {track: count for track, count in asked.items() if count}

    def terms(self) -> dict[str, Any]:
        """Return what draw_ballot and revise_ballot want to know."""
        return {
            "title": self.title.data,
            "explanation": self.explanation.data,
            "opens_at": _moment(self.opens_on.data, self.opens_time.data),
            "closes_at": _moment(self.closes_on.data, self.closes_time.data),
            "min_picks": self.min_picks.data,
            "max_picks": self.max_picks.data,
            "seats": self.seats,
            "base_date": self.base_date.data,
            "ages_on": self.ages_on.data,
            "min_age": self.min_age.data,
            "age_mode": AgeMode(self.age_mode.data),
            "quorum_kind": QuorumKind(self.quorum_kind.data),
            "quorum_value": self.quorum_value.data,
        }


def _half_hour_from(moment: datetime) -> datetime:
    """Return the next full or half hour, the moment itself where it is one."""
    return moment + timedelta(minutes=-moment.astimezone(SEOUL).minute % 30)


def _end_of(moment: datetime) -> tuple[date, str]:
    """Return an end as its Seoul day and time; midnight ends the day before, at 24:00."""
    closes = moment.astimezone(SEOUL)
    if (closes.hour, closes.minute) == (0, 0):
        return closes.date() - timedelta(days=1), "24:00"
    return closes.date(), f"{closes:%H:%M}"


def _moment(day: date | None, clock: str) -> datetime:
    """Return a wall-clock moment of a Seoul day; 24:00 is the next day's midnight."""
    assert day is not None  # noqa: S101 - the form is valid
    hours, minutes = clock.split(":")
    return seoul_midnight(day) + timedelta(hours=int(hours), minutes=int(minutes))


class OptionForm(OncePaper):
    """One option of a draft."""

    track = picker(_l("분야"), words.TRACKS, validators=[needed()])
    title = LineField(_l("이름"), least=2, most=80)
    sense = LineField(_l("한 줄 설명"), least=2, most=160)
    budget_won = WonField(_l("예산"), [needed()])
    department = SelectField(_l("소관부서"), coerce=int)

    @classmethod
    def empty(cls, departments: Sequence[Department]) -> OptionForm:
        """Return a blank form with the district's departments."""
        form = cls()
        form.department.choices = [
            SelectChoice(0, _l("정하지 않음")),
            *(SelectChoice(one.id, one.name) for one in departments),
        ]
        return form

    def terms(self) -> dict[str, Any]:
        """Return what add_option wants to know."""
        return {
            "track": Track(self.track.data),
            "title": self.title.data,
            "sense": self.sense.data,
            "budget_won": self.budget_won.data,
        }


class AskForm(Paper):
    """A confirmation: nothing to fill in but the token."""


class CloseEarlyForm(AskForm):
    """Why voting ends before its time."""

    reason = TextField(_l("일찍 마감하는 까닭"), most=500, least=SHORTEST_REASON)
