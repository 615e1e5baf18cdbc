"""What is kept of a person, as it is handed over to whoever asks for their own."""

from __future__ import annotations

from app.core.own_rows import OwnRows, looked_up
from app.places.models import Department, Place
from app.residents.models import (
    Account,
    Consent,
    Contact,
    Membership,
    PassphraseCode,
    Person,
    RoleGrant,
    SignIn,
)

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
        {"kind": Contact.kind, "address": Contact.address, "since": Contact.since},
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
