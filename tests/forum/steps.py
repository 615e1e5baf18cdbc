"""How tests bring a topic to where they need it; every step goes through the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.forum import actions
from app.forum.models import Opinion, Stance, Topic, TopicKind
from app.proposals.models import Proposal
from app.residents.models import Role

if TYPE_CHECKING:
    from tests.support.world import World

TITLE = "점심 한 시간, 한 블록을 걷는 길로 시험해 볼까요?"
TEXT = "8주만 해 보고 숫자로 정하면 됩니다. 재지도 않고 접는 것이 제일 아깝습니다."


def opinion_paper(**fields: str) -> dict[str, str]:
    return {"stance": "for", "reason": "재 보고 정하자", "text": TEXT, **fields}


class Forum:
    """One topic and the people who lead it; every method is one write of its own."""

    def __init__(
        self,
        world: World,
        *,
        place: str = "doksan1",
        proposal_id: int | None = None,
        days: int = 20,
        begins_in: int = 0,
    ) -> None:
        self.world, self.place = world, place
        self.moderator = world.staff(Role.MODERATOR, place)
        self.officer = world.staff(Role.DEPARTMENT, department="parks")
        with world.write() as session:
            self.topic_id = actions.open_topic(
                session,
                place=world.place(session, place),
                kind=TopicKind.QUESTION if proposal_id is None else TopicKind.PROPOSAL,
                proposal=None if proposal_id is None else session.get_one(Proposal, proposal_id),
                department=world.department(session),
                title=TITLE,
                question="300m 구간의 차를 막는 시험에 어떻게 생각하시나요?",
                background="## 함께 알아 둘 사실\n보도의 좁은 곳 너비는 **2.1m**입니다.",
                opens_at=world.at + timedelta(days=begins_in),
                closes_at=world.at + timedelta(days=begins_in + days),
                by=world.standing(session, self.moderator),
                at=world.at,
            ).id

    @property
    def url(self) -> str:
        return f"/forum/{self.topic_id}"

    def topic(self) -> Topic:
        with self.world.read() as session:
            return session.get_one(Topic, self.topic_id)

    def opinion(self, opinion_id: int) -> Opinion:
        with self.world.read() as session:
            return session.get_one(Opinion, opinion_id)

    def say(
        self,
        author: int | None = None,
        stance: Stance = Stance.FOR,
        *,
        reason: str = "재 보고 정하자",
        text: str = TEXT,
        quoted_id: int | None = None,
    ) -> int:
        """Write an opinion; return its id."""
        world = self.world
        author = author or world.resident()
        with world.write() as session:
            return actions.write_opinion(
                session,
                session.get_one(Topic, self.topic_id),
                stance=stance,
                text=text,
                reason=reason,
                quoted_id=quoted_id,
                home=None,
                by=world.standing(session, author),
                at=world.at,
            ).id

    def reply(self, opinion_id: int, author: int | None = None, text: str = "동의합니다.") -> int:
        """Answer an opinion; return the reply's id."""
        world = self.world
        author = author or world.resident()
        with world.write() as session:
            return actions.answer_opinion(
                session,
                session.get_one(Opinion, opinion_id),
                text=text,
                home=None,
                by=world.standing(session, author),
                at=world.at,
            ).id

    def endorse(self, opinion_id: int, person: int | None = None) -> int:
        world = self.world
        person = person or world.resident()
        with world.write() as session:
            return actions.endorse_opinion(session, opinion_id, person_id=person, at=world.at)

    def change(self, opinion_id: int, author: int, after: Stance, why: str = "들어 보니") -> None:
        world = self.world
        with world.write() as session:
            actions.change_stance(
                session,
                session.get_one(Opinion, opinion_id),
                after=after,
                why=why,
                by=world.standing(session, author),
                at=world.at,
            )

    def conclude(self, by: int | None = None) -> None:
        world = self.world
        with world.write() as session:
            actions.conclude_topic(
                session,
                session.get_one(Topic, self.topic_id),
                conclusion="**뜻이 모인 것**\n\n- 수요일 하루, 4주부터 한다",
                by=world.standing(session, by or self.moderator),
                at=world.at,
            )

    def answer(self, by: int | None = None) -> None:
        world = self.world
        with world.write() as session:
            actions.answer_topic(
                session,
                session.get_one(Topic, self.topic_id),
                reply="모아 주신 조건대로 내년 봄에 시험하겠습니다.",
                by=world.standing(session, by or self.officer),
                at=world.at,
            )
