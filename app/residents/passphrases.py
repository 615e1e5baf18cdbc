"""The one door to argon2. Call it outside a write: it takes some 20 ms of processor."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Collection

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


LEAST, MOST = 10, 200
# A syllable may come as three letters; what is longer still is no passphrase, and sorting the
# accents of an endless one would hold everybody up.
_MOST_TYPED = 4 * MOST


def _normal(passphrase: str) -> str:
    if len(passphrase) > _MOST_TYPED:
        return passphrase
    return unicodedata.normalize("NFKC", passphrase)


_COMMON = frozenset(
    [
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "1234qwerasdf",
        "abcd123456",
        "abcde12345",
        "asdf123456",
        "dkssudgktpdy",
        "iloveyou12",
        "password12",
        "password123",
        "password1234",
        "passphrase",
        "q1w2e3r4t5",
        "qwer123456",
        "qwerasdfzxcv",
        "qwerty1234",
        "qwerty12345",
        "qwertyuiop",
        "rmacjsrn123",
        "tkfkdgody12",
        "zxcvbnm123",
        "가나다라마바사아자차",
        "비밀번호비밀번호",
        "비밀번호123456",
        "비밀번호1234567890",
        "사랑해사랑해사랑해",
        "안녕하세요안녕하세요",
        "대한민국대한민국",
        "동해물과백두산이",
        "동해물과백두산이마르고닳도록",
    ]
)
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def why_weak(passphrase: str, *, about: Collection[str] = ()) -> str | None:
    """Say why a passphrase is too easy: short, long, common, repeated, personal; None if it is not.

    `about` are things others know of the person: a name, an e-mail address, a phone number.
    """
    normal = _normal(passphrase)
    if len(normal) < LEAST:
        return "short"
    if len(normal) > MOST:
        return "long"
    bare = "".join(normal.lower().split())
    if bare in _COMMON:
        return "common"
    if len(set(bare)) < 4 or any(bare in row or bare in row[::-1] for row in _ROWS):  # noqa: PLR2004
        return "repeated"
    for word in about:
        known = "".join(_normal(word).lower().split())
        for part in {known, known.partition("@")[0], known.replace("-", "")}:
            if len(part) >= 2 and part in bare and len(bare.replace(part, "")) < 6:  # noqa: PLR2004
                return "personal"
    return None
