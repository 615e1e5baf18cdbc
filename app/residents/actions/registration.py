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
from app.residents.facts import PersonalField, Withdrawal
from app.residents.models import (
    Consent,
    ConsentKind,
    MemberClass,
    Membership,
    Person,
)
from app.residents.policy import PersonRefusal
from app.residents.queries import (
    account_of,
    consent_in_force,
    dongs_on_list,
    identity_index,
    memberships_of,
    powers_of,
    twins_of,
)
from app.residents.rules import AgeMode, Twin, cut_off, folded_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
from app.residents.actions.accounts import CONSENT_VERSION, add_person
from app.residents.actions.holding import hold_people, hold_staying
from app.residents.actions.leaving import end_record

CHILD_UNDER = 14


def verify_resident(  # noqa: PLR0913 - what a clerk saw and ticked is named where it is given
    session: Session,
    person: Person,
    dong: Place,
    *,
    member_class: MemberClass,
    name: str,
    born: date,
    by: Standing,
    at: datetime,
    twin: Twin | None = None,
    guardian_checked: bool = False,
    other_name_checked: bool = False,
) -> Membership:
    """Record that a clerk saw who someone is and that they belong to a dong.

    Name and birth date are taken from what the clerk saw, unless a dong where they belong has seen
    them already. `twin` is what the clerk says of whoever stands under this identity: where it is
    the same human, registered without an account, those records end, and where the dong has known
    one of them, the person belongs to it since then. Raises Refused: NOT_CLERK,
    SELF_VERIFICATION, BAD_BIRTH_DATE, UNKNOWN_PERSON (withdrawn), ALREADY_MEMBER,
    OTHER_IDENTITY when a dong where they belong has seen another name or birth date,
    OTHER_NAME when they have been called something else so far and nobody has read it twice,
    GUARDIAN_NEEDED for a child under 14 whose guardian's consent the clerk has not seen,
    SAME_IDENTITY when another person with this name and birth date stands already and nobody has
    looked whether they are one, or NOT_REPLACEABLE when a record cannot end so.
    """
    insist(policy.why_not_verify(by, person.id, dong))
    is_child = _is_child(born, guardian_checked=guardian_checked, at=at)
    mac = identity_index(name, born)
    replaced = _held_twins(session, person, mac) if twin is Twin.SAME else []
    hold_staying(session, person)
    _queue_at_desk(session, dong)
    belongs_to = [one.id for one in dongs_on_list(session, person.id)]
    # Before anything that tells of others under this identity.
    if dong.id in belongs_to:
        raise Refused(PersonRefusal.ALREADY_MEMBER)
    if belongs_to and person.identity_mac != mac:
        raise Refused(PersonRefusal.OTHER_IDENTITY)
    is_renamed = not belongs_to and folded_name(name) != folded_name(person.name)
    if is_renamed and not other_name_checked:
        raise Refused(PersonRefusal.OTHER_NAME)
    since = seoul_day(at)
    if twin is Twin.SAME:
        since = _replace(session, replaced, person, dong, by=by, at=at)
    has_twin = _has_twin(session, person, mac, checked=twin is Twin.ANOTHER)
    if not belongs_to:  # else the spelling that their dong saw stands
        person.name, person.masked_name = name, mask_name(name)
        person.birth_date, person.identity_mac = born.isoformat(), mac
    if is_child:
        _note_guardian(session, person, at=at)
    membership = Membership(
        person_id=person.id,
        place_id=dong.id,
        member_class=member_class,
        since=since,
        verified_by=by.person_id,
        verified_at=at,
    )
    session.add(membership)
    session.flush()
    record(
        session,
        facts.ResidentVerified(
            at=at,
            by=by.person_id,
            person_id=person.id,
            place_id=dong.id,
            member_class=member_class,
            same_identity_checked=has_twin,
        ),
    )
    return membership


def note_other_identity(
    session: Session, person: Person, dong: Place, *, by: Standing, at: datetime
) -> None:
    """Record that a clerk tried a name and birth date that another dong has not seen.

    The refusal itself tells whether a guess is right, so that each leaves its trace. Raises
    Refused: NOT_CLERK, SELF_VERIFICATION.
    """
    insist(policy.why_not_verify(by, person.id, dong))
    record(
        session,
        facts.OtherIdentityRead(at=at, by=by.person_id, person_id=person.id, place_id=dong.id),
    )


