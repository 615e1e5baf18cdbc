"""Who may do what with an assembly, and when. Told the time; asks no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.assemblies.models import AssemblyState
from app.assemblies.rules import (
    doors_open,
    earliest_day,
    frozen_rules,
    is_left_open,
    latest_birth,
    latest_notice_day,
)
from app.core.clock import seoul_day
from app.core.refusals import Refusal
from app.proposals.models import ProposalState, Verdict
from app.residents.models import Role

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.assemblies.models import Assembly
    from app.places.models import Place
    from app.proposals.models import Proposal, Reply
    from app.residents.rules import Standing


class AssemblyRefusal(Refusal):
    """Why an act upon an assembly is refused."""

    NOT_CLERK = "assembly.not_clerk"
    NOT_CHAIR = "assembly.not_chair"
    NOT_OPERATOR = "assembly.not_operator"
    ENDS_BEFORE_START = "assembly.ends_before_start"
    NOT_DRAFT = "assembly.not_draft"
    NOTICE_TOO_LATE = "assembly.notice_too_late"
    NO_POPULATION = "assembly.no_population"
    NO_STAGES = "assembly.no_stages"
    BAD_STAGE = "assembly.bad_stage"
    BAD_BUDGET = "assembly.bad_budget"
    BAD_RULES = "assembly.bad_rules"
    NOT_ADOPTED = "assembly.not_adopted"
    OTHER_PLACE = "assembly.other_place"
    PROPOSAL_HIDDEN = "assembly.proposal_hidden"
    HIDDEN_ON_AGENDA = "assembly.hidden_on_agenda"
    ALREADY_ON_AGENDA = "assembly.already_on_agenda"
    ALREADY_WON = "assembly.already_won"
    ON_ANOTHER_AGENDA = "assembly.on_another_agenda"
    NOT_NOTICED = "assembly.not_noticed"
    TOO_EARLY = "assembly.too_early"
    NOT_OPEN = "assembly.not_open"
    OTHER_ASSEMBLY = "assembly.other_assembly"
    NOT_SIGNED_IN = "assembly.not_signed_in"
    NOT_MEMBER = "assembly.not_member"
    MEMBER_ELSEWHERE = "assembly.member_elsewhere"
    TOO_YOUNG = "assembly.too_young"
    DOORS_CLOSED = "assembly.doors_closed"
    OVER = "assembly.over"
    ALREADY_CHECKED_IN = "assembly.already_checked_in"
    NOT_CLOSED = "assembly.not_closed"
    EMPTY_MINUTES = "assembly.empty_minutes"
    MINUTES_STAND = "assembly.minutes_stand"
    NO_MINUTES = "assembly.no_minutes"
    NOTHING_CORRECTED = "assembly.nothing_corrected"
    ITEM_ON_PAPER = "assembly.item_on_paper"
    CORRECTED_MEANWHILE = "assembly.corrected_meanwhile"
    NOT_AHEAD = "assembly.not_ahead"
    CALLED_OFF = "assembly.called_off"
    THROWN_AWAY = "assembly.thrown_away"
    SOME_CAME = "assembly.some_came"
    IN_THE_PAST = "assembly.in_the_past"
    NOTICE_TOO_SHORT = "assembly.notice_too_short"
    NOTICE_STANDS_SO = "assembly.notice_stands_so"
    NOTICE_MOVED_MEANWHILE = "assembly.notice_moved_meanwhile"
    AGENDA_TAKEN_UP = "assembly.agenda_taken_up"
    NO_REASON = "assembly.no_reason"


def why_not_set_rules(by: Standing | None, place: Place) -> AssemblyRefusal | None:
    """Say why someone may not set a place's assembly rules; None is the operator's console."""
    if by is None or by.holds(Role.OPERATOR, place):
        return None
    return AssemblyRefusal.NOT_OPERATOR


def why_not_call(
    by: Standing, place: Place, *, held_at: datetime, ends_at: datetime
) -> AssemblyRefusal | None:
    """Say why someone may not call an assembly of a place for these times."""
    if not by.holds(Role.CLERK, place):
        return AssemblyRefusal.NOT_CLERK
    return AssemblyRefusal.ENDS_BEFORE_START if ends_at <= held_at else None


def why_not_prepare(by: Standing, assembly: Assembly) -> AssemblyRefusal | None:
    """Say why someone may not change an assembly: the notice settles it for good."""
    if not by.holds(Role.CLERK, assembly.place):
        return AssemblyRefusal.NOT_CLERK
    is_draft = assembly.state is AssemblyState.DRAFT
    if assembly.is_called_off:
        return AssemblyRefusal.THROWN_AWAY if is_draft else AssemblyRefusal.CALLED_OFF
    return None if is_draft else AssemblyRefusal.NOT_DRAFT


def why_not_raise(
    proposal: Proposal,
    reply: Reply | None,
    assembly: Assembly,
    *,
    has_won: bool = False,
    is_elsewhere: bool = False,
) -> AssemblyRefusal | None:
    """Say why a proposal may not come before an assembly.

    It has been adopted, wholly or partly, is not hidden, and concerns this place, the district
    around it, or a dong inside it. What was selected is carried out and not decided again; what
    another assembly still has before it waits for that one. What was not selected may come again,
    in another year.
    """
    if (
        proposal.state is not ProposalState.REPLIED
        or reply is None
        or reply.verdict is Verdict.REJECTED
    ):
        return AssemblyRefusal.NOT_ADOPTED
    here, theirs = assembly.place, proposal.place
    if theirs.id not in (here.id, here.parent_id) and theirs.parent_id != here.id:
        return AssemblyRefusal.OTHER_PLACE
    return _why_not_again(proposal, has_won=has_won, is_elsewhere=is_elsewhere)


def _why_not_again(
    proposal: Proposal, *, has_won: bool, is_elsewhere: bool
) -> AssemblyRefusal | None:
    if proposal.is_hidden:
        return AssemblyRefusal.PROPOSAL_HIDDEN
    if has_won:
        return AssemblyRefusal.ALREADY_WON
    return AssemblyRefusal.ON_ANOTHER_AGENDA if is_elsewhere else None


def why_not_notice(
    by: Standing, assembly: Assembly, *, notice_days: int, at: datetime
) -> AssemblyRefusal | None:
    """Say why the notice may not be published today."""
    refusal = why_not_prepare(by, assembly)
    if refusal is not None:
        return refusal
    if seoul_day(at) > latest_notice_day(assembly.held_at, notice_days):
        return AssemblyRefusal.NOTICE_TOO_LATE
    if any(item.hidden_reason for item in assembly.items):
        return AssemblyRefusal.HIDDEN_ON_AGENDA
    return None


def why_not_call_off(by: Standing, assembly: Assembly) -> AssemblyRefusal | None:
    """Say why someone may not call an announced assembly off: it may be until it is opened."""
    if not by.holds(Role.CLERK, assembly.place):
        return AssemblyRefusal.NOT_CLERK
    if assembly.is_called_off:
        return AssemblyRefusal.CALLED_OFF
    return None if assembly.state is AssemblyState.NOTICED else AssemblyRefusal.NOT_AHEAD


def why_not_correct_notice(by: Standing, assembly: Assembly) -> AssemblyRefusal | None:
    """Say why someone may not correct a notice; whoever checked in came for what it said."""
    refusal = why_not_call_off(by, assembly)
    if refusal is None and assembly.attendance_count:
        return AssemblyRefusal.SOME_CAME
    return refusal


def why_not_move(
    assembly: Assembly,
    *,
    held_at: datetime,
    ends_at: datetime,
    is_taken_up: bool,
    at: datetime,
) -> AssemblyRefusal | None:
    """Say why a notice may not name these times: they lie ahead, and leave time to hear of them.

    Once its time has passed its agenda is free for others; what they took up it does not take back.
    """
    if ends_at <= held_at:
        return AssemblyRefusal.ENDS_BEFORE_START
    if (held_at, ends_at) == (assembly.held_at, assembly.ends_at):
        return None
    if held_at <= at:
        return AssemblyRefusal.IN_THE_PAST
    if seoul_day(held_at) < earliest_day(assembly, held_at, at=at):
        return AssemblyRefusal.NOTICE_TOO_SHORT
    return AssemblyRefusal.AGENDA_TAKEN_UP if is_taken_up else None


def why_not_open(by: Standing, assembly: Assembly, *, at: datetime) -> AssemblyRefusal | None:
    """Say why someone may not open the assembly; the doors open half an hour before."""
    if not by.holds(Role.CHAIR, assembly.place):
        return AssemblyRefusal.NOT_CHAIR
    if assembly.is_called_off:
        return AssemblyRefusal.CALLED_OFF
    if assembly.state is not AssemblyState.NOTICED:
        return AssemblyRefusal.NOT_NOTICED
    return None if doors_open(assembly, at=at) else AssemblyRefusal.TOO_EARLY


def why_not_lead(by: Standing, assembly: Assembly) -> AssemblyRefusal | None:
    """Say why someone may not move the running order or close the assembly."""
    if not by.holds(Role.CHAIR, assembly.place):
        return AssemblyRefusal.NOT_CHAIR
    return None if assembly.state is AssemblyState.OPEN else AssemblyRefusal.NOT_OPEN


def why_not_check_in(
    by: Standing, assembly: Assembly, *, born: date | None, at: datetime
) -> AssemblyRefusal | None:
    """Say why someone may not check in.

    People of the place may who are as old as the notice said, while the doors are open.
    """
    return (
        why_doors_are_shut(assembly, at=at)
        or (None if by.is_someone else AssemblyRefusal.NOT_SIGNED_IN)
        or _why_not_one_of(by, assembly.place)
        or _why_too_young(assembly, born)
    )


def _why_too_young(assembly: Assembly, born: date | None) -> AssemblyRefusal | None:
    """Say why someone is not old enough by the rules that the notice froze."""
    rules = frozen_rules(assembly)
    if rules is None or rules.min_age == 0:
        return None
    if born is not None and born <= latest_birth(assembly.held_at, rules):
        return None
    return AssemblyRefusal.TOO_YOUNG


def _why_not_one_of(by: Standing, place: Place) -> AssemblyRefusal | None:
    """Say why someone is not of this place: verified for another one, or for none."""
    if by.belongs_to(place):
        return None
    return AssemblyRefusal.MEMBER_ELSEWHERE if by.is_verified else AssemblyRefusal.NOT_MEMBER


def why_doors_are_shut(assembly: Assembly, *, at: datetime) -> AssemblyRefusal | None:
    """Say why nobody can check in now: not announced, called off, not yet, or over."""
    if assembly.is_called_off:
        return AssemblyRefusal.CALLED_OFF
    if assembly.state is AssemblyState.OPEN:
        return AssemblyRefusal.OVER if is_left_open(assembly, at=at) else None
    if assembly.state is AssemblyState.DRAFT:
        return AssemblyRefusal.NOT_NOTICED
    if assembly.state is AssemblyState.CLOSED or at >= assembly.ends_at:
        return AssemblyRefusal.OVER
    return None if doors_open(assembly, at=at) else AssemblyRefusal.DOORS_CLOSED


def why_not_publish_minutes(by: Standing, assembly: Assembly) -> AssemblyRefusal | None:
    """Say why someone may not publish the minutes."""
    if not by.holds(Role.CLERK, assembly.place):
        return AssemblyRefusal.NOT_CLERK
    if assembly.state is not AssemblyState.CLOSED:
        return AssemblyRefusal.NOT_CLOSED
    return AssemblyRefusal.MINUTES_STAND if assembly.minutes is not None else None


def why_not_correct_minutes(by: Standing, assembly: Assembly) -> AssemblyRefusal | None:
    """Say why someone may not correct the minutes."""
    if not by.holds(Role.CLERK, assembly.place):
        return AssemblyRefusal.NOT_CLERK
    return AssemblyRefusal.NO_MINUTES if assembly.minutes is None else None
