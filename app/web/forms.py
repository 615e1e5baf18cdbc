"""The fields every form is made of: text is tidied and checked on its way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation

from app.core.plaintext import length, tidy
from app.core.refusals import InvalidText

if TYPE_CHECKING:
    from wtforms import Field, Form

REQUIRED = lazy_gettext("꼭 필요한 항목입니다. 입력해 주세요.")


class Paper(FlaskForm):  # type: ignore[misc]
    """The base of every form."""


def needed() -> InputRequired:
    """Return the validator of a required field, with its Korean sentence."""
    return InputRequired(message=REQUIRED)  # type: ignore[arg-type]


class _Tidy:
    lines = False

    def __init__(
        self,
        label: object = None,
        validators: Any = None,
        *,
        most: int,
        least: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)  # type: ignore[call-arg]
        self.most, self.least = most, least
        if least:
            self.flags.required = True  # type: ignore[attr-defined]
        self.flags.most = most  # type: ignore[attr-defined]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Tidy what was typed; text that may not be stored is kept for showing, with a reason."""
        super().process_formdata(valuelist)  # type: ignore[misc]
        self.trouble: str | None = None
        if isinstance(self.data, str):  # type: ignore[has-type]
            try:
                self.data = tidy(self.data, lines=self.lines)
            except InvalidText as error:
                self.trouble = error.code

    def pre_validate(self, form: Form) -> None:
        """Refuse forbidden, missing, short and over-long text with a sentence that helps."""
        del form
        if getattr(self, "trouble", None) == "resident_number":
            raise StopValidation(
                _("주민등록번호로 보이는 숫자가 있습니다. 개인정보를 지우고 다시 보내 주세요.")
            )
        if getattr(self, "trouble", None):
            raise StopValidation(_("쓸 수 없는 글자가 들어 있습니다. 지우고 다시 보내 주세요."))
        size = length(self.data or "")
        if size == 0 and self.least:
            raise StopValidation(str(REQUIRED))
        if size > self.most:
            raise StopValidation(
                _(
                    "%(most)s자까지 쓸 수 있습니다. 지금 %(size)s자입니다. %(over)s자를 줄여 주세요.",
                    most=f"{self.most:,}",
                    size=f"{size:,}",
                    over=f"{size - self.most:,}",
                )
            )
        if size < self.least:
            raise StopValidation(
                _("%(least)s자 이상 써 주세요. 지금 %(size)s자입니다.", least=self.least, size=size)
            )


class LineField(_Tidy, StringField):
    """One line of text; `most` and `least` count code points."""


class TextField(_Tidy, TextAreaField):
    """Text of several lines; `most` and `least` count code points."""

    lines = True


def add_error(field: Field, sentence: str) -> None:
    """Show a refusal's sentence at the field it concerns."""
    field.errors = [*field.errors, sentence]
