"""Calling, announcing, holding and recording assemblies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.assemblies import facts, policy, queries
from app.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyRules,
    AssemblyState,
    Attendance,
    QuorumKind,
    RunningStage,
    Track,
)
from app.assemblies.policy import AssemblyRefusal
from app.assemblies.rules import (
    CUSTOMARY_ORDER,
    PlannedStage,
    Rules,
    current_stage,
    latest_notice_day,
    quorum_needed,
)
from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import insert_once
from app.core.refusals import Refused, insist
from app.places.models import Place
from app.places.queries import population
from app.proposals.actions import hold_proposals, note_progress
from app.proposals.models import Proposal, Reply, Stage, TimelineCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.places.models import Department
    from app.residents.rules import AgeMode, Standing

MOST_PERMILLE = 1000
MOST_AGE = 120
MOST_NOTICE_DAYS = 365


def _locked(session: Session, assembly: Assembly) -> Assembly:
    """Return the assembly as it stands now, held against everyone else's changes."""
    return session.scalars(
        select(Assembly)
        .where(Assembly.id == assembly.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def set_assembly_rules(
    session: Session,
    place: Place,
    *,
    notice_days: int,
    quorum_kind: QuorumKind,
    quorum_value: int,
    min_age: int,
    age_mode: AgeMode,
    by: Standing | None,
    at: datetime,
) -> AssemblyRules:
    """Set a new version of a place's assembly rules (운영세칙), in force from now on.

    Assemblies already announced keep theirs. `by` None is the operator at the console. Raises
    Refused NOT_OPERATOR or BAD_RULES.
    """
    insist(policy.why_not_set_rules(by, place))
    sane = (
        0 <= notice_days <= MOST_NOTICE_DAYS
        and 0 <= min_age <= MOST_AGE
        and quorum_value >= (0 if quorum_kind is QuorumKind.NONE else 1)
        and (quorum_kind is not QuorumKind.PERMILLE or quorum_value <= MOST_PERMILLE)
    )
    if not sane:
        raise Refused(AssemblyRefusal.BAD_RULES)
    session.execute(select(Place.id).where(Place.id == place.id).with_for_update())
    newest = session.scalar(
        select(func.max(AssemblyRules.version)).where(AssemblyRules.place_id == place.id)
    )
    rules = AssemblyRules(
        place_id=place.id,
        version=(newest or 0) + 1,
        notice_days=notice_days,
        quorum_kind=quorum_kind,
        quorum_value=quorum_value,
        min_age=min_age,
        age_mode=age_mode,
        effective_from=at,
        set_by=by.person_id if by else None,
    )
    session.add(rules)
    session.flush()
    record(
        session,
        facts.AssemblyRulesSet(at=at, by=rules.set_by, place_id=place.id, version=rules.version),
    )
    return rules


def call_assembly(
    session: Session,
    *,
    place: Place,
    title: str,
    notice_text: str,
    venue: str,
    held_at: datetime,
    ends_at: datetime,
    by: Standing,
    at: datetime,
) -> Assembly:
    """Begin to prepare an assembly, with the customary running order; nobody else sees it yet.

    Raises Refused NOT_CLERK or ENDS_BEFORE_START.
    """
    insist(policy.why_not_call(by, place, held_at=held_at, ends_at=ends_at))
    assembly = Assembly(
        place=place,
        title=title,
        notice_text=notice_text,
        venue=venue,
        held_at=held_at,
        ends_at=ends_at,
        state=AssemblyState.DRAFT,
        called_by=by.person_id,
        created_at=at,
        stages=_rows(CUSTOMARY_ORDER),
    )
    session.add(assembly)
    session.flush()
    record(session, facts.AssemblyDrafted(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def revise_assembly(
    session: Session,
    assembly: Assembly,
    *,
    title: str,
    notice_text: str,
    venue: str,
    held_at: datetime,
    ends_at: datetime,
    by: Standing,
    at: datetime,
) -> Assembly:
    """Change a draft. Raises Refused NOT_CLERK, NOT_DRAFT or ENDS_BEFORE_START."""
    assembly = _locked(session, assembly)
    insist(policy.why_not_prepare(by, assembly))
    insist(policy.why_not_call(by, assembly.place, held_at=held_at, ends_at=ends_at))
    assembly.title, assembly.venue, assembly.notice_text = title, venue, notice_text
    assembly.held_at, assembly.ends_at = held_at, ends_at
    session.flush()
    record(session, facts.AssemblyRevised(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def add_item(  # noqa: PLR0913 - every part of an item is named where it is given
    session: Session,
    assembly: Assembly,
    *,
    title: str,
    sense: str,
    body: str,
    track: Track,
    budget_won: int,
    department: Department | None = None,
    proposal: Proposal | None = None,
    by: Standing,
    at: datetime,
) -> AgendaItem:
    """Put an item (안건) on a draft's agenda, perhaps from an adopted proposal.

    The proposal hears of it when the notice is published. Raises Refused NOT_CLERK, NOT_DRAFT,
    BAD_BUDGET, NOT_ADOPTED, OTHER_PLACE or ALREADY_ON_AGENDA.
    """
    assembly = _locked(session, assembly)
    insist(policy.why_not_prepare(by, assembly))
    if budget_won < 0:
        raise Refused(AssemblyRefusal.BAD_BUDGET)
    if proposal is not None:
        reply = session.scalar(select(Reply).where(Reply.proposal_id == proposal.id))
        insist(policy.why_not_raise(proposal, reply, assembly))
        if any(item.proposal_id == proposal.id for item in assembly.items):
            raise Refused(AssemblyRefusal.ALREADY_ON_AGENDA)
    item = AgendaItem(
        assembly_id=assembly.id,
        proposal_id=proposal.id if proposal else None,
        department=department,
        position=max((one.position for one in assembly.items), default=0) + 1,
        title=title,
        sense=sense,
        body=body,
        track=track,
        budget_won=budget_won,
        created_at=at,
    )
    assembly.items.append(item)
    session.flush()
    record(
        session,
        facts.AgendaItemAdded(at=at, by=by.person_id, assembly_id=assembly.id, item_id=item.id),
    )
    return item


def remove_item(session: Session, item: AgendaItem, *, by: Standing, at: datetime) -> None:
    """Take an item off a draft's agenda. Raises Refused NOT_CLERK or NOT_DRAFT."""
    assembly = _locked(session, session.get_one(Assembly, item.assembly_id))
    insist(policy.why_not_prepare(by, assembly))
    item_id = item.id
    session.delete(item)
    session.flush()
    session.expire(assembly, ["items"])
    record(
        session,
        facts.AgendaItemRemoved(at=at, by=by.person_id, assembly_id=assembly.id, item_id=item_id),
    )


def _rows(planned: Sequence[PlannedStage]) -> list[RunningStage]:
    return [
        RunningStage(
            position=position, kind=stage.kind, title=stage.title, planned_minutes=stage.minutes
        )
        for position, stage in enumerate(planned, start=1)
    ]


def set_running_order(
    session: Session,
    assembly: Assembly,
    stages: Sequence[PlannedStage],
    *,
    by: Standing,
    at: datetime,
) -> Sequence[RunningStage]:
    """Replace a draft's running order (식순).

    Raises Refused NOT_CLERK, NOT_DRAFT, NO_STAGES, or BAD_STAGE for a step without a name or with
    no minutes.
    """
    assembly = _locked(session, assembly)
    insist(policy.why_not_prepare(by, assembly))
    if not stages:
        raise Refused(AssemblyRefusal.NO_STAGES)
    if any(stage.minutes < 1 or not stage.title.strip() for stage in stages):
        raise Refused(AssemblyRefusal.BAD_STAGE)
    session.execute(delete(RunningStage).where(RunningStage.assembly_id == assembly.id))
    session.expire(assembly, ["stages"])
    rows = _rows(stages)
    for row in rows:
        row.assembly_id = assembly.id
    session.add_all(rows)
    session.flush()
    record(
        session,
        facts.RunningOrderSet(at=at, by=by.person_id, assembly_id=assembly.id, stages=len(rows)),
    )
    return rows


def notice_details(assembly: Assembly, rules: Rules) -> dict[str, object]:
    """Return what a refused notice tells: by which day, and how many days before."""
    latest = latest_notice_day(assembly.held_at, rules.notice_days)
    return {"latest": latest, "days": rules.notice_days}


def publish_notice(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> Assembly:
    """Publish the notice (공고): agenda, times and the rules in force stand from now on.

    Proposals on the agenda are told. Raises Refused NOT_CLERK, NOT_DRAFT, NOTICE_TOO_LATE with
    `latest` (the day) and `days`, or NO_POPULATION where a quorum cannot be
    computed.
    """
    assembly = _locked(session, assembly)
    rules = queries.rules_in_force(session, assembly.place, at=at)
    insist(
        policy.why_not_notice(by, assembly, notice_days=rules.notice_days, at=at),
        **notice_details(assembly, rules),
    )
    assembly.rules_id, assembly.notice_days = rules.rules_id, rules.notice_days
    assembly.quorum_kind, assembly.quorum_value = rules.quorum_kind, rules.quorum_value
    assembly.min_age, assembly.age_mode = rules.min_age, rules.age_mode
    base = 0
    if rules.quorum_kind is QuorumKind.PERMILLE:
        base = population(session, assembly.place, seoul_day(at))
        if base == 0:
            raise Refused(AssemblyRefusal.NO_POPULATION)
        assembly.quorum_base = base
    assembly.quorum_needed = quorum_needed(rules.quorum_kind, rules.quorum_value, base)
    assembly.state, assembly.noticed_at = AssemblyState.NOTICED, at
    session.flush()
    hold_proposals(session, [item.proposal_id for item in assembly.items])
    for item in assembly.items:
        if item.proposal_id is not None:
            note_progress(
                session,
                item.proposal_id,
                stage=Stage.ASSEMBLY,
                code=TimelineCode.ON_AGENDA,
                note=assembly.title,
                href=f"/assemblies/{assembly.id}",
                by=by.person_id,
                at=at,
            )
    record(session, facts.AssemblyNoticed(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def open_assembly(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> Assembly:
    """Open the assembly (개회). Raises Refused NOT_CHAIR, NOT_NOTICED or TOO_EARLY."""
    assembly = _locked(session, assembly)
    insist(policy.why_not_open(by, assembly, at=at))
    assembly.state, assembly.opened_at = AssemblyState.OPEN, at
    session.flush()
    record(session, facts.AssemblyOpened(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def move_to_stage(
    session: Session, assembly: Assembly, stage: RunningStage, *, by: Standing, at: datetime
) -> RunningStage:
    """Move the running order to a step, forwards or back; its clock starts anew.

    Moving to where the assembly already is changes nothing. Raises Refused NOT_CHAIR, NOT_OPEN
    or OTHER_ASSEMBLY.
    """
    assembly = _locked(session, assembly)
    insist(policy.why_not_lead(by, assembly))
    if stage.assembly_id != assembly.id:
        raise Refused(AssemblyRefusal.OTHER_ASSEMBLY)
    session.refresh(stage)
    now_at = current_stage(assembly)
    if now_at is not None and now_at.id == stage.id:
        return stage
    if now_at is not None:
        now_at.ended_at = at
    stage.started_at, stage.ended_at = at, None
    session.flush()
    record(
        session,
        facts.StageMoved(at=at, by=by.person_id, assembly_id=assembly.id, stage_id=stage.id),
    )
    return stage


def check_in(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> int:
    """Count someone as present, once; return the new attendance.

    Raises Refused NOT_NOTICED, NOT_SIGNED_IN, NOT_MEMBER, DOORS_CLOSED, OVER or
    ALREADY_CHECKED_IN.
    """
    assembly = _locked(session, assembly)
    insist(policy.why_not_check_in(by, assembly, at=at))
    inserted = insert_once(
        session,
        Attendance.__table__,
        assembly_id=assembly.id,
        person_id=by.person_id,
        at=at,
    )
    if not inserted:
        raise Refused(AssemblyRefusal.ALREADY_CHECKED_IN)
    assembly.attendance_count += 1
    session.flush()
    record(
        session,
        facts.CheckedIn(
            at=at, by=by.person_id, assembly_id=assembly.id, count=assembly.attendance_count
        ),
    )
    return assembly.attendance_count


def close_assembly(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> Assembly:
    """Close the assembly (폐회), for good. Raises Refused NOT_CHAIR or NOT_OPEN."""
    assembly = _locked(session, assembly)
    insist(policy.why_not_lead(by, assembly))
    now_at = current_stage(assembly)
    if now_at is not None:
        now_at.ended_at = at
    assembly.state, assembly.closed_at = AssemblyState.CLOSED, at
    session.flush()
    record(session, facts.AssemblyClosed(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly


def publish_minutes(
    session: Session, assembly: Assembly, *, minutes: str, by: Standing, at: datetime
) -> Assembly:
    """Publish the minutes (회의록) of a closed assembly, once.

    Raises Refused NOT_CLERK, NOT_CLOSED, MINUTES_STAND or EMPTY_MINUTES.
    """
    assembly = _locked(session, assembly)
    insist(policy.why_not_publish_minutes(by, assembly))
    if not minutes.strip():
        raise Refused(AssemblyRefusal.EMPTY_MINUTES)
    assembly.minutes = minutes
    session.flush()
    record(session, facts.MinutesPublished(at=at, by=by.person_id, assembly_id=assembly.id))
    return assembly
