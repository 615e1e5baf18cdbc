"""What happens to people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from app.core.bus import Fact

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class PersonFact(Fact):
    """Something happened to a person."""

    chain: ClassVar[str] = "person"
    person_id: int


@dataclass(frozen=True, kw_only=True)
class AccountOpened(PersonFact):
    """Someone signed up."""


@dataclass(frozen=True, kw_only=True)
class ResidentVerified(PersonFact):
    """A clerk saw that someone belongs to a dong.

    `same_identity_checked` says that somebody else of the same name and birth date stands already,
    and that the clerk ticked that they are two.
    """

    place_id: int
    member_class: str
    same_identity_checked: bool


@dataclass(frozen=True, kw_only=True)
class OtherIdentityRead(PersonFact):
    """A clerk of a dong was refused: a name or birth date that another dong has not seen."""

    place_id: int


@dataclass(frozen=True, kw_only=True)
class OtherCardRead(PersonFact):
    """A clerk was refused a passphrase code: the name or birth date read was not this person's."""


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(PersonFact):
    """Someone no longer belongs to a dong."""

    place_id: int


@dataclass(frozen=True, kw_only=True)
class RoleGranted(PersonFact):
    """Someone was entrusted with a role, one of a department for it (None for any other)."""

    role: str
    place_id: int
    department_id: int | None


@dataclass(frozen=True, kw_only=True)
class RoleEnded(PersonFact):
    """A role was taken back, one of a department for it (None for any other)."""

    role: str
    place_id: int
    department_id: int | None


@dataclass(frozen=True, kw_only=True)
class PassphraseChanged(PersonFact):
    """Someone replaced their passphrase."""


@dataclass(frozen=True, kw_only=True)
class SignInsRevoked(PersonFact):
    """`count` of someone's devices were signed out at once: all, or all but the one in use."""

    count: int


@dataclass(frozen=True, kw_only=True)
class PassphraseCodeGiven(PersonFact):
    """Someone who forgot their passphrase was given a code with which to set a new one."""


@dataclass(frozen=True, kw_only=True)
class PassphraseSetAnew(PersonFact):
    """A new passphrase was set with such a code, and every device signed out."""


@dataclass(frozen=True, kw_only=True)
class PersonalRecordShown(PersonFact):
    """Someone's personal data was shown to staff; `purpose` is the code of the task."""

    purpose: str


@dataclass(frozen=True, kw_only=True)
class PersonalRecordRefused(PersonFact):
    """Staff looked up someone of another dong, for the task of the code `purpose`, and saw nothing.

    That there is such a person is told by the refusal itself, so that each leaves its trace.
    """

    purpose: str


class Withdrawal(StrEnum):
    """Why a person's record ended."""

    OWN_WISH = "own_wish"
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True)
class PersonWithdrew(PersonFact):
    """A person's record ended and their personal data were removed; `reason` is a code.

    They closed their account, or a clerk saw that the account of another record is theirs.
    """

    reason: str


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(PersonFact):
    """Someone agreed to something."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(PersonFact):
    """Someone took a consent back."""

    kind: str


class PersonalField(StrEnum):
    """A part of someone's data that may be corrected; contacts by their kind's name."""

    NAME = "name"
    BORN = "born"
    HOME = "home"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, kw_only=True)
class PersonalDataCorrected(PersonFact):
    """Someone corrected their own personal data."""

    field: PersonalField


@dataclass(frozen=True, kw_only=True)
class AddressGivenUp(PersonFact):
    """An account is signed into with this address no more; nothing keeps the fact itself.

    It was given to the account at `since`; `is_closed` where the whole account is gone.
    """

    audited: ClassVar[bool] = False
    kind: str
    address: str
    since: datetime
    is_closed: bool = False


@dataclass(frozen=True, kw_only=True)
class IdentityCorrected(PersonFact):
    """A clerk corrected a name or birth date that a desk had misread.

    `field` is None where both were; `same_identity_checked` is what it is in ResidentVerified.
    """

    field: PersonalField | None
    same_identity_checked: bool
