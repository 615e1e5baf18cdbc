"""The papers on which something is hidden, shown again or reported."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField

from app.moderation.models import HideReason
from app.moderation.words import hide_reasons
from app.web.forms import LineField, Paper, needed

NOTE_MOST = 200


class HideForm(Paper):
    """Why something is hidden; both answers are published in the ledger."""

    reason = RadioField(_("가리는 까닭"), [needed()], choices=hide_reasons)
    note = LineField(_("설명"), least=2, most=NOTE_MOST)

    @property
    def chosen(self) -> HideReason:
        """Return the reason chosen."""
        return HideReason(self.reason.data)


class RestoreForm(Paper):
    """Why something is shown again."""

    note = LineField(_("다시 보이는 까닭"), least=2, most=NOTE_MOST)


class ReportForm(Paper):
    """What a reader thinks is wrong with something."""

    reason = RadioField(_("무엇이 문제인가요?"), [needed()], choices=hide_reasons)
    note = LineField(_("덧붙일 말"), most=NOTE_MOST)

    @property
    def chosen(self) -> HideReason:
        """Return the reason chosen."""
        return HideReason(self.reason.data)


class SettleForm(Paper):
    """Which reported thing is left standing."""
