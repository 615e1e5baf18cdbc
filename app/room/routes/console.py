"""The chair's console: the running order, the floor, the questions, and keeping order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, url_for

from app.assemblies import actions as assemblies
from app.assemblies.models import RunningStage
from app.core.refusals import Refused
from app.moderation import actions as moderation
from app.moderation.models import SubjectKind
from app.residents.sessions import visitor, who
from app.room import actions, policy, queries
from app.room.forms import AnnouncementPaper, AnswerPaper, HidingPaper, StagePaper
from app.room.models import FloorState, Message
from app.room.routes.answering import (
    assembly_in,
    blueprint,
    first_error,
    question_in,
    request_in,
    view_of,
)
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly
    from app.residents.rules import Standing
    from app.web.forms import Paper

ROLES = ("chair", "clerk", "moderator")
TALK_AT_HAND = 40


@blueprint.get("/console")
@staff(*ROLES)
def console(assembly_id: int) -> str:
    """Show everything the chair needs at hand."""
    view, by = view_of(assembly_id), visitor().standing
    if not policy.keeps_order(view.assembly, by):
        abort(403)
    queue = queries.floor_queue(session(), assembly_id)
    return render_template(
        "room/console.html",
        view=view,
        assembly=view.assembly,
        leads=policy.is_chair(view.assembly, by),
        speaker=next((one for one in queue if one.state is FloorState.SPEAKING), None),
        waiting=[one for one in queue if one.state is FloorState.WAITING],
        questions=queries.questions(session(), assembly_id, by),
        talk=queries.talk(session(), assembly_id, limit=TALK_AT_HAND)[::-1],
        ballots=queries.ballots(session(), assembly_id),
        announcement=AnnouncementPaper(formdata=None),
        answer=AnswerPaper(formdata=None),
        hiding=HidingPaper(formdata=None),
    )


def _act(
    assembly_id: int,
    act: Callable[[Session, Assembly, Standing], object],
    paper: Paper | None = None,
) -> ResponseReturnValue:
    """Do one act of the chair's and show the console again; a refusal is said there."""
    if paper is not None and not paper.validate_on_submit():
        flash(first_error(paper), "error")
        return redirect(url_for("room.console", assembly_id=assembly_id), 303)
    try:
        with write() as writing:
            act(writing, assembly_in(writing, assembly_id), who(writing))
    except Refused as refusal:
        _status, sentence = sentence_of(current_app, refusal)
        flash(sentence, "error")
    return redirect(url_for("room.console", assembly_id=assembly_id), 303)


@blueprint.post("/console/open")
@staff("chair")
def open_assembly(assembly_id: int) -> ResponseReturnValue:
    """Open the assembly (개회)."""
    return _act(
        assembly_id,
        lambda writing, assembly, by: assemblies.open_assembly(writing, assembly, by=by, at=now()),
    )


@blueprint.post("/console/close")
@staff("chair")
def close_assembly(assembly_id: int) -> ResponseReturnValue:
    """Close the assembly (폐회), for good."""
    return _act(
        assembly_id,
        lambda writing, assembly, by: assemblies.close_assembly(writing, assembly, by=by, at=now()),
    )


@blueprint.post("/console/stage")
@staff("chair")
def move_to_stage(assembly_id: int) -> ResponseReturnValue:
    """Move the running order."""
    paper = StagePaper()

    def act(writing: Session, assembly: Assembly, by: Standing) -> None:
        stage = writing.get(RunningStage, paper.stage.data)
        if stage is None:
            abort(404)
        assemblies.move_to_stage(writing, assembly, stage, by=by, at=now())

    return _act(assembly_id, act, paper)


@blueprint.post("/console/announcements")
@staff("chair")
def announce(assembly_id: int) -> ResponseReturnValue:
    """Tell everyone something."""
    paper = AnnouncementPaper()
    return _act(
        assembly_id,
        lambda writing, assembly, by: actions.announce(
            writing, assembly, text=paper.text.data or "", by=by, at=now()
        ),
        paper,
    )


@blueprint.post("/console/floor/<int:request_id>/call")
@staff("chair")
def call_speaker(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """Give someone the floor."""
    return _act(
        assembly_id,
        lambda writing, _assembly, by: actions.call_speaker(
            writing, request_in(writing, assembly_id, request_id), by=by, at=now()
        ),
    )


@blueprint.post("/console/floor/<int:request_id>/end")
@staff("chair")
def end_any_speech(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """End a speech."""
    return _act(
        assembly_id,
        lambda writing, _assembly, by: actions.end_speech(
            writing, request_in(writing, assembly_id, request_id), by=by, at=now()
        ),
    )


@blueprint.post("/console/floor/<int:request_id>/remove")
@staff("chair")
def remove_request(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """Take a request off the queue."""
    return _act(
        assembly_id,
        lambda writing, _assembly, by: actions.withdraw_request(
            writing, request_in(writing, assembly_id, request_id), by=by, at=now()
        ),
    )


@blueprint.post("/console/questions/<int:question_id>/answer")
@staff("chair")
def answer_question(assembly_id: int, question_id: int) -> ResponseReturnValue:
    """Answer a question, or say that it was answered aloud."""
    paper = AnswerPaper()
    return _act(
        assembly_id,
        lambda writing, _assembly, by: actions.answer_question(
            writing,
            question_in(writing, assembly_id, question_id),
            answer=paper.answer.data or "",
            by=by,
            at=now(),
        ),
        paper,
    )


@blueprint.post("/console/messages/<int:message_id>/hide")
@staff(*ROLES)
def hide_message(assembly_id: int, message_id: int) -> ResponseReturnValue:
    """Hide a message; the ledger says why."""
    paper = HidingPaper()

    def act(writing: Session, assembly: Assembly, by: Standing) -> None:
        message = writing.get(Message, message_id)
        if message is None or message.assembly_id != assembly_id:
            abort(404)
        moderation.hide(
            writing,
            message,
            kind=SubjectKind.MESSAGE,
            subject_id=message_id,
            place=assembly.place,
            container_id=assembly_id,
            reason=paper.reason.data,
            note=paper.note.data or "",
            by=by,
            at=now(),
        )

    return _act(assembly_id, act, paper)


@blueprint.post("/console/questions/<int:question_id>/hide")
@staff(*ROLES)
def hide_question(assembly_id: int, question_id: int) -> ResponseReturnValue:
    """Hide a question; the ledger says why."""
    paper = HidingPaper()

    def act(writing: Session, assembly: Assembly, by: Standing) -> None:
        moderation.hide(
            writing,
            question_in(writing, assembly_id, question_id),
            kind=SubjectKind.QUESTION,
            subject_id=question_id,
            place=assembly.place,
            container_id=assembly_id,
            reason=paper.reason.data,
            note=paper.note.data or "",
            by=by,
            at=now(),
        )

    return _act(assembly_id, act, paper)
