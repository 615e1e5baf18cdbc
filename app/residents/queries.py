"""Reading people: who is signed in, what they are here and now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from app.core.clock import seoul_day
from app.core.orm import UtcDateTime
from app.core.own_rows import OwnRows, looked_up
from app.core.paging import PAGE_SIZE, page_of
from app.core.vault import blind_index
from app.places.models import Department, Place
from app.places.queries import within
from app.residents.models import (
    Account,
    Consent,
    ConsentKind,
    Contact,
    Membership,
    PassphraseCode,
    Person,
    RoleGrant,
    SignIn,
)
from app.residents.rules import NOBODY, Grant, Standing, folded_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.orm import Session

    from app.core.paging import Page
    from app.residents.models import Role


def token_hash(token: str) -> bytes:
    """Return the digest under which a sign-in's token is stored."""
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True)
class SignedIn:
    """Whom a token stands for, read at once: account, person, home and standing.

    `dong_name` is the dong the person is verified for, or else the one they named; None if neither.
    """

    account_id: int
    person_id: int
    masked_name: str
    home_place_id: int | None
    dong_name: str | None
    last_seen_at: datetime
    standing: Standing


def live_sign_in(session: Session, token: str, *, at: datetime) -> SignedIn | None:
    """Return whom a token stands for, None if it has ended, was revoked or its person withdrew.

    One statement, since every page of everybody signed in asks it.
    """
    asked = {"token": token_hash(token), "at": at, "today": seoul_day(at)}
    rows = session.connection().execute(_SIGNED_IN, asked).all()
    if not rows:
        return None
    first = rows[0]
    standing = standing_told(first.person_id, rows)
    verified = {row.dong_id: row.dong_name for row in rows if row.dong_id is not None}
    return SignedIn(
        first.account_id,
        first.person_id,
        first.masked_name,
        first.home_place_id,
        verified[min(verified)] if verified else first.home_name,
        first.last_seen_at,
        standing,
    )


def account_by_contact(session: Session, address: str) -> Account | None:
    """Return the account with this normalised e-mail address or phone number."""
    return session.scalar(
        select(Account).join(Contact).where(Contact.mac == blind_index("contact", address))
    )


def identity_index(name: str, born: date) -> bytes:
    """Return the keyed digest under which a name and birth date are found."""
    return blind_index("identity", f"{folded_name(name)}|{born:%Y%m%d}")


def people_by_identity(session: Session, name: str, born: date) -> Sequence[Person]:
    """Return the people verified under this name and birth date, oldest record first."""
    return session.scalars(
        select(Person)
        .where(Person.identity_mac == identity_index(name, born), Person.withdrawn_at.is_(None))
        .order_by(Person.id)
    ).all()


def account_of(session: Session, person_id: int) -> Account | None:
    """Return a person's account with its contacts, None for someone who has none."""
    return session.scalar(
        select(Account)
        .where(Account.person_id == person_id)
        .options(joinedload(Account.contacts))
        .execution_options(populate_existing=True)
    )


def consent_in_force(session: Session, person_id: int, kind: ConsentKind) -> Consent | None:
    """Return a person's consent of a kind unless it was never given or taken back."""
    return session.scalar(
        select(Consent).where(
            Consent.person_id == person_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
        )
    )


def consents_of(session: Session, person_id: int) -> Sequence[Consent]:
    """Return all a person ever agreed to, in order."""
    return session.scalars(
        select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_at, Consent.id)
    ).all()


def devices_of(session: Session, account_id: int, *, at: datetime) -> Sequence[SignIn]:
    """Return an account's signed-in devices, the most recently seen first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > at)
        .order_by(SignIn.last_seen_at.desc(), SignIn.token_hash)
    ).all()


def memberships_of(session: Session, person_id: int) -> Sequence[Membership]:
    """Return all of a person's memberships with their dongs, those in force first."""
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.place, innerjoin=True))
        .order_by(Membership.until.is_not(None), Membership.since.desc(), Membership.id.desc())
    ).all()


def places_of(session: Session, person_id: int, *, on: date) -> Sequence[Place]:
    """Return the dongs a person belongs to on a day."""
    return session.scalars(
        select(Place)
        .join(Membership, Membership.place_id == Place.id)
        .where(
            Membership.person_id == person_id,
            Membership.since <= on,
            or_(Membership.until.is_(None), Membership.until > on),
        )
        .order_by(Place.position)
    ).all()


