"""How the room's pages find what they are about, and how they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)

from app.assemblies.models import Assembly, AssemblyState
from app.assemblies.policy import AssemblyRefusal, why_not_check_in
from app.assemblies.rules import check_in_details
from app.assemblies.words import SENTENCES
from app.ballots import queries as ballots
from app.ballots.models import BallotState
from app.ballots.policy import phase_of
from app.core.numbers import random_token
from app.core.refusals import Refused
from app.moderation.words import MODERATING_ROLES, REASONS, SUBJECT_KINDS
from app.residents.sessions import visitor
from app.room import policy, queries
from app.room.forms import FloorPaper, MessagePaper, QuestionPaper
from app.room.models import SAID, FloorRequest, FloorState, Question
from app.web.asking import asked_page
from app.web.database import now, session, write
from app.web.forms import LineField, Paper, add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session
    from wtforms import Field

    from app.moderation.models import SubjectKind
    from app.room.models import Said
    from app.room.queries import RoomView

ENDED = (BallotState.CLOSED, *ballots.HAS_RESULT)
blueprint = Blueprint("room", __name__, url_prefix="/assemblies/<int:assembly_id>/room")


@blueprint.context_processor
def _names() -> dict[str, object]:
    return {"reasons": REASONS, "roles": MODERATING_ROLES, "subject_kinds": SUBJECT_KINDS}


def view_of(assembly_id: int) -> RoomView:
    """Return the room, or answer that there is none; the page of its assembly says why not."""
    found = queries.room_view(session(), assembly_id, visitor().standing)
    if found is None:
        assembly = session().get(Assembly, assembly_id)
        if assembly is not None and assembly.state is not AssemblyState.DRAFT:
            abort(redirect(url_for("assemblies.detail", assembly_id=assembly_id), 303))
        abort(404)
    return found


def wants_json() -> bool:
    """Say whether a script asks, which stays on its page."""
    return request.accept_mimetypes.best == "application/json"


def first_error(paper: Paper) -> str:
    """Return the first sentence that says what to mend."""
    for errors in paper.errors.values():
        for error in errors:
            return str(error)
    return ""


def hall_page(
    view: RoomView, *, tab: str = "talk", papers: dict[str, Paper] | None = None
) -> dict[str, Any]:
    """Return what the hall shows one asker."""
    by, assembly, reading, at = visitor().standing, view.assembly, session(), now()
    queue = queries.floor_queue(reading, assembly.id)
    waiting = [one for one in queue if one.state is FloorState.WAITING]
    mine = next((one for one in queue if one.person_id == by.person_id), None)
    ballot = ballots.public_ballot_of(reading, assembly.id)
    phase = phase_of(ballot, at=at) if ballot else None
    voting = [ballot] if ballot and phase is BallotState.OPEN else []
    return {
        "view": view,
        "assembly": assembly,
        "tab": tab,
        "talk": queries.talk(reading, assembly.id),
        "questions": queries.questions(reading, assembly.id, by, number=asked_page()),
        "speaker": next((one for one in queue if one.state is FloorState.SPEAKING), None),
        "waiting": waiting,
        "mine": mine,
        "my_place": waiting.index(mine) + 1 if mine in waiting else None,
        "open_ballots": voting,
        "ended_ballot": ballot if phase in ENDED else None,
        "has_result": phase in ballots.HAS_RESULT,
        "places": ballots.used_places(reading, by.person_id, [one.id for one in voting])
        if by.person_id and voting
        else {},
        "why_silent": policy.why_not_speak(assembly, by, is_checked_in=view.is_checked_in, at=at),
        "why_outside": why_not_check_in(by, assembly, born=view.born, at=at),
        "outside": AssemblyRefusal,
        "assembly_sentences": SENTENCES,
        "check_in_details": check_in_details(assembly),
        "keeps_order": policy.keeps_order(assembly, by),
        "new_nonce": random_token(12),
        "say": MessagePaper(formdata=None),
        "ask": QuestionPaper(formdata=None),
        "floor": FloorPaper(formdata=None),
        **(papers or {}),
    }


def done(
    assembly_id: int, tab: str, said: str, *, anchor: str, **result: object
) -> ResponseReturnValue:
    """Answer an act: a script hears the result, everyone else sees that it is done, and where."""
    if wants_json():
        return jsonify(ok=True, **result)
    flash(said, "done")
    return redirect(url_for("room.hall", assembly_id=assembly_id, tab=tab, _anchor=anchor), 303)


def refused(
    assembly_id: int, tab: str, paper: Paper, name: str, status: int
) -> ResponseReturnValue:
    """Answer a paper that was not taken, with everything that was typed still on it."""
    if wants_json():
        return jsonify(error=first_error(paper)), status
    page = hall_page(view_of(assembly_id), tab=tab, papers={name: paper})
    typed = next((field.data for field in paper if isinstance(field, LineField)), "")
    return render_template(
        "room/hall.html", **page, unsent=typed, why_unsent=first_error(paper)
    ), status


def take(
    paper: Paper, field: Field, act: Callable[[Session], object]
) -> tuple[object | None, int | None]:
    """Do an act in one write; return its result, or the status it was refused with.

    The refusal's sentence stands at the field.
    """
    if not paper.validate_on_submit():
        return None, 422
    try:
        with write() as writing:
            return act(writing), None
    except Refused as refusal:
        status, sentence = sentence_of(current_app, refusal)
        add_error(field, sentence)
        return None, status


def assembly_in(writing: Session, assembly_id: int) -> Assembly:
    """Return an assembly inside a write, or answer that there is none."""
    assembly = writing.get(Assembly, assembly_id)
    if assembly is None or not policy.may_watch(assembly):
        abort(404)
    return assembly


def question_in(writing: Session, assembly_id: int, question_id: int) -> Question:
    """Return a question of this assembly inside a write."""
    question = writing.get(Question, question_id)
    if question is None or question.assembly_id != assembly_id:
        abort(404)
    return question


def said_in(writing: Session, assembly_id: int, kind: SubjectKind, subject_id: int) -> Said:
    """Return what was said in this assembly, of one kind, inside a write."""
    found = cast("Said | None", writing.get(SAID[kind], subject_id))
    if found is None or found.assembly_id != assembly_id:
        abort(404)
    return found


def request_in(writing: Session, assembly_id: int, request_id: int) -> FloorRequest:
    """Return a floor request of this assembly inside a write."""
    found = writing.get(FloorRequest, request_id)
    if found is None or found.assembly_id != assembly_id:
        abort(404)
    return found


def act_or_say_why(
    assembly_id: int,
    tab: str,
    act: Callable[[Session], dict[str, object]],
    said: str,
    *,
    anchor: str,
) -> ResponseReturnValue:
    """Do an act of one button; a refusal is said in the room."""
    try:
        with write() as writing:
            result = act(writing)
    except Refused as refusal:
        status, sentence = sentence_of(current_app, refusal)
        if wants_json():
            return jsonify(error=sentence), status
        flash(sentence, "error")
        page = hall_page(view_of(assembly_id), tab=tab)
        return render_template("room/hall.html", **page), status
    return done(assembly_id, tab, said, anchor=anchor, **result)
