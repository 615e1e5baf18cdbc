"""The papers on which proposals are written, decided and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from app.proposals.models import Field, Verdict
from app.proposals.words import FIELDS, VERDICTS
from app.web.fields import DayField, WholeField, choices, picker
from app.web.forms import LineField, Paper, TextField, needed
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

    title = LineField(_("제목"), least=4, most=TITLE_MOST)
    sense = LineField(_("한 줄로 말하면"), least=4, most=SENSE_MOST)
    body = TextField(_("내용"), least=10, most=BODY_MOST)
    place = RadioField(_("어디에 대한 제안인가요?"), [needed()])
    field = picker(_("분야"), FIELDS, validators=[needed()])

    def offer(self, places: Sequence[Place], *, default: Place | None) -> None:
        """Offer the places a proposal may be for, beginning with the writer's own."""
        self.place.choices = [(place.slug, place.name) for place in places]
        if default is not None and self.place.data is None:
            self.place.data = default.slug

    @property
    def chosen_field(self) -> Field:
        """Return the field of life chosen."""
        return Field(self.field.data)


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
