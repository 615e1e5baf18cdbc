"""Drawing up: the draft of a paper, its options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from app.assemblies.actions import hold_agenda
from app.assemblies.models import Assembly
from app.assemblies.queries import rules_in_force
from app.assemblies.rules import frozen_rules
from app.ballots import facts, policy, queries, rules
from app.ballots.actions.shared import about, remember_editor
from app.ballots.facts import PaperChange
from app.ballots.models import (
    Ballot,
    BallotState,
    DiscardedBallot,
    Option,
    TrackSeats,
)
from app.ballots.policy import BallotRefusal
from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import held
from app.core.refusals import Refused, insist

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.assemblies.models import AgendaItem, QuorumKind, Track
    from app.places.models import Department, Place
    from app.residents.rules import AgeMode, Standing


def draw_ballot(  # noqa: PLR0913 - a paper has these parts, named where they are given
    session: Session,
    *,
    place: Place,
    assembly: Assembly | None = None,
    title: str,
    explanation: str,
    opens_at: datetime,
    closes_at: datetime,
    min_picks: int = 1,
    max_picks: int,
    seats: Mapping[Track, int],
    base_date: date,
    ages_on: date | None = None,
    min_age: int | None = None,
    age_mode: AgeMode | None = None,
    quorum_kind: QuorumKind | None = None,
    quorum_value: int | None = None,
    by: Standing,
    at: datetime,
) -> Ballot:
    """Draw up a ballot as a draft that only the desk sees.

    Age and quorum that are not given are those of the assembly, which stand from its notice on,
    or else those in force at the place; ages are counted on its day, or else on the base date.
    Raises Refused: NOT_CLERK, OTHER_PLACE, ASSEMBLY_NOT_NOTICED, ASSEMBLY_OVER,
    ASSEMBLY_HAS_BALLOT, BAD_WINDOW, BAD_LIMITS.
    """
    if assembly is not None:
        # Held, so that two who draw at once do not both find an assembly without a ballot.
        assembly = held(session, Assembly, assembly.id)
    has_other = assembly is not None and queries.ballot_of(session, assembly.id) is not None
    insist(policy.why_not_draw(by, place, assembly, has_other=has_other, at=at))
    standing = (frozen_rules(assembly) if assembly else None) or rules_in_force(
        session, place, at=at
    )
    insist(
        policy.why_not_rules(
            opens_at=opens_at,
            closes_at=closes_at,
            min_picks=min_picks,
            max_picks=max_picks,
            seats=seats,
        )
    )
    ballot = Ballot(
        id=_free_number(session),
        place=place,
        assembly_id=assembly.id if assembly else None,
        title=title,
        explanation=explanation,
        state=BallotState.DRAFT,
        opens_at=opens_at,
        closes_at=closes_at,
        min_picks=min_picks,
        max_picks=max_picks,
        base_date=base_date,
        ages_on=ages_on or _day_of(assembly),
        min_age=standing.min_age if min_age is None else min_age,
        age_mode=age_mode or standing.age_mode,
        quorum_kind=quorum_kind or standing.quorum_kind,
        quorum_value=standing.quorum_value if quorum_value is None else quorum_value,
        drawn_by=by.person_id,
        created_at=at,
        roll_count=0,
        cast_count=0,
        seats=[TrackSeats(track=track, seats=count) for track, count in seats.items()],
        options=[],
    )
    session.add(ballot)
    session.flush()
    remember_editor(session, ballot, by)
    record(session, facts.BallotDrawn(**about(ballot, by, at)))
    return ballot


def _day_of(assembly: Assembly | None) -> date | None:
    return seoul_day(assembly.held_at) if assembly is not None else None


def _free_number(session: Session) -> int | None:
    """Return the number of a new ballot where the newest was thrown away, None where any will do.

    PostgreSQL never gives a number twice; SQLite gives the last one again once its row is gone.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    gone = session.scalar(select(func.max(DiscardedBallot.id)))
    newest = session.scalar(select(func.max(Ballot.id)))
    return None if gone is None else max(gone, newest or 0) + 1


