"""The chair's console: the running order, the floor, the questions, and keeping order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for

from app.assemblies import actions as assemblies
from app.assemblies.models import AssemblyState, RunningStage
from app.core.refusals import Refused, insist
from app.moderation.models import SubjectKind
from app.residents.sessions import visitor, who
from app.room import actions, policy, queries
from app.room.forms import (
    AnnouncementPaper,
    AnswerPaper,
    HidingPaper,
    RestoringPaper,
    StagePaper,
)
from app.room.models import EventKind, FloorState
from app.room.routes.answering import (
    assembly_in,
    blueprint,
    question_in,
    request_in,
    said_in,
    view_of,
)
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.forms import LineField, add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly
    from app.residents.rules import Standing
    from app.room.models import FloorRequest
    from app.room.queries import Happening, HiddenWords, QuestionView
    from app.web.forms import Paper

ROLES = ("chair", "clerk", "moderator")
TALK_AT_HAND = 40


@blueprint.get("/console")
@staff(*ROLES)
def console(assembly_id: int) -> str:
    """Show everything the chair needs at hand."""
    return _page(assembly_id)


def _page(assembly_id: int, returned: Sent | None = None) -> str:
    """Return the console, with the paper that was not taken in the form it came from."""
    view, by = view_of(assembly_id), visitor().standing
    if not policy.keeps_order(view.assembly, by):
        abort(403)
    reading, leads = session(), policy.is_chair(view.assembly, by)
    queue = queries.floor_queue(reading, assembly_id)
    questions = queries.questions(reading, assembly_id, by, number=asked_page())
    talk = queries.talk(reading, assembly_id, limit=TALK_AT_HAND)[::-1]
    hidden = queries.hidden_words(reading, view.assembly, by)
    forms = _forms(view.assembly, queue, questions.items, talk, hidden, leads=leads)
    return render_template(
        "room/console.html",
        view=view,
        assembly=view.assembly,
        leads=leads,
        speaker=next((one for one in queue if one.state is FloorState.SPEAKING), None),
        waiting=[one for one in queue if one.state is FloorState.WAITING],
        questions=questions,
        talk=talk,
        hidden=hidden,
        open_ballots=queries.open_ballots(reading, assembly_id, at=now()),
        forms=forms,
        returned=returned,
        stands=returned is not None and returned.form in forms,
    )


def _forms(
    assembly: Assembly,
    queue: Iterable[FloorRequest],
    questions: Iterable[QuestionView],
    talk: Iterable[Happening],
    hidden: Iterable[HiddenWords],
    *,
    leads: bool,
) -> set[str]:
    """Return the forms that stand on the console now, by their names."""
    may_lead = leads and assembly.state is AssemblyState.OPEN
    shown = [one for one in questions if one.hidden_reason is None]
    said = [one for one in talk if one.kind == EventKind.MESSAGE and "hidden" not in one.payload]
    return (
        ({"announce"} if may_lead else set())
        | {f"answer-{one.id}" for one in shown if may_lead and not one.is_answered}
        | {f"hide-floor_request-{one.id}" for one in queue if not one.is_hidden}
        | {f"hide-question-{one.id}" for one in shown}
        | {f"hide-message-{one.payload['id']}" for one in said}
        | {f"restore-{one.kind}-{one.id}" for one in hidden}
    )


@dataclass(frozen=True)
class Sent:
    """A paper and the form of the console it came from, by which it finds its place again."""

    form: str
    paper: Paper

    def __post_init__(self) -> None:
        """Call the fields as they are called in that form, so that an error leads to its field."""
        for field in self.paper:
            field.id = f"{self.form}-{field.name}"

    @property
    def texts(self) -> list[LineField]:
        """Return the fields that are written in."""
        return [field for field in self.paper if isinstance(field, LineField)]


def _act(
    assembly_id: int,
    act: Callable[[Session, Assembly, Standing], object],
    sent: Sent | None = None,
) -> ResponseReturnValue:
    """Do one act of the chair's and show the console again; a refusal gives the paper back."""
    if sent is not None and not sent.paper.validate_on_submit():
        return _page(assembly_id, sent), 422
    try:
        with write() as writing:
            act(writing, assembly_in(writing, assembly_id), who(writing))
    except Refused as refusal:
        status, sentence = sentence_of(current_app, refusal)
        if sent is not None:
            add_error(sent.texts[0], sentence)
        else:
            flash(sentence, "error")
        return _page(assembly_id, sent), status
    page = asked_page()
    number = page if page > 1 else None
    return redirect(url_for("room.console", assembly_id=assembly_id, page=number), 303)


