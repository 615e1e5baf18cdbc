"""The fields every form is made of: text is tidied and checked on its way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TextArea

from app.core.plaintext import length, tidy
from app.core.refusals import InvalidText

if TYPE_CHECKING:
    from wtforms import Field
    from wtforms.form import BaseForm

REQUIRED = lazy_gettext("꼭 필요한 항목입니다. 입력해 주세요.")
CHOOSE = lazy_gettext("골라 주세요.")
# Letters: fewer give residents who read it no reason.
SHORTEST_REASON = 5


class Paper(FlaskForm):  # type: ignore[misc]
    """The base of every form."""


class Needed(InputRequired):
    """The validator of a required field: lists ask to choose, all others to write."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Refuse a field that was left empty, with the sentence that fits its kind."""
        del form
        if not field.raw_data or not field.raw_data[0]:
            field.errors = []
            raise StopValidation(str(CHOOSE if isinstance(field, SelectField) else REQUIRED))


def needed() -> InputRequired:
    """Return the validator of a required field, with its Korean sentence."""
    return Needed()


class LineField(StringField):
    """One line of text; `most` and `least` count code points."""

    keeps_lines = False

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        most: int,
        least: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.most, self.least = most, least
        self.trouble: str | None = None
        if least:
            self.flags.required = True
        self.flags.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        """Tidy what was typed; text that may not be stored is kept for showing, with a reason."""
        super().process_formdata(valuelist)
        self.trouble = None
        if self.data is not None:
            try:
                self.data = tidy(self.data, lines=self.keeps_lines)
            except InvalidText as error:
                self.trouble = error.code

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse forbidden, missing, short and over-long text with a sentence that helps."""
        del form
        if self.trouble == "resident_number":
            raise StopValidation(
                _("주민등록번호로 보이는 숫자가 있습니다. 개인정보를 지우고 다시 보내 주세요.")
            )
        if self.trouble:
            raise StopValidation(_("쓸 수 없는 글자가 들어 있습니다. 지우고 다시 보내 주세요."))
        size = length(self.data or "")
        if size == 0 and self.least:
            raise StopValidation(str(REQUIRED))
        if size > self.most:
            raise StopValidation(
                _(
                    "%(most)s자까지 쓸 수 있습니다. 지금 %(size)s자이니 %(over)s자를 줄여 주세요.",
                    most=f"{self.most:,}",
                    size=f"{size:,}",
                    over=f"{size - self.most:,}",
                )
            )
        if size < self.least:
            raise StopValidation(
                _("%(least)s자 이상 써 주세요. 지금 %(size)s자입니다.", least=self.least, size=size)
            )


class TextField(LineField):
    """Text of several lines; `most` and `least` count code points."""

    widget = TextArea()
    keeps_lines = True


def add_error(field: Field, sentence: str) -> None:
    """Show a refusal's sentence at the field it concerns."""
    field.errors = [*field.errors, sentence]
