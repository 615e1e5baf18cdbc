"""What looks like a phone number or an e-mail address, and what does not."""

import time

import pytest

from app.core.contacts import names_contact


@pytest.mark.parametrize(
    "text",
    [
        "연락 주세요 010-1234-5678",
        "01012345678로 전화 주세요",
        "010 1234 5678",
        "010.1234.5678",
        "010–1234–5678",
        "(010) 1234-5678",
        "전화:010-1234-5678입니다",
        "T.010-1234-5678",
        "０１０－１２３４－５６７８",
        "010/1234/5678",
        "010~1234~5678",
        "011-234-5678",
        "016-234-5678",
        "+82 10-1234-5678",
        "+82-10-1234-5678",
        "82 10 1234 5678",
        "+82 (0)10 1234 5678",
        "+821012345678",
        "02-123-4567",
        "02-1234-5678",
        "02)803-1234",
        "028031234",
        "031-123-4567",
        "064 123 4567",
        "070-1234-5678",
        "0507-1234-5678",
        "hong@example.kr",
        "메일은 hong.gildong+dong@mail.example.co.kr 입니다",
        "hong＠example.kr",
        "hong @ example.kr",
        "홍길동@예시.한국",
        "(gildong@naver.com)",
        "첫 줄\n둘째 줄 010-1234\n-5678",
    ],
)
def test_a_phone_number_or_an_address_is_noticed(text):
    assert names_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "골목 끝 빈터를 아이들 쉼터로",
        "예산 10,000,000원",
        "예산은 1010123456789원",
        "2021-05-24부터 2021-06-12까지",
        "2021.05.24. 19:00~20:30",
        "09:00~18:00에 엽니다",
        "독산로 54길 102-3",
        "금천구 2021-0012호",
        "다산콜 120, 1588-1234",
        "0.02 1234 5678",
        "3,010 1234 5678",
        "지도에서 37.4563, 126.8956",
        "우편번호 08536",
        "@마당 을 불러 주세요",
        "1@2",
        "값은 3 @ 5원",
    ],
)
def test_other_figures_and_signs_are_not(text):
    assert not names_contact(text)


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "0" * 10_000, "a@" * 5_000, "a@b." * 2_500, "02 " * 3_000]
)
def test_long_texts_cost_little(text):
    began = time.process_time()
    names_contact(text)
    assert time.process_time() - began < 0.5
