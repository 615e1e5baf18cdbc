"""How tests put sentences, weigh them and have the map drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.forum import actions
from app.forum.models import AgreementMap, Claim, ClaimState, Topic

if TYPE_CHECKING:
    from tests.forum.steps import Forum
    from tests.support.world import World

SENTENCES = [
    "점심시간에는 차보다 사람이 먼저다",
    "가게 짐차는 열한 시 전에 들어오면 된다",
    "막기 전에 주차장부터 늘려야 한다",
    "어르신이 탄 차는 지나가게 해야 한다",
    "여덟 주만 해 보고 숫자로 정하자",
    "배달 오토바이는 내려서 끌면 된다",
    "구청은 물건 내리는 자리를 따로 그려야 한다",
    "아이들이 걷는 길은 하루 내내 막자",
]


class Talk:
    """A topic with sentences and neighbours who weigh them."""

    def __init__(self, world: World, forum: Forum) -> None:
        self.world, self.forum = world, forum
        self.claims = [self.add(text, by=forum.moderator) for text in SENTENCES]

    def add(self, text: str, *, by: int) -> int:
        with self.world.write() as session:
            return actions.add_claim(
                session,
                session.get_one(Topic, self.forum.topic_id),
                text=text,
                by=self.world.standing(session, by),
                at=self.world.at,
            ).id

    def weigh(self, claim_id: int, value: int, *, by: int) -> None:
        with self.world.write() as session:
            actions.weigh_claim(
                session,
                session.get_one(Topic, self.forum.topic_id),
                claim_id,
                value=value,
                person_id=by,
                at=self.world.at,
            )

    def decide(self, claim_id: int, state: ClaimState, *, by: int | None = None) -> None:
        with self.world.write() as session:
            actions.decide_claim(
                session,
                claim_id,
                state=state,
                by=self.world.standing(session, by or self.forum.moderator),
                at=self.world.at,
            )

    def mark(self, claim_id: int, *, is_of_oneself: bool) -> None:
        with self.world.write() as session:
            actions.mark_claim(
                session,
                claim_id,
                is_of_oneself=is_of_oneself,
                by=self.world.standing(session, self.forum.moderator),
                at=self.world.at,
            )

    def two_camps(self, people: int = 24) -> list[int]:
        neighbours = self.world.residents(people)
        for place, person in enumerate(neighbours):
            for number, claim in enumerate(self.claims):
                self.weigh(claim, 1 if number % 2 or place % 2 else -1, by=person)
        return neighbours

    def draw(self) -> AgreementMap:
        topic_id = self.forum.topic_id
        with self.world.read() as reading:
            actions.draw_map(reading, self.world.write, topic_id, at=self.world.at)
        with self.world.read() as session:
            return session.get_one(AgreementMap, topic_id)

    def claim(self, claim_id: int) -> Claim:
        with self.world.read() as session:
            return session.get_one(Claim, claim_id)
