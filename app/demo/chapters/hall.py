"""Chapter five: what was said in the halls, minute by minute in Doksan 2-dong."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly
from app.core.clock import seoul_moment
from app.demo.chapters.gatherings import MIN_AGE
from app.demo.content import text_of
from app.moderation.models import HideReason
from app.room import actions as room
from app.room.models import FloorRequest, Message, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.demo.chapters.gatherings import Gathering
    from app.demo.teller import Teller

OPENED_BEFORE = timedelta(minutes=11)
CAUSES = {"advertising": HideReason.ADVERTISING, "personal_attack": HideReason.INSULT}
# Who is who in the record, where what they say tells their age.
BORN = {3: (1935, 1950), 7: (1935, 1947), 9: (1935, 1952), 14: (1940, 1962), 27: (2005, 2005)}


class Hall:
    """One assembly while it is open: who is in, and what they do."""

    def __init__(self, teller: Teller, gathering: Gathering) -> None:
        self.teller, self.gathering = teller, gathering
        self.inside: dict[int, datetime] = {}
        self._nonce = 0

    @property
    def chair(self) -> int:
        """Return who leads."""
        return self.teller.cast.chairs[self.gathering.dong]

    def assembly(self) -> Assembly:
        """Return the assembly's row."""
        return self.teller.session.get_one(Assembly, self.gathering.assembly_id)

    def note(self, moment: datetime, act: Callable[..., Any], *given: Any) -> None:
        """Note an act in the calendar."""
        self.teller.calendar.at(moment, act, *given)

    def nonce(self) -> str:
        """Return a mark no other message of this hall has."""
        self._nonce += 1
        return f"demo-{self._nonce}"

    def open(self) -> None:
        """Open the assembly."""
        by = self.teller.who(self.chair)
        assemblies.open_assembly(self.teller.session, self.assembly(), by=by, at=self.teller.at)

    def close(self) -> None:
        """Close the assembly."""
        by = self.teller.who(self.chair)
        assemblies.close_assembly(self.teller.session, self.assembly(), by=by, at=self.teller.at)

    def move_to(self, position: int) -> None:
        """Move the running order to a step, counted from 1."""
        assembly = self.assembly()
        stage = assembly.stages[position - 1]
        by = self.teller.who(self.chair)
        assemblies.move_to_stage(self.teller.session, assembly, stage, by=by, at=self.teller.at)

    def expect(self, person_id: int, moment: datetime) -> None:
        """Note when someone comes in; the earliest moment asked for holds."""
        if person_id not in self.inside or moment < self.inside[person_id]:
            self.inside[person_id] = moment

    def seat(self) -> None:
        """Note the check-ins of everyone expected."""
        for person_id, moment in self.inside.items():

            def check_in(person_id: int = person_id) -> None:
                by = self.teller.who(person_id)
                assemblies.check_in(self.teller.session, self.assembly(), by=by, at=self.teller.at)

            self.note(moment, check_in)

    def announce(self, text: str) -> None:
        """Say something from the chair."""
        by = self.teller.who(self.chair)
        room.announce(self.teller.session, self.assembly(), text=text, by=by, at=self.teller.at)

    def say(self, person_id: int, text: str) -> Message:
        """Post a message."""
        return room.post_message(
            self.teller.session,
            self.assembly(),
            text=text,
            nonce=self.nonce(),
            by=self.teller.who(person_id),
            at=self.teller.at,
        )

    def ask(self, person_id: int, text: str) -> Question:
        """Ask a question."""
        return room.ask_question(
            self.teller.session,
            self.assembly(),
            text=text,
            nonce=self.nonce(),
            by=self.teller.who(person_id),
            at=self.teller.at,
        )

    def answer(self, question_id: int, text: str) -> None:
        """Give an answer from the chair's desk."""
        room.answer_question(
            self.teller.session,
            self.teller.session.get_one(Question, question_id),
            answer=text,
            by=self.teller.who(self.chair),
            at=self.teller.at,
        )

    def raise_question(self, question_id: int, author: int, count: int, until: datetime) -> None:
        """Note upvotes of people who are inside, from now until a moment."""
        now = self.teller.at
        inside = [one for one, since in self.inside.items() if one != author and since <= now]
        span = (until - now).total_seconds()
        for person_id in self.teller.chance.sample(inside, min(count, len(inside))):
            moment = now + timedelta(seconds=5 + self.teller.chance.random() * (span - 10))

            def upvote(person_id: int = person_id) -> None:
                by = self.teller.who(person_id)
                room.upvote_question(self.teller.session, question_id, by=by, at=self.teller.at)

            self.note(moment, upvote)


