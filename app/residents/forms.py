"""The papers people fill in about themselves, and clerks about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Regexp, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, RadioInput

from app.core.refusals import Refused
from app.residents import words
from app.residents.actions import normal_address
from app.residents.models import LookPurpose, MemberClass
from app.residents.passphrases import why_weak
from app.residents.policy import GRANTED
from app.residents.rules import Twin, typed_day
from app.web.fields import picker
from app.web.forms import LineField, Paper, add_error, needed
from app.web.once import OncePaper
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from wtforms import Field
    from wtforms.form import BaseForm

    from app.places.models import Department, Place
    from app.residents.policy import PersonRefusal

NAME_MOST = 40
ADDRESS_MOST = 254
CODE_MOST = 20
NAME_LETTERS = Regexp(
    r"^[^\d\W_][^\d_!-&(-,/:-@\[-`{-~]*$",
    message=_("이름에는 글자와 띄어쓰기만 쓸 수 있습니다."),
)
NOT_ADDRESS = _("이메일 주소나 010으로 시작하는 번호를 적어 주세요. 예: 010-1234-5678")
WEAK = {
    "short": _("10자 이상으로 정해 주세요. 낱말 서너 개를 이어 쓰면 기억하기 쉽습니다."),
    "long": _("200자까지 쓸 수 있습니다. 조금 줄여 주세요."),
    "common": _("많이 쓰여 쉽게 알아맞힐 수 있는 비밀문구입니다. 다른 것으로 정해 주세요."),
    "repeated": _("같은 글자나 차례대로인 숫자뿐입니다. 다른 것으로 정해 주세요."),
    "personal": _("이름이나 연락처가 들어 있습니다. 다른 것으로 정해 주세요."),
}


class AddressField(LineField):
    """An e-mail address or mobile number, by which someone signs in."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, most=ADDRESS_MOST, least=1, **kwargs)

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is neither."""
        super().pre_validate(form)
        try:
            normal_address(self.data or "")
        except ValueError:
            raise StopValidation(str(NOT_ADDRESS)) from None


class BirthField(LineField):
    """A birth date typed as eight digits or with any marks between: 19500302, 1950. 3. 2."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, most=20, least=1, **kwargs)
        self.day: date | None = None

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is no day of the calendar."""
        super().pre_validate(form)
        self.day = typed_day(self.data or "")
        if self.day is None:
            raise StopValidation(str(_("태어난 날을 여덟 자리 숫자로 적어 주세요. 예: 19500302")))


def passphrase_field(label: Any, autocomplete: str) -> PasswordField:
    """Return a field for a secret that password managers understand."""
    return PasswordField(
        label,
        validators=[needed()],
        render_kw={"autocomplete": autocomplete, "spellcheck": "false"},
    )


def present_passphrase() -> PasswordField:
    """Return the field in which somebody signed in proves anew that it is they."""
    return passphrase_field(_("지금 쓰는 비밀문구"), "current-password")


def check_strength(field: Field, *about: str | None) -> None:
    """Refuse a passphrase that is easy to guess for anyone, or for who knows these things."""
    weakness = why_weak(field.data or "", about=[word for word in about if word])
    if weakness is not None:
        raise ValidationError(str(WEAK[weakness]))


def refuse_at(field: Field, refusal: PersonRefusal) -> int:
    """Show a refusal at a field; return its status."""
    status, sentence = sentence_of(current_app, Refused(refusal))
    add_error(field, sentence)
    return status


def agreed(sentence: Any) -> InputRequired:
    """Return the validator of a box that has to be ticked."""
    return InputRequired(message=sentence)


def name_field() -> LineField:
    """Return the field for a person's name."""
    return LineField(
        _("이름"),
        most=NAME_MOST,
        least=2,
        validators=[NAME_LETTERS],
        render_kw={"autocomplete": "name"},
    )


def card_name() -> LineField:
    """Return the field for a name as it stands on an identity card."""
    return LineField(
        _("신분증의 이름"),
        most=NAME_MOST,
        least=2,
        validators=[NAME_LETTERS],
        render_kw={"autocomplete": "off"},
    )


