"""What a domain may plug into the product; each domain's wiring is a list of these calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.bus import Bus
from app.web.refusing import Sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import click
    from flask import Blueprint, Flask
    from sqlalchemy.orm import Session

    from app.core.bus import Fact
    from app.web.refusing import Sentence


@dataclass(frozen=True)
class Waiting:
    """What waits behind a door of the desk, part by part in words; what is late stands apart."""

    parts: tuple[str, ...]
    late: str | None = None

    @classmethod
    def of(cls, *counted: tuple[int, str], late: tuple[int, str] = (0, "")) -> Waiting:
        """Return what waits, without those parts of which there is none."""
        parts = tuple(words for count, words in counted if count)
        return cls(parts, late[1] if late[0] else None)


@dataclass(frozen=True)
class DeskDoor:
    """A link on the staff's home page: what it says, what is done there, who sees it.

    `waiting(session, standing, at)` counts what waits behind it for someone, in one statement.
    """

    label: object
    endpoint: str
    roles: frozenset[str]
    sense: object
    waiting: Callable[[Session, Any, datetime], Waiting] | None = None


@dataclass
class House:
    """The app under construction and everything plugged into it so far."""

    app: Flask
    bus: Bus = field(default_factory=Bus)
    sentences: Sentences = field(default_factory=Sentences)
    jobs: dict[str, Callable[..., None]] = field(default_factory=dict)
    long_jobs: dict[str, Callable[..., None]] = field(default_factory=dict)
    outward_jobs: dict[str, Callable[..., None]] = field(default_factory=dict)
    desk_doors: list[DeskDoor] = field(default_factory=list)

    def blueprint(self, blueprint: Blueprint) -> None:
        """Serve a blueprint's pages."""
        self.app.register_blueprint(blueprint)

    def commands(self, group: click.Group) -> None:
        """Add a command group: flask <group> …."""
        self.app.cli.add_command(group)

    def words(self, sentences: Mapping[Any, Sentence]) -> None:
        """Add the sentences for a domain's refusals."""
        self.sentences.add(sentences)

    def job(self, name: str, run: Callable[[Session], None] | Callable[..., None]) -> None:
        """Add work that time causes: run(session, at=…), idempotent, in its own write."""
        self._plug_in(self.jobs, name, run)

    def long_job(self, name: str, run: Callable[..., None]) -> None:
        """Add work that computes long: run(reading, write, at=…) opens short writes of its own."""
        self._plug_in(self.long_jobs, name, run)

    def outward_job(self, name: str, run: Callable[..., None]) -> None:
        """Add work like a job's, that waits for a machine of others: no other job waits for it."""
        self._plug_in(self.outward_jobs, name, run)

    def _plug_in(self, jobs: dict[str, Callable[..., None]], name: str, run: Any) -> None:
        if any(name in known for known in (self.jobs, self.long_jobs, self.outward_jobs)):
            message = f"{name}: another job has this name"
            raise ValueError(message)
        jobs[name] = run

    def desk_door(
        self,
        label: object,
        endpoint: str,
        *roles: str,
        sense: object,
        waiting: Callable[[Session, Any, datetime], Waiting] | None = None,
    ) -> None:
        """Show a link on the desk, with what is done and waits there, to who holds a role of it."""
        self.desk_doors.append(DeskDoor(label, endpoint, frozenset(roles), sense, waiting))

    def on_recorded(self, kind: type[Fact], handler: Callable[[Session, Any], None]) -> None:
        """Write a row because of a fact, in the fact's own transaction."""
        self.bus.on_recorded(kind, handler)

    def on_closing(self, handler: Callable[[Session, list[Fact]], None]) -> None:
        """Write rows because of all facts of a write, just before it commits."""
        self.bus.on_closing(handler)

    def on_committed(self, kind: type[Fact], handler: Callable[[Any], None]) -> None:
        """Deliver a fact after its transaction has committed."""
        self.bus.on_committed(kind, handler)
