"""A dong with an example of everything, so that every page has something to show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly, Track
from app.ballots import actions as ballots
from app.forum import actions as forum
from app.forum.models import Opinion, Stance
from app.moderation import actions as moderation
from app.moderation.models import HideReason, SubjectKind
from app.proposals import actions as proposals
from app.proposals.models import Proposal, Verdict
from app.residents.models import Role
from app.residents.policy import GRANTED
from app.residents.queries import grants_of
from app.room.models import FloorRequest, Message, Question
from tests.assemblies.steps import Hall
from tests.ballots.conftest import Polls
from tests.commitments.conftest import Promises
from tests.forum.claims import Talk as Claims
from tests.forum.steps import Forum
from tests.proposals import steps
from tests.room.house import LiveAssembly

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.world import World

LONG_TITLE = "독산로 골목 끝 세 해째 비어 있는 터를 아이들과 어르신이 함께 쉬는 작은 쉼터로"


def let_ballots_open(world: World) -> None:
    """Let two hours pass and open what is due."""
    world.pass_time(hours=2)
    with world.write() as session:
        ballots.open_due_ballots(session, at=world.at)


class Village:
    """Everything by the name that the table of examples uses; all ids."""

    def __init__(self, world: World, keys: Path) -> None:
        self.world = world
        self.visitor = None
        self.resident = world.resident()
        self.newcomer = world.person()
        for role in GRANTED:
            department = "parks" if role is Role.DEPARTMENT else None
            setattr(self, role.value, world.staff(role, department=department))
        with world.read() as session:
            held = grants_of(session, self.department, at=world.at)
            self.department_grant = held[0].id
        self.polls = Polls(world, keys, self.clerk, self.officer, self.observer)
        for person_id in (self.resident, self.clerk):  # whom a desk may help to a passphrase
            world.account_of(person_id)
        self._promises(keys)
        self._talk()
        self._ideas()
        self._gatherings()
        self._ballots()

    # ------------------------------------------------------------ what was promised

    def _promises(self, keys: Path) -> None:
        promises = Promises(self.world, keys)
        self.counted_ballot = promises.ballot(2, until="counted")
        self.certified_ballot = promises.ballot(2)
        self.kept, self.late, self.running = promises.made(3)
        self.closed_ballot = promises.ballot(2, until="closed")
        promises.act(
            "set_milestones",
            self.running,
            [("설계를 마칩니다", date(2021, 6, 1)), ("의자를 놓습니다", date(2021, 9, 1))],
            by=promises.clerk,
        )
        promises.report(self.running, 40, milestones_done=("설계를 마칩니다",))
        promises.report(self.kept, 100)
        promises.act(
            "delay_commitment",
            self.late,
            due_on=date(2021, 12, 20),
            reason="땅 주인과 이야기가 길어졌습니다.",
            by=promises.clerk,
        )

    # ------------------------------------------------------------ what was talked about

    def _talk(self) -> None:
        world = self.world
        ended, answered = Forum(world, days=1), Forum(world, days=1)
        for topic in (ended, answered):
            topic.say(stance=Stance.FOR)
            topic.say(stance=Stance.AGAINST, reason="트럭이 다닐 길이 없어진다")
        world.pass_time(days=2)
        answered.conclude()
        self.ended_topic, self.concluded_topic = ended.topic_id, answered.topic_id
        talk = Forum(world)
        self.topic = talk.topic_id
        self.quiet_topic = Forum(world).topic_id
        self.opinion = talk.say(stance=Stance.AGAINST, reason="밤에는 어둡다")
        self.own_opinion = talk.say(self.resident, Stance.IMPROVE, quoted_id=self.opinion)
        self.hidden_opinion = talk.say(stance=Stance.FOR, reason="우리 가게로 오세요")
        sentences = Claims(world, talk)
        sentences.two_camps(16)
        sentences.draw()
        self.claim = sentences.claims[0]
        sentences.weigh(self.claim, 1, by=self.resident)
        sentences.add("점심시간에는 차보다 사람이 먼저입니다", by=world.resident())
        talk.reply(self.opinion)
        talk.reply(self.own_opinion, text="등을 두 개만 달아도 한결 낫습니다.")
        talk.endorse(self.opinion, self.resident)
        for opinion_id in (self.opinion, self.own_opinion):
            with world.write() as session:
                forum.report_statement(
                    session,
                    session.get_one(Opinion, opinion_id),
                    reason=HideReason.INSULT,
                    note="말이 거칩니다",
                    by=world.standing(session, self.resident),
                    at=world.at,
                )
        with world.write() as session:
            moderation.settle_reports(
                session,
                kind=SubjectKind.OPINION,
                subject_id=self.own_opinion,
                place=session.get_one(Opinion, self.own_opinion).topic.place,
                by=world.standing(session, self.moderator),
                at=world.at,
            )
        with world.write() as session:
            forum.hide_statement(
                session,
                session.get_one(Opinion, self.hidden_opinion),
                reason=HideReason.ADVERTISING,
                note="가게를 알리는 글",
                by=world.standing(session, self.moderator),
                at=world.at,
            )

    # ------------------------------------------------------------ what was proposed

    def _ideas(self) -> None:
        world = self.world
        self.review = steps.in_review(world, title="보안등 열네 곳을 더 밝게")
        self.assigned = steps.assigned(world, title="하천 산책로에 그늘막을")
        self.replied = steps.assigned(world, title="어린이집 앞길을 안전하게")
        with world.write() as session:
            proposals.reply_to_proposal(
                session,
                session.get_one(Proposal, self.replied),
                verdict=Verdict.ADOPTED,
                reason="구 땅이고 안전에 문제가 없어 올해 안에 합니다.",
                planned_on=date(2021, 10, 1),
                by=world.standing(session, self.department),
                at=world.at,
            )
        steps.rule(world, threshold=20)
        self.precheck = steps.published(world, title="주민센터에 책 나눔 자리를")
        self.endorsing = steps.endorsing(world, title=LONG_TITLE)
        for neighbour in world.residents(3):
            steps.endorse(world, self.endorsing, neighbour)
        self.draft = steps.draft(world, self.resident, title="쓰다 만 제안")
        self.own = steps.draft(world, self.resident, title="버스 정류장에 의자를")
        with world.write() as session:
            proposals.publish_proposal(
                session,
                session.get_one(Proposal, self.own),
                by=world.standing(session, self.resident),
                at=world.at,
            )
        self.hidden = steps.endorsing(world, title="가려질 제안")
        with world.write() as session:
            proposals.hide_proposal(
                session,
                session.get_one(Proposal, self.hidden),
                reason=HideReason.PERSONAL_DATA,
                note="전화번호가 적혀 있습니다",
                by=world.standing(session, self.moderator),
                at=world.at,
            )

    # ------------------------------------------------------------ where people met

    def _moved(self) -> int:
        start = self.world.at + timedelta(days=31)
        hall = Hall(self.world, held=start, ends=start + timedelta(hours=2)).notice()
        hall.act(
            "correct_notice",
            hall.clerk,
            held_at=start + timedelta(days=7),
            ends_at=start + timedelta(days=7, hours=2),
            venue="주민센터 3층 강당, 온라인 총회장",
            notice_text="함께 모여 **내년에 할 일**을 정합니다.",
            reason="태풍 예보로 한 주 미룹니다.",
            corrections_seen=0,
        )
        return hall.id

    def _called_off(self) -> int:
        start = self.world.at + timedelta(days=32)
        hall = Hall(self.world, held=start, ends=start + timedelta(hours=2)).notice()
        hall.act("call_off", hall.clerk, reason="강당을 쓸 수 없게 되어 열지 못합니다.")
        return hall.id

    def _gatherings(self) -> None:
        world = self.world
        self.planned = Hall(world).id
        noticed = Hall(
            world, held=world.at + timedelta(days=30), ends=world.at + timedelta(days=31)
        )
        noticed.item()
        noticed.item("보안등 열네 곳을 더 밝게", track=Track.BUDGET)
        self.noticed = noticed.notice().id
        self.moved, self.called_off = self._moved(), self._called_off()
        over, minuted = LiveAssembly(world), LiveAssembly(world)
        for meeting in (over, minuted):
            meeting.close()
        with world.write() as session:
            assemblies.publish_minutes(
                session,
                session.get_one(Assembly, minuted.id),
                minutes="## 나눈 이야기\n쉼터에 등을 달기로 했습니다.",
                by=world.standing(session, self.clerk),
                at=world.at,
            )
            assemblies.correct_minutes(
                session,
                session.get_one(Assembly, minuted.id),
                minutes="## 나눈 이야기\n쉼터에 등을 두 개 달기로 했습니다.",
                reason="등의 수가 빠져 있어 적었습니다.",
                corrections_seen=0,
                by=world.standing(session, self.clerk),
                at=world.at,
            )
        self.over, self.minuted = over.id, minuted.id
        live = LiveAssembly(world)
        self.meeting = live.id
        live.check_in(self.resident)
        live.move(1)
        asked = []
        for number, guest in enumerate([live.guest(), live.guest(), live.guest()]):
            world.pass_time(seconds=10)
            live.say(guest, f"{number + 1}번째로 드리는 말씀입니다. 골목에 등이 있으면 합니다.")
            asked.append(live.ask(guest, f"등은 {number + 1}월에 다나요?"))
            request = live.want_floor(guest, "골목 조명")
        live.hide(Question, asked[0])
        live.hide(FloorRequest, live.want_floor(live.guest(), "우리 가게 이야기"))
        world.pass_time(seconds=10)
        live.hide(Message, live.say(guest, "우리 가게로 오세요."))
        live.raise_question(self.resident, asked[-1])
        live.announce("5분 뒤 제안 발표를 시작합니다.")
        live.call(request)

    # ------------------------------------------------------------ what was voted on

    def _ballots(self) -> None:
        polls, now = self.polls, self.world.at
        window = {
            "opens_at": now + timedelta(hours=1),
            "closes_at": now + timedelta(days=7),
            "base_date": now.date(),
        }
        both = (Track.BUDGET,) * 3 + (Track.SUPPORT,) * 2
        self.draft_ballot = polls.draw(both, **window)
        self.frozen_ballot = polls.draw(**(window | {"opens_at": now + timedelta(days=2)}))
        self.open_ballot, self.cast_ballot = polls.draw(both, **window), polls.draw(**window)
        for ballot_id in (self.frozen_ballot, self.open_ballot, self.cast_ballot):
            polls.freeze(ballot_id)
        let_ballots_open(self.world)
        polls.cast(self.cast_ballot, self.resident, 1, 2)
