"""A small world for tests, made through the product's own actions."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.clock import FixedClock, seoul_moment
from app.core.database import write_transaction
from app.core.vault import blind_index
from app.places.actions import load_district
from app.places.models import Department, Place
from app.places.queries import place_by_slug
from app.residents import actions as residents
from app.residents import queries
from app.residents.models import Account, ConsentKind, Contact, MemberClass, Person, Role
from app.residents.passphrases import hash_passphrase
from app.residents.rules import Standing
from app.web.database import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

START = seoul_moment(date(2021, 3, 2), 10)
PASSPHRASE = "봄에는 마당에 꽃이 핀다"
_HASH = hash_passphrase(PASSPHRASE)
_NAMES = [
    "홍길동",
    "김새봄",
    "이한결",
    "박다온",
    "최여름",
    "정가람",
    "강하늘",
    "조은별",
    "윤슬기",
    "남궁수",
]


class World:
    """The district, its people and the time; every method is one write of its own."""

    def __init__(self, app: Flask, clock: FixedClock, *, has_district: bool = False) -> None:
        self.app, self.clock = app, clock
        self._serial = itertools.count(1)
        self._registrar: int | None = None
        if not has_district:
            with self.write() as session:
                load_district(session, Path(__file__).with_name("district.toml"))

    @property
    def at(self) -> datetime:
        """Now."""
        return self.clock.now()

    def pass_time(self, **span: float) -> None:
        """Move the clock on: pass_time(days=3)."""
        self.clock.at += timedelta(**span)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One write in a session of its own."""
        with self.app.app_context(), write_transaction(db.session) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking."""
        with self.app.app_context():
            yield db.session

    def place(self, session: Session, slug: str = "doksan1") -> Place:
        """The place with this slug."""
        place = place_by_slug(session, slug)
        assert place is not None
        return place

    def department(self, session: Session, slug: str = "parks") -> Department:
        """The department with this slug."""
        return session.query(Department).filter_by(slug=slug).one()

    def standing(self, session: Session, person_id: int) -> Standing:
        """What a person is now."""
        return queries.standing(session, person_id, at=self.at)

    def account(self, *, name: str | None = None, address: str | None = None) -> Account:
        """Someone who signed up (unverified); the passphrase is PASSPHRASE."""
        serial = next(self._serial)
        with self.write() as session:
            return residents.open_account(
                session,
                name=name or _NAMES[serial % len(_NAMES)],
                address=address or f"resident{serial}@example.kr",
                passphrase_hash=_HASH,
                consents=[ConsentKind.TERMS, ConsentKind.PRIVACY],
                home=None,
                at=self.at,
            )

    def person(self, name: str | None = None) -> int:
        """A person without an account; return the id."""
        with self.write() as session:
            return self._person(session, name).id

    def _person(self, session: Session, name: str | None = None) -> Person:
        serial = next(self._serial)
        return residents.add_person(session, name=name or _NAMES[serial % len(_NAMES)], at=self.at)

    def registrar(self) -> int:
        """A clerk of the whole district who verifies people; return the id."""
        if self._registrar is None:
            self._registrar = self.staff(Role.CLERK)
        return self._registrar

    def verify(self, person_id: int, dong: str = "doksan1", *, born: date | None = None) -> None:
        """Have the clerk verify a person for a dong."""
        registrar = self.registrar()
        with self.write() as session:
            self._verify(session, session.get_one(Person, person_id), dong, born, by=registrar)

    def _verify(
        self, session: Session, person: Person, dong: str, born: date | None, *, by: int
    ) -> None:
        residents.verify_resident(
            session,
            person,
            self.place(session, dong),
            member_class=MemberClass.RESIDENT,
            name=person.name,
            born=born or date(1950, 1, 1) + timedelta(days=next(self._serial)),
            by=self.standing(session, by),
            at=self.at,
            guardian_checked=True,
        )

    def resident(self, dong: str = "doksan1", *, born: date | None = None) -> int:
        """A verified resident without an account; return the person's id."""
        return self.residents(1, dong, born=born)[0]

    def residents(
        self, count: int, dong: str = "doksan1", *, born: date | None = None
    ) -> list[int]:
        """Many verified residents, all in one write; return their ids."""
        registrar = self.registrar()
        with self.write() as session:
            people = [self._person(session) for _ in range(count)]
            for person in people:
                self._verify(session, person, dong, born, by=registrar)
            return [person.id for person in people]

    def staff(self, role: Role, place: str = "geumcheon", *, department: str | None = None) -> int:
        """Someone with a role; return the person's id."""
        with self.write() as session:
            person = self._person(session)
            self._grant(session, person, role, place, department)
            return person.id

    def grant(
        self, person_id: int, role: Role, place: str = "geumcheon", *, department: str | None = None
    ) -> None:
        """Entrust a person with a role."""
        with self.write() as session:
            self._grant(session, session.get_one(Person, person_id), role, place, department)

    def _grant(
        self, session: Session, person: Person, role: Role, place: str, department: str | None
    ) -> None:
        residents.grant_role(
            session,
            person,
            role,
            self.place(session, place),
            department=self.department(session, department) if department else None,
            by=None,
            at=self.at,
        )

    def account_of(self, person_id: int, address: str | None = None) -> Account:
        """Give a person an account to sign in with."""
        with self.write() as session:
            account = Account(person_id=person_id, passphrase_hash=_HASH, created_at=self.at)
            session.add(account)
            session.flush()
            kind, normal = residents.normal_address(address or f"person{person_id}@example.kr")
            session.add(
                Contact(
                    account_id=account.id,
                    kind=kind,
                    mac=blind_index("contact", normal),
                    address=normal,
                    since=self.at,
                )
            )
            return account

    def token(self, person_id: int) -> str:
        """Sign a person in on a new device; return its token."""
        with self.read() as session:
            account = session.query(Account).filter_by(person_id=person_id).one_or_none()
        account = account or self.account_of(person_id)
        with self.write() as session:
            return residents.begin_sign_in(session, account, at=self.at)
