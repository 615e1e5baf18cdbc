"""Opening accounts, signing in and out, verifying people, granting roles."""

from app.residents.actions.accounts import (
    CONSENT_VERSION,
    REQUIRED_CONSENTS,
    add_person,
    change_home,
    change_name,
    give_consent,
    normal_address,
    open_account,
    remove_contact,
    set_contact,
    withdraw_consent,
)
from app.residents.actions.devices import (
    SEEN_EVERY,
    SHORT_SIGN_IN_LASTS,
    SIGN_IN_KEPT,
    SIGN_IN_LASTS,
    begin_checked_sign_in,
    begin_sign_in,
    change_passphrase,
    end_device,
    end_sign_in,
    forget_sign_ins,
    revoke_sign_ins,
)
from app.residents.actions.leaving import withdraw_person
from app.residents.actions.registration import (
    CHILD_UNDER,
    end_membership,
    register_resident,
    verify_resident,
)
from app.residents.actions.trust import end_role, grant_role, show_personal_record

__all__ = [
    "CHILD_UNDER",
    "CONSENT_VERSION",
    "REQUIRED_CONSENTS",
    "SEEN_EVERY",
    "SHORT_SIGN_IN_LASTS",
    "SIGN_IN_KEPT",
    "SIGN_IN_LASTS",
    "add_person",
    "begin_checked_sign_in",
    "begin_sign_in",
    "change_home",
    "change_name",
    "change_passphrase",
    "end_device",
    "end_membership",
    "end_role",
    "end_sign_in",
    "forget_sign_ins",
    "give_consent",
    "grant_role",
    "normal_address",
    "open_account",
    "register_resident",
    "remove_contact",
    "revoke_sign_ins",
    "set_contact",
    "show_personal_record",
    "verify_resident",
    "withdraw_consent",
    "withdraw_person",
]
