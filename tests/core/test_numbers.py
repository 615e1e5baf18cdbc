"""Receipt numbers, amounts and percentages."""

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core import english, korean, numbers


def test_a_receipt_number_catches_one_wrong_digit_and_a_swap():
    assert numbers.receipt_number(2021, "DS1", 45) == "2021-DS1-000045-9"


@given(st.integers(1, 999_999), st.data())
def test_every_single_mistyped_digit_is_caught(serial, data):
    digits = f"2021{serial:06d}"
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    wrong = digits[:place] + other + digits[place + 1 :]
    assert numbers._check_digit(digits) != numbers._check_digit(wrong)


def test_a_spoken_code_avoids_letters_that_sound_or_look_alike():
    code = numbers.spoken_code(bytes(range(32)))
    assert len(code.replace("-", "")) == 26
    assert not set(code) & set("ILOU")
    assert all(len(group) <= 4 for group in code.split("-"))


@given(st.binary(min_size=5, max_size=32))
def test_a_code_is_heard_however_it_is_typed(raw):
    code = numbers.spoken_code(raw)
    bare = code.replace("-", "")
    blurred = bare.replace("0", "o").replace("1", "l")
    for typed in (code, bare, code.lower(), f" {code.replace('-', ' ')} ", blurred, f"{code}."):
        assert numbers.heard_code(typed) == bare
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in bare)
    assert numbers.heard_code(wide) == bare


@given(st.binary(min_size=20, max_size=32), st.binary(min_size=20, max_size=32))
def test_different_bytes_have_different_codes(first, second):
    if first[:16] != second[:16]:
        assert numbers.spoken_code(first) != numbers.spoken_code(second)


@pytest.mark.parametrize(
    ("part", "whole", "places", "written"),
    [
        (299, 335, 2, "89.25"),
        (1, 3, 1, "33.3"),
        (2, 3, 1, "66.7"),
        (1, 8, 2, "12.50"),
        (1, 2000, 1, "0.1"),
        (5, 0, 1, "0"),
        (0, 7, 1, "0.0"),
        (7, 7, 0, "100"),
        (1, 200, 0, "1"),
    ],
)
def test_percent_is_exact_and_rounds_half_up(part, whole, places, written):
    assert numbers.percent(part, whole, places) == written


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 4))
def test_percent_is_within_half_a_last_place(part, whole, places):
    error = Fraction(numbers.percent(part, whole, places)) - Fraction(part * 100, whole)
    assert -Fraction(1, 2) < error * 10**places <= Fraction(1, 2)


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_ceil_div_is_the_least_number_that_suffices(number, by):
    quotient = numbers.ceil_div(number, by)
    assert (quotient - 1) * by < number <= quotient * by


def test_tokens_do_not_repeat():
    assert len({numbers.random_token() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("typed", "won"),
    [
        ("12000000", 12_000_000),
        ("12,000,000원", 12_000_000),
        ("₩ 12,000,000", 12_000_000),
        ("1,200만 원", 12_000_000),
        ("1200만원", 12_000_000),
        ("１２００만", 12_000_000),
        ("1천2백만 원", 12_000_000),
        ("천만 원", 10_000_000),
        ("5천만원", 50_000_000),
        ("2억 2,000만원", 220_000_000),
        ("2억2천만", 220_000_000),
        ("２억　２，０００만　원", 220_000_000),
        ("12,000만 원", 120_000_000),
        ("1만 2,000원", 12_000),
        ("3천 원", 3_000),
        ("1조", 1_000_000_000_000),
        ("10,000억 원", 1_000_000_000_000),
        ("1조 5,000만 원", 1_000_050_000_000),
        ("0", 0),
        ("0원", 0),
        ("  7 won ", 7),
        ("-5,000원", -5_000),
        ("−5", -5),
        (unicodedata.normalize("NFD", "1,200만 원"), 12_000_000),
    ],
)
def test_amounts_are_read_as_people_type_them(typed, won):
    assert numbers.read_won(typed) == won


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "원",
        "만",
        "억",
        "만 원",
        "1만2",
        "2억 2,000",
        "2억 2천",
        "2억 2,000원",
        "1억 12,000만",
        "5만 1억",
        "5만 5만",
        "1,20,000",
        "1200,000",
        "12.5",
        "1.5억",
        "1 200",
        "12²",
        "①",
        "١٢",
        "삼천만",
        "12달러",
        "1e9",
        "0x10",
        "9" * 61,
    ],
)
def test_what_is_no_amount_or_may_mean_two_is_not_read(typed):
    assert numbers.read_won(typed) is None


SHOWN = st.one_of(*(st.integers(0, 10**13 // size).map(size.__mul__) for size in (1, 10**4, 10**8)))


@given(SHOWN)
@example(0)
@example(10_000)
@example(10**8)
@example(10**12 + 10_000)
def test_an_amount_that_a_page_shows_is_read_as_the_same_amount(won):
    for shown in (korean.format_won(won), english.format_won(won), f"{won:,}", str(won)):
        assert numbers.read_won(shown) == won


@given(st.text("0123456789,. -조억만천백십원won₩\n\u3000１", max_size=40))
def test_whatever_is_typed_is_read_as_a_whole_number_or_not_at_all(typed):
    won = numbers.read_won(typed)
    assert won is None or numbers.read_won(f"{won}") == won
