"""The booth and the pages around it, over HTTP with CSRF on."""

import re
from datetime import date, timedelta

import pytest

from app.assemblies.models import QuorumKind, Track
from app.ballots.rules.counting.files import read_file
from app.ballots.rules.counting.register import Asked, count_file
from app.core.clock import seoul_moment
from app.web.wording import WORD_JOINER
from tests.ballots.booth import cast, choose, counts, state_of
from tests.ballots.conftest import CLOSES

NUMBER = re.compile(r'id="receipt-code">([0-9A-Z-]+)<')


def test_a_resident_chooses_reviews_casts_and_keeps_the_receipt(polls, ballot_id, voter):
    voter.open(f"/ballots/{ballot_id}")
    assert "지금 투표할 수 있습니다" in voter.text
    choose(voter, polls, ballot_id, 1, 3)
    assert voter.status == 200
    assert "아직 투표되지 않았습니다" in voter.text
    assert "골목 안 1번째 쉼터" in voter.text
    assert "골목 안 2번째 쉼터" not in voter.text
    cast(voter, ballot_id)
    assert voter.path == f"/ballots/{ballot_id}/receipt"
    assert "투표가 접수되었습니다" in voter.text
    assert "쉼터" not in voter.text
    number = NUMBER.search(voter.text)[1]
    assert counts(polls, ballot_id) == (1, 1, 1)
    polls.world.pass_time(hours=2)
    voter.open(f"/ballots/{ballot_id}/booth")
    assert NUMBER.search(voter.text)[1] == number
    assert "2021. 3. 10.(수) 00:00" in voter.text
    voter.client.set_cookie("language", "en")
    assert "<dt>Voting closes</dt>" in voter.open(f"/ballots/{ballot_id}/receipt").text
    voter.client.delete_cookie("language")
    saved = voter.open(f"/ballots/{ballot_id}/receipt.txt")
    assert number in saved.text
    assert "쉼터" not in saved.text
    assert WORD_JOINER not in saved.page.get_data(as_text=True)


def test_the_review_begins_with_what_was_chosen(polls, ballot_id, voter):
    del polls
    voter.open(f"/ballots/{ballot_id}/booth").submit(f"/ballots/{ballot_id}/booth/review", pick="1")
    heading, picked, warned = (
        voter.text.index(said)
        for said in ("이대로 투표할까요?", "골목 안 1번째 쉼터", "아직 투표되지 않았습니다")
    )
    assert heading < picked < warned


def test_going_back_from_the_review_keeps_what_was_chosen(polls, ballot_id, voter):
    choose(voter, polls, ballot_id, 2, 4)
    voter.submit(f"/ballots/{ballot_id}/booth", state=state_of(voter))
    ids = polls.option_ids(ballot_id)
    assert re.findall(r'value="(\d+)" checked', voter.text) == [str(ids[1]), str(ids[3])]


@pytest.mark.parametrize(
    ("positions", "sentence"),
    [
        ((), "아직 고른 것이 없습니다. 1개 이상 골라 주세요."),
        ((1, 2, 3), "2개까지 고를 수 있습니다. 1개를 빼 주세요."),
        ((1, 2, 3, 4), "2개까지 고를 수 있습니다. 2개를 빼 주세요."),
        ((1, 1), "같은 것을 두 번 고를 수 없습니다. 다시 골라 주세요."),
    ],
)
def test_wrong_picks_are_said_and_kept(polls, ballot_id, voter, positions, sentence):
    choose(voter, polls, ballot_id, *positions)
    assert voter.status == 422
    assert sentence in voter.text
    assert voter.text.count("checked") == len(set(positions))
    assert counts(polls, ballot_id) == (0, 0, 0)


