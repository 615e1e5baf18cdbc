"""The papers on which proposals are written, decided and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from app.proposals.models import Field, Verdict
from app.proposals.rules import BODY_LEAST, SENSE_LEAST, TITLE_LEAST
from app.proposals.words import FIELDS, VERDICTS
from app.web.fields import DayField, WholeField, choices, picker
from app.web.forms import LineField, Paper, TextField, add_error, needed
from app.web.once import OncePaper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.places.models import Department, Place
    from app.proposals.rules import Terms

TITLE_MOST, SENSE_MOST, BODY_MOST, REASON_MOST = 60, 100, 10_000, 4_000


def _verdicts() -> list[tuple[str, str]]:
    return [(verdict.value, str(label)) for verdict, label in VERDICTS.items()]


class ProposalForm(OncePaper):
    """A proposal as its author writes it."""

    title = LineField(_("제목"), least=TITLE_LEAST, most=TITLE_MOST)
    sense = LineField(_("한 줄로 말하면"), least=SENSE_LEAST, most=SENSE_MOST)
    body = TextField(_("내용"), least=BODY_LEAST, most=BODY_MOST)
    place = RadioField(_("어디에 대한 제안인가요?"), [needed()])
    field = picker(_("분야"), FIELDS, validators=[needed()])

    def offer(self, places: Sequence[Place], *, default: Place | None) -> None:
        """Offer the places a proposal may be for, beginning with the writer's own."""
        self.place.choices = [(place.slug, place.name) for place in places]
        if default is not None and self.place.data is None:
            self.place.data = default.slug

    @property
    def chosen_field(self) -> Field | None:
        """Return the field of life chosen; None where a draft leaves it open."""
        return Field(self.field.data) if self.field.data else None

    def validate_unfinished(self) -> bool:
        """Say whether this may be kept as a draft: any words of it are enough."""
        written = (self.title, self.sense, self.body)
        for one in written:
            one.least = 0
        for open_yet in (self.place, self.field):
            open_yet.validators = [Optional()]
        self.place.validate_choice = bool(self.place.data)
        if not self.validate():
            return False
        if not any(one.data for one in written):
            add_error(self.title, str(_("제목만이라도 적어 주세요. 나머지는 나중에 써도 됩니다.")))
            return False
        return True

    def name_missing(self) -> None:
        """Say at each field what it still needs."""
        for one in (self.title, self.sense, self.body, self.place, self.field):
            one.validate(self)


class PrecheckForm(Paper):
    """Why a proposal is not fit."""

    reason = TextField(_("맞지 않는 까닭"), least=5, most=REASON_MOST)


class AssignForm(Paper):
    """Which department answers."""

    department = picker(_("소관부서"), validators=[needed()])

    def offer(self, departments: Sequence[Department]) -> None:
        """Offer the district's departments."""
        self.department.choices = choices(
            (department.slug, department.name) for department in departments
        )


class ReplyForm(Paper):
    """A department's answer."""

    verdict = RadioField(_("답변"), [needed()], choices=_verdicts)
    reason = TextField(_("까닭"), least=10, most=REASON_MOST)
    planned_on = DayField(_("언제 할지"), [Optional()])

    @property
    def chosen(self) -> Verdict:
        """Return the verdict chosen."""
        return Verdict(self.verdict.data)


class PolicyForm(Paper):
    """A new version of a place's endorsement rule."""

    place = picker(_("적용할 곳"), validators=[needed()])
    threshold = WholeField(_("공감 기준 수(명)"), [needed()], least=1, most=100_000)
    window_days = WholeField(_("공감 기간(일)"), [needed()], least=1, most=365)
    counts_opening_day = BooleanField(_("공감을 시작한 날을 첫날로 셉니다"))
    precheck_required = BooleanField(_("공감 전에 타당성 검토를 합니다"))
    decision_days = WholeField(_("부서 답변 기한(일)"), [needed()], least=1, most=365)

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the places a rule may be for."""
        self.place.choices = [(place.slug, place.name) for place in places]

    def start_from(self, terms: Terms, place: Place) -> None:
        """Begin with the rule in force."""
        self.place.data = place.slug
        self.threshold.data = terms.threshold
        self.window_days.data = terms.window_days
        self.counts_opening_day.data = terms.counts_opening_day
        self.precheck_required.data = terms.precheck_required
        self.decision_days.data = terms.decision_days