def _is_child(born: date, *, guardian_checked: bool, at: datetime) -> bool:
    """Say whether somebody is under 14; refuse a birth date that cannot be, or no guardian."""
    today = seoul_day(at)
    child_after = cut_off(today, CHILD_UNDER, AgeMode.PLAIN)
    insist(
        policy.why_bad_birth(
            born, today=today, child_after=child_after, guardian_checked=guardian_checked
        )
    )
    return born > child_after


def _held_twins(session: Session, person: Person, mac: bytes) -> list[Person]:
    """Hold a person and whoever else stands under an identity; return those who still do then.

    Whoever was waited for may have left, or been corrected to another identity.
    """
    found = twins_of(session, person.id, mac)
    hold_people(session, [person.id, *(one.id for one in found)])
    for one in found:
        session.refresh(one)
    return [one for one in found if one.withdrawn_at is None and one.identity_mac == mac]


def _has_twin(session: Session, person: Person, mac: bytes, *, checked: bool) -> bool:
    """Say whether somebody else of this identity stands already; refuse it unless `checked`."""
    has_twin = bool(twins_of(session, person.id, mac))
    if has_twin and not checked:
        raise Refused(PersonRefusal.SAME_IDENTITY)
    return has_twin


def _replace(
    session: Session,
    records: Sequence[Person],
    person: Person,
    dong: Place,
    *,
    by: Standing,
    at: datetime,
) -> date:
    """End held records of a human who has an account now; return since when the dong knows them.

    Whoever came to stand meanwhile is not among them, and is asked about anew. On a frozen roll
    the record keeps its place, and nobody votes on it.
    """
    if account_of(session, person.id) is None:
        raise Refused(PersonRefusal.NOT_REPLACEABLE)
    since = seoul_day(at)
    for one in records:
        insist(
            policy.why_not_replace(
                by,
                one.id,
                dongs_on_list(session, one.id),
                has_account=account_of(session, one.id) is not None,
                powers=powers_of(session, one.id, at=at),
            )
        )
        known = [
            each.since
            for each in memberships_of(session, one.id)
            if each.until is None and each.place_id == dong.id
        ]
        since = min([since, *known])
        end_record(session, one, reason=Withdrawal.REPLACED, by=by.person_id, at=at)
    session.flush()
    return since


def _note_guardian(session: Session, person: Person, *, at: datetime) -> None:
    if consent_in_force(session, person.id, ConsentKind.GUARDIAN) is None:
        session.add(
            Consent(
                person_id=person.id,
                kind=ConsentKind.GUARDIAN,
                version=CONSENT_VERSION,
                given_at=at,
            )
        )


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
        twin=Twin.ANOTHER if same_identity_checked else None,
        guardian_checked=guardian_checked,
    )


def correct_identity(
    session: Session,
    person: Person,
    *,
    name: str,
    born: date,
    by: Standing,
    at: datetime,
    same_identity_checked: bool = False,
    guardian_checked: bool = False,
) -> None:
    """Correct the name or birth date of someone verified, which a desk had misread.

    What is right already stays as it is, and is not recorded. Raises Refused: NOT_CLERK,
    SELF_VERIFICATION, OTHER_DONG_TOO when a dong of another desk relies on it too,
    UNKNOWN_PERSON (withdrawn), and as verify_resident BAD_BIRTH_DATE, GUARDIAN_NEEDED,
    SAME_IDENTITY.
    """
    hold_staying(session, person)
    dongs = dongs_on_list(session, person.id)
    insist(policy.why_not_correct(by, person.id, dongs))
    is_child = _is_child(born, guardian_checked=guardian_checked, at=at)
    _queue_at_desk(session, dongs[0])
    mac = identity_index(name, born)
    has_twin = _has_twin(session, person, mac, checked=same_identity_checked)
    corrected = [
        field
        for field, was, is_now in (
            (PersonalField.NAME, person.name, name),
            (PersonalField.BORN, person.birth_date, born.isoformat()),
        )
        if was != is_now
    ]
    person.name, person.masked_name = name, mask_name(name)
    person.birth_date, person.identity_mac = born.isoformat(), mac
    if is_child:
        _note_guardian(session, person, at=at)
    session.flush()
    if corrected:
        record(
            session,
            facts.IdentityCorrected(
                at=at,
                by=by.person_id,
                person_id=person.id,
                field=corrected[0] if len(corrected) == 1 else None,
                same_identity_checked=has_twin,
            ),
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
