"""Passphrases: hashed slowly, compared safely, refused when easy."""

import unicodedata

import pytest

from app.residents.passphrases import hash_passphrase, is_right, why_weak


def test_composed_and_decomposed_hangul_are_one_passphrase():
    words = "봄에는 마당에 꽃이 핀다"
    stored = hash_passphrase(unicodedata.normalize("NFD", words))
    assert is_right(stored, words)
    assert not is_right(stored, words + ".")


def test_no_passphrase_opens_an_account_that_is_missing_or_emptied():
    for stored in (None, ""):
        assert not is_right(stored, "nobody has this passphrase")


@pytest.mark.parametrize(
    ("passphrase", "weakness"),
    [
        ("짧은 말", "short"),
        ("가" * 201, "long"),
        ("password 1234", "common"),
        ("비밀번호 비밀 번호", "common"),
        ("1234567890", "repeated"),
        ("0987654321", "repeated"),
        ("aaaaaaaaaaaa", "repeated"),
        ("홍길동홍길동 홍길동12", "personal"),
        ("hong.gildong1", "personal"),
        ("01012345678!", "personal"),
        ("봄에는 마당에 꽃이 핀다", None),
        ("correct horse battery", None),
    ],
)
def test_what_is_easy_to_guess_is_refused(passphrase, weakness):
    about = ["홍길동", "hong.gildong@example.kr", "010-1234-5678"]
    assert why_weak(passphrase, about=about) == weakness


def test_an_endless_passphrase_is_long_and_wrong_and_is_not_sorted():
    """Sorting its accents would take minutes, in which nobody else is served."""
    endless = "a\u0301\u0323" * 100_000
    assert why_weak(endless) == "long"
    assert not is_right(hash_passphrase("a long passphrase"), endless)
