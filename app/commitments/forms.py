"""The papers that clerks and departments fill in about commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext
from wtforms import BooleanField, Form, FormField, HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.commitments.rules import mark_of
from app.web.fields import DayField, RowList, WholeField, WonField, choices, picker
from app.web.forms import SHORTEST_REASON, LineField, Paper, TextField, add_error, needed
from app.web.once import OncePaper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from app.commitments.models import Commitment, Milestone
    from app.places.models import Department

MOST_STEPS = 12
BLANK_STEPS = 3


class TicksField(SelectMultipleField):
    """Several whole rows to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReportPaper(OncePaper):
    """What was done since the last report."""

    text = TextField(lazy_gettext("무엇을 했나요?"), most=2000, least=5)
    percent = WholeField(lazy_gettext("진행률(%)"), [needed()], least=0, most=100)
    spent_won = WonField(lazy_gettext("지금까지 집행한 돈"), [needed()])
    # Whether a ticked step still stands is asked under the lock, where it is marked as done.
    milestones_done = TicksField(lazy_gettext("이번에 마친 단계"), validate_choice=False)
    sure = BooleanField(lazy_gettext("네, 맞습니다. 이대로 알립니다."))
    sure_of = HiddenField()

    def offer(self, steps: Iterable[Milestone]) -> None:
        """Offer the steps that are not done yet."""
        self.milestones_done.choices = choices(
            (step.name, step.name) for step in steps if step.done_on is None
        )

    def fill(self, commitment: Commitment) -> None:
        """Start from what the last report said."""
        self.percent.data, self.spent_won.data = commitment.percent, commitment.spent_won

    def ask(self, sentence: str, commitment: Commitment) -> None:
        """Ask whether these figures are meant; a yes to others says nothing of them."""
        self.sure.data, self.sure_of.data = False, self._figures(commitment)
        add_error(self.sure, sentence)

    def is_sure(self, commitment: Commitment) -> bool:
        """Say whether these very figures were asked about, after what was told before."""
        return bool(self.sure.data) and self.sure_of.data == self._figures(commitment)

    def _figures(self, commitment: Commitment) -> str:
        return f"{self.percent.data} {self.spent_won.data} {commitment.spent_won}"

    @property
    def done(self) -> set[str]:
        """Return the names of the ticked steps."""
        return set(self.milestones_done.data or ())


class DelayPaper(Paper):
    """A new date, and why."""

    due_on = DayField(lazy_gettext("새 기한"), validators=[needed()])
    reason = TextField(lazy_gettext("미루는 까닭"), most=1000, least=SHORTEST_REASON)


class StepPaper(Form):
    """One dated step; a row without a name is left out."""

    name = LineField(lazy_pgettext("milestone", "단계"), most=40)
    due_on = DayField(lazy_gettext("언제까지"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a day where a row has a name, and for nothing where it has none."""
        if not self.name.data and not self.name.raw_data:
            return True
        if not self.name.data:
            return True
        return bool(super().validate(extra_validators))


class MilestonesPaper(Paper):
    """The steps of a commitment that are still open, in order."""

    rows = RowList(FormField(StepPaper), max_entries=MOST_STEPS)
    reason = TextField(lazy_gettext("기한이 지난 단계를 바꾸거나 빼는 까닭"), most=1000)
    seen = HiddenField()

    def fill(self, steps: Sequence[Milestone]) -> None:
        """Show the open steps as they stand, and a few blank rows to add to."""
        self.show(steps)
        for step in steps:
            if step.done_on is None:
                self.rows.append_entry({"name": step.name, "due_on": step.due_on})
        for _blank in range(min(BLANK_STEPS, MOST_STEPS - len(self.rows))):
            self.rows.append_entry()

    def show(self, steps: Sequence[Milestone]) -> None:
        """Send it from now on as knowing these steps; what was typed stays."""
        self.seen.data = mark_of(steps)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a day where a row has a name, and for a whole reason where one is begun."""
        self.reason.least = SHORTEST_REASON if self.reason.data else 0
        fine = bool(super().validate(extra_validators))
        for row in self.rows:
            step = row.form
            if step.name.data and step.due_on.data is None:
                if not step.due_on.errors:
                    add_error(step.due_on, _("언제까지인지 적어 주세요."))
                fine = False
        return fine

    @property
    def steps(self) -> list[tuple[str, date]]:
        """Return the named steps by their dates; for a paper that is valid."""
        kept = [(row.form.name.data, row.form.due_on.data) for row in self.rows]
        return sorted(((name, day) for name, day in kept if name), key=lambda step: step[1])


class MakePaper(Paper):
    """What a counted ballot's winners have in common."""

    year = WholeField(lazy_gettext("어느 해의 약속인가요?"), [needed()], least=2000, most=2100)
    due_on = DayField(lazy_gettext("언제까지 지키나요?"), validators=[needed()])
    department = picker(lazy_gettext("소관부서"), validators=[needed()])

    def offer(self, departments: Iterable[Department], *, is_needed: bool) -> None:
        """Offer the departments that may answer where an option names none; else ask for none."""
        if not is_needed:
            del self.department
            return
        self.department.choices = choices((one.slug, one.name) for one in departments)
