"""Signing up, in and out, and what a person sees and changes about themselves."""

from app.residents.routes.changes import (
    change_consent,
    change_contact,
    change_home,
    change_name,
    change_passphrase,
    end_device,
    end_other_devices,
    remove_contact,
)
from app.residents.routes.doors import new_passphrase, sign_in, sign_out, sign_up
from app.residents.routes.mine import leave, me, own_data, settings
from app.residents.routes.shared import (
    BROWSERS,
    PLATFORMS,
    C,
    blueprint,
    device_name,
    name_digest,
    our_dongs,
)

__all__ = [
    "BROWSERS",
    "PLATFORMS",
    "C",
    "blueprint",
    "change_consent",
    "change_contact",
    "change_home",
    "change_name",
    "change_passphrase",
    "device_name",
    "end_device",
    "end_other_devices",
    "leave",
    "me",
    "name_digest",
    "new_passphrase",
    "our_dongs",
    "own_data",
    "remove_contact",
    "settings",
    "sign_in",
    "sign_out",
    "sign_up",
]