@blueprint.post("/console/open")
@staff("chair")
def open_assembly(assembly_id: int) -> ResponseReturnValue:
    """Open the assembly (개회)."""
    return _act(
        assembly_id,
        lambda writing, assembly, by: assemblies.open_assembly(writing, assembly, by=by, at=now()),
    )


@blueprint.route("/console/close", methods=["GET", "POST"])
@staff("chair")
def close_assembly(assembly_id: int) -> ResponseReturnValue:
    """Close the assembly (폐회), for good; before that, ask and say what is still open."""
    if request.method != "POST":
        return _asked_to_close(assembly_id)
    return _act(
        assembly_id,
        lambda writing, assembly, by: assemblies.close_assembly(writing, assembly, by=by, at=now()),
    )


def _asked_to_close(assembly_id: int) -> ResponseReturnValue:
    view, by, reading = view_of(assembly_id), visitor().standing, session()
    insist(policy.why_not_lead(view.assembly, by))
    queue = queries.floor_queue(reading, assembly_id)
    return render_template(
        "room/close.html",
        assembly=view.assembly,
        stage=view.next_stage and view.stage,
        speaker=next((one for one in queue if one.state is FloorState.SPEAKING), None),
        waiting=sum(one.state is FloorState.WAITING for one in queue),
        open_ballots=queries.open_ballots(reading, assembly_id, at=now()),
    )


@blueprint.post("/console/stage")
@staff("chair")
def move_to_stage(assembly_id: int) -> ResponseReturnValue:
    """Move the running order."""
    paper = StagePaper()
    if not paper.validate_on_submit():
        abort(422)

    def act(writing: Session, assembly: Assembly, by: Standing) -> None:
        stage = writing.get(RunningStage, paper.stage.data)
        if stage is None:
            abort(404)
        assemblies.move_to_stage(writing, assembly, stage, by=by, at=now())

    return _act(assembly_id, act)


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
        Sent("announce", paper),
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
        Sent(f"answer-{question_id}", paper),
    )


@blueprint.post("/console/messages/<int:message_id>/hide")
@staff(*ROLES)
def hide_message(assembly_id: int, message_id: int) -> ResponseReturnValue:
    """Hide a message; the ledger says why."""
    return _hide(assembly_id, SubjectKind.MESSAGE, message_id)


@blueprint.post("/console/questions/<int:question_id>/hide")
@staff(*ROLES)
def hide_question(assembly_id: int, question_id: int) -> ResponseReturnValue:
    """Hide a question; the ledger says why."""
    return _hide(assembly_id, SubjectKind.QUESTION, question_id)


@blueprint.post("/console/floor/<int:request_id>/hide")
@staff(*ROLES)
def hide_request(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """Hide what someone wants to speak about; the ledger says why."""
    return _hide(assembly_id, SubjectKind.FLOOR_REQUEST, request_id)


@blueprint.post("/console/messages/<int:message_id>/restore")
@staff(*ROLES)
def restore_message(assembly_id: int, message_id: int) -> ResponseReturnValue:
    """Show a hidden message again; the ledger says why."""
    return _restore(assembly_id, SubjectKind.MESSAGE, message_id)


@blueprint.post("/console/questions/<int:question_id>/restore")
@staff(*ROLES)
def restore_question(assembly_id: int, question_id: int) -> ResponseReturnValue:
    """Show a hidden question again; the ledger says why."""
    return _restore(assembly_id, SubjectKind.QUESTION, question_id)


@blueprint.post("/console/floor/<int:request_id>/restore")
@staff(*ROLES)
def restore_request(assembly_id: int, request_id: int) -> ResponseReturnValue:
    """Show again what someone wants to speak about; the ledger says why."""
    return _restore(assembly_id, SubjectKind.FLOOR_REQUEST, request_id)


def _hide(assembly_id: int, kind: SubjectKind, subject_id: int) -> ResponseReturnValue:
    paper = HidingPaper()

    def act(writing: Session, assembly: Assembly, by: Standing) -> None:
        actions.hide_words(
            writing,
            assembly,
            said_in(writing, assembly_id, kind, subject_id),
            reason=paper.reason.data,
            note=paper.note.data or "",
            by=by,
            at=now(),
        )

    return _act(assembly_id, act, Sent(f"hide-{kind}-{subject_id}", paper))


def _restore(assembly_id: int, kind: SubjectKind, subject_id: int) -> ResponseReturnValue:
    paper = RestoringPaper()

    def act(writing: Session, assembly: Assembly, by: Standing) -> None:
        actions.restore_words(
            writing,
            assembly,
            said_in(writing, assembly_id, kind, subject_id),
            note=paper.note.data or "",
            by=by,
            at=now(),
        )

    return _act(assembly_id, act, Sent(f"restore-{kind}-{subject_id}", paper))