def test_six_of_eighteen_are_taken_and_seven_refused(polls, browser):
    person = polls.world.resident()
    ballot_id = polls.opened(*(Track.GOVERNANCE,) * 8, *(Track.BUDGET,) * 10, max_picks=6)
    browser.sign_in(polls.world, person)
    choose(browser, polls, ballot_id, 1, 2, 3, 4, 5, 6, 18)
    assert browser.status == 422
    assert "6개까지 고를 수 있습니다. 1개를 빼 주세요." in browser.text
    choose(browser, polls, ballot_id, 1, 2, 3, 4, 5, 18)
    cast(browser, ballot_id)
    assert "투표가 접수되었습니다" in browser.text


@pytest.mark.parametrize("pick", ["999999", "-1", "abc", "１", "1e3", "9" * 400, "9" * 5000, ""])
def test_an_option_that_is_not_on_the_paper_is_refused(polls, ballot_id, voter, pick):
    voter.open(f"/ballots/{ballot_id}/booth")
    voter.submit(f"/ballots/{ballot_id}/booth/review", pick=pick)
    assert voter.status == 422
    assert "이 투표용지에 없는 선택지입니다" in voter.text


def test_a_double_click_gives_the_same_receipt_and_counts_once(polls, ballot_id, voter):
    choose(voter, polls, ballot_id, 1)
    state = state_of(voter)
    numbers = set()
    for _ in range(3):
        voter.submit(f"/ballots/{ballot_id}/booth/cast", state=state)
        assert voter.status == 200
        numbers.add(NUMBER.search(voter.text)[1])
    assert len(numbers) == 1
    assert counts(polls, ballot_id) == (1, 1, 1)


def test_a_resent_ballot_keeps_its_receipt_after_closing(polls, ballot_id, voter):
    polls.world.clock.at = CLOSES - timedelta(minutes=5)
    choose(voter, polls, ballot_id, 1)
    state = state_of(voter)
    voter.submit(f"/ballots/{ballot_id}/booth/cast", state=state)
    polls.close(ballot_id)
    voter.submit(f"/ballots/{ballot_id}/booth/cast", state=state)
    assert "투표가 접수되었습니다" in voter.text


def test_a_second_ballot_is_refused_with_the_way_to_the_receipt(polls, ballot_id, new_browser):
    one, other = (new_browser().sign_in(polls.world, polls.voter) for _ in range(2))
    choose(one, polls, ballot_id, 1)
    choose(other, polls, ballot_id, 2)
    cast(one, ballot_id)
    cast(other, ballot_id)
    assert other.status == 409
    assert "이미 투표하셨습니다" in other.text
    assert f"/ballots/{ballot_id}/receipt" in other.text
    assert "확인번호" not in other.text
    other.submit(f"/ballots/{ballot_id}/booth/review", pick="1")
    assert other.status == 409
    assert counts(polls, ballot_id) == (1, 1, 1)


def test_the_last_second_is_taken_and_midnight_is_not(polls, new_browser):
    people = polls.world.residents(2)
    opens = seoul_moment(date(2021, 7, 17))
    closes = seoul_moment(date(2021, 7, 24))
    ballot_id = polls.draw(opens_at=opens, closes_at=closes)
    polls.freeze(ballot_id)
    polls.world.clock.at = opens - timedelta(seconds=1)
    early = new_browser().sign_in(polls.world, people[0])
    early.open(f"/ballots/{ballot_id}/booth")
    assert early.status == 409
    assert "2021. 7. 17.(토) 00:00부터 2021. 7. 23.(금) 24:00까지" in early.text
    early.client.set_cookie("language", "en")
    assert "Sat 17 July 2021, 00:00" in early.open(f"/ballots/{ballot_id}/booth").text
    assert "Fri 23 July 2021, 24:00" in early.text
    early.client.delete_cookie("language")
    polls.world.clock.at = opens
    polls.open(ballot_id)
    polls.world.clock.at = closes - timedelta(minutes=5)
    browsers = [new_browser().sign_in(polls.world, person) for person in people]
    for browser in browsers:
        choose(browser, polls, ballot_id, 1)
    polls.world.clock.at = closes - timedelta(seconds=1)
    cast(browsers[0], ballot_id)
    assert "투표가 접수되었습니다" in browsers[0].text
    polls.world.clock.at = closes  # and no job has closed the ballot yet
    cast(browsers[1], ballot_id)
    assert browsers[1].status == 409
    assert "투표 기간이 아닙니다" in browsers[1].text
    assert "접수되었습니다" not in browsers[1].text
    assert counts(polls, ballot_id) == (1, 1, 1)


