"""What a notice says is what happened: on the page, in the letter, and after something is hidden."""

import pytest

from app.moderation.models import HideReason
from app.notices.models import Notice
from app.notices.words import PROGRESS
from app.proposals import actions as proposals
from app.proposals.models import Proposal, Stage, TimelineCode
from app.residents.models import Role
from tests.proposals import steps

LOST = "투표에서 선정되지 않았습니다"
OF_ITSELF = {
    TimelineCode.PUBLISHED,
    TimelineCode.PRECHECK_PASSED,
    TimelineCode.PRECHECK_FAILED,
    TimelineCode.THRESHOLD_REACHED,
    TimelineCode.WINDOW_MISSED,
    TimelineCode.DEPARTMENT_ASSIGNED,
    TimelineCode.REPLIED,
    TimelineCode.HIDDEN,
    TimelineCode.RESTORED,
}


def author_of(world, proposal_id):
    with world.read() as session:
        return session.get_one(Proposal, proposal_id).author_id


@pytest.fixture
def advance(world):
    """Return what notes on a proposal what a later stage did to it."""

    def note(proposal_id, code, stage=Stage.ASSEMBLY):
        with world.write() as session:
            proposals.note_progress(
                session, proposal_id, stage=stage, code=code, by=None, at=world.at
            )

    return note


def test_whatever_a_later_stage_does_to_a_proposal_has_its_own_words():
    assert set(PROGRESS) == set(TimelineCode) - OF_ITSELF


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (TimelineCode.NOT_SELECTED, LOST),
        (TimelineCode.TIED, "동점이 되었습니다"),
        (TimelineCode.COMMITMENT_DELAYED, "이행 기한을 늦추었습니다"),
        (TimelineCode.SELECTED, "투표에서 선정되었습니다"),
    ],
)
def test_who_lost_is_told_so_on_the_site_and_by_mail_and_nobody_that_it_advanced(
    world, browser, advance, wants_mail, letterbox, mail_out, code, said
):
    proposal_id = steps.published(world)
    author = wants_mail(author_of(world, proposal_id))
    advance(proposal_id, code)
    mail_out()
    (letter,) = letterbox.letters
    browser.sign_in(world, author)
    texts = [letter.get_content(), *(browser.open(page).text for page in ("/me", "/me/notices"))]
    for text in texts:
        assert said in text
        assert "나아갔습니다" not in text


def test_a_notice_keeps_what_it_says_when_its_proposal_is_hidden_later(
    world, browser, advance, wants_mail, letterbox, mail_out
):
    proposal_id, moderator = steps.published(world), world.staff(Role.MODERATOR)
    author = wants_mail(author_of(world, proposal_id))
    advance(proposal_id, TimelineCode.NOT_SELECTED)
    advance(proposal_id, TimelineCode.COMMITMENT_MADE, Stage.EXECUTION)
    with world.write() as session:
        proposals.hide_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            reason=HideReason.ADVERTISING,
            note="가게 홍보",
            by=world.standing(session, moderator),
            at=world.at,
        )
    mail_out()
    browser.sign_in(world, author).open("/me/notices")
    letters = "".join(letter.get_content() for letter in letterbox.letters)
    for text in (browser.text, letters):
        assert LOST in text
        assert "이행 과제가 되었습니다" in text
        assert steps.TITLE not in text


def test_a_notice_of_before_its_words_were_told_apart_says_that_there_is_news(world, browser):
    proposal_id = steps.published(world)
    author = author_of(world, proposal_id)
    world.account_of(author)
    with world.write() as session:
        session.add(
            Notice(
                person_id=author,
                kind="ProposalAdvanced",
                details={"title": steps.TITLE},
                href=f"/proposals/{proposal_id}",
                created_at=world.at,
            )
        )
    browser.sign_in(world, author).open("/me/notices")
    assert f"‘{steps.TITLE}’ 제안에 새 소식이 있습니다" in browser.text
