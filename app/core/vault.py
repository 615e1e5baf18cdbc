"""The one door to libsodium: sealed fields, blind indexes, sealed choices, signatures."""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import TYPE_CHECKING, Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import LargeBinary, TypeDecorator

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Dialect

KEY_SIZE = 32
_FIELDS: dict[str, SecretBox | bytes] = {}


class CannotOpen(ValueError):
    """A sealed value that this key does not open: wrong key, or changed bytes."""


def key_file(path: Path) -> bytes:
    """Return the 32-byte key kept in a file, making the file (mode 0600) the first time."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != KEY_SIZE:
            message = f"key file {path.name} must hold {KEY_SIZE} bytes"
            raise ValueError(message) from None
        return key
    with os.fdopen(handle, "wb") as stream:
        key = os.urandom(KEY_SIZE)
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is sealed to this key may outlive a power cut; so must the key
    finally:
        os.close(folder)
    return key


def use_field_key(key: bytes) -> None:
    """Set the key that opens sealed columns and makes blind indexes in this process."""
    _FIELDS["box"] = SecretBox(hashlib.sha256(b"madang/field/v1" + key).digest())
    _FIELDS["mac"] = hashlib.sha256(b"madang/index/v1" + key).digest()


def blind_index(purpose: str, value: str) -> bytes:
    """Return the keyed digest under which a personal value can be looked up but not read."""
    key = _FIELDS["mac"]
    assert isinstance(key, bytes)  # noqa: S101
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


class SealedText(TypeDecorator[str]):
    """Text encrypted with the field key: readable in the process, not in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal the text."""
        del dialect
        box = _FIELDS["box"]
        assert isinstance(box, SecretBox)  # noqa: S101
        return None if value is None else bytes(box.encrypt(value.encode()))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open the text; raises CannotOpen."""
        del dialect
        return None if value is None else open_text(value)


def open_text(sealed: bytes) -> str:
    """Return the text of a sealed column; raises CannotOpen."""
    box = _FIELDS["box"]
    assert isinstance(box, SecretBox)  # noqa: S101
    try:
        return bytes(box.decrypt(bytes(sealed))).decode()
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error


def seal_token(key: bytes, payload: bytes) -> bytes:
    """Return payload encrypted and authenticated with a symmetric key."""
    return bytes(SecretBox(key).encrypt(payload))


def open_token(key: bytes, token: bytes) -> bytes:
    """Return the payload of seal_token; raises CannotOpen for anything else."""
    try:
        return bytes(SecretBox(key).decrypt(token))
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error


def public_half(secret: bytes) -> bytes:
    """Return the X25519 public key that belongs to a 32-byte secret key."""
    return bytes(PrivateKey(secret).public_key)


def seal_to(public: bytes, payload: bytes) -> bytes:
    """Return payload sealed to a public key; only the secret half opens it."""
    return bytes(SealedBox(PublicKey(public)).encrypt(payload))


def unseal(secret: bytes, sealed: bytes) -> bytes:
    """Return the payload of seal_to; raises CannotOpen for anything else."""
    try:
        return bytes(SealedBox(PrivateKey(secret)).decrypt(sealed))
    except (CryptoError, ValueError) as error:
        raise CannotOpen from error


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the Ed25519 signature (64 bytes) of a message."""
    return bytes(SigningKey(seed).sign(message).signature)


def verify_key(seed: bytes) -> bytes:
    """Return the Ed25519 public key of a signing seed."""
    return bytes(SigningKey(seed).verify_key)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature over the message was made with the public key's seed."""
    try:
        VerifyKey(public).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True


def digest(*parts: Any) -> bytes:
    """Return SHA-256 over the parts, each preceded by its length, so that none run together."""
    state = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    return state.digest()