def test_a_review_of_another_person_or_ballot_is_refused(polls, ballot_id, voter, new_browser):
    choose(voter, polls, ballot_id, 1)
    state = state_of(voter)
    neighbour = new_browser().sign_in(polls.world, polls.neighbour)
    neighbour.open(f"/ballots/{ballot_id}/booth")
    neighbour.submit(f"/ballots/{ballot_id}/booth/cast", state=state)
    assert neighbour.status == 409
    assert "다른 사람이나 다른 투표" in neighbour.text
    neighbour.submit(f"/ballots/{ballot_id}/booth", state=state)
    assert "checked" not in neighbour.text
    second = polls.opened()
    voter.submit(f"/ballots/{second}/booth/cast", state=state)
    assert voter.status == 409
    assert counts(polls, ballot_id) == (0, 0, 0)
    assert counts(polls, second) == (0, 0, 0)


@pytest.mark.parametrize("spoil", ["flip", "cut", "junk", "empty", "korean"])
def test_a_tampered_review_is_refused(polls, ballot_id, voter, spoil):
    choose(voter, polls, ballot_id, 1)
    state = state_of(voter)
    middle = len(state) // 2
    flipped = "A" if state[middle] != "A" else "B"
    spoiled = {
        "flip": state[:middle] + flipped + state[middle + 1 :],
        "cut": state[:40],
        "junk": "!!!!",
        "empty": "",
        "korean": "가나다",
    }[spoil]
    voter.submit(f"/ballots/{ballot_id}/booth/cast", state=spoiled)
    assert voter.status == 409
    assert counts(polls, ballot_id) == (0, 0, 0)


def test_who_is_not_on_the_roll_is_told_who_is(polls, ballot_id, browser):
    browser.sign_in(polls.world, polls.world.resident("gasan"))
    browser.open(f"/ballots/{ballot_id}/booth")
    assert browser.status == 403
    assert "2006. 3. 2.까지 태어난 분" in browser.text
    browser.submit(f"/ballots/{ballot_id}/booth/review", pick="1")
    assert browser.status == 403
    browser.open(f"/ballots/{ballot_id}/receipt")
    assert browser.status == 404


def test_a_visitor_is_led_to_sign_in(polls, ballot_id, browser):
    page = browser.client.get(f"/ballots/{ballot_id}/booth")
    assert page.status_code == 302
    assert "/sign-in" in page.headers["Location"]
    browser.open(f"/ballots/{ballot_id}")
    assert browser.status == 200
    browser.submit(f"/ballots/{ballot_id}/booth/cast", state="x")
    assert browser.status == 401


def test_a_cast_needs_its_own_token(polls, ballot_id, voter, new_browser):
    choose(voter, polls, ballot_id, 1)
    state = state_of(voter)
    for token in ({}, {"csrf_token": "x"}, {"csrf_token": new_browser().open("/about").csrf()}):
        page = voter.client.post(f"/ballots/{ballot_id}/booth/cast", data={"state": state, **token})
        assert page.status_code == 400
    assert counts(polls, ballot_id) == (0, 0, 0)


def test_bytes_that_are_no_text_do_no_harm(polls, ballot_id, voter):
    voter.open(f"/ballots/{ballot_id}/booth")
    token = voter.csrf()
    body = f"csrf_token={token}&pick=%B0%A1&pick=%FF%FE&pick=%00".encode()
    page = voter.client.post(
        f"/ballots/{ballot_id}/booth/review",
        data=body,
        content_type="application/x-www-form-urlencoded; charset=euc-kr",
    )
    assert page.status_code == 422
    assert counts(polls, ballot_id) == (0, 0, 0)


