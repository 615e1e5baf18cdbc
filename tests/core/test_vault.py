"""Sealing, blind indexes, signatures."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import vault


@pytest.fixture(autouse=True)
def field_key(settings):
    vault.use_field_key(settings.field_key)
    yield
    vault.use_field_key(settings.field_key)


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "a.key"
    key = vault.key_file(path)
    assert len(key) == 32
    assert vault.key_file(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match=r"a\.key must hold 32 bytes"):
        vault.key_file(path)


def test_a_sealed_field_opens_with_its_key_alone():
    column = vault.SealedText()
    sealed = column.process_bind_param("홍길동", None)
    assert "홍길동".encode() not in sealed
    assert sealed != column.process_bind_param("홍길동", None)
    assert column.process_result_value(sealed, None) == "홍길동"
    assert column.process_bind_param(None, None) is None
    assert column.process_result_value(None, None) is None
    vault.use_field_key(b"another key of 32 bytes, surely!")
    with pytest.raises(vault.CannotOpen):
        column.process_result_value(sealed, None)


def test_a_blind_index_depends_on_purpose_value_and_key():
    mac = vault.blind_index("contact", "hong@example.kr")
    assert mac == vault.blind_index("contact", "hong@example.kr")
    assert len(mac) == 32
    assert mac != vault.blind_index("identity", "hong@example.kr")
    assert mac != vault.blind_index("contact", "hong@example.k")
    assert vault.blind_index("a", "b\0c") != vault.blind_index("a\0b", "d")
    vault.use_field_key(b"another key of 32 bytes, surely!")
    assert mac != vault.blind_index("contact", "hong@example.kr")


@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_a_token_opens_whole_or_not_at_all(payload, place):
    key = b"k" * 32
    token = vault.seal_token(key, payload)
    assert vault.open_token(key, token) == payload
    at = place % len(token)
    changed = token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :]
    for wrong_key, wrong in ((key, changed), (b"x" * 32, token), (key, token[:-1]), (key, b"")):
        with pytest.raises(vault.CannotOpen):
            vault.open_token(wrong_key, wrong)


def test_what_is_sealed_to_a_key_opens_with_its_secret_alone():
    secret, other = os.urandom(32), os.urandom(32)
    sealed = vault.seal_to(vault.public_half(secret), "찬성".encode())
    assert vault.unseal(secret, sealed) == "찬성".encode()
    for key, box in ((other, sealed), (secret, sealed[:-1]), (secret, b"")):
        with pytest.raises(vault.CannotOpen):
            vault.unseal(key, box)


def test_a_signature_holds_for_its_message_and_key_alone():
    seed = b"s" * 32
    public, signature = vault.verify_key(seed), vault.sign(seed, b"leaf")
    assert len(signature) == 64
    assert vault.is_signed(public, b"leaf", signature)
    assert not vault.is_signed(public, b"leaf.", signature)
    assert not vault.is_signed(vault.verify_key(b"t" * 32), b"leaf", signature)
    assert not vault.is_signed(public, b"leaf", b"")
    assert not vault.is_signed(b"short", b"leaf", signature)


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_parts_of_a_digest_never_run_together(first, second):
    assert (vault.digest(*first) == vault.digest(*second)) == (first == second)


def test_a_digest_reads_numbers_as_their_text():
    assert vault.digest("a", 1) == vault.digest(b"a", b"1")
    assert vault.digest("a", "") != vault.digest("a")
