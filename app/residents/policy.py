"""Who may do what with people's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.refusals import Refusal
from app.residents.models import Role

if TYPE_CHECKING:
    from app.places.models import Place
    from app.residents.rules import Standing


class PersonRefusal(Refusal):
    """Why an act upon a person is refused."""

    WRONG_SIGN_IN = "person.wrong_sign_in"
    ADDRESS_TAKEN = "person.address_taken"
    NOT_CLERK = "person.not_clerk"
    NOT_OPERATOR = "person.not_operator"
    ALREADY_MEMBER = "person.already_member"
    SAME_IDENTITY = "person.same_identity"
    UNKNOWN_PERSON = "person.unknown"
    NO_REASON = "person.no_reason"
    BAD_BIRTH_DATE = "person.bad_birth_date"
    SELF_VERIFICATION = "person.self_verification"


def why_not_verify(by: Standing, person_id: int, dong: Place) -> PersonRefusal | None:
    """Say why someone may not verify a person as belonging to a dong."""
    if not (by.holds(Role.CLERK, dong) or by.holds(Role.DESK_CLERK, dong)):
        return PersonRefusal.NOT_CLERK
    return PersonRefusal.SELF_VERIFICATION if by.person_id == person_id else None


def why_not_grant(by: Standing, district: Place) -> PersonRefusal | None:
    """Say why someone may not grant or end roles in a district."""
    return None if by.holds(Role.OPERATOR, district) else PersonRefusal.NOT_OPERATOR
