"""Who may do what with people's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.refusals import Refusal
from app.residents.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from app.places.models import Place
    from app.residents.models import RoleGrant
    from app.residents.rules import Standing

REGISTRARS = frozenset({Role.CLERK, Role.DESK_CLERK})
RECORD_READERS = REGISTRARS | {Role.OPERATOR}
# Nothing asks yet for who keeps a share of a tally key or sits on the council: a role that may do
# nothing is not given to anybody. The codes stay for when ballots are opened by several together.
GRANTED = tuple(role for role in Role if role not in {Role.TRUSTEE, Role.COUNCIL_MEMBER})


class PersonRefusal(Refusal):
    """Why an act upon a person is refused."""

    WRONG_SIGN_IN = "person.wrong_sign_in"
    WRONG_PASSPHRASE = "person.wrong_passphrase"  # noqa: S105
    ADDRESS_TAKEN = "person.address_taken"
    LAST_CONTACT = "person.last_contact"
    NAME_VERIFIED = "person.name_verified"
    CONSENT_REQUIRED = "person.consent_required"
    NOT_CLERK = "person.not_clerk"
    NOT_OPERATOR = "person.not_operator"
    OWN_ROLE = "person.own_role"
    ROLE_UNUSED = "person.role_unused"
    DEPARTMENT_NEEDED = "person.department_needed"
    ALREADY_MEMBER = "person.already_member"
    NOT_MEMBER = "person.not_member"
    SAME_IDENTITY = "person.same_identity"
    NOT_REPLACEABLE = "person.not_replaceable"
    OTHER_IDENTITY = "person.other_identity"
    OTHER_NAME = "person.other_name"
    OTHER_DONG_TOO = "person.other_dong_too"
    UNKNOWN_PERSON = "person.unknown"
    OTHER_DONG = "person.other_dong"
    BAD_BIRTH_DATE = "person.bad_birth_date"
    GUARDIAN_NEEDED = "person.guardian_needed"
    SELF_VERIFICATION = "person.self_verification"
    SELF_GRANT = "person.self_grant"
    WRONG_CODE = "person.wrong_code"
    OWN_PASSPHRASE = "person.own_passphrase"  # noqa: S105
    STAFF_ACCOUNT = "person.staff_account"
    NOT_VERIFIED = "person.not_verified"
    NO_ACCOUNT = "person.no_account"
    OTHER_CARD = "person.other_card"


def why_not_verify(by: Standing, person_id: int, dong: Place) -> PersonRefusal | None:
    """Say why someone may not verify a person as belonging to a dong, or end it."""
    if dong.is_district or not any(by.holds(role, dong) for role in REGISTRARS):
        return PersonRefusal.NOT_CLERK
    return PersonRefusal.SELF_VERIFICATION if by.person_id == person_id else None


def why_not_correct(by: Standing, person_id: int, dongs: Collection[Place]) -> PersonRefusal | None:
    """Say why someone may not correct the name or birth date that these dongs have seen.

    Every one of them relies on it, so that it takes who verifies people for all of them.
    """
    mine = [dong for dong in dongs if why_not_verify(by, person_id, dong) is None]
    if by.person_id == person_id:
        return PersonRefusal.SELF_VERIFICATION
    if not mine:
        return PersonRefusal.NOT_CLERK
    return None if len(mine) == len(dongs) else PersonRefusal.OTHER_DONG_TOO


def why_not_replace(
    by: Standing,
    person_id: int,
    dongs: Collection[Place],
    *,
    has_account: bool,
    powers: Collection[Place],
) -> PersonRefusal | None:
    """Say why someone may not end a record because an account of the same human takes its place.

    One with an account is left by its owner alone, one entrusted with something by its operators.
    Every dong of the record relies on it, so that it takes who verifies people for all of them.
    """
    if has_account or powers:
        return PersonRefusal.NOT_REPLACEABLE
    served = all(why_not_verify(by, person_id, dong) is None for dong in dongs)
    return None if served else PersonRefusal.NOT_REPLACEABLE


def why_not_show_record(by: Standing, places: Collection[Place]) -> PersonRefusal | None:
    """Say why someone may not open the record of a person who belongs to these dongs.

    Someone who belongs nowhere yet may be looked up by any clerk: they stand at the desk.
    """
    if not by.holds_any(RECORD_READERS):
        return PersonRefusal.NOT_CLERK
    near = any(by.holds(role, place) for place in places for role in RECORD_READERS)
    return PersonRefusal.OTHER_DONG if places and not near else None


def why_not_help(
    by: Standing, person_id: int, dongs: Collection[Place], powers: Collection[Place]
) -> PersonRefusal | None:
    """Say why someone may not give a person who forgot their passphrase a code for a new one.

    `dongs` are where the person belongs, `powers` where they hold a role. Whoever gives a code has
    seen it, so that none may open an account that may do more than they: it takes who serves all of
    the dongs, or verifying somebody elsewhere would be a way into what they are at home.
    """
    if by.person_id == person_id:
        return PersonRefusal.OWN_PASSPHRASE
    if powers:
        above = all(by.holds(Role.OPERATOR, place) for place in powers)
        return None if above else PersonRefusal.STAFF_ACCOUNT
    if not by.holds_any(REGISTRARS):
        return PersonRefusal.NOT_CLERK
    if not dongs:
        return PersonRefusal.NOT_VERIFIED
    near = [dong for dong in dongs if any(by.holds(role, dong) for role in REGISTRARS)]
    if not near:
        return PersonRefusal.NOT_CLERK
    return None if len(near) == len(dongs) else PersonRefusal.OTHER_DONG_TOO


def why_not_grant(
    by: Standing, person_id: int, dongs: Collection[Place], place: Place
) -> PersonRefusal | None:
    """Say why someone may not grant a role at a place to a person who belongs to these dongs.

    Nobody entrusts themselves: one operator alone would be officer and observer of one ballot.
    """
    if by.person_id == person_id:
        return PersonRefusal.SELF_GRANT
    return _why_not_rule(by, place) or why_not_show_record(by, dongs)


def why_not_end_role(by: Standing, grant: RoleGrant) -> PersonRefusal | None:
    """Say why someone may not take this role back.

    An operator cannot end being one: an office without operator would be locked from inside.
    """
    if grant.role is Role.OPERATOR and grant.person_id == by.person_id:
        return PersonRefusal.OWN_ROLE
    return _why_not_rule(by, grant.place)


def _why_not_rule(by: Standing, place: Place) -> PersonRefusal | None:
    return None if by.holds(Role.OPERATOR, place) else PersonRefusal.NOT_OPERATOR


def why_bad_birth(
    born: date, *, today: date, child_after: date, guardian_checked: bool
) -> PersonRefusal | None:
    """Say what is wrong with a birth date; born after `child_after` is under 14.

    A child's data are taken only with a guardian's consent (개인정보 보호법 §22의2).
    """
    if born.year < 1900 or born > today:  # noqa: PLR2004 - nobody alive is older
        return PersonRefusal.BAD_BIRTH_DATE
    if born > child_after and not guardian_checked:
        return PersonRefusal.GUARDIAN_NEEDED
    return None
