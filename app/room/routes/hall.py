"""The room as everyone watches it and residents speak in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from app.assemblies import actions as assemblies
from app.ballots import queries as ballots
from app.ballots import words
from app.ballots.models import BallotState, Outcome
from app.ballots.policy import phase_of
from app.residents.sessions import who
from app.room import actions, queries
from app.room.forms import FloorPaper, MessagePaper, QuestionPaper
from app.room.models import FloorRequest, FloorState, Message, Question
from app.room.routes.answering import (
    ENDED,
    act_or_say_why,
    assembly_in,
    blueprint,
    done,
    hall_page,
    question_in,
    refused,
    request_in,
    take,
    view_of,
)
from app.web.audience import public, signed_in
from app.web.database import now, session, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.ballots.models import Ballot, Option

TABS = ("talk", "questions", "floor")
FLOOR = "pane-floor"
FEED_SHOWN = 100
EVENTS_A_PAGE = 200
RESULT_LINES = 5
LARGEST_SEQ = 2**31 - 1


@blueprint.get("")
@public
def hall(assembly_id: int) -> str:
    """Show the live assembly."""
    tab = request.args.get("tab", "talk")
    return render_template(
        "room/hall.html",
        **hall_page(view_of(assembly_id), tab=tab if tab in TABS else "talk"),
    )


@blueprint.get("/feed")
@public
def feed(assembly_id: int) -> str:
    """Show what was said last; the page refreshes itself, so it holds no form."""
    view = view_of(assembly_id)
    return render_template(
        "room/feed.html",
        view=view,
        assembly=view.assembly,
        is_paused="pause" in request.args,
        talk=queries.talk(session(), assembly_id, limit=FEED_SHOWN)[::-1],
        open_ballots=queries.open_ballots(session(), assembly_id, at=now()),
    )


@blueprint.get("/events")
@public
def events(assembly_id: int) -> ResponseReturnValue:
    """Give the events after a number, in order and without a gap."""
    last = queries.last_seq(session(), assembly_id)
    if last is None:
        abort(404)
    after = min(max(0, request.args.get("after", 0, type=int)), LARGEST_SEQ)
    limit = min(max(1, request.args.get("limit", EVENTS_A_PAGE, type=int)), queries.EVENTS_AT_MOST)
    found = queries.events_after(session(), assembly_id, after, limit=limit)
    newest = found[-1].seq if found else 0
    return jsonify(events=[one.as_json() for one in found], last=max(last, newest))


@blueprint.get("/projector")
@public
def projector(assembly_id: int) -> str:
    """Show one thing to a whole hall."""
    view = view_of(assembly_id)
    queue = queries.floor_queue(session(), assembly_id)
    ballot = ballots.public_ballot_of(session(), assembly_id)
    phase = phase_of(ballot, at=now()) if ballot else None
    is_open = phase is BallotState.OPEN
    return render_template(
        "room/projector.html",
        view=view,
        assembly=view.assembly,
        speaker=next((one for one in queue if one.state is FloorState.SPEAKING), None),
        open_ballots=[ballot] if is_open else [],
        vote="open" if is_open else "closed" if phase in ENDED else "",
        result=_told(ballot) if ballot else None,
    )


@dataclass(frozen=True)
class TellsResult:
    """A result in as many lines as a hall's screen has."""

    selection: str
    turnout: str
    shown: Sequence[Option]
    further: int
    is_certified: bool


def _told(ballot: Ballot) -> TellsResult | None:
    """Return what was selected, or every option where nothing was; None before the count."""
    result = ballots.result(ballot)
    if result is None:
        return None
    options = [option for track in result.tracks for option in track.options]
    told = [option for option in options if option.outcome is Outcome.SELECTED] or options
    return TellsResult(
        words.selection(result),
        words.turnout(result.voters, result.took_part, result.quorum_needed),
        told[:RESULT_LINES],
        max(0, len(told) - RESULT_LINES),
        ballot.state is BallotState.CERTIFIED,
    )


@blueprint.post("/check-in")
@signed_in
def check_in(assembly_id: int) -> ResponseReturnValue:
    """Count the visitor as present."""
    with write() as writing:
        assemblies.check_in(writing, assembly_in(writing, assembly_id), by=who(writing), at=now())
    return redirect(url_for("room.hall", assembly_id=assembly_id), 303)


