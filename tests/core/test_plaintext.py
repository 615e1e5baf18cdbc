"""What typed text may be stored as."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.plaintext import MOST_MARKS, harmless, length, on_a_line, tidy
from app.core.refusals import InvalidText

# shaped like a resident number, and made up: the 99th of a month is nobody's birthday
BIRTH, REST = "800101", "1234567"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  골목   끝\t빈터 \n", "골목 끝 빈터"),
        ("\u1100\u1161\u11ab\u110b\u116f\u11ab", "간원"),
        ("가\u200b나\ufeff다\u2060라", "가나다라"),
        ("\u202eevil\u202c \u2066x\u2069\u200f", "evil x"),
        ("가\u3164나\uffa0\u115f\u1160", "가나"),
        ("so\u00adft", "soft"),
        ("\u2800" * 20, ""),
        ("\U000e0041" * 20, ""),
        ("\u0302" * 20, ""),
        ("나\u2800무", "나무"),
        ("👍", "👍"),
        ("!?", "!?"),
        ("가\u200d나\u200c다", "가나다"),
        (FAMILY, FAMILY),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("한\u3000글", "한 글"),
        ("", ""),
    ],
)
def test_one_line_is_tidied(typed, kept):
    assert tidy(typed) == kept


def test_lines_are_kept_and_blank_runs_shrink():
    typed = "첫째 줄  \r\n\r\n\r\n\r\n둘째 줄\r셋째 줄\n\n"
    assert tidy(typed, lines=True) == "첫째 줄\n\n둘째 줄\n셋째 줄"


@pytest.mark.parametrize("letter", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
@pytest.mark.parametrize("lines", [False, True])
def test_control_characters_and_lone_surrogates_are_refused(letter, lines):
    with pytest.raises(InvalidText) as refused:
        tidy(f"가{letter}나", lines=lines)
    assert refused.value.code == "control"


@pytest.mark.parametrize(
    "typed",
    [
        BIRTH + "-" + REST,
        BIRTH + REST,
        BIRTH + " " + REST,
        BIRTH + "–" + REST,
        "제 번호는 " + BIRTH + "-" + REST + "입니다",
        BIRTH + "\u200b-\u200b" + REST,
        "".join(chr(ord(digit) + 0xFEE0) for digit in BIRTH) + "-" + REST,
        "010101-3234567",
        "800101-5234567",
    ],
)
def test_a_resident_number_is_never_stored(typed):
    with pytest.raises(InvalidText) as refused:
        tidy(typed)
    assert refused.value.code == "resident_number"


@pytest.mark.parametrize(
    "typed",
    [
        "010-1234-5678",
        "2021-03-02 14:00",
        "예산 118,000,000원",
        "접수번호 2021-DS1-000045-9",
        "801301-1234567",
        "800132-1234567",
        "800101-9234567",
        "1" + BIRTH + REST,
        BIRTH + REST + "8",
    ],
)
def test_other_numbers_are_fine(typed):
    assert tidy(typed) == typed


@given(st.text(), st.booleans())
def test_tidying_twice_changes_nothing_more(typed, lines):
    try:
        once = tidy(typed, lines=lines)
    except InvalidText:
        return
    assert tidy(once, lines=lines) == once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)
    turns = {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDF", "PDI"}
    assert not turns & {unicodedata.bidirectional(letter) for letter in once}
    once.encode()


def test_length_counts_letters_not_bytes():
    assert length("한글") == 2
    assert length("\U0001f600") == 1


@pytest.mark.parametrize("between", ["-", " - ", ".", "/", "·", "~", "_", "—", " "])
def test_a_resident_number_is_seen_through_its_separator(between):
    with pytest.raises(InvalidText):
        tidy(f"900101{between}1234567")


def test_what_could_steer_a_terminal_is_shown_as_such():
    assert harmless("가\n나\t다 🙂") == "가\n나\t다 🙂"
    assert harmless("\x1b[2J\u202e\x00\x9b\ud800\r") == "�[2J�����"
    assert on_a_line("제목\n선정: [b]\x1b") == "제목 선정: [b]�"


@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0323", "\uff9e\u0301", "\u0f73\u0301"])
def test_accents_without_end_are_refused_before_they_are_sorted(marks):
    """Forty thousand of them would take ten seconds, in which nobody else is served."""
    run = (marks * MOST_MARKS)[:MOST_MARKS]
    tidy("가" + run + "나" + run)
    for many in (1, 40_000):
        with pytest.raises(InvalidText, check=lambda error: error.code == "marks"):
            tidy("가" + run + marks * many)


@pytest.mark.parametrize(
    "between", ["\ufe0f", "\u180b", "\U000e0100", "\ufe00", "\u0301", "\ufe0f\u20e3"]
)
def test_a_resident_number_is_seen_through_its_accents(between):
    number = between.join(BIRTH + REST) + between
    with pytest.raises(InvalidText, check=lambda error: error.code == "resident_number"):
        tidy(number)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("홍\ufe0f길동", "홍길동"),
        ("홍\U000e0100길동", "홍길동"),
        ("좋아요 ❤\ufe0f", "좋아요 ❤\ufe0f"),
        ("1\ufe0f\u20e3번", "1\ufe0f\u20e3번"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
    ],
)
def test_a_selector_stays_where_it_chooses_a_picture(typed, kept):
    assert tidy(typed) == kept
