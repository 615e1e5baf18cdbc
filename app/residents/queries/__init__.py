"""Reading people: who is signed in, where they belong, what they are here and now."""

from app.residents.queries.accounts import (
    SignedIn,
    account_by_contact,
    account_of,
    consent_in_force,
    consents_of,
    devices_of,
    live_sign_in,
    token_hash,
)
from app.residents.queries.belonging import (
    birth_of,
    born_on,
    dongs_on_list,
    identity_index,
    members_of,
    memberships_of,
    people_by_identity,
    places_of,
    recent_verifications,
    twins_of,
)
from app.residents.queries.own import (
    OWN,
)
from app.residents.queries.powers import (
    all_grants,
    grants_in_force,
    grants_of,
    places_held,
    powers_of,
    standing,
    standing_told,
    with_standing,
)

__all__ = [
    "OWN",
    "SignedIn",
    "account_by_contact",
    "account_of",
    "all_grants",
    "birth_of",
    "born_on",
    "consent_in_force",
    "consents_of",
    "devices_of",
    "dongs_on_list",
    "grants_in_force",
    "grants_of",
    "identity_index",
    "live_sign_in",
    "members_of",
    "memberships_of",
    "people_by_identity",
    "places_held",
    "places_of",
    "powers_of",
    "recent_verifications",
    "standing",
    "standing_told",
    "token_hash",
    "twins_of",
    "with_standing",
]
