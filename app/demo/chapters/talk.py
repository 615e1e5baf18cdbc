"""Chapter seven: two questions put to the forum in autumn 2020."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.core.clock import seoul_midnight, seoul_moment
from app.demo.calendar import office_hour, spread, waking_hour
from app.demo.content import text_of
from app.forum import actions as forum
from app.forum.models import Opinion, Stance, Topic, TopicKind
from app.moderation.actions import hide
from app.moderation.models import HideReason, SubjectKind
from app.proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.demo.teller import Teller

ADULT = 16
ANNOUNCED_BEFORE = timedelta(days=5)


class Talk:
    """One topic on its way."""

    def __init__(self, teller: Teller, entry: dict[str, Any]) -> None:
        self.teller, self.entry = teller, entry
        self.opens_at = seoul_midnight(entry["from"])
        self.closes_at = seoul_midnight(entry["until"] + timedelta(days=1))
        self.topic_id = 0

    def note(self) -> None:
        """Note its opening; what is said is noted once there is a topic."""
        calendar, chance, entry = self.teller.calendar, self.teller.chance, self.entry
        calendar.at(office_hour(entry["from"] - ANNOUNCED_BEFORE, chance), self.open)
        calendar.at(office_hour(entry["conclusion"]["on"], chance), self.conclude)
        calendar.at(office_hour(entry["reply"]["on"], chance), self.answer)
        for opinion in entry["opinion"]:
            calendar.at(self.moment_of(opinion["day"]), self.speak, opinion)

    def moment_of(self, day: date) -> datetime:
        """Return when on a day something is said."""
        return waking_hour(day, self.teller.chance)

    def topic(self) -> Topic:
        """Return the topic's row."""
        return self.teller.session.get_one(Topic, self.topic_id)

    def open(self) -> None:
        """Put the question."""
        teller, entry = self.teller, self.entry
        title = entry.get("proposal")
        proposal = teller.session.get_one(Proposal, teller.proposal_ids[title]) if title else None
        self.topic_id = forum.open_topic(
            teller.session,
            place=teller.place(),
            kind=TopicKind.PROPOSAL if proposal else TopicKind.QUESTION,
            proposal=proposal,
            department=teller.department(entry["department"]),
            title=entry["title"],
            question=entry["question"],
            background=entry["background"].strip(),
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            by=teller.who(teller.cast.moderator),
            at=teller.at,
        ).id

    def speak(self, entry: dict[str, Any]) -> None:
        """Write an opinion, and note what follows from it."""
        teller = self.teller
        dong = entry["author_dong"]
        author = self.someone(dong)
        opinion_id = forum.write_opinion(
            teller.session,
            self.topic(),
            stance=Stance(entry["stance"]),
            text=entry["text"],
            reason=entry["reason"],
            home=teller.place(dong),
            by=teller.who(author),
            at=teller.at,
        ).id
        begin = teller.at + timedelta(minutes=15)
        for reply in entry.get("replies", []):
            moment = max(self.moment_of(reply["day"]), begin)
            self.later(moment, self.reply, opinion_id, author, reply)
        if changed := entry.get("changed"):
            moment = seoul_moment(changed["on"], 9, 20)
            self.later(moment, self.change, opinion_id, author, changed)
            begin = moment + timedelta(minutes=30)
        if hidden := entry.get("hidden"):
            moment = max(office_hour(hidden["on"], teller.chance), begin)
            self.later(moment, self.hide, opinion_id, hidden)
            return
        self.support(opinion_id, author, entry["endorsements"], begin)

    def someone(self, dong: str, *, but: int = 0) -> int:
        """Return a resident of a dong who is old enough to argue."""
        on = self.entry["from"]
        people = self.teller.cast.old_enough(dong, years=ADULT, on=on)
        return self.teller.chance.choice([one for one in people if one.person_id != but]).person_id

    def later(self, moment: datetime, act: Callable[..., None], *given: Any) -> None:
        """Note something said later, before the topic closes."""
        self.teller.calendar.at(min(moment, self.closes_at - timedelta(minutes=5)), act, *given)

    def support(self, opinion_id: int, author: int, count: int, begin: datetime) -> None:
        """Note endorsements, most of them in the first days."""
        teller = self.teller
        end = min(begin + timedelta(days=9), self.closes_at - timedelta(minutes=10))
        people = [one.person_id for one in teller.cast.everybody() if one.person_id != author]
        supporters = teller.chance.sample(people, count)
        for moment, person_id in zip(
            spread(begin, end, count, teller.chance), supporters, strict=True
        ):

            def endorse(person_id: int = person_id) -> None:
                forum.endorse_opinion(teller.session, opinion_id, person_id=person_id, at=teller.at)

            teller.calendar.at(moment, endorse)

    def reply(self, opinion_id: int, author: int, entry: dict[str, Any]) -> None:
        """Answer an opinion."""
        teller = self.teller
        forum.answer_opinion(
            teller.session,
            teller.session.get_one(Opinion, opinion_id),
            text=entry["text"],
            home=teller.place(entry["dong"]),
            by=teller.who(self.someone(entry["dong"], but=author)),
            at=teller.at,
        )

    def change(self, opinion_id: int, author: int, entry: dict[str, Any]) -> None:
        """Have the author change their mind."""
        teller = self.teller
        forum.change_stance(
            teller.session,
            teller.session.get_one(Opinion, opinion_id),
            after=Stance(entry["to"]),
            why=entry["text"],
            by=teller.who(author),
            at=teller.at,
        )

    def hide(self, opinion_id: int, entry: dict[str, Any]) -> None:
        """Hide what is no opinion."""
        teller = self.teller
        hide(
            teller.session,
            teller.session.get_one(Opinion, opinion_id),
            kind=SubjectKind.OPINION,
            subject_id=opinion_id,
            place=teller.place(),
            container_id=self.topic_id,
            reason=HideReason(entry["cause"]),
            note=entry["reason"],
            by=teller.who(teller.cast.moderator),
            at=teller.at,
        )

    def conclude(self) -> None:
        """Sum the talk up."""
        teller = self.teller
        forum.conclude_topic(
            teller.session,
            self.topic(),
            conclusion=self.entry["conclusion"]["text"].strip(),
            by=teller.who(teller.cast.moderator),
            at=teller.at,
        )

    def answer(self) -> None:
        """Give the department's answer."""
        teller = self.teller
        forum.answer_topic(
            teller.session,
            self.topic(),
            reply=self.entry["reply"]["text"].strip(),
            by=teller.who(teller.cast.departments[self.entry["department"]]),
            at=teller.at,
        )


def tell_talk(teller: Teller) -> None:
    """Note both topics."""
    for entry in text_of("forum")["topic"]:
        Talk(teller, entry).note()
