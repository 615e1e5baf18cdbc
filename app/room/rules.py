"""What live events carry: self-contained for a screen, nothing personal in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.room.models import FloorState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from app.assemblies.models import Assembly, RunningStage
    from app.ballots.models import Ballot
    from app.residents.rules import Standing
    from app.room.models import FloorRequest, Message, Question

TEXT_KEYS = frozenset({"text", "answer", "who", "dong"})


def audience(assembly_id: int) -> str:
    """Return the name of the sockets that watch an assembly."""
    return f"assembly:{assembly_id}"


def home_of(assembly: Assembly, by: Standing) -> int:
    """Return the dong that stands beside a speaker's name."""
    if not assembly.place.is_district:
        return assembly.place_id
    return min(dong for dong, _class in by.memberships)


def message_payload(message: Message) -> dict[str, Any]:
    """Return what a message shows."""
    return {
        "id": message.id,
        "text": message.text,
        "who": message.author.masked_name,
        "dong": message.home.name,
    }


def question_payload(question: Question) -> dict[str, Any]:
    """Return what a question shows."""
    return {
        "id": question.id,
        "text": question.text,
        "who": question.author.masked_name,
        "dong": question.home.name,
        "upvotes": question.upvotes,
        "answered": question.answered_at is not None,
        "answer": question.answer or "",
    }


def floor_payload(queue: Iterable[FloorRequest]) -> dict[str, Any]:
    """Return the whole queue: who speaks, then who waits, in order."""
    return {
        "queue": [
            {
                "id": request.id,
                "who": request.person.masked_name,
                "dong": request.home.name,
                **_topic(request),
                "minutes": request.minutes,
                "state": request.state.value,
                "called_at": request.called_at.isoformat() if request.called_at else None,
            }
            for request in queue
        ]
    }


def _topic(request: FloorRequest) -> dict[str, Any]:
    """Return what may be read of what someone wants to speak about now, and why not more."""
    if request.hidden_reason is not None:
        return {"topic": "", "hidden": str(request.hidden_reason)}
    return {"topic": "" if request.state is FloorState.WITHDRAWN else request.topic}


def stage_payload(stage: RunningStage, stages: int) -> dict[str, Any]:
    """Return where the running order stands."""
    return {
        "id": stage.id,
        "position": stage.position,
        "stages": stages,
        "kind": stage.kind.value,
        "title": stage.title,
        "minutes": stage.planned_minutes,
        "started_at": stage.started_at.isoformat() if stage.started_at else None,
    }


def ballot_payload(ballot: Ballot) -> dict[str, Any]:
    """Return a ballot's state and turnout; never anything of its votes."""
    return {
        "id": ballot.id,
        "title": ballot.title,
        "state": ballot.state.value,
        "closes_at": ballot.closes_at.isoformat(),
        "turnout": ballot.cast_count,
        "roll": ballot.roll_count,
    }


def shown_again(payload: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return what shows something that was hidden: its words, and when they were said."""
    return {**payload, "at": at.isoformat()}


def redacted(payload: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Return a payload without its words and their author, and why they are gone."""
    kept = {key: value for key, value in payload.items() if key not in TEXT_KEYS}
    return {**kept, "hidden": reason}


def named(payload: Mapping[str, Any], name: str | None) -> dict[str, Any]:
    """Return a payload with its author as they are called today: who left has no name any more."""
    return {**payload, "who": name} if name is not None and "who" in payload else {**payload}


def requests_named(
    payload: Mapping[str, Any], requests: Mapping[int, FloorRequest]
) -> dict[str, Any]:
    """Return a queue with today's names, and with those topics alone that may be read today.

    A topic that was taken back or hidden since is left out; one that is shown again is there,
    though the queue was written while it was hidden.
    """
    queue = []
    for entry in payload["queue"]:
        request = requests[entry["id"]]
        kept = {key: value for key, value in entry.items() if key != "hidden"}
        queue.append({**kept, "who": request.person.masked_name, **_topic(request)})
    return {**payload, "queue": queue}
