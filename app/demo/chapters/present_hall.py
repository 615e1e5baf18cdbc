"""An assembly that is open now, with its room and its vote, and one that is coming."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.assemblies import actions as assemblies
from app.assemblies.models import Assembly, AssemblyState, StageKind, Track
from app.assemblies.queries import rules_in_force, stands
from app.assemblies.rules import PlannedStage
from app.ballots import actions as ballots
from app.core.clock import seoul_day, seoul_moment
from app.demo.chapters.gatherings import Gathering
from app.demo.chapters.hall import Hall
from app.demo.chapters.present_ballot import freeze_and_vote
from app.demo.content import text_of

if TYPE_CHECKING:
    from app.demo.teller import Teller

RUNS_FOR, BEGAN_AT_LEAST_AGO = timedelta(hours=3), timedelta(minutes=20)
STALE_AFTER = timedelta(hours=8)
COMING_IN_DAYS, PREPARATION = 9, timedelta(days=5)
IN_THE_HALL, PICKS, SEATS = 22, 2, 2
ADULT = 15


def note_halls(teller: Teller, now: datetime) -> None:
    """Note an open assembly unless one began lately, and a coming one unless there is one.

    What was opened long ago and never closed is closed.
    """
    here = teller.place_ids[text_of("present")["live"]["dong"]]
    open_now = teller.session.scalars(
        select(Assembly).where(Assembly.place_id == here, Assembly.state == AssemblyState.OPEN)
    ).all()
    stale = [one.id for one in open_now if one.held_at <= now - STALE_AFTER]
    for assembly_id in stale:
        teller.calendar.at(now, _close, teller, assembly_id)
    if len(stale) == len(open_now):
        _note_live(teller, now)
    coming = select(Assembly.id).where(
        stands(), Assembly.state == AssemblyState.NOTICED, Assembly.held_at > now
    )
    if teller.session.scalar(coming.limit(1)) is None:
        _note_coming(teller, now)


def _close(teller: Teller, assembly_id: int) -> None:
    assembly = teller.session.get_one(Assembly, assembly_id)
    by = teller.who(teller.cast.chairs[text_of("present")["live"]["dong"]])
    assemblies.close_assembly(teller.session, assembly, by=by, at=teller.at)


def _stages() -> list[PlannedStage]:
    return [
        PlannedStage(StageKind(stage["kind"]), stage["name"], stage["minutes"])
        for stage in text_of("gatherings")["stage"]
    ]


def _gathering(entry: dict[str, Any], title: str, held_at: datetime) -> Gathering:
    notice = text_of("gatherings")["notice"]
    return Gathering(
        dong=entry["dong"],
        title=title,
        held_at=held_at,
        ends_at=held_at + RUNS_FOR,
        vote_begins=held_at,
        vote_ends=held_at + RUNS_FOR - timedelta(minutes=20),
        notice=notice.format(name=entry["name"]),
        venue=entry["venue"],
        stages=_stages(),
        agenda=entry["item"],
    )


def _note_coming(teller: Teller, now: datetime) -> None:
    entry = text_of("present")["upcoming"]
    day = seoul_day(now) + timedelta(days=COMING_IN_DAYS)
    title = f"{day.year}년 {entry['name']} 주민총회"
    _note_preparation(teller, _gathering(entry, title, seoul_moment(day, 14)), now)


def _note_live(teller: Teller, now: datetime) -> None:
    entry = text_of("present")["live"]
    held_at = now - BEGAN_AT_LEAST_AGO
    held_at = held_at.replace(minute=held_at.minute // 30 * 30, second=0, microsecond=0)
    gathering = _gathering(entry, f"{seoul_day(now).year}년 {entry['name']} 임시 주민총회", held_at)
    _note_preparation(teller, gathering, now)
    teller.calendar.at(held_at - timedelta(days=1), _draw, teller, gathering, now)
    teller.calendar.at(held_at - timedelta(minutes=5), _fill, Hall(teller, gathering), entry, now)


def _note_preparation(teller: Teller, gathering: Gathering, now: datetime) -> None:
    """Note the call and the notice, as long before as the dong's rules ask for."""
    rules = rules_in_force(teller.session, teller.place(gathering.dong), at=now)
    noticed_at = gathering.held_at - timedelta(days=rules.notice_days + 1)
    by_id = teller.cast.clerks[gathering.dong]

    def call() -> None:
        by = teller.who(by_id)
        assembly = assemblies.call_assembly(
            teller.session,
            place=teller.place(gathering.dong),
            title=gathering.title,
            notice_text=gathering.notice,
            venue=gathering.venue,
            held_at=gathering.held_at,
            ends_at=gathering.ends_at,
            by=by,
            at=teller.at,
        )
        gathering.assembly_id = assembly.id
        assemblies.set_running_order(
            teller.session, assembly, gathering.stages, by=by, at=teller.at
        )
        for item in gathering.agenda:
            assemblies.add_item(
                teller.session,
                assembly,
                title=item["title"],
                sense=item["sense"],
                body=item["sense"] + ".",
                track=Track(item["track"]),
                budget_won=item["budget_won"],
                department=teller.department(item["department"]),
                by=by,
                at=teller.at,
            )

    def publish() -> None:
        assembly = teller.session.get_one(Assembly, gathering.assembly_id)
        by = teller.who(by_id)
        assemblies.publish_notice(teller.session, assembly, by=by, at=teller.at)

    teller.calendar.at(noticed_at - PREPARATION, call)
    teller.calendar.at(noticed_at, publish)