def revise_ballot(  # noqa: PLR0913 - the same
    session: Session,
    ballot: Ballot,
    *,
    title: str,
    explanation: str,
    opens_at: datetime,
    closes_at: datetime,
    min_picks: int,
    max_picks: int,
    seats: Mapping[Track, int],
    base_date: date,
    ages_on: date | None = None,
    min_age: int,
    age_mode: AgeMode,
    quorum_kind: QuorumKind,
    quorum_value: int,
    by: Standing,
    at: datetime,
) -> None:
    """Change a draft; a day for ages that is not given is found as in drawing up.

    Raises Refused: NOT_CLERK, NOT_DRAFT, BAD_WINDOW, BAD_LIMITS.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_edit(by, ballot))
    insist(
        policy.why_not_rules(
            opens_at=opens_at,
            closes_at=closes_at,
            min_picks=min_picks,
            max_picks=max_picks,
            seats=seats,
        )
    )
    ballot.title, ballot.explanation = title, explanation
    ballot.opens_at, ballot.closes_at = opens_at, closes_at
    ballot.min_picks, ballot.max_picks = min_picks, max_picks
    assembly = session.get(Assembly, ballot.assembly_id) if ballot.assembly_id else None
    ballot.base_date, ballot.ages_on = base_date, ages_on or _day_of(assembly)
    ballot.min_age, ballot.age_mode = min_age, age_mode
    ballot.quorum_kind, ballot.quorum_value = quorum_kind, quorum_value
    session.execute(delete(TrackSeats).where(TrackSeats.ballot_id == ballot.id))
    session.execute(
        insert(TrackSeats),
        [
            {"ballot_id": ballot.id, "track": track, "seats": count}
            for track, count in seats.items()
        ],
    )
    session.expire(ballot, ["seats"])
    remember_editor(session, ballot, by)
    record(session, facts.PaperChanged(**about(ballot, by, at), change=PaperChange.REVISED))


def add_option(  # noqa: PLR0913 - the same
    session: Session,
    ballot: Ballot,
    *,
    track: Track,
    title: str,
    sense: str,
    budget_won: int,
    department: Department | None = None,
    agenda_item: AgendaItem | None = None,
    proposal_id: int | None = None,
    by: Standing,
    at: datetime,
) -> Option:
    """Put an option at the end of a draft's paper.

    Raises Refused: NOT_CLERK, NOT_DRAFT, TOO_MANY_OPTIONS, BAD_AMOUNT, ALREADY_ON_PAPER.
    """
    ballot = held(session, Ballot, ballot.id)
    insist(policy.why_not_add_option(by, ballot), limit=rules.MAX_OPTIONS)
    if budget_won < 0:
        raise Refused(BallotRefusal.BAD_AMOUNT)
    item_id = agenda_item.id if agenda_item else None
    if item_id is not None and any(item_id == option.agenda_item_id for option in ballot.options):
        raise Refused(BallotRefusal.ALREADY_ON_PAPER)
    option = Option(
        ballot_id=ballot.id,
        agenda_item_id=item_id,
        proposal_id=proposal_id or (agenda_item.proposal_id if agenda_item else None),
        department_id=department.id if department else None,
        position=max((option.position for option in ballot.options), default=0) + 1,
        track=track,
        title=title,
        sense=sense,
        budget_won=budget_won,
    )
    ballot.options.append(option)
    session.flush()
    remember_editor(session, ballot, by)
    record(
        session,
        facts.PaperChanged(
            **about(ballot, by, at), change=PaperChange.OPTION_ADDED, option_id=option.id
        ),
    )
    return option


def put_agenda_on_ballot(
    session: Session, ballot: Ballot, assembly: Assembly, *, by: Standing, at: datetime
) -> list[Option]:
    """Put every item of the ballot's assembly that is not there yet on the paper.

    What came from a proposal that is hidden now stays off.
    Raises Refused: NO_ASSEMBLY, ASSEMBLY_NOT_NOTICED, ASSEMBLY_OVER and those of add_option.
    """
    if ballot.assembly_id is None or ballot.assembly_id != assembly.id:
        raise Refused(BallotRefusal.NO_ASSEMBLY)
    ballot = held(session, Ballot, ballot.id)
    assembly = held(session, Assembly, assembly.id)
    # An old draft may stand beside another; freezing asks for that, filling it does no harm.
    insist(policy.why_not_belong(assembly, has_other=False, at=at))
    items = hold_agenda(session, assembly)
    there = {option.agenda_item_id for option in ballot.options}
    return [
        add_option(
            session,
            ballot,
            track=item.track,
            title=item.title,
            sense=item.sense,
            budget_won=item.budget_won,
            department=item.department,
            agenda_item=item,
            by=by,
            at=at,
        )
        for item in items
        if item.id not in there and not item.hidden_reason
    ]


def remove_option(session: Session, option: Option, *, by: Standing, at: datetime) -> None:
    """Take an option off a draft's paper and close the gap.

    Raises Refused: NOT_CLERK, NOT_DRAFT.
    """
    ballot = held(session, Ballot, option.ballot_id)
    insist(policy.why_not_edit(by, ballot))
    gone = option.id
    session.delete(option)
    session.flush()
    session.expire(ballot, ["options"])
    for position, left in enumerate(ballot.options, start=1):
        if left.position != position:
            left.position = position
            session.flush()
    remember_editor(session, ballot, by)
    record(
        session,
        facts.PaperChanged(
            **about(ballot, by, at), change=PaperChange.OPTION_REMOVED, option_id=gone
        ),
    )