def test_drafts_are_hidden_and_the_booth_opens_by_its_front_door(polls, ballot_id, voter):
    draft = polls.draw()
    assert voter.open(f"/ballots/{draft}").status == 404
    assert voter.open(f"/ballots/{draft}/booth").status == 404
    voter.open(f"/ballots/{ballot_id}/booth/review")
    assert voter.path == f"/ballots/{ballot_id}/booth"
    voter.open(f"/ballots/{ballot_id}/booth/cast")
    assert voter.path == f"/ballots/{ballot_id}/booth"
    assert voter.open("/ballots/424242").status == 404


def test_the_result_is_for_everybody_and_only_after_the_count(polls, browser):
    people = polls.world.residents(3)
    ballot_id = polls.opened()
    for person, picks in zip(people, [(1, 2), (1,), (1, 4)], strict=True):
        polls.cast(ballot_id, person, *picks)
    browser.open(f"/ballots/{ballot_id}/result")
    assert browser.path == f"/ballots/{ballot_id}"
    assert "3명 중 3명 참여 · 투표율 100.00%" in browser.text
    assert browser.open(f"/ballots/{ballot_id}/result.csv").status == 404
    polls.close(ballot_id)
    assert browser.open(f"/ballots/{ballot_id}/result").path == f"/ballots/{ballot_id}"
    assert "마감 뒤 개표하여 여기에 알립니다" in browser.text
    polls.count(ballot_id)
    assert "마감 뒤 개표하여" not in browser.open(f"/ballots/{ballot_id}").text
    browser.open(f"/ballots/{ballot_id}/result")
    assert 'href="/about/counting#approval"' in browser.text
    assert "3명이 참여했습니다. 4건 중 1건이 선정되었습니다." in browser.text
    assert "아직 확정되지 않았습니다" in browser.text
    assert "33.33%" in browser.text
    assert "골목 안 1번째 쉼터는 3표로 선정되었습니다." in browser.text
    assert "골목 안 2번째 쉼터 1표, 차이 2표." in browser.text
    assert "골목 안 3번째 쉼터는 한 표도 얻지 못해 선정되지 않았습니다." in browser.text
    browser.client.set_cookie("language", "en")
    browser.open(f"/ballots/{ballot_id}/result")
    assert "골목 안 1번째 쉼터 is selected with 3 votes." in browser.text
    assert "Selected: 1 of 4 options." in browser.text
    assert '<th scope="col">Option</th>' in browser.text
    assert "<h1>Votes</h1>" in browser.open("/ballots").text
    assert "<dd>Published</dd>" in browser.open(f"/ballots/{ballot_id}").text
    browser.client.delete_cookie("language")
    polls.certify(ballot_id)
    browser.open(f"/ballots/{ballot_id}/result")
    assert "아직 확정되지 않았습니다" not in browser.text
    table = browser.open(f"/ballots/{ballot_id}/result.csv")
    assert table.page.get_data().startswith("\ufeff투표,".encode())
    assert "시민참여예산,1,1,골목 안 1번째 쉼터,10000000,3,100.00,60.00,선정" in table.text


def test_anybody_can_count_the_result_again_from_its_sums(polls, browser):
    people = polls.world.residents(3)
    ballot_id = polls.opened()
    for person, picks in zip(people, [(1, 2), (1,), (1, 4)], strict=True):
        polls.cast(ballot_id, person, *picks)
    assert browser.open(f"/ballots/{ballot_id}/result.json").status == 404
    polls.close(ballot_id)
    polls.count(ballot_id)
    browser.open(f"/ballots/{ballot_id}/result")
    assert f'href="/ballots/{ballot_id}/result.json"' in browser.page.get_data(as_text=True)
    file = browser.open(f"/ballots/{ballot_id}/result.json")
    read = read_file("result.json", file.page.get_data())
    count, _ = count_file(read, "", Asked())
    assert count.selected == ("1",)
    assert count.votes == {"1": 3, "2": 1, "3": 0, "4": 1}
    assert count.figures == {"needed": 0, "voters": 3}
    assert [one.section for one in count.rounds] == [one.id for one in read.election.terms.sections]
    assert read.election.parts["budget"] == "시민참여예산"
    assert len(read.election.ballots) == 3