def places_held(session: Session, by: Standing, roles: frozenset[Role]) -> Sequence[Place]:
    """Return the places at which someone holds one of the roles, districts before their dongs."""
    return session.scalars(
        select(Place)
        .where(within(by.places_with(roles)))
        .order_by(Place.parent_id.is_not(None), Place.position, Place.id)
    ).all()


def recent_verifications(
    session: Session, places: Sequence[Place], *, number: int = 1
) -> Page[Membership]:
    """Return one page of the memberships verified at these places, the newest first."""
    rows = session.scalars(
        select(Membership)
        .where(Membership.place_id.in_([place.id for place in places]))
        .options(
            joinedload(Membership.person, innerjoin=True),
            joinedload(Membership.place, innerjoin=True),
        )
        .order_by(Membership.verified_at.desc(), Membership.id.desc())
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return page_of(rows, number=number)


def grants_in_force(
    session: Session, places: Sequence[Place], *, at: datetime, number: int = 1
) -> Page[RoleGrant]:
    """Return one page of the roles held at these places, by role."""
    rows = session.scalars(
        _grants(at)
        .where(RoleGrant.place_id.in_([place.id for place in places]))
        .order_by(RoleGrant.role, RoleGrant.place_id, RoleGrant.id)
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    ).all()
    return page_of(rows, number=number)


def grants_of(session: Session, person_id: int, *, at: datetime) -> Sequence[RoleGrant]:
    """Return the roles a person holds, with place and department."""
    return session.scalars(
        _grants(at).where(RoleGrant.person_id == person_id).order_by(RoleGrant.id)
    ).all()


def powers_of(session: Session, person_id: int, *, at: datetime) -> Sequence[Place]:
    """Return the places at which a person holds a role or speaks for a department."""
    held = grants_of(session, person_id, at=at)
    ids = {one.place_id for one in held}
    ids |= {one.department.place_id for one in held if one.department}
    return session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.id)).all()


def all_grants(session: Session, *, at: datetime) -> Sequence[RoleGrant]:
    """Return every role in force, by role."""
    return session.scalars(_grants(at).order_by(RoleGrant.role, RoleGrant.id)).all()


def _grants(at: datetime) -> Select[RoleGrant]:
    return (
        select(RoleGrant)
        .where(RoleGrant.since <= at, or_(RoleGrant.until.is_(None), RoleGrant.until > at))
        .options(
            joinedload(RoleGrant.person, innerjoin=True),
            joinedload(RoleGrant.place, innerjoin=True),
            joinedload(RoleGrant.department),
        )
    )


def standing(session: Session, person_id: int | None, *, at: datetime) -> Standing:
    """Return what a person is at a moment: memberships, districts and roles in force."""
    if person_id is None:
        return NOBODY
    asked = {"person": person_id, "at": at, "today": seoul_day(at)}
    return standing_told(person_id, session.connection().execute(_STANDING, asked).all())


