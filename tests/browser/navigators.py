"""What people do on the pages, one function an act; they press what a person would press."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.browser.visiting import Visitor

TITLE = "골목 끝 빈터를 아이들 쉼터로"
REASON = "구 소유 땅이고 안전에 문제가 없어 쉼터로 꾸밀 수 있습니다."
OPINION = "밤에는 어두우니 등과 의자를 함께 두어야 한다고 생각합니다."


def number_in(path: str) -> int:
    """The first number of an address."""
    found = re.search(r"\d+", path)
    assert found, path
    return int(found[0])


def heading(visitor: Visitor, text: str) -> None:
    """Be on the page of that heading."""
    expect(visitor.page.get_by_role("heading", level=1, name=text)).to_be_visible()


# ---------------------------------------------------------------- proposals


def resident_writes_a_proposal(author: Visitor, *, title: str = TITLE) -> int:
    """Write, look at the preview, publish; return the proposal's id."""
    page = author.open("/proposals")
    page.locator("main").get_by_role("link", name="제안하기").first.click()
    page.get_by_role("textbox", name="제목").fill(title)
    page.get_by_label("한 줄로 말하면").fill("의자와 그늘막이면 됩니다")
    page.get_by_role("textbox", name="내용").fill(
        "독산로 끝에 **세 해째** 비어 있는 터가 있습니다."
    )
    page.get_by_role("radio", name="독산1동").check()
    page.get_by_label("분야").select_option(label="환경")
    author.press("미리보기")
    heading(author, title)
    expect(page.locator("main strong", has_text="세 해째")).to_be_visible()
    author.press("올리기")
    heading(author, "제안이 접수되었습니다")
    return number_in(author.path)


def clerk_passes_the_precheck(clerk: Visitor, title: str = TITLE) -> None:
    """Find the proposal in the list of work and start its endorsement."""
    page = clerk.open("/desk/proposals")
    page.locator("main").get_by_role("link", name=title).first.click()
    clerk.press("맞습니다 · 공감 시작")
    expect(page.locator("main").get_by_text("공감", exact=False).first).to_be_visible()


def neighbour_endorses(neighbour: Visitor, proposal_id: int) -> None:
    """Endorse from the bar at the thumb."""
    page = neighbour.open(f"/proposals/{proposal_id}")
    neighbour.press("공감하기")
    expect(page.get_by_role("button", name="공감하기")).to_have_count(0)


def clerk_assigns_the_department(clerk: Visitor, proposal_id: int, department: str) -> None:
    """Choose who answers."""
    page = clerk.open(f"/desk/proposals/{proposal_id}")
    page.get_by_role("combobox", name="소관부서").select_option(label=department)
    clerk.press("부서 정하기")
    expect(page.locator("main .facts")).to_contain_text(department)


def department_replies(officer: Visitor, proposal_id: int) -> None:
    """Adopt the proposal, with a reason and a day."""
    page = officer.open(f"/desk/proposals/{proposal_id}")
    page.get_by_role("radio", name="채택", exact=True).check()
    page.get_by_role("textbox", name="까닭").fill(REASON)
    page.get_by_label("언제 할지").fill("2021-10-01")
    officer.press("답변 공개하기")
    expect(page.locator("main")).to_contain_text(REASON)


# ---------------------------------------------------------------- forum and assembly


def resident_writes_an_opinion(resident: Visitor, topic_id: int) -> None:
    """Take a side and say why."""
    page = resident.open(f"/forum/{topic_id}")
    resident.press("의견 쓰기", role="link")
    page.get_by_role("radio", name="보완").check()
    page.get_by_role("textbox", name="까닭 한 줄").fill("밤에는 어둡다")
    page.get_by_role("textbox", name="의견").fill(OPINION)
    resident.press("의견 남기기")
    expect(page.locator("main")).to_contain_text(OPINION)


def resident_joins_the_room(resident: Visitor, assembly_id: int) -> None:
    """Check in and have the composer ready."""
    page = resident.open(f"/assemblies/{assembly_id}/room")
    resident.press("출석하기")
    expect(page.locator("#say-text")).to_be_visible()


def resident_speaks(resident: Visitor, text: str) -> None:
    """Send a line to everybody."""
    page = resident.page
    page.locator("#say-text").fill(text)
    resident.press("보내기")
    expect(page.locator(".talk__text", has_text=text)).to_be_visible()


def resident_asks(resident: Visitor, text: str) -> None:
    """Ask from the tab of questions."""
    page = resident.page
    page.get_by_role("navigation", name="나눠 보기").get_by_role("link", name="질문").click()
    page.locator("#ask-text").fill(text)
    resident.press("질문하기")
    expect(page.locator(".question", has_text=text)).to_be_visible()


# ---------------------------------------------------------------- ballots


def resident_casts_a_ballot(voter: Visitor, ballot_id: int, picks: Sequence[str]) -> str:
    """Choose, look at the choice, cast; return the receipt's number."""
    page = voter.open(f"/ballots/{ballot_id}")
    voter.press("투표하기", role="link")
    for title in picks:
        page.get_by_role("checkbox", name=title).check()
    voter.press("다음")
    heading(voter, "이대로 투표할까요?")
    for title in picks:
        expect(page.locator(".picked")).to_contain_text(title)
    voter.press("투표하기")
    heading(voter, "투표가 접수되었습니다")
    return page.locator(".receipt__code").inner_text()


# ---------------------------------------------------------------- what was promised


def anyone_sees_the_promise(someone: Visitor, title: str) -> None:
    """Find a commitment in the list and open it."""
    page = someone.open("/commitments")
    page.locator("main").get_by_role("link", name=title).first.click()
    heading(someone, title)
