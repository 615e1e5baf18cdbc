"""Persons, accounts, sign-ins, memberships and roles."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.orm import Base, code_column
from app.core.vault import SealedText
from app.places.models import Department, Place


class MemberClass(StrEnum):
    """Why someone belongs to a dong (금천구 주민자치회 조례 §10①)."""

    RESIDENT = "resident"
    WORKER = "worker"
    MEMBER = "member"
    PERMANENT_FOREIGNER = "permanent_foreigner"


class Role(StrEnum):
    """What someone may be trusted with, at a place."""

    CLERK = "clerk"
    DESK_CLERK = "desk_clerk"
    DEPARTMENT = "department"
    CHAIR = "chair"
    MODERATOR = "moderator"
    OFFICER = "officer"
    OBSERVER = "observer"
    TRUSTEE = "trustee"
    COUNCIL_MEMBER = "council_member"
    OPERATOR = "operator"


class ContactKind(StrEnum):
    """By what an account is signed into."""

    EMAIL = "email"
    PHONE = "phone"


class ConsentKind(StrEnum):
    """What a person agreed to: terms and privacy are required, news is not.

    GUARDIAN is the consent of a legal guardian, seen at the desk, for a child under 14.
    """

    TERMS = "terms"
    PRIVACY = "privacy"
    NEWS = "news"
    GUARDIAN = "guardian"


class LookPurpose(StrEnum):
    """For what task staff opens someone's personal data (개인정보의 안전성 확보조치 기준 §8①).

    A code, because the record of a look can never be changed: nothing personal can be typed there.
    """

    REGISTRATION = "registration"
    OWN_REQUEST = "own_request"
    ROLL = "roll"
    CONTACT = "contact"
    COMPLAINT = "complaint"
    ROLE = "role"


def day_of(birth_date: str | None) -> date | None:
    """Return a birth date as it is sealed as a day; None where no desk has read one."""
    return None if birth_date is None else date.fromisoformat(birth_date)


class Person(Base):
    """A human being: every one-person limit counts these. Name and birth date are sealed.

    Whoever left has no name, masked or not; `words.called` says what they are called then. A
    record without an account ends so, too, when an account of the same human takes its place.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_identity_mac", "identity_mac"),
        CheckConstraint("withdrawn_at IS NOT NULL OR NOT is_replaced", name="replaced_has_ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SealedText)
    masked_name: Mapped[str]
    birth_date: Mapped[str | None] = mapped_column(SealedText)
    identity_mac: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    is_replaced: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def born(self) -> date | None:
        """The day that a desk read off their card, None while none has."""
        return day_of(self.birth_date)


class Account(Base):
    """The means by which one person signs in."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    passphrase_hash: Mapped[str]
    home_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    contacts: Mapped[list[Contact]] = relationship(order_by="Contact.id")


class Contact(Base):
    """The e-mail address or phone number of an account, found by its keyed digest.

    `since` is when the account was given it: nobody has shown that it is theirs.
    """

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("mac"), UniqueConstraint("account_id", "kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[ContactKind] = mapped_column(code_column(ContactKind))
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(SealedText)
    since: Mapped[datetime]


class Consent(Base):
    """What someone agreed to, in which version, and when they took it back."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("person_id", "kind", "given_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ConsentKind] = mapped_column(code_column(ConsentKind))
    version: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in device. Revoking the row signs it out at its next request.

    `device` names the kind of device and browser for its owner ("Android · Chrome"), no more.
    """

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class PassphraseCode(Base):
    """The open code with which an account's owner sets a new passphrase: one for an account.

    The code is kept nowhere, only its keyed digest. `tries` counts how often it was looked at.
    """

    __tablename__ = "passphrase_code"
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 50", name="few_tries"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    mac: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]


class Membership(Base):
    """A person belongs to a dong in a class, from a day until (not including) another."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > since", name="until_after_since"),
        Index("ix_membership_place_id_since", "place_id", "since"),
        Index("ix_membership_verified_at", "verified_at"),
        Index(
            "uq_membership_in_force",
            "person_id",
            "place_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    member_class: Mapped[MemberClass] = mapped_column(code_column(MemberClass))
    since: Mapped[date]
    until: Mapped[date | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    place: Mapped[Place] = relationship()


class RoleGrant(Base):
    """A role someone holds at a place; a grant at the district holds in all its dongs."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_in_force",
            "person_id",
            "role",
            "place_id",
            unique=True,
            sqlite_where=text("until IS NULL AND department_id IS NULL"),
            postgresql_where=text("until IS NULL AND department_id IS NULL"),
        ),
        Index(
            "uq_role_grant_department_in_force",
            "person_id",
            "department_id",
            unique=True,
            sqlite_where=text("until IS NULL AND department_id IS NOT NULL"),
            postgresql_where=text("until IS NULL AND department_id IS NOT NULL"),
        ),
        CheckConstraint("(role = 'department') = (department_id IS NOT NULL)", name="department"),
        CheckConstraint("until IS NULL OR until > since", name="until_after_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(code_column(Role))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    place: Mapped[Place] = relationship()
    department: Mapped[Department | None] = relationship()
