"""The one door to argon2. Call it outside a write: it takes some 20 ms of processor."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's m=19 MiB, t=2, p=1: about 50 sign-ins a second and core.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DECOY = _HASHER.hash("nobody has this passphrase")


def hash_passphrase(passphrase: str) -> str:
    """Return the argon2id hash of a passphrase, the same for composed and decomposed Hangul."""
    return _HASHER.hash(_normal(passphrase))


def is_right(stored: str | None, passphrase: str) -> bool:
    """Say whether a passphrase matches; takes as long when there is no such account."""
    try:
        _HASHER.verify(stored or _DECOY, _normal(passphrase))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def _normal(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase)