def tell_halls(teller: Teller, gatherings: list[Gathering]) -> None:
    """Note what happens on the day of each assembly, once its voters are known."""
    full = text_of("assembly")["assembly"]["dong"]
    for gathering in gatherings:
        morning = gathering.held_at - timedelta(hours=3)
        tell = _tell_in_full if gathering.dong == full else _tell_short
        teller.calendar.at(
            morning,
            tell,
            Hall(teller, gathering),
        )


def _crowd(hall: Hall, count: int) -> None:
    """Expect so many people around the opening; those who vote on the day among them."""
    gathering, chance = hall.gathering, hall.teller.chance
    on_the_day = gathering.voters[len(gathering.voters) * 7 // 10 :]
    people = [*on_the_day, *gathering.voters][:count]
    for person_id in people:
        seconds = chance.randint(-9 * 60, 12 * 60)
        hall.expect(person_id, gathering.held_at + timedelta(seconds=seconds))


# ---------------------------------------------------------------- the short records


def _tell_short(hall: Hall) -> None:
    frame = text_of("gatherings")
    gathering, chance = hall.gathering, hall.teller.chance
    entry = next(one for one in frame["gathering"] if one["dong"] == gathering.dong)
    hall.note(gathering.held_at - OPENED_BEFORE, hall.open)
    _crowd(hall, chance.randint(26, 34))
    speakers = chance.sample(sorted(hall.inside), len(entry["messages"]) + 1)
    starts = _note_stages(hall)
    hall.note(
        gathering.held_at - timedelta(minutes=10),
        hall.announce,
        frame["announcement"]["opening"],
    )
    for key in ("vote", "count", "closing"):
        text = frame["announcement"][key]
        hall.note(starts[key] + timedelta(seconds=9), hall.announce, text)
    begin, end = starts["report"], gathering.vote_begins
    span = (end - begin) / (len(entry["messages"]) + 1)
    for number, text in enumerate(entry["messages"]):
        moment = begin + span * number + timedelta(seconds=chance.randint(150, 400))
        hall.note(moment, hall.say, speakers[number], text)
    _note_question(
        hall,
        asked_at=starts["discussion"] + timedelta(minutes=chance.randint(2, 5)),
        who=speakers[-1],
        text=entry["question"],
        upvotes=chance.randint(6, 18),
        answered_at=starts["discussion"] + timedelta(minutes=14),
        answer=entry["answer"],
    )
    hall.seat()
    hall.note(gathering.ends_at, hall.close)


def _note_stages(hall: Hall) -> dict[str, datetime]:
    """Note the steps of the running order at their planned times; return when each begins."""
    moment, starts = hall.gathering.held_at, {}
    for position, stage in enumerate(hall.gathering.stages, start=1):
        starts[stage.kind.value] = moment
        hall.note(moment, hall.move_to, position)
        moment += timedelta(minutes=stage.minutes)
    return starts


def _note_question(
    hall: Hall,
    *,
    asked_at: datetime,
    who: int,
    text: str,
    upvotes: int,
    answered_at: datetime | None,
    answer: str,
) -> None:
    def ask() -> None:
        question_id = hall.ask(who, text).id
        until = min(hall.teller.at + timedelta(minutes=14), hall.gathering.ends_at)
        hall.raise_question(question_id, who, upvotes, until)
        if answered_at is not None:
            hall.note(answered_at, hall.answer, question_id, answer)

    hall.note(asked_at, ask)


# ---------------------------------------------------------------- the full record


def _tell_in_full(hall: Hall) -> None:
    content, gathering = text_of("assembly"), hall.gathering
    opens = gathering.held_at - OPENED_BEFORE
    hall.note(opens, hall.open)
    who = _people_of(hall, content)
    _crowd(hall, 64)
    for position, stage in enumerate(content["stage"], start=1):
        moment = _at(hall, stage["started_at"])
        hall.note(moment, hall.move_to, position)
    for entry in content["announcement"]:
        text = entry["text"]
        hall.note(_at(hall, entry["at"]), hall.announce, text)
    for entry in content["message"]:
        _note_message(hall, who[entry["who"]], entry)
        _come_before(hall, who[entry["who"]], entry["at"])
    for entry in content["question"]:
        answer = entry.get("answer")
        _come_before(hall, who[entry["who"]], entry["at"])
        _note_question(
            hall,
            asked_at=_at(hall, entry["at"]),
            who=who[entry["who"]],
            text=entry["text"],
            upvotes=entry["upvotes"],
            answered_at=_at(hall, answer["at"]) if answer else None,
            answer=f"[{answer['by']}] {answer['text']}" if answer else "",
        )
    for entry in content["floor_request"]:
        _come_before(hall, who[entry["who"]], entry["at"])
        _note_floor_request(hall, who[entry["who"]], entry)
    hall.seat()
    hall.note(_at(hall, content["assembly"]["closed_at"]), hall.close)


def _at(hall: Hall, moment: time) -> datetime:
    return seoul_moment(hall.gathering.day, moment.hour, moment.minute, moment.second)


def _come_before(hall: Hall, person_id: int, spoke_at: time) -> None:
    early = timedelta(seconds=hall.teller.chance.randint(25, 900))
    opened = hall.gathering.held_at - OPENED_BEFORE + timedelta(seconds=20)
    hall.expect(person_id, max(opened, _at(hall, spoke_at) - early))


def _people_of(hall: Hall, content: dict[str, Any]) -> dict[int, int]:
    """Return who each number of the record is; who tells their age is of that age."""
    numbers = sorted(
        {
            entry["who"]
            for part in ("message", "question", "floor_request")
            for entry in content[part]
        },
        key=lambda number: (number not in BORN, number),
    )
    free = hall.teller.cast.old_enough(hall.gathering.dong, years=MIN_AGE, on=hall.gathering.day)
    hall.teller.chance.shuffle(free)
    people = {}
    for number in numbers:
        first, last = BORN.get(number, (1938, 2004))
        chosen = next((one for one in free if first <= one.born.year <= last), free[0])
        free.remove(chosen)
        people[number] = chosen.person_id
    return people


def _note_message(hall: Hall, person_id: int, entry: dict[str, Any]) -> None:
    hidden = entry.get("hidden")

    def say() -> None:
        message_id = hall.say(person_id, entry["text"]).id
        if hidden is not None:
            hall.note(_at(hall, hidden["at"]), _hide, hall, message_id, hidden)

    hall.note(_at(hall, entry["at"]), say)


def _hide(hall: Hall, message_id: int, hidden: dict[str, Any]) -> None:
    teller = hall.teller
    room.hide_words(
        teller.session,
        teller.session.get_one(Assembly, hall.gathering.assembly_id),
        teller.session.get_one(Message, message_id),
        reason=CAUSES[hidden["cause"]],
        note=hidden["reason"],
        by=teller.who(teller.cast.moderator),
        at=teller.at,
    )


def _note_floor_request(hall: Hall, person_id: int, entry: dict[str, Any]) -> None:
    teller = hall.teller
    asked_at = _at(hall, entry["at"])

    def ask() -> None:
        request_id = room.request_floor(
            teller.session,
            hall.assembly(),
            topic=entry["topic"],
            minutes=entry["minutes"],
            by=teller.who(person_id),
            at=teller.at,
        ).id
        if entry["outcome"] == "granted":
            called_at = _at(hall, entry["granted_at"])
            hall.note(called_at, _call, hall, request_id)
            spoken = timedelta(minutes=entry["minutes"], seconds=-12)
            hall.note(called_at + spoken, _end, hall, request_id)
        else:
            by = person_id if entry["outcome"] == "withdrawn" else hall.chair
            hall.note(asked_at + timedelta(minutes=4), _take_back, hall, request_id, by)

    hall.note(asked_at, ask)


def _request(hall: Hall, request_id: int) -> FloorRequest:
    return hall.teller.session.get_one(FloorRequest, request_id)


def _call(hall: Hall, request_id: int) -> None:
    by = hall.teller.who(hall.chair)
    room.call_speaker(hall.teller.session, _request(hall, request_id), by=by, at=hall.teller.at)


def _end(hall: Hall, request_id: int) -> None:
    by = hall.teller.who(hall.chair)
    room.end_speech(hall.teller.session, _request(hall, request_id), by=by, at=hall.teller.at)


def _take_back(hall: Hall, request_id: int, by_id: int) -> None:
    by = hall.teller.who(by_id)
    room.withdraw_request(hall.teller.session, _request(hall, request_id), by=by, at=hall.teller.at)
