"""The papers clerks fill in about assemblies."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel import lazy_pgettext as _p
from wtforms import BooleanField, Form, FormField
from wtforms.widgets import HiddenInput

from app.assemblies import words
from app.assemblies.models import StageKind
from app.assemblies.rules import PlannedStage
from app.core.clock import SEOUL, seoul_moment
from app.web.fields import (
    DayField,
    HourField,
    RowList,
    WholeField,
    WonField,
    choices,
    picker,
)
from app.web.forms import SHORTEST_REASON, LineField, Paper, TextField, add_error, needed
from app.web.once import OncePaper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.assemblies.models import Assembly, RunningStage
    from app.assemblies.queries import Raisable
    from app.places.models import Department, Place

BLANK_STAGES = 3
MOST_STAGES = 30


class AssemblyPaper(OncePaper):
    """Title, place and times of an assembly, and what its notice says."""

    place = picker(lazy_gettext("어느 곳의 총회인가요?"), validators=[needed()])
    title = LineField(lazy_gettext("총회 이름"), most=60, least=2)
    held_on = DayField(lazy_gettext("날짜"), validators=[needed()])
    starts = HourField(lazy_gettext("시작"), validators=[needed()])
    ends = HourField(_p("when it ends", "마침"), validators=[needed()])
    venue = LineField(lazy_gettext("장소"), most=80, least=1)
    notice_text = TextField(lazy_gettext("공고문"), most=5000)

    def offer(self, places: Iterable[Place]) -> None:
        """Offer the places whose assemblies this person may call."""
        self.place.choices = choices((place.slug, place.name) for place in places)

    def fill(self, assembly: Assembly) -> None:
        """Show a draft as it stands."""
        self.title.data = assembly.title
        self.fill_notice(assembly)

    def fill_notice(self, assembly: Assembly) -> None:
        """Show times, place and text as they stand."""
        start, end = _seoul(assembly.held_at), _seoul(assembly.ends_at)
        self.venue.data, self.notice_text.data = assembly.venue, assembly.notice_text
        self.held_on.data, self.starts.data, self.ends.data = start.date(), start.time(), end.time()

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Return when the assembly begins and ends; for a paper that is valid."""
        day, start, end = self.held_on.data, self.starts.data, self.ends.data
        return (
            seoul_moment(day, start.hour, start.minute),
            seoul_moment(day, end.hour, end.minute),
        )


def _seoul(moment: datetime) -> datetime:
    return moment.astimezone(SEOUL)


