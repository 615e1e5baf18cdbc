"""What lower domains record echoes in the room, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.assemblies.models import Assembly, AssemblyState, RunningStage
from app.ballots.models import Ballot
from app.moderation.models import SubjectKind
from app.room import rules
from app.room.actions.events import append_event
from app.room.actions.floor import clear_floor, show_floor
from app.room.models import EventKind, Message, Question

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.assemblies.facts import (
        AssemblyClosed,
        AssemblyOpened,
        AttendanceTakenBack,
        CheckedIn,
        StageMoved,
    )
    from app.ballots.facts import BallotCast, BallotFact
    from app.moderation.facts import ContentHidden, ContentRestored


def echo_opening(session: Session, fact: AssemblyOpened) -> None:
    """Say that the assembly is open."""
    append_event(session, fact.assembly_id, EventKind.OPENED, {}, by=fact.by, at=fact.at)


def echo_closing(session: Session, fact: AssemblyClosed) -> None:
    """Say that the assembly is closed; nobody waits for the floor any more."""
    clear_floor(session, fact.assembly_id, by=fact.by, at=fact.at)
    append_event(session, fact.assembly_id, EventKind.CLOSED, {}, by=fact.by, at=fact.at)


def echo_stage(session: Session, fact: StageMoved) -> None:
    """Say where the running order stands now."""
    stage = session.get_one(RunningStage, fact.stage_id)
    stages = session.scalar(
        select(func.count())
        .select_from(RunningStage)
        .where(RunningStage.assembly_id == fact.assembly_id)
    )
    payload = rules.stage_payload(stage, stages or 0)
    append_event(session, fact.assembly_id, EventKind.STAGE, payload, by=fact.by, at=fact.at)


def echo_attendance(session: Session, fact: CheckedIn | AttendanceTakenBack) -> None:
    """Say how many are here, of how many needed."""
    assembly = session.get_one(Assembly, fact.assembly_id)
    payload = {"count": fact.count, "needed": assembly.quorum_needed}
    append_event(session, fact.assembly_id, EventKind.CHECK_IN, payload, by=fact.by, at=fact.at)


def echo_ballot(session: Session, fact: BallotFact) -> None:
    """Say that a ballot of the assembly opened, closed or was counted."""
    if fact.assembly_id is None:
        return
    session.flush()
    ballot = session.get_one(Ballot, fact.ballot_id)
    session.refresh(ballot)
    payload = rules.ballot_payload(ballot)
    append_event(session, fact.assembly_id, EventKind.BALLOT, payload, by=fact.by, at=fact.at)


def echo_turnout(session: Session, fact: BallotCast) -> None:
    """Say how many have voted, while the assembly is together; never who."""
    if fact.assembly_id is None:
        return
    state = session.scalar(select(Assembly.state).where(Assembly.id == fact.assembly_id))
    if state is AssemblyState.OPEN:
        payload = {"id": fact.ballot_id, "turnout": fact.turnout, "roll": fact.roll_count}
        append_event(session, fact.assembly_id, EventKind.TURNOUT, payload, by=None, at=fact.at)


def echo_hiding(session: Session, fact: ContentHidden) -> None:
    """Take hidden words off every screen; of the floor its whole queue is shown anew."""
    kinds = {
        SubjectKind.MESSAGE: EventKind.MESSAGE_HIDDEN,
        SubjectKind.QUESTION: EventKind.QUESTION_HIDDEN,
    }
    kind = kinds.get(SubjectKind(fact.subject_kind))
    if fact.subject_kind == SubjectKind.FLOOR_REQUEST:
        show_floor(session, fact.container_id, by=fact.by, at=fact.at)
    elif kind is not None:
        payload = {"id": fact.moderated_id, "hidden": str(fact.reason)}
        append_event(session, fact.container_id, kind, payload, by=fact.by, at=fact.at)


def echo_restoring(session: Session, fact: ContentRestored) -> None:
    """Put words back on every screen."""
    kind = SubjectKind(fact.subject_kind)
    if kind is SubjectKind.FLOOR_REQUEST:
        show_floor(session, fact.container_id, by=fact.by, at=fact.at)
        return
    if kind is SubjectKind.MESSAGE:
        message = session.get_one(Message, fact.moderated_id)
        payload = rules.shown_again(rules.message_payload(message), message.at)
        shown = EventKind.MESSAGE_SHOWN
    elif kind is SubjectKind.QUESTION:
        question = session.get_one(Question, fact.moderated_id)
        payload = rules.shown_again(rules.question_payload(question), question.at)
        shown = EventKind.QUESTION_SHOWN
    else:
        return
    append_event(
        session,
        fact.container_id,
        shown,
        payload,
        about_id=fact.moderated_id,
        by=fact.by,
        at=fact.at,
    )