def _draw(teller: Teller, gathering: Gathering, now: datetime) -> None:
    """Draw the assembly's ballot up from its agenda, and freeze it the same day."""
    by = teller.who(teller.cast.clerks[gathering.dong])
    assembly = teller.session.get_one(Assembly, gathering.assembly_id)
    ballot = ballots.draw_ballot(
        teller.session,
        place=teller.place(gathering.dong),
        assembly=assembly,
        title=f"{gathering.title} 투표",
        explanation=f"올해 안에 먼저 할 일을 고릅니다. **{PICKS}개까지** 고를 수 있습니다.",
        opens_at=gathering.vote_begins,
        closes_at=gathering.vote_ends,
        max_picks=PICKS,
        seats={Track(item["track"]): SEATS for item in gathering.agenda},
        base_date=seoul_day(teller.at),
        by=by,
        at=teller.at,
    )
    ballots.put_agenda_on_ballot(teller.session, ballot, assembly, by=by, at=teller.at)
    popularity = {item["title"]: item["popularity"] for item in gathering.agenda}
    freeze_and_vote(teller, ballot.id, popularity, now, turnout=0.3)


def _fill(hall: Hall, entry: dict[str, Any], now: datetime) -> None:
    """Open the doors, let people in and let them talk, up to the discussion."""
    teller, gathering = hall.teller, hall.gathering
    hall.note(gathering.held_at - timedelta(minutes=4), hall.open)
    adults = teller.cast.old_enough(gathering.dong, years=ADULT, on=gathering.day)
    for neighbour in teller.chance.sample(adults, min(IN_THE_HALL, len(adults))):
        seconds = teller.chance.randint(-200, 300)
        hall.expect(neighbour.person_id, gathering.held_at + timedelta(seconds=seconds))
    hall.seat()
    kinds = [stage.kind for stage in gathering.stages]
    discussion = kinds.index(StageKind.DISCUSSION) + 1
    until = now - gathering.held_at - timedelta(minutes=6)
    for position in range(1, discussion + 1):
        moment = gathering.held_at + until * ((position - 1) / (discussion - 1))
        hall.note(moment, hall.move_to, position)
    begins = gathering.held_at + timedelta(minutes=6)
    hall.note(begins, hall.announce, entry["announcement"])
    speakers = teller.chance.sample(sorted(hall.inside), len(entry["messages"]) + 1)
    gap = (now - begins) / (len(entry["messages"]) + 2)
    for number, text in enumerate(entry["messages"], start=1):
        hall.note(begins + gap * number, hall.say, speakers[number], text)

    def ask() -> None:
        question_id = hall.ask(speakers[0], entry["question"]).id
        hall.raise_question(question_id, speakers[0], 7, now)

    hall.note(now - timedelta(minutes=4), ask)
