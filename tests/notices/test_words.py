"""What a notice says is what happened: on the page, in the letter, and after something is hidden."""

import re

import pytest

from app.forum import actions as forum
from app.forum.models import Opinion, OpinionReply
from app.moderation.models import HideReason, SubjectKind
from app.notices.models import Notice
from app.notices.queries import WRITERS
from app.notices.words import PROGRESS
from app.proposals import actions as proposals
from app.proposals.models import Proposal, Stage, TimelineCode
from app.residents.models import Role
from app.room.models import Message, Question
from tests.forum.steps import TITLE, Forum
from tests.proposals import steps
from tests.room.house import LiveAssembly

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
        (TimelineCode.COMMITMENT_DELAYED, "약속의 기한을 미뤘습니다"),
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
        assert "약속이 되었습니다" in text
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


def hidden_and_restored(world, kind, subject_id, hide, restore):
    """Hide something for an insult, a day later show it again."""
    moderator = world.staff(Role.MODERATOR)
    for act, named in ((hide, {"reason": HideReason.INSULT}), (restore, {})):
        with world.write() as session:
            by = world.standing(session, moderator)
            subject = session.get_one(kind, subject_id)
            act(session, subject, note="이웃을 놀리는 말", by=by, at=world.at, **named)
        yield


def test_whatever_may_be_hidden_was_written_by_somebody_who_is_told():
    assert set(SubjectKind) == set(WRITERS)


def test_whoever_wrote_a_proposal_learns_that_and_why_it_is_hidden_and_that_it_is_back(
    world, browser, wants_mail, letterbox, mail_out
):
    proposal_id = steps.published(world)
    author = wants_mail(author_of(world, proposal_id))
    browser.sign_in(world, author)
    with world.read() as session:
        number = session.get_one(Proposal, proposal_id).number
    moderating = hidden_and_restored(
        world, Proposal, proposal_id, proposals.hide_proposal, proposals.restore_proposal
    )
    next(moderating)
    mail_out()
    for text in (browser.open("/me/notices").text, letterbox.letters[-1].get_content()):
        assert f"쓰신 ‘{number}’ 제안이 가려졌습니다. 까닭은 ‘욕설·비방’입니다." in text
        assert steps.TITLE not in text
    next(moderating)
    mail_out()
    for text in (browser.open("/me/notices").text, letterbox.letters[-1].get_content()):
        assert f"쓰신 ‘{steps.TITLE}’ 제안이 다시 보입니다." in text
    next(
        hidden_and_restored(
            world, Proposal, proposal_id, proposals.hide_proposal, proposals.restore_proposal
        )
    )
    text = browser.open("/me/notices").text
    assert steps.TITLE not in text
    assert text.count("가려졌습니다. 까닭은") == 2
    assert f"쓰신 ‘{number}’ 제안이 다시 보입니다." in text


def leads_to(browser) -> str:
    """Where the newest notice on the page leads whoever follows it."""
    newest = re.search(r'href="(/me/notices/\d+)"', browser.text)[1]
    return browser.client.get(newest).headers["Location"]


def test_whoever_wrote_an_opinion_or_a_reply_learns_of_it_and_reads_none_of_its_words(
    world, browser
):
    talk = Forum(world)
    writer = world.resident()
    browser.sign_in(world, writer)
    opinion_id = talk.say(writer, text="이웃을 놀리는 긴 글입니다. 두고 볼 수 없습니다.")
    with world.write() as session:
        reply_id = forum.answer_opinion(
            session,
            session.get_one(Opinion, opinion_id),
            text="이웃을 놀리는 긴 답글입니다.",
            home=world.place(session),
            by=world.standing(session, writer),
            at=world.at,
        ).id
    for kind, subject_id, called, href in (
        (OpinionReply, reply_id, "의견에 단 답글이", f"/opinions/{opinion_id}#reply-{reply_id}"),
        (Opinion, opinion_id, "의견이", f"/forum/{talk.topic_id}/opinions/{opinion_id}"),
    ):
        moderating = hidden_and_restored(
            world, kind, subject_id, forum.hide_statement, forum.restore_statement
        )
        for said in ("가려졌습니다. 까닭은 ‘욕설·비방’입니다.", "다시 보입니다."):
            next(moderating)
            text = browser.open("/me/notices").text
            assert f"‘{TITLE}’에 쓰신 {called} {said}" in text
            assert leads_to(browser).endswith(href)
            assert "놀리는" not in text


def test_whoever_spoke_or_asked_in_a_room_learns_of_it(world, browser):
    live = LiveAssembly(world)
    speaker = live.guest()
    browser.sign_in(world, speaker)
    message_id, question_id = live.say(speaker, "놀리는 말"), live.ask(speaker, "놀리는 물음")
    for kind, subject_id, called in (
        (Message, message_id, "총회 이야기가"),
        (Question, question_id, "총회 질문이"),
    ):
        live.hide(kind, subject_id)
        text = browser.open("/me/notices").text
        assert f"‘2021 독산1동 주민총회’에 쓰신 {called} 가려졌습니다." in text
        assert leads_to(browser) == f"/assemblies/{live.id}"
        assert "놀리는" not in text