@blueprint.post("/messages")
@signed_in
def say(assembly_id: int) -> ResponseReturnValue:
    """Say something in the discussion."""
    paper = MessagePaper()
    result, status = take(
        paper,
        paper.text,
        lambda writing: actions.post_message(
            writing,
            assembly_in(writing, assembly_id),
            text=paper.text.data or "",
            nonce=paper.nonce.data or "",
            by=who(writing),
            at=now(),
        ),
    )
    if status is not None:
        return refused(assembly_id, "talk", paper, "say", status)
    assert isinstance(result, Message)  # noqa: S101 - what the act returns
    return done(assembly_id, "talk", gettext("보냈습니다."), anchor=f"message-{result.id}")


@blueprint.post("/questions")
@signed_in
def ask(assembly_id: int) -> ResponseReturnValue:
    """Ask the assembly."""
    paper = QuestionPaper()
    result, status = take(
        paper,
        paper.text,
        lambda writing: actions.ask_question(
            writing,
            assembly_in(writing, assembly_id),
            text=paper.text.data or "",
            nonce=paper.nonce.data or "",
            by=who(writing),
            at=now(),
        ),
    )
    if status is not None:
        return refused(assembly_id, "questions", paper, "ask", status)
    assert isinstance(result, Question)  # noqa: S101 - what the act returns
    said, anchor = gettext("질문을 올렸습니다."), f"question-{result.id}"
    return done(assembly_id, "questions", said, anchor=anchor, question=result.id)


@blueprint.post("/questions/<int:question_id>/upvote")
@signed_in
def upvote(assembly_id: int, question_id: int) -> ResponseReturnValue:
    """Raise a question."""

    def act(writing: Session) -> dict[str, object]:
        question_in(writing, assembly_id, question_id)
        count = actions.upvote_question(writing, question_id, by=who(writing), at=now())
        return {"upvotes": count, "raised": True}

    said = gettext("‘나도 궁금’을 눌렀습니다.")
    return act_or_say_why(assembly_id, "questions", act, said, anchor=f"question-{question_id}")


@blueprint.post("/questions/<int:question_id>/withdraw-upvote")
@signed_in
def withdraw_upvote(assembly_id: int, question_id: int) -> ResponseReturnValue:
    """Take the visitor's upvote back."""

    def act(writing: Session) -> dict[str, object]:
        question_in(writing, assembly_id, question_id)
        count = actions.withdraw_upvote(writing, question_id, by=who(writing), at=now())
        return {"upvotes": count, "raised": False}

    said = gettext("‘나도 궁금’을 거두었습니다.")
    return act_or_say_why(assembly_id, "questions", act, said, anchor=f"question-{question_id}")


@blueprint.post("/floor")
@signed_in
def request_floor(assembly_id: int) -> ResponseReturnValue:
    """Ask to speak."""
    paper = FloorPaper()
    result, status = take(
        paper,
        paper.topic,
        lambda writing: actions.request_floor(
            writing,
            assembly_in(writing, assembly_id),
            topic=paper.topic.data or "",
            minutes=paper.minutes.data,
            by=who(writing),
            at=now(),
        ),
    )
    if status is not None:
        return refused(assembly_id, "floor", paper, "floor", status)
    assert isinstance(result, FloorRequest)  # noqa: S101 - what the act returns
    said = gettext("발언을 신청했습니다.")
    return done(assembly_id, "floor", said, anchor=FLOOR, request=result.id)


@blueprint.post("/floor/<int:request_id>/withdraw")
@signed_in
def withdraw_request(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """Take the visitor's wish to speak back."""

    def act(writing: Session) -> dict[str, object]:
        found = request_in(writing, assembly_id, request_id)
        actions.withdraw_request(writing, found, by=who(writing), at=now())
        return {}

    said = gettext("발언 신청을 거두었습니다.")
    return act_or_say_why(assembly_id, "floor", act, said, anchor=FLOOR)


@blueprint.post("/floor/<int:request_id>/end")
@signed_in
def end_speech(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """Say that the visitor has finished speaking."""

    def act(writing: Session) -> dict[str, object]:
        found = request_in(writing, assembly_id, request_id)
        actions.end_speech(writing, found, by=who(writing), at=now())
        return {}

    said = gettext("발언을 마쳤습니다.")
    return act_or_say_why(assembly_id, "floor", act, said, anchor=FLOOR)