def standing_told(person_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> Standing:
    """Return the standing that rows of `with_standing` tell of one person."""
    return Standing(
        person_id,
        frozenset((row.dong_id, row.member_class) for row in rows if row.dong_id is not None),
        frozenset(row.parent_id for row in rows if row.parent_id is not None),
        frozenset(
            Grant(row.role, row.role_place_id, row.department_id)
            for row in rows
            if row.role is not None
        ),
    )


_person: Any = Person.__table__
_account: Any = Account.__table__
_sign_in: Any = SignIn.__table__
_member: Any = Membership.__table__
_grant: Any = RoleGrant.__table__
_dong: Any = Place.__table__.alias("dong")
_home: Any = Place.__table__.alias("home")


def with_standing(people: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return a statement of people with the memberships (`today`) and roles (`at`) in force.

    Every membership is paired with every role, so that one statement tells all of a standing; an
    act may take it with what it acts on. `people` is the table of persons, or a join with it.
    """
    at, today = bindparam("at", type_=UtcDateTime), bindparam("today", type_=Date)
    return select(
        *columns,
        _member.c.place_id.label("dong_id"),
        _member.c.member_class,
        _dong.c.parent_id,
        _grant.c.role,
        _grant.c.place_id.label("role_place_id"),
        _grant.c.department_id,
    ).select_from(
        people.outerjoin(
            _member,
            and_(
                _member.c.person_id == _person.c.id,
                _member.c.since <= today,
                or_(_member.c.until.is_(None), _member.c.until > today),
            ),
        )
        .outerjoin(_dong, _dong.c.id == _member.c.place_id)
        .outerjoin(
            _grant,
            and_(
                _grant.c.person_id == _person.c.id,
                _grant.c.since <= at,
                or_(_grant.c.until.is_(None), _grant.c.until > at),
            ),
        )
    )


_STANDING = with_standing(_person).where(_person.c.id == bindparam("person"))
_SIGNED_IN = with_standing(
    _sign_in.join(_account, _account.c.id == _sign_in.c.account_id)
    .join(_person, _person.c.id == _account.c.person_id)
    .outerjoin(_home, _home.c.id == _account.c.home_place_id),
    _sign_in.c.account_id,
    _sign_in.c.last_seen_at,
    _account.c.person_id,
    _account.c.home_place_id,
    _person.c.masked_name,
    _dong.c.name.label("dong_name"),
    _home.c.name.label("home_name"),
).where(
    _sign_in.c.token_hash == bindparam("token"),
    _sign_in.c.revoked_at.is_(None),
    _sign_in.c.expires_at > bindparam("at", type_=UtcDateTime),
    _person.c.withdrawn_at.is_(None),
)


def members_of(session: Session, place: Place, *, on: date) -> Sequence[tuple[Person, int]]:
    """Return the people verified for a place on a day, each once, with the dong they belong to.

    For a district the dong with the lowest id stands for people who belong to several.
    """
    where = Place.parent_id == place.id if place.is_district else Place.id == place.id
    rows = session.execute(
        select(Person, Membership.place_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            where,
            Membership.since <= on,
            or_(Membership.until.is_(None), Membership.until > on),
            Person.withdrawn_at.is_(None),
        )
        .order_by(Person.id, Membership.place_id)
    ).all()
    first: dict[int, tuple[Person, int]] = {}
    for person, dong_id in rows:
        first.setdefault(person.id, (person, dong_id))
    return list(first.values())


# ------------------------------------------------------------------ what is one's own
# Of what someone did for others, as a clerk or operator, only the act is theirs, not for whom.
OWN = {
    "person": OwnRows(
        Person.id,
        {
            "joined_at": Person.created_at,
            "id": Person.id,
            "name": Person.name,
            "shown_as": Person.masked_name,
            "birth_date": Person.birth_date,
            "is_verified": Person.identity_mac.is_not(None),
        },
    ),
    "account": OwnRows(
        Account.person_id,
        {
            "opened_at": Account.created_at,
            "dong": looked_up(Place.name, Place.id == Account.home_place_id),
        },
    ),
    "contacts": OwnRows(
        Account.person_id,
        {"kind": Contact.kind, "address": Contact.address},
        through=(Contact, Contact.account_id == Account.id),
    ),
    "consents": OwnRows(
        Consent.person_id,
        {
            "given_at": Consent.given_at,
            "kind": Consent.kind,
            "version": Consent.version,
            "withdrawn_at": Consent.withdrawn_at,
        },
    ),
    "memberships": OwnRows(
        Membership.person_id,
        {
            "since": Membership.since,
            "until": Membership.until,
            "dong": looked_up(Place.name, Place.id == Membership.place_id),
            "class": Membership.member_class,
            "verified_at": Membership.verified_at,
        },
    ),
    "roles": OwnRows(
        RoleGrant.person_id,
        {
            "since": RoleGrant.since,
            "until": RoleGrant.until,
            "role": RoleGrant.role,
            "place": looked_up(Place.name, Place.id == RoleGrant.place_id),
            "department": looked_up(Department.name, Department.id == RoleGrant.department_id),
        },
    ),
    "sign_ins": OwnRows(
        Account.person_id,
        {
            "began_at": SignIn.created_at,
            "device": SignIn.device,
            "last_seen_at": SignIn.last_seen_at,
            "expires_at": SignIn.expires_at,
            "ended_at": SignIn.revoked_at,
        },
        through=(SignIn, SignIn.account_id == Account.id),
    ),
    "passphrase_codes": OwnRows(
        Account.person_id,
        {"expires_at": PassphraseCode.expires_at, "tries": PassphraseCode.tries},
        through=(PassphraseCode, PassphraseCode.account_id == Account.id),
    ),
    "residents_verified": OwnRows(
        Membership.verified_by,
        {
            "at": Membership.verified_at,
            "dong": looked_up(Place.name, Place.id == Membership.place_id),
        },
    ),
    "roles_granted": OwnRows(
        RoleGrant.granted_by,
        {
            "at": RoleGrant.since,
            "role": RoleGrant.role,
            "place": looked_up(Place.name, Place.id == RoleGrant.place_id),
        },
    ),
}
