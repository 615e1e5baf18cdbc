"""A live assembly for the room's tests, made through the product's own actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly, QuorumKind, RunningStage
from app.moderation.models import HideReason
from app.residents.models import Role
from app.residents.rules import AgeMode
from app.room import actions
from app.room.models import FloorRequest, LiveEvent, Said

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.world import World


class LiveAssembly:
    """An assembly of 독산1동 that the chair has opened; every method is one write of its own."""

    def __init__(self, world: World, *, place: str = "doksan1", is_open: bool = True) -> None:
        self.world = world
        self.clerk = world.registrar()
        self.chair = world.staff(Role.CHAIR, place)
        held_at = world.at + timedelta(hours=1)
        with world.write() as session:
            assemblies.set_assembly_rules(
                session,
                world.place(session, place),
                notice_days=0,
                quorum_kind=QuorumKind.SEATS,
                quorum_value=3,
                min_age=15,
                age_mode=AgeMode.PLAIN,
                by=None,
                at=world.at,
            )
            by = world.standing(session, self.clerk)
            assembly = assemblies.call_assembly(
                session,
                place=world.place(session, place),
                title="2021 독산1동 주민총회",
                notice_text="주민총회를 엽니다.",
                venue="온라인",
                held_at=held_at,
                ends_at=held_at + timedelta(hours=2),
                by=by,
                at=world.at,
            )
            self.id = assembly.id
        with world.write() as session:
            by = world.standing(session, self.clerk)
            assemblies.publish_notice(session, self.row(session), by=by, at=world.at)
        if is_open:
            self.open()

    @property
    def path(self) -> str:
        """Where the hall stands."""
        return f"/assemblies/{self.id}/room"

    def row(self, session: Session) -> Assembly:
        """The assembly."""
        return session.get_one(Assembly, self.id)

    def open(self) -> None:
        """The chair opens the assembly, half an hour before its time."""
        self.world.pass_time(minutes=40)
        with self.world.write() as session:
            by = self.world.standing(session, self.chair)
            assemblies.open_assembly(session, self.row(session), by=by, at=self.world.at)

    def close(self) -> None:
        """The chair closes the assembly."""
        with self.world.write() as session:
            by = self.world.standing(session, self.chair)
            assemblies.close_assembly(session, self.row(session), by=by, at=self.world.at)

    def move(self, position: int) -> None:
        """The chair moves to a step."""
        with self.world.write() as session:
            stage = session.scalars(
                select(RunningStage).where(
                    RunningStage.assembly_id == self.id, RunningStage.position == position
                )
            ).one()
            by = self.world.standing(session, self.chair)
            assemblies.move_to_stage(session, self.row(session), stage, by=by, at=self.world.at)

    def check_in(self, person_id: int) -> int:
        """Someone checks in; return who."""
        with self.world.write() as session:
            by = self.world.standing(session, person_id)
            assemblies.check_in(session, self.row(session), by=by, at=self.world.at)
        return person_id

    def guest(self) -> int:
        """A resident who has checked in."""
        return self.check_in(self.world.resident())

    def say(self, person_id: int, text: str, *, nonce: str | None = None) -> int:
        """Someone says something; return the message."""
        with self.world.write() as session:
            by = self.world.standing(session, person_id)
            return actions.post_message(
                session, self.row(session), text=text, nonce=nonce or text, by=by, at=self.world.at
            ).id

    def ask(self, person_id: int, text: str) -> int:
        """Someone asks; return the question."""
        with self.world.write() as session:
            by = self.world.standing(session, person_id)
            return actions.ask_question(
                session, self.row(session), text=text, nonce=text, by=by, at=self.world.at
            ).id

    def want_floor(self, person_id: int, topic: str = "쉼터") -> int:
        """Someone asks to speak; return the request."""
        with self.world.write() as session:
            by = self.world.standing(session, person_id)
            return actions.request_floor(
                session, self.row(session), topic=topic, minutes=3, by=by, at=self.world.at
            ).id

    def raise_question(self, person_id: int, question_id: int) -> int:
        """Someone raises a question; return its upvotes."""
        with self.world.write() as session:
            by = self.world.standing(session, person_id)
            return actions.upvote_question(session, question_id, by=by, at=self.world.at)

    def call(self, request_id: int) -> None:
        """The chair gives someone the floor."""
        with self.world.write() as session:
            by = self.world.standing(session, self.chair)
            request = session.get_one(FloorRequest, request_id)
            actions.call_speaker(session, request, by=by, at=self.world.at)

    def hide(self, kind: type[Said], subject_id: int, *, again: bool = False) -> None:
        """The chair hides what someone said, asked or wants to speak about; `again` shows it."""
        with self.world.write() as session:
            self.hide_within(session, kind, subject_id, again=again)

    def hide_within(
        self, session: Session, kind: type[Said], subject_id: int, *, again: bool = False
    ) -> None:
        """Let the chair hide or show something in a write that is under way."""
        act = actions.restore_words if again else actions.hide_words
        act(
            session,
            self.row(session),
            session.get_one(kind, subject_id),
            **({} if again else {"reason": HideReason.INSULT}),
            note="서로 존중해 주세요.",
            by=self.world.standing(session, self.chair),
            at=self.world.at,
        )

    def announce(self, text: str) -> None:
        """The chair tells everyone something."""
        with self.world.write() as session:
            by = self.world.standing(session, self.chair)
            actions.announce(session, self.row(session), text=text, by=by, at=self.world.at)

    def events(self) -> list[LiveEvent]:
        """Everything that happened, in order."""
        with self.world.read() as session:
            return list(
                session.scalars(
                    select(LiveEvent)
                    .where(LiveEvent.assembly_id == self.id)
                    .order_by(LiveEvent.seq)
                )
            )