class NoticePaper(AssemblyPaper):
    """A correction of a published notice: other times, another place or text."""

    reason = TextField(lazy_gettext("정정하는 까닭"), most=1000, least=SHORTEST_REASON)
    seen = WholeField(
        lazy_gettext("앞선 정정"), [needed()], least=0, most=9999, widget=HiddenInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.place, self.title

    def fill_as_it_stands(self, assembly: Assembly, corrections: int, *, is_told: bool) -> None:
        """Start from the notice; what was typed stays.

        It is sent knowing these corrections by who began with them, or `is_told` of them now.
        """
        if not self.is_submitted():
            self.fill_notice(assembly)
        _see(self.seen, corrections, anew=is_told or not self.is_submitted())


def _see(seen: WholeField, corrections: int, *, anew: bool) -> None:
    """Send a paper from now on as knowing so many corrections; else as knowing what it knew."""
    if anew or seen.errors:
        seen.data, seen.raw_data = corrections, None


class CallOffPaper(Paper):
    """Why an assembly is called off."""

    reason = TextField(lazy_gettext("취소하는 까닭"), most=1000, least=SHORTEST_REASON)


class AgendaPaper(OncePaper):
    """An item for the agenda."""

    title = LineField(lazy_gettext("안건 이름"), most=60, least=2)
    sense = LineField(lazy_gettext("한 줄 소개"), most=100, least=2)
    body = TextField(lazy_gettext("설명"), most=5000)
    track = picker(lazy_gettext("분야"), words.TRACKS, validators=[needed()])
    budget_won = WonField(lazy_gettext("예산"), [needed()])
    department = picker(lazy_gettext("소관부서"))

    def offer(self, departments: Iterable[Department]) -> None:
        """Offer the departments that may answer for an item."""
        self.department.choices = choices(
            [("", _("정하지 않음")), *((one.slug, one.name) for one in departments)]
        )

    def fill(self, raised: Raisable) -> None:
        """Start from an adopted proposal."""
        proposal = raised.proposal
        self.title.data, self.sense.data = proposal.title, proposal.sense
        self.body.data, self.department.data = proposal.body, raised.reply.department.slug


class StagePaper(Form):
    """One row of the running order; a row without a title is left out."""

    position = WholeField(lazy_gettext("순서"), least=0, most=99)
    kind = picker(lazy_gettext("종류"), words.STAGE_KINDS)
    title = LineField(lazy_gettext("이름"), most=40)
    minutes = WholeField(lazy_gettext("분"), least=1, most=480)
    drop = BooleanField(lazy_gettext("빼기"))


class OrderPaper(Paper):
    """The whole running order."""

    rows = RowList(FormField(StagePaper), max_entries=MOST_STAGES)

    def fill(self, stages: Sequence[RunningStage]) -> None:
        """Show the steps as they stand, and a few blank rows to add to."""
        for stage in stages:
            self.rows.append_entry(
                {
                    "position": stage.position,
                    "kind": stage.kind.value,
                    "title": stage.title,
                    "minutes": stage.planned_minutes,
                }
            )
        self.pad()

    def pad(self) -> None:
        """Add blank rows as far as there is room."""
        for _blank in range(min(BLANK_STAGES, MOST_STAGES - len(self.rows))):
            self.rows.append_entry({"kind": StageKind.DISCUSSION.value})

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for minutes where a row has a title."""
        fine = bool(super().validate(extra_validators))
        for row in self.rows:
            if row.form.title.data and not row.form.drop.data and row.form.minutes.data is None:
                if not row.form.minutes.errors:
                    add_error(row.form.minutes, _("몇 분인지 적어 주세요."))
                fine = False
        return fine

    @property
    def planned(self) -> list[PlannedStage]:
        """Return the steps in the order of their numbers; for a paper that is valid."""
        kept = [row.form for row in self.rows if row.form.title.data and not row.form.drop.data]
        kept.sort(key=lambda row: 100 if row.position.data is None else row.position.data)
        return [
            PlannedStage(StageKind(row.kind.data), row.title.data or "", row.minutes.data)
            for row in kept
        ]


class MinutesPaper(Paper):
    """The minutes of an assembly."""

    minutes = TextField(lazy_gettext("내용"), most=20000, least=1)


class CorrectionPaper(MinutesPaper):
    """A correction of published minutes."""

    reason = LineField(lazy_gettext("무엇을 왜 바로잡나요?"), most=200, least=2)
    seen = WholeField(
        lazy_gettext("앞선 정정"), [needed()], least=0, most=9999, widget=HiddenInput()
    )

    def fill(self, minutes: str, corrections: int, *, is_told: bool) -> None:
        """Start from the minutes as they stand; what was typed stays, as NoticePaper has it."""
        if not self.is_submitted():
            self.minutes.data = minutes
        _see(self.seen, corrections, anew=is_told or not self.is_submitted())


class RulesPaper(Paper):
    """A new version of a place's assembly rules."""

    place = picker(lazy_gettext("어느 곳의 규칙인가요?"), validators=[needed()])
    notice_days = WholeField(lazy_gettext("며칠 전까지 공고하나요?"), [needed()], least=0, most=365)
    quorum_kind = picker(
        lazy_gettext("성원을 셈하는 방법"), words.QUORUM_KINDS, validators=[needed()]
    )
    quorum_value = WholeField(lazy_gettext("성원의 수"), [needed()], least=0, most=1_000_000)
    min_age = WholeField(lazy_gettext("몇 세부터 함께하나요?"), [needed()], least=0, most=120)
    age_mode = picker(lazy_gettext("나이를 세는 방법"), words.AGE_MODES, validators=[needed()])

    def offer(self, places: Iterable[Place]) -> None:
        """Offer the places whose rules this person may set."""
        self.place.choices = choices((place.slug, place.name) for place in places)
