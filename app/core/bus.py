"""Facts: what has happened, told upwards at two moments, recorded and committed."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened, named in the past tense.

    `chain` names the kind of aggregate the fact belongs to and `subject_id` which one: together
    they choose the audit chain. The field named after the chain holds it: `ballot_id` in "ballot".
    `by` is the acting person's id, None for the passing of time. `held` promises that whatever
    records such a fact holds its aggregate's row until the write ends, so that no two acts of the
    chain are ever on their way together; all facts of a chain promise it, or none.
    """

    chain: ClassVar[str]
    audited: ClassVar[bool] = True
    held: ClassVar[bool] = False

    at: datetime
    by: int | None

    @property
    def subject_id(self) -> int:
        """Return the id of the aggregate this fact is about."""
        found: int = getattr(self, f"{self.chain}_id")
        return found

    def details(self) -> dict[str, Any]:
        """Return the fact's own fields, for a record; never personal data or a choice."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("at", "by")}


F = TypeVar("F", bound=Fact)
_log = logging.getLogger("madang.bus")


class Bus:
    """Who wants to hear of which facts, and at which moment."""

    def __init__(self) -> None:
        self._recorders: dict[type[Fact], list[Callable[[Session, Any], None]]] = defaultdict(list)
        self._closers: list[Callable[[Session, list[Fact]], None]] = []
        self._listeners: dict[type[Fact], list[Callable[[Any], None]]] = defaultdict(list)

    def on_recorded(self, kind: type[F], handler: Callable[[Session, F], None]) -> None:
        """Call the handler inside the transaction that records such a fact."""
        self._recorders[kind].append(handler)

    def on_closing(self, handler: Callable[[Session, list[Fact]], None]) -> None:
        """Call the handler with all facts of a write, as the last thing before it commits."""
        self._closers.append(handler)

    def on_committed(self, kind: type[F], handler: Callable[[F], None]) -> None:
        """Call the handler once the transaction that recorded such a fact has committed."""
        self._listeners[kind].append(handler)

    def tell_recorded(self, session: Session, fact: Fact) -> None:
        """Pass a fact to everyone who writes a row because of it."""
        for kind in type(fact).__mro__:
            for handler in self._recorders.get(kind, ()):
                handler(session, fact)

    def tell_closing(self, session: Session, facts: list[Fact]) -> None:
        """Pass a whole write's facts to everyone who writes rows last."""
        for handler in self._closers:
            handler(session, facts)

    def listeners(self, fact: Fact) -> list[Callable[[Any], None]]:
        """Return everyone who delivers such a fact, in the order they asked."""
        return [handler for kind in type(fact).__mro__ for handler in self._listeners.get(kind, ())]


def record(session: Session, fact: Fact) -> None:
    """State a fact inside the running write, so that it is stored or lost with its cause."""
    if not session.info.get("writing"):
        message = f"{type(fact).__name__} recorded outside a write"
        raise RuntimeError(message)
    session.info["facts"].append(fact)
    bus: Bus | None = session.info.get("bus")
    if bus is not None:
        bus.tell_recorded(session, fact)


def close(session: Session) -> None:
    """Let whoever writes last write, once everything else of this write has reached the database.

    Locks taken here are the last of the write, so they can wait for nothing that waits for them.
    """
    session.flush()
    bus: Bus | None = session.info.get("bus")
    if bus is not None:
        bus.tell_closing(session, session.info["facts"])


def deliver(session: Session) -> None:
    """Deliver the facts of the write that has just committed, in the order they were recorded.

    What was committed stands, so a listener that fails is logged and keeps neither the others
    nor the answer back: live events and mail are delivered again from their rows.
    """
    facts, session.info["facts"] = session.info.get("facts", []), []
    bus: Bus | None = session.info.get("bus")
    if bus is None:
        return
    for fact in facts:
        for listen in bus.listeners(fact):
            try:
                listen(fact)
            except Exception:  # noqa: BLE001 - the commit stands, and the rows are delivered again
                _log.exception("delivery of %s failed", type(fact).__name__)
