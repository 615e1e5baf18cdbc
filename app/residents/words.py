"""What residents says: sentences for refusals, names of roles, classes and consents."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.korean import mask_email, mask_phone
from app.residents.facts import PersonalField, Withdrawal
from app.residents.models import (
    ConsentKind,
    Contact,
    ContactKind,
    LookPurpose,
    MemberClass,
    Person,
    Role,
)
from app.residents.policy import PersonRefusal
from app.residents.rules import Twin
from app.web.refusing import Sentence

SENTENCES: dict[PersonRefusal, Sentence] = {
    PersonRefusal.WRONG_SIGN_IN: Sentence(
        422, _("이메일·휴대전화 번호나 비밀문구가 맞지 않습니다. 다시 확인해 주세요.")
    ),
    PersonRefusal.WRONG_PASSPHRASE: Sentence(
        422, _("지금 쓰는 비밀문구가 맞지 않습니다. 다시 입력해 주세요.")
    ),
    PersonRefusal.ADDRESS_TAKEN: Sentence(
        409,
        _("이미 가입에 쓰인 이메일이나 휴대전화 번호입니다. 로그인하거나 다른 것을 적어 주세요."),
    ),
    PersonRefusal.LAST_CONTACT: Sentence(
        409,
        _("로그인에 쓸 연락처가 하나는 있어야 합니다. 다른 연락처를 먼저 더해 주세요."),
    ),
    PersonRefusal.NAME_VERIFIED: Sentence(
        409,
        _("창구에서 신분증으로 확인한 이름입니다. 바꾸려면 동 주민센터 창구로 와 주세요."),
    ),
    PersonRefusal.CONSENT_REQUIRED: Sentence(
        409,
        _("가입에 꼭 필요한 동의입니다. 거두려면 탈퇴해 주세요."),
    ),
    PersonRefusal.NOT_CLERK: Sentence(
        403, _("이 동의 주민 확인을 맡은 담당자만 할 수 있는 일입니다.")
    ),
    PersonRefusal.NOT_OPERATOR: Sentence(403, _("운영자만 역할을 맡기거나 거둘 수 있습니다.")),
    PersonRefusal.OWN_ROLE: Sentence(
        409, _("자신의 운영자 역할은 스스로 거둘 수 없습니다. 다른 운영자에게 부탁해 주세요.")
    ),
    PersonRefusal.ROLE_UNUSED: Sentence(
        409, _("아직 하는 일이 없어 맡길 수 없는 역할입니다. 다른 역할을 골라 주세요.")
    ),
    PersonRefusal.DEPARTMENT_NEEDED: Sentence(
        422, _("부서 담당자에게는 맡을 부서가 있어야 합니다. 부서를 골라 주세요.")
    ),
    PersonRefusal.ALREADY_MEMBER: Sentence(
        409,
        _(
            "이미 이 동의 주민으로 확인된 분입니다. 이름이나 생년월일을 잘못 적었으면 ‘이름·생년월일 바로잡기’에서 고칠 수 있습니다."
        ),
    ),
    PersonRefusal.NOT_MEMBER: Sentence(409, _("이미 끝난 소속입니다. 지금 상태를 확인해 주세요.")),
    PersonRefusal.OTHER_IDENTITY: Sentence(
        409,
        _(
            "다른 동에서 확인한 이름이나 생년월일과 다릅니다. 신분증을 다시 살펴 주세요. 바뀌었거나 잘못 적힌 것이면 그 동에서 바로잡은 뒤 확인할 수 있습니다."
        ),
    ),
    PersonRefusal.OTHER_NAME: Sentence(
        409,
        _(
            "가입한 이름과 다릅니다. 신분증을 다시 살펴 고쳐 적거나, 신분증의 이름이 맞으면 아래에 표시하고 다시 보내 주세요."
        ),
    ),
    PersonRefusal.OTHER_DONG_TOO: Sentence(
        403,
        _("다른 동에서도 확인한 분입니다. 두 동을 함께 맡은 구의 담당자가 바로잡을 수 있습니다."),
    ),
    PersonRefusal.SAME_IDENTITY: Sentence(
        409,
        _(
            "이름과 생년월일이 같은 분이 이미 확인되어 있습니다. 같은 분인지 살핀 뒤, 다른 분이면 아래에 표시하고 다시 보내 주세요."
        ),
    ),
    PersonRefusal.NOT_REPLACEABLE: Sentence(
        409,
        _(
            "바꿀 수 없는 기록입니다. 같은 분의 기록에 계정이나 맡은 역할이 있거나, 다른 동에서도 확인되었습니다. 구의 담당자에게 부탁해 주세요."
        ),
    ),
    PersonRefusal.UNKNOWN_PERSON: Sentence(
        422, _("찾는 분이 없습니다. 적은 것이 맞는지 확인해 주세요.")
    ),
    PersonRefusal.OTHER_DONG: Sentence(
        403, _("다른 동에서 확인된 분입니다. 그 동의 담당자만 인적사항을 볼 수 있습니다.")
    ),
    PersonRefusal.BAD_BIRTH_DATE: Sentence(
        422, _("생년월일이 맞지 않습니다. 신분증을 보고 다시 적어 주세요.")
    ),
    PersonRefusal.GUARDIAN_NEEDED: Sentence(
        409,
        _(
            "만 14세가 되지 않은 분입니다. 법정대리인의 동의를 확인하고 아래에 표시한 뒤 다시 보내 주세요."
        ),
    ),
    PersonRefusal.SELF_VERIFICATION: Sentence(
        403, _("자신의 소속은 스스로 확인하거나 끝낼 수 없습니다. 다른 담당자에게 부탁해 주세요.")
    ),
    PersonRefusal.SELF_GRANT: Sentence(
        403, _("자신에게는 역할을 맡길 수 없습니다. 다른 운영자에게 부탁해 주세요.")
    ),
    PersonRefusal.WRONG_CODE: Sentence(
        422,
        _(
            "연락처나 코드가 맞지 않거나 코드를 쓸 수 있는 시간이 지났습니다. 다시 확인해 주세요. 계속 맞지 않으면 창구에서 새 코드를 받아 주세요."
        ),
    ),
    PersonRefusal.OWN_PASSPHRASE: Sentence(
        403,
        _(
            "자신에게는 코드를 드릴 수 없습니다. 비밀문구를 아시면 ‘내 정보’에서 바꾸고, 잊으셨으면 운영자에게 부탁해 주세요."
        ),
    ),
    PersonRefusal.STAFF_ACCOUNT: Sentence(
        403, _("역할을 맡은 분의 비밀문구는 운영자만 도울 수 있습니다. 운영자에게 부탁해 주세요.")
    ),
    PersonRefusal.NOT_VERIFIED: Sentence(
        409, _("아직 주민으로 확인되지 않은 분입니다. 먼저 주민 확인을 해 주세요.")
    ),
    PersonRefusal.NO_ACCOUNT: Sentence(
        409, _("가입하지 않은 분이라 비밀문구가 없습니다. 먼저 가입하시도록 도와주세요.")
    ),
    PersonRefusal.OTHER_CARD: Sentence(
        409,
        _(
            "신분증의 이름이나 생년월일이 이분의 기록과 다릅니다. 찾으신 분이 맞는지 다시 살펴 주세요."
        ),
    ),
}

BY_NAME_ONLY_VERIFIED = _(
    "아직 확인받지 않은 계정은 이메일이나 전화번호로만 찾습니다. 먼저 가입하셨는지 여쭤 보세요."
)

STANDS_WITHOUT_ACCOUNT = _(
    "이름과 생년월일이 같은 분이 계정 없이 등록되어 있습니다. 같은 분인지 살핀 뒤 아래 둘 가운데 하나를 골라 다시 보내 주세요."
)

TWINS: dict[Twin, object] = {
    Twin.SAME: _("같은 분입니다. 계정 없이 등록했던 기록을 이 계정으로 바꿉니다"),
    Twin.ANOTHER: _("이름과 생년월일이 같지만 다른 분임을 확인했습니다"),
}

ROLES: dict[Role, object] = {
    Role.CLERK: _("동 담당자"),
    Role.DESK_CLERK: _("창구 담당자"),
    Role.DEPARTMENT: _("부서 담당자"),
    Role.CHAIR: _("주민자치회장"),
    Role.MODERATOR: _("공론장 진행자"),
    Role.OFFICER: _("투표관리자"),
    Role.OBSERVER: _("참관인"),
    Role.TRUSTEE: _("열쇠 보관인"),
    Role.COUNCIL_MEMBER: _("주민자치위원"),
    Role.OPERATOR: _("운영자"),
}

CLASSES: dict[MemberClass, object] = {
    MemberClass.RESIDENT: _("주민(주민등록)"),
    MemberClass.WORKER: _("직장인(사업장)"),
    MemberClass.MEMBER: _("학교·기관·단체 소속"),
    MemberClass.PERMANENT_FOREIGNER: _("외국인 주민"),
}

CLASS_PAPERS: dict[MemberClass, object] = {
    MemberClass.RESIDENT: _("주민등록증, 운전면허증 등 주소가 적힌 신분증"),
    MemberClass.WORKER: _("신분증과 재직증명서나 사업자등록증"),
    MemberClass.MEMBER: _("신분증과 재학증명서나 소속 증명서"),
    MemberClass.PERMANENT_FOREIGNER: _("외국인등록증, 영주증, 국내거소신고증"),
}

CONSENTS: dict[ConsentKind, object] = {
    ConsentKind.TERMS: _("이용약관"),
    ConsentKind.PRIVACY: _("개인정보 수집·이용"),
    ConsentKind.NEWS: _("소식 받기"),
    ConsentKind.GUARDIAN: _("법정대리인 동의"),
}

PURPOSES: dict[LookPurpose, object] = {
    LookPurpose.REGISTRATION: _("주민 확인과 등록"),
    LookPurpose.OWN_REQUEST: _("본인의 열람·정정 요청"),
    LookPurpose.ROLL: _("투표인명부 확인"),
    LookPurpose.CONTACT: _("본인에게 연락"),
    LookPurpose.COMPLAINT: _("신고·민원 처리"),
    LookPurpose.ROLE: _("역할을 맡기기 위한 확인"),
}

CONTACTS: dict[ContactKind, object] = {
    ContactKind.EMAIL: _("이메일"),
    ContactKind.PHONE: _("휴대전화"),
}

CORRECTABLE: dict[PersonalField, object] = {
    PersonalField.NAME: _("이름"),
    PersonalField.BORN: _("생년월일"),
    PersonalField.HOME: _("사는 동"),
    PersonalField.EMAIL: CONTACTS[ContactKind.EMAIL],
    PersonalField.PHONE: CONTACTS[ContactKind.PHONE],
}


WITHDRAWALS: dict[Withdrawal, object] = {
    Withdrawal.OWN_WISH: _("본인이 탈퇴함"),
    Withdrawal.REPLACED: _("본인의 계정으로 바꿈"),
}


def called(masked_name: str) -> str:
    """Return what a person is called in public: their masked name, or that they left."""
    return masked_name or str(gettext("탈퇴한 주민"))


def called_at_desk(person: Person) -> str:
    """Return what a desk calls a person: a record that became an account has left nobody."""
    return str(gettext("계정으로 바꾼 기록")) if person.is_replaced else called(person.masked_name)


def masked(contact: Contact) -> str:
    """Return an address as its owner and clerks see it on a screen."""
    hide = mask_email if contact.kind is ContactKind.EMAIL else mask_phone
    return hide(contact.address)


# What the kinds of rows are called that are handed over to whoever asks for their own.
OWN: dict[str, object] = {
    "person": _("인적사항"),
    "account": _("계정"),
    "contacts": _("연락처"),
    "consents": _("동의"),
    "memberships": _("소속"),
    "roles": _("맡은 역할"),
    "sign_ins": _("로그인한 기기"),
    "passphrase_codes": _("새 비밀문구를 정할 코드"),
    "residents_verified": _("주민 확인을 한 때와 동"),
    "roles_granted": _("다른 분에게 맡긴 역할"),
}
