"""The desk: who someone is, and where they belong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.korean import mask_name
from app.core.refusals import Refused, insist
from app.places.models import Place
from app.residents import facts, policy
from app.residents.models import (
    Consent,
    ConsentKind,
    MemberClass,
    Membership,
    Person,
)
from app.residents.policy import PersonRefusal
from app.residents.queries import consent_in_force, identity_index
from app.residents.rules import AgeMode, cut_off

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
from app.residents.actions.accounts import CONSENT_VERSION, add_person
from app.residents.actions.holding import hold_staying

CHILD_UNDER = 14


def verify_resident(
    session: Session,
    person: Person,
    dong: Place,
    *,
    member_class: MemberClass,
    name: str,
    born: date,
    by: Standing,
    at: datetime,
    same_identity_checked: bool = False,
    guardian_checked: bool = False,
) -> Membership:
    """Record that a clerk saw who someone is and that they belong to a dong.

    Name and birth date are taken from what the clerk saw, unless a dong where they belong has seen
    them already. Raises Refused: NOT_CLERK,
    SELF_VERIFICATION, BAD_BIRTH_DATE, UNKNOWN_PERSON (withdrawn), ALREADY_MEMBER,
    OTHER_IDENTITY when a dong where they belong has seen another name or birth date,
    GUARDIAN_NEEDED for a child under 14 whose guardian's consent the clerk has not seen, or
    SAME_IDENTITY when another person with this name and birth date stands already and nobody has
    looked whether they are one.
    """
    insist(policy.why_not_verify(by, person.id, dong))
    today = seoul_day(at)
    child_after = cut_off(today, CHILD_UNDER, AgeMode.PLAIN)
    insist(
        policy.why_bad_birth(
            born, today=today, child_after=child_after, guardian_checked=guardian_checked
        )
    )
    hold_staying(session, person)
    _queue_at_desk(session, dong)
    mac = identity_index(name, born)
    twin = session.scalar(
        select(Person.id).where(
            Person.identity_mac == mac, Person.id != person.id, Person.withdrawn_at.is_(None)
        )
    )
    if twin is not None and not same_identity_checked:
        raise Refused(PersonRefusal.SAME_IDENTITY)
    belongs_to = session.scalars(
        select(Membership.place_id).where(
            Membership.person_id == person.id, Membership.until.is_(None)
        )
    ).all()
    if dong.id in belongs_to:
        raise Refused(PersonRefusal.ALREADY_MEMBER)
    if belongs_to and person.identity_mac != mac:
        raise Refused(PersonRefusal.OTHER_IDENTITY)
    if not belongs_to:  # else the spelling that their dong saw stands
        person.name, person.masked_name = name, mask_name(name)
        person.birth_date, person.identity_mac = born.isoformat(), mac
    if born > child_after and consent_in_force(session, person.id, ConsentKind.GUARDIAN) is None:
        session.add(
            Consent(
                person_id=person.id,
                kind=ConsentKind.GUARDIAN,
                version=CONSENT_VERSION,
                given_at=at,
            )
        )
    membership = Membership(
        person_id=person.id,
        place_id=dong.id,
        member_class=member_class,
        since=today,
        verified_by=by.person_id,
        verified_at=at,
    )
    session.add(membership)
    session.flush()
    record(
        session,
        facts.ResidentVerified(
            at=at, by=by.person_id, person_id=person.id, place_id=dong.id, member_class=member_class
        ),
    )
    return membership


def _queue_at_desk(session: Session, dong: Place) -> None:
    """Let one desk of the district verify at a time, so that each sees the other's twin.

    The district's row is locked without hindering rows that merely point to it.
    """
    session.execute(
        select(Place.id).where(Place.id == dong.parent_id).with_for_update(key_share=True)
    )


def register_resident(
    session: Session,
    dong: Place,
    *,
    member_class: MemberClass,
    name: str,
    born: date,
    by: Standing,
    at: datetime,
    same_identity_checked: bool = False,
    guardian_checked: bool = False,
) -> Membership:
    """Record a human being without an account, seen at the desk; refuses as verify_resident."""
    insist(policy.why_not_verify(by, 0, dong))
    return verify_resident(
        session,
        add_person(session, name=name, at=at),
        dong,
        member_class=member_class,
        name=name,
        born=born,
        by=by,
        at=at,
        same_identity_checked=same_identity_checked,
        guardian_checked=guardian_checked,
    )


def end_membership(
    session: Session, membership: Membership, *, by: Standing, at: datetime
) -> Membership:
    """End someone's belonging to a dong from today; on its first day, from tomorrow.

    Raises Refused: NOT_CLERK, SELF_VERIFICATION, NOT_MEMBER when it has ended already.
    """
    insist(policy.why_not_verify(by, membership.person_id, membership.place))
    until = max(seoul_day(at), membership.since + timedelta(days=1))
    ended = session.execute(
        update(Membership)
        .where(Membership.id == membership.id, Membership.until.is_(None))
        .values(until=until)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise Refused(PersonRefusal.NOT_MEMBER)
    record(
        session,
        facts.MembershipEnded(
            at=at,
            by=by.person_id,
            person_id=membership.person_id,
            place_id=membership.place_id,
        ),
    )
    return membership