def card_birth() -> BirthField:
    """Return the field for a birth date as it stands on an identity card."""
    return BirthField(
        _("생년월일"),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


class TwinField(RadioField):
    """What a clerk says of whoever stands already under the identity on a card.

    One of two, and a box to tick where there is but one thing to say.
    """

    data: Twin | None

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, coerce=Twin, validate_choice=False, **kwargs)
        self.flags.required = True  # it is asked only where nothing goes on without an answer
        self.offer(Twin.ANOTHER)

    def offer(self, *twins: Twin) -> None:
        """Set what can be said."""
        self.choices = [SelectChoice(one.value, words.TWINS[one]) for one in twins]
        self.option_widget = RadioInput() if len(twins) > 1 else CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was said; whoever says both says nothing."""
        if Twin.SAME in valuelist:
            self.offer(*words.TWINS)
        said = [one for one in Twin if [one.value] == valuelist]
        if valuelist and not said:
            raise ValueError(str(_("하나만 골라 주세요.")))
        self.data = said[0] if said else None


def dong_choices(dongs: Iterable[Place], empty: object | None) -> list[SelectChoice]:
    """Return dongs as the choices of a field, with a word for none of them."""
    named = [] if empty is None else [SelectChoice("", empty)]
    return named + [SelectChoice(dong.slug, dong.name) for dong in dongs]


class SignUpPaper(OncePaper):
    """Signing up."""

    name = name_field()
    address = AddressField(_("이메일이나 휴대전화 번호"), render_kw={"autocomplete": "username"})
    passphrase = passphrase_field(_("비밀문구"), "new-password")
    dong = picker(_("사는 동이나 일터가 있는 동"))
    terms = BooleanField(
        _("이용약관에 동의합니다"),
        validators=[agreed(_("이용약관에 동의해야 가입할 수 있습니다."))],
    )
    privacy = BooleanField(
        _("개인정보 수집·이용에 동의합니다"),
        validators=[agreed(_("개인정보 수집·이용에 동의해야 가입할 수 있습니다."))],
    )
    of_age = BooleanField(
        _("만 14세 이상입니다"),
        validators=[agreed(_("만 14세 이상이면 표시해 주세요."))],
    )
    news = BooleanField(_("소식 받기에 동의합니다"))
    next = HiddenField()

    def validate_passphrase(self, field: Field) -> None:
        """Refuse an easy passphrase."""
        check_strength(field, self.name.data, self.address.data)


class SignInPaper(Paper):
    """Signing in."""

    address = LineField(
        _("이메일이나 휴대전화 번호"),
        most=ADDRESS_MOST,
        least=1,
        render_kw={"autocomplete": "username"},
    )
    passphrase = passphrase_field(_("비밀문구"), "current-password")
    stay = BooleanField(_("이 기기에서 14일 동안 로그인해 두기"))
    next = HiddenField()


class NewPassphrasePaper(Paper):
    """Setting a new passphrase with the code from the desk."""

    address = LineField(
        _("이메일이나 휴대전화 번호"),
        most=ADDRESS_MOST,
        least=1,
        render_kw={"autocomplete": "username"},
    )
    code = LineField(
        _("창구에서 받은 코드"),
        most=CODE_MOST,
        least=1,
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )
    new_passphrase = passphrase_field(_("새 비밀문구"), "new-password")

    def validate_new_passphrase(self, field: Field) -> None:
        """Refuse an easy passphrase."""
        check_strength(field, self.address.data)


class NamePaper(Paper):
    """Correcting one's own name."""

    name = name_field()


class HomePaper(Paper):
    """Choosing one's dong."""

    dong = picker(_("우리 동"))


class ContactPaper(Paper):
    """Changing an e-mail address or phone number."""

    address = AddressField(_("새 이메일이나 휴대전화 번호"))
    passphrase = present_passphrase()


class ContactRemovalPaper(Paper):
    """Forgetting an e-mail address or phone number."""

    passphrase = present_passphrase()


class PassphrasePaper(Paper):
    """Changing the passphrase."""

    passphrase = present_passphrase()
    new_passphrase = passphrase_field(_("새 비밀문구"), "new-password")

    def validate_new_passphrase(self, field: Field) -> None:
        """Refuse an easy passphrase."""
        check_strength(field)


class LeavePaper(Paper):
    """Leaving for good."""

    understood = BooleanField(
        _("되돌릴 수 없다는 것을 읽었습니다"),
        validators=[agreed(_("위의 안내를 읽고 표시해 주세요."))],
    )
    passphrase = present_passphrase()


class LookPaper(Paper):
    """Opening a person's record, for one of a few tasks."""

    purpose = picker(_("보는 까닭"), words.PURPOSES, validators=[needed()])

    @property
    def chosen(self) -> LookPurpose:
        """Return the task chosen."""
        return LookPurpose(self.purpose.data)


class FindPaper(LookPaper):
    """Finding a person by exact e-mail address, phone number, or name and birth date."""

    key = LineField(
        _("이메일, 휴대전화 번호, 또는 이름과 생년월일"),
        most=ADDRESS_MOST,
        least=2,
        render_kw={"autocomplete": "off"},
    )


class IdentityPaper(OncePaper):
    """What stands on an identity card."""

    name = card_name()
    born = card_birth()
    id_seen = BooleanField(
        _("신분증과 증빙을 눈으로 확인했습니다"),
        validators=[agreed(_("신분증을 확인한 뒤에 표시해 주세요."))],
    )
    guardian = BooleanField(_("만 14세 미만: 법정대리인의 동의를 확인했습니다"))
    twin = TwinField(_("같은 분인가요?"))


class CardPaper(Paper):
    """What a clerk saw on the card of somebody who forgot their passphrase."""

    name = card_name()
    born = card_birth()
    id_seen = BooleanField(
        _("신분증을 보고 본인임을 확인했습니다"),
        validators=[agreed(_("신분증을 확인한 뒤에 표시해 주세요."))],
    )


class VerifyPaper(IdentityPaper):
    """What a clerk saw of a person at the desk."""

    dong = picker(_("동"), validators=[needed()])
    member_class = RadioField(
        _("구분"),
        choices=[SelectChoice(one.value, words.CLASSES[one]) for one in MemberClass],
        validators=[needed()],
    )
    renamed = BooleanField(_("신분증의 이름이 가입한 이름과 다른 것을 확인했습니다"))


class PersonByAddressPaper(Paper):
    """Finding whom to entrust with a role."""

    address = AddressField(
        _("가입할 때 쓴 이메일이나 휴대전화 번호"), render_kw={"autocomplete": "off"}
    )


class GrantPaper(Paper):
    """Entrusting someone with a role."""

    role = picker(_("역할"), {one: words.ROLES[one] for one in GRANTED}, validators=[needed()])
    place = picker(_("곳"), validators=[needed()])
    department = picker(_("부서(부서 담당자만)"))
    sure = HiddenField()

    def offer(self, places: Iterable[Place], departments: Iterable[Department]) -> None:
        """Set what can be chosen."""
        self.place.choices = [SelectChoice(place.slug, place.name) for place in places]
        self.department.choices = [SelectChoice("", _("없음"))] + [
            SelectChoice(one.slug, one.name) for one in departments
        ]
