"""The made-up paper of the style guide: one field of every kind."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional

from app.web.forms import LineField, Paper, TextField, needed


class SampleForm(Paper):
    """A proposal that nobody makes."""

    title = LineField(_("제목"), most=40, least=2)
    body = TextField(_("내용"), most=2000, least=10)
    field = SelectField(
        _("분야"),
        choices=[
            SelectChoice("", _("골라 주세요")),
            SelectChoice("environment", _("환경")),
            SelectChoice("safety", _("안전")),
        ],
        validators=[needed()],
    )
    stance = RadioField(
        _("생각"),
        choices=[
            SelectChoice("for", _("찬성")),
            SelectChoice("improve", _("보완")),
            SelectChoice("against", _("반대")),
        ],
        validators=[needed()],
    )
    day = DateField(_("날짜"), validators=[Optional()])
    secret = PasswordField(_("비밀문구"))
    agreed = BooleanField(_("이용약관에 동의합니다"), validators=[needed()])
