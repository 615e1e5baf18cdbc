"""Calling and announcing an assembly: its times, its agenda, its running order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.assemblies import facts, policy, queries
from app.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyState,
    QuorumKind,
    RunningStage,
    Track,
)
from app.assemblies.policy import AssemblyRefusal
from app.assemblies.rules import (
    CUSTOMARY_ORDER,
    PlannedStage,
    Rules,
    latest_notice_day,
    quorum_needed,
)
from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import held
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
    from app.residents.rules import Standing


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
    assembly = held(session, Assembly, assembly.id)
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
    BAD_BUDGET, NOT_ADOPTED, OTHER_PLACE, PROPOSAL_HIDDEN, ALREADY_WON, ON_ANOTHER_AGENDA or
    ALREADY_ON_AGENDA.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_prepare(by, assembly))
    if budget_won < 0:
        raise Refused(AssemblyRefusal.BAD_BUDGET)
    if proposal is not None:
        proposal = held(session, Proposal, proposal.id)
        reply = session.scalar(select(Reply).where(Reply.proposal_id == proposal.id))
        past = queries.past_of(session, proposal.id, assembly, at=at)
        insist(
            policy.why_not_raise(
                proposal, reply, assembly, has_won=past.has_won, is_elsewhere=past.is_elsewhere
            )
        )
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
    """Take an item off a draft's agenda. Raises Refused NOT_CLERK, NOT_DRAFT or ITEM_ON_PAPER."""
    assembly = held(session, Assembly, item.assembly_id)
    insist(policy.why_not_prepare(by, assembly))
    item_id = item.id
    try:
        # What refers to items stands above this package; the key knows of it.
        with session.begin_nested():
            session.delete(item)
    except IntegrityError as error:
        raise Refused(AssemblyRefusal.ITEM_ON_PAPER) from error
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
    assembly = held(session, Assembly, assembly.id)
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


def hold_agenda(session: Session, assembly: Assembly) -> Sequence[AgendaItem]:
    """Return a held assembly's items as they stand, their proposals held: none is hidden meanwhile.

    The items are read once the proposals are ours, for whoever waited may have read others.
    """
    chosen = select(AgendaItem).where(AgendaItem.assembly_id == assembly.id)
    behind = chosen.with_only_columns(AgendaItem.proposal_id)
    hold_proposals(session, session.scalars(behind).all())
    anew = chosen.order_by(AgendaItem.position).execution_options(populate_existing=True)
    return session.scalars(anew).all()


def notice_details(assembly: Assembly, rules: Rules) -> dict[str, object]:
    """Return what a refused notice tells: by which day, and how many days before."""
    latest = latest_notice_day(assembly.held_at, rules.notice_days)
    return {"latest": latest, "days": rules.notice_days}


def publish_notice(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> Assembly:
    """Publish the notice (공고): agenda, times and the rules in force stand from now on.

    Proposals on the agenda are told. Raises Refused NOT_CLERK, NOT_DRAFT, NOTICE_TOO_LATE with
    `latest` (the day) and `days`, HIDDEN_ON_AGENDA, or NO_POPULATION where a quorum cannot be
    computed.
    """
    assembly = held(session, Assembly, assembly.id)
    items = hold_agenda(session, assembly)
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
    for item in items:
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