def counted_tie(polls) -> int:
    """Count a ballot whose second and third option got one vote each; return its id."""
    people = polls.world.residents(2)
    ballot_id = polls.opened()
    for person, pick in zip(people, (2, 3), strict=True):
        polls.cast(ballot_id, person, pick)
    polls.close(ballot_id)
    polls.count(ballot_id)
    return ballot_id


def test_sums_of_a_tie_come_out_as_a_tie_again(polls, browser):
    ballot_id = counted_tie(polls)
    file = browser.open(f"/ballots/{ballot_id}/result.json")
    count, _ = count_file(read_file("result.json", file.page.get_data()), "", Asked())
    assert count.selected == ()
    assert [tie.candidates for tie in count.open_ties] == [("2", "3")]


def test_sums_below_the_quorum_select_nobody_again(polls, browser):
    (person,) = polls.world.residents(1)
    ballot_id = polls.opened(quorum_kind=QuorumKind.SEATS, quorum_value=3)
    polls.cast(ballot_id, person, 1)
    polls.close(ballot_id)
    polls.count(ballot_id)
    file = browser.open(f"/ballots/{ballot_id}/result.json")
    count, _ = count_file(read_file("result.json", file.page.get_data()), "", Asked())
    assert (count.selected, count.votes["1"]) == ((), 1)
    assert count.figures == {"voters": 1, "needed": 3}


def test_the_result_tells_a_tie_and_who_settles_it(polls, browser):
    ballot_id = counted_tie(polls)
    browser.open(f"/ballots/{ballot_id}/result")
    assert (
        "‘골목 안 2번째 쉼터’와 ‘골목 안 3번째 쉼터’가 똑같이 1표이고 남은 자리는 1개입니다."
        " 아무도 임의로 고르지 않고 동점으로 둡니다. 총회가 정합니다."
    ) in browser.text


def test_a_table_cell_never_becomes_a_formula(polls, browser):
    person = polls.world.resident()
    ballot_id = polls.draw(title="=HYPERLINK(1)")
    polls.open(ballot_id)
    polls.cast(ballot_id, person, 1)
    polls.close(ballot_id)
    polls.count(ballot_id)
    assert "투표,'=HYPERLINK(1)" in browser.open(f"/ballots/{ballot_id}/result.csv").text


def test_the_list_sorts_ballots_by_what_can_be_done(polls, ballot_id, voter):
    voter.open("/ballots")
    assert "투표하기" in voter.text
    polls.draw(opens_at=polls.world.at + timedelta(days=3), closes_at=CLOSES, title="곧 열릴 투표")
    later = polls.draw(opens_at=polls.world.at + timedelta(days=3), title="머지않은 투표")
    polls.freeze(later)
    voter.open("/ballots?place=ours")
    assert "머지않은 투표" in voter.text
    assert "곧 열릴 투표" not in voter.text
    polls.cast(ballot_id, polls.voter, 1)
    voter.open("/ballots")
    assert ">투표하기<" not in voter.text


def test_a_look_at_the_headers_alone_answers_as_a_look_at_the_page(polls, ballot_id, voter):
    booth, receipt = f"/ballots/{ballot_id}/booth", f"/ballots/{ballot_id}/receipt"

    def answers(browser, url):
        found = [
            ask(url, follow_redirects=False) for ask in (browser.client.get, browser.client.head)
        ]
        assert found[1].get_data() == b""
        return [(one.status_code, one.headers.get("Location")) for one in found]

    assert answers(voter, booth) == [(200, None)] * 2
    assert counts(polls, ballot_id) == (0, 0, 0)
    choose(voter, polls, ballot_id, 1)
    cast(voter, ballot_id)
    assert answers(voter, booth) == [(303, receipt)] * 2
    assert answers(voter, receipt) == [(200, None)] * 2
    assert counts(polls, ballot_id) == (1, 1, 1)
