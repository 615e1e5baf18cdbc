"""Particles, masked names, dates and jamo."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import korean
from app.core.clock import seoul_day, seoul_midnight, seoul_moment

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1)


@pytest.mark.parametrize(
    ("word", "particle", "whole"),
    [
        ("독산1동", "을", "독산1동을"),
        ("제안", "를", "제안을"),
        ("투표", "을", "투표를"),
        ("주민", "이", "주민이"),
        ("나무", "이", "나무가"),
        ("총회", "은", "총회는"),
        ("의견", "과", "의견과"),
        ("제보", "과", "제보와"),
        ("서울", "으로", "서울로"),
        ("부산", "로", "부산으로"),
        ("제주", "으로", "제주로"),
        ("길", "을", "길을"),
        # digits are read aloud: 영 일 이 삼 사 오 육 칠 팔 구
        ("0", "을", "0을"),
        ("1", "으로", "1로"),
        ("2", "을", "2를"),
        ("3", "으로", "3으로"),
        ("4", "이", "4가"),
        ("5", "은", "5는"),
        ("6", "을", "6을"),
        ("7", "으로", "7로"),
        ("8", "과", "8과"),
        ("9", "과", "9와"),
        ("10", "이", "10이"),
        # Latin letters by their sound
        ("mail", "을", "mail을"),
        ("email", "으로", "email로"),
        ("SEOUL", "으로", "SEOUL로"),
        ("Zoom", "으로", "Zoom으로"),
        ("Han", "이", "Han이"),
        ("Madang", "는", "Madang은"),
        ("data", "를", "data를"),
        ("AI", "은", "AI는"),
        # brackets and quotes are looked through
        ("‘나풀나풀’", "을", "‘나풀나풀’을"),
        ("나풀나풀(가칭)", "을", "나풀나풀(가칭)을"),
        ("사업(2021년)", "이", "사업(2021년)이"),
        ("『마을』", "로", "『마을』로"),
        ("끝.", "을", "끝.을"),
        # signs as they are said: 퍼센트, 삼분의 일, 삼분의 이
        ("100%", "은", "100%는"),
        ("12⅓", "이", "12⅓이"),
        ("12⅓", "으로", "12⅓로"),
        ("½", "을", "½을"),
        ("⅔", "이", "⅔가"),
        ("m²", "과", "m²과"),
        ("", "을", "를"),
        ("!!", "이", "!!가"),
    ],
)
def test_a_particle_follows_the_last_sound(word, particle, whole):
    assert korean.josa(word, particle) == whole


def test_an_unknown_particle_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        korean.josa("말", "에서")


@given(SYLLABLES, st.sampled_from(["을", "이", "은", "과", "으로"]))
def test_every_syllable_takes_one_of_the_two_forms(word, particle):
    whole = korean.josa(word, particle)
    assert whole.startswith(word)
    assert whole[len(word) :] in korean._PARTICLES[particle]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("홍길동", "홍*동"),
        ("홍동", "홍*"),
        ("남궁민수", "남**수"),
        ("홍", "*"),
        ("", "*"),
        ("남궁 수", "남*수"),
        ("Anne Lee", "A*****e"),
        ("\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc", "홍*동"),
    ],
)
def test_a_name_is_masked(name, masked):
    assert korean.mask_name(name) == masked


@given(SYLLABLES)
def test_no_masked_name_shows_more_than_its_ends(name):
    masked = korean.mask_name(name)
    assert masked.replace("*", "") in {"", name[0], name[0] + name[-1]}
    assert "*" in masked


@pytest.mark.parametrize(
    ("masked", "whole"),
    [
        (korean.mask_phone("010-1234-5678"), "010-****-5678"),
        (korean.mask_phone("0111234567"), "011-****-4567"),
        (korean.mask_email("hong@example.kr"), "ho**@example.kr"),
        (korean.mask_email("a@example.kr"), "***@example.kr"),
        (korean.mask_email("ab@example.kr"), "***@example.kr"),
        (korean.mask_email("abc@example.kr"), "***@example.kr"),
        (korean.mask_email("gildong.hong@example.kr"), "gi**********@example.kr"),
    ],
)
def test_contacts_are_masked(masked, whole):
    assert masked == whole


def test_dates_are_written_as_on_a_notice():
    assert korean.format_date(date(2020, 7, 17)) == "2020. 7. 17.(금)"
    assert korean.format_plain_day(date(2003, 4, 8)) == "2003. 4. 8."
    assert korean.format_day(date(2020, 7, 19)) == "7. 19.(일)"
    assert korean.format_datetime(seoul_moment(date(2020, 7, 17), 9, 3)) == "2020. 7. 17.(금) 09:03"


def test_a_moment_is_dated_in_seoul():
    evening = datetime(2020, 7, 16, 15, 30, tzinfo=UTC)
    assert korean.format_date(evening) == "2020. 7. 17.(금)"
    assert seoul_day(evening) == date(2020, 7, 17)
    assert seoul_midnight(date(2020, 7, 17)) == datetime(2020, 7, 16, 15, tzinfo=UTC)


def test_midnight_closes_the_day_before():
    assert korean.format_until(seoul_midnight(date(2020, 7, 24))) == "2020. 7. 23.(목) 24:00"
    assert korean.format_until(seoul_moment(date(2020, 7, 24), 18)) == "2020. 7. 24.(금) 18:00"
    assert korean.format_until(seoul_midnight(date(2021, 1, 1))) == "2020. 12. 31.(목) 24:00"


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_the_day_of_its_own_midnight_is_the_day(day):
    assert seoul_day(seoul_midnight(day)) == day


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0원"),
        (1, "1원"),
        (12_345, "12,345원"),
        (10_000, "1만 원"),
        (50_000_000, "5,000만 원"),
        (118_000_000, "1억 1,800만 원"),
        (100_010_000, "1억 1만 원"),
        (123_456_789, "123,456,789원"),
        (900_000_000, "9억 원"),
        (1_200_000_000_000, "12,000억 원"),
    ],
)
def test_won_are_written_in_whole_units(amount, written):
    assert korean.format_won(amount) == written


@given(st.text())
def test_search_text_finds_every_part_of_itself(text):
    decomposed = korean.jamo(text)
    assert korean.jamo(text[:3]) in decomposed or any(letter >= "\u0300" for letter in text)


def test_initials_and_jamo_are_what_people_type():
    assert korean.initials("골목 쉼터 A") == "ㄱㅁㅅㅌa"
    assert korean.jamo("공원") in korean.jamo("어린이공원 앞")
    assert korean.initials("\u1100\u1161") == "ㄱ"
