"""The papers of the forum."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p
from wtforms import HiddenField, RadioField, SelectField

from app.core.clock import seoul_midnight
from app.core.contacts import names_contact
from app.forum.models import TopicKind
from app.forum.words import CONTACT_NAMED, KINDS, SIGNS, STANCES
from app.moderation.words import hide_reasons
from app.web.fields import DayField, PickField, picker
from app.web.forms import LineField, Paper, TextField, add_error, needed
from app.web.once import OncePaper

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN_CHOICE = _("보기 가운데에서 골라 주세요.")
NO_PROPOSAL = 0
IN_KOREAN: dict[str, Any] = {
    "invalid_value_message": UNKNOWN_CHOICE,
    "invalid_choice_message": UNKNOWN_CHOICE,
}


def _stances() -> dict[str, str]:
    return {stance.value: f"{SIGNS[stance]} {name}" for stance, name in STANCES.items()}


def _kinds() -> dict[str, str]:
    return {kind.value: str(name) for kind, name in KINDS.items()}


def _reasons() -> dict[str, str]:
    return dict(hide_reasons())


def _choose(label: Any, choices: Any) -> RadioField:
    """Return a row of choices of which one is needed."""
    return RadioField(label, choices=choices, validators=[needed()], **IN_KOREAN)


def _select(label: Any, choices: Any = None, *, coerce: Any = str) -> PickField:
    """Return a list of which one is chosen."""
    return picker(label, choices=choices, coerce=coerce, validators=[needed()], **IN_KOREAN)


class SaidPaper(Paper):
    """What everybody reads at once: a phone number or an e-mail address in it is asked about once.

    Whoever sends it again as it came back means it.
    """

    contact_seen = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether this may be said as it stands."""
        if not super().validate(extra_validators):
            return False
        written = [one for one in self if isinstance(one, LineField)]
        named = [one for one in written if names_contact(one.data or "")]
        if not named or self.contact_seen.data:
            return True
        self.contact_seen.data = "1"
        for one in named:
            add_error(one, str(CONTACT_NAMED))
        return False


class OpinionForm(SaidPaper, OncePaper):
    """An opinion on a topic."""

    stance = _choose(_("내 입장"), _stances)
    reason = LineField(_("까닭 한 줄"), most=60, least=2)
    text = TextField(_p("one", "의견"), most=2000, least=10)
    quoted_id = HiddenField()

    @property
    def quoted(self) -> int | None:
        """Return the id of the quoted opinion; 0, which no opinion has, for what is no id."""
        typed = (self.quoted_id.data or "").strip()
        if not typed:
            return None
        is_id = typed.isascii() and typed.isdecimal() and len(typed) <= 9  # noqa: PLR2004
        return int(typed) if is_id else 0


class ReplyForm(SaidPaper, OncePaper):
    """A reply to an opinion."""

    text = TextField(_("답글"), most=1000, least=2)


class StanceForm(SaidPaper):
    """A change of mind about one's own opinion."""

    after = _choose(_("지금 내 입장"), _stances)
    why = TextField(_("무엇이 생각을 바꾸었나요?"), most=500, least=5)


class ReportForm(Paper):
    """A reader's report of an opinion or a reply."""

    reason = _select(_("까닭"), _reasons)
    note = TextField(_("덧붙일 말"), most=300)


class HideForm(Paper):
    """A moderator's reason for hiding, written into the public ledger."""

    reason = _select(_("까닭"), _reasons)
    note = TextField(_("공개 장부에 남길 설명"), most=300, least=5)


class RestoreForm(Paper):
    """A moderator's reason for showing something again."""

    note = TextField(_("공개 장부에 남길 설명"), most=300, least=5)


class TopicForm(OncePaper):
    """A topic to open."""

    place_id = _select(_("동네"), coerce=int)
    kind = _choose(_("어디에서 온 의제인가요?"), _kinds)
    proposal_id = SelectField(_p("one", "제안"), coerce=int, **IN_KOREAN)
    department_id = _select(_("답변할 부서"), coerce=int)
    title = LineField(_("제목"), most=60, least=5)
    question = TextField(_("물음"), most=200, least=5)
    background = TextField(_("숙의자료"), most=20_000, least=20)
    opens_on = DayField(_("시작하는 날"), validators=[needed()])
    closes_on = DayField(_("끝나는 날"), validators=[needed()])
    offered_proposals: frozenset[int] = frozenset()

    def offer(
        self, *, places: dict[int, str], proposals: dict[int, str], departments: dict[int, str]
    ) -> None:
        """Say what can be chosen, by id."""
        self.offered_proposals = frozenset(proposals)
        choices: Any = ({NO_PROPOSAL: str(_("고르지 않음"))} | proposals, places, departments)
        self.proposal_id.choices, self.place_id.choices, self.department_id.choices = choices

    def follow(self, departments_of: Mapping[int, int | None]) -> None:
        """Leave the answer to the department of the chosen proposal, unless another is chosen."""
        department = departments_of.get(self.proposal_id.data or NO_PROPOSAL)
        is_open = not any(self.department_id.raw_data or ())
        if department is not None and is_open and self.kind.data == TopicKind.PROPOSAL:
            self.department_id.process(None, department)
            self.department_id.raw_data = [str(department)]

    @property
    def opens_at(self) -> datetime:
        """Return the first moment of a valid form's first day."""
        return seoul_midnight(cast("date", self.opens_on.data))

    @property
    def closes_at(self) -> datetime:
        """Return the midnight at the end of a valid form's last day."""
        return seoul_midnight(cast("date", self.closes_on.data) + timedelta(days=1))


class ConclusionForm(Paper):
    """The moderator's conclusion."""

    conclusion = TextField(_("결론"), most=10_000, least=20)


class AnswerForm(Paper):
    """The department's answer to a conclusion."""

    reply = TextField(_("부서 답변"), most=10_000, least=20)


class ClaimForm(OncePaper):
    """One sentence to weigh."""

    text = LineField(_("한 문장"), most=80, least=5)
