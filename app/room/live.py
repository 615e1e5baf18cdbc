"""Live events out through sockets, and the one thing a socket may ask: to watch a room."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.room import queries, rules
from app.room.queries import Happening
from app.web.audience import public
from app.web.converters import LARGEST_KEY
from app.web.database import session
from app.web.logs import log
from app.web.sockets import enter, on, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.room.facts import LiveEventAppended

WINDOW_SECONDS = 0.1


@dataclass
class _Pending:
    sent_at: float = float("-inf")
    is_timed: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    order: threading.Lock = field(default_factory=threading.Lock)  # no room waits for another


def _later(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


class Frames:
    """Gathers each room's events into frames, so that a busy room sends ten a second and no more.

    An event goes out at once when the room's last frame is older than the window; otherwise it
    waits with the others for the window's end. Whatever is added is sent, in the order of its
    number within a frame.
    """

    def __init__(
        self,
        send: Callable[[int, list[dict[str, Any]]], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], None] = _later,
        window: float = WINDOW_SECONDS,
    ) -> None:
        self._send, self._clock, self._later, self._window = send, clock, later, window
        self._guard = threading.Lock()
        self._rooms: dict[int, _Pending] = defaultdict(_Pending)

    def add(self, assembly_id: int, event: dict[str, Any]) -> None:
        """Send an event now or with the room's next frame."""
        with self._guard:
            room = self._rooms[assembly_id]
            room.events.append(event)
            if room.is_timed:
                return
            wait = room.sent_at + self._window - self._clock()
            if wait > 0:
                room.is_timed = True
        if wait > 0:
            self._later(wait, lambda: self.flush(assembly_id))
        else:
            self.flush(assembly_id)

    def flush(self, assembly_id: int) -> None:
        """Send what waits for a room, if anything does."""
        with self._guard:
            room = self._rooms[assembly_id]
        with room.order:
            with self._guard:
                events, room.events = room.events, []
                room.is_timed, room.sent_at = False, self._clock()
            if events:
                self._send(assembly_id, sorted(events, key=lambda event: int(event["seq"])))


def _tell_room(assembly_id: int, events: list[dict[str, Any]]) -> None:
    try:
        tell(rules.audience(assembly_id), "events", {"events": events})
    except Exception:  # noqa: BLE001 - the act is committed; everyone can still fetch its event
        log.exception("frame_not_sent", assembly_id=assembly_id, first=events[0]["seq"])


frames = Frames(_tell_room)


def deliver(fact: LiveEventAppended) -> None:
    """Send a committed event to the sockets that watch its room."""
    happening = Happening(fact.seq, fact.kind, fact.at, fact.payload)
    frames.add(fact.assembly_id, happening.as_json())


def _room_asked_for(words: tuple[object, ...]) -> int | None:
    """Return the assembly's id in {"assembly": 7}; None for anything else."""
    if len(words) != 1 or not isinstance(words[0], dict):
        return None
    asked = words[0].get("assembly")
    if type(asked) is not int or not 0 < asked <= LARGEST_KEY:
        return None
    return asked


@on("watch")
@public
def watch(*words: object) -> dict[str, object]:
    """Let a socket hear a room that anyone may watch; acts come by HTTP alone."""
    assembly_id = _room_asked_for(words)
    last = queries.last_seq(session(), assembly_id) if assembly_id is not None else None
    if assembly_id is None or last is None:
        return {"ok": False, "error": "no_such_room"}
    enter(rules.audience(assembly_id))
    return {"ok": True, "last": last}
