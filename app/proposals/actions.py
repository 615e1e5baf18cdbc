"""Writing, publishing, endorsing, reviewing and answering proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, delete, func, select, update

from app.core.bus import record
from app.core.clock import seoul_day
from app.core.database import insert_once
from app.core.numbers import receipt_number
from app.core.refusals import Refused, insist
from app.moderation import actions as moderation
from app.moderation.models import HideReason, SubjectKind
from app.places.models import Place
from app.proposals import facts, policy, queries, rules
from app.proposals.models import (
    Endorsement,
    EndorsementPolicy,
    Field,
    Follow,
    Proposal,
    ProposalState,
    Reply,
    Stage,
    TimelineCode,
    TimelineEntry,
    Verdict,
)
from app.proposals.policy import ProposalRefusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.places.models import Department
    from app.residents.rules import Standing

_ENDORSEMENTS = cast("Table", Endorsement.__table__)
_FOLLOWS = cast("Table", Follow.__table__)


# ---------------------------------------------------------------- the rule


def set_endorsement_policy(
    session: Session,
    place: Place,
    *,
    threshold: int,
    window_days: int,
    counts_opening_day: bool,
    precheck_required: bool,
    decision_days: int,
    by: Standing | None,
    at: datetime,
) -> EndorsementPolicy:
    """Set a place's endorsement rule from now on; windows already open keep theirs.

    `by` None is the operator at the console. Raises Refused NOT_OPERATOR.
    """
    if by is not None:
        insist(policy.why_not_set_policy(by, place))
    session.execute(select(Place.id).where(Place.id == place.id).with_for_update())
    newest = session.scalar(
        select(func.max(EndorsementPolicy.version)).where(EndorsementPolicy.place_id == place.id)
    )
    version = EndorsementPolicy(
        place_id=place.id,
        version=(newest or 0) + 1,
        threshold=threshold,
        window_days=window_days,
        counts_opening_day=counts_opening_day,
        precheck_required=precheck_required,
        decision_days=decision_days,
        effective_from=at,
        set_by=by.person_id if by else None,
    )
    session.add(version)
    session.flush()
    record(
        session,
        facts.EndorsementPolicySet(
            at=at,
            by=by.person_id if by else None,
            place_id=place.id,
            version=version.version,
        ),
    )
    return version


# ---------------------------------------------------------------- writing


def draft_proposal(
    session: Session,
    *,
    place: Place,
    field: Field,
    title: str,
    sense: str,
    body: str,
    home: Place | None,
    by: Standing,
    at: datetime,
) -> Proposal:
    """Begin a proposal that only its author sees; the same words sent again are the same draft.

    Raises Refused SIGN_IN_NEEDED.
    """
    insist(policy.why_not_draft(by))
    draft = Proposal(
        place_id=place.id,
        home_place_id=home.id if home else None,
        author_id=by.person_id,
        field=field,
        title=title,
        sense=sense,
        body=body,
        state=ProposalState.DRAFT,
        created_at=at,
        endorsement_count=0,
        search_jamo="",
        search_initials="",
    )
    before = queries.same_draft(session, draft)
    if before is not None:
        return before
    session.add(draft)
    session.flush()
    return draft


def revise_draft(
    session: Session,
    proposal: Proposal,
    *,
    place: Place,
    field: Field,
    title: str,
    sense: str,
    body: str,
    by: Standing,
    at: datetime,
) -> Proposal:
    """Change a draft. Raises Refused: NOT_AUTHOR, NOT_DRAFT."""
    _lock(session, proposal)
    insist(policy.why_not_revise(by, proposal))
    proposal.place_id, proposal.field = place.id, field
    proposal.title, proposal.sense, proposal.body = title, sense, body
    proposal.created_at = at
    session.flush()
    session.expire(proposal, ["place"])
    return proposal


def discard_draft(session: Session, proposal: Proposal, *, by: Standing) -> None:
    """Throw a draft away. Raises Refused: NOT_AUTHOR, NOT_DRAFT."""
    _lock(session, proposal)
    insist(policy.why_not_revise(by, proposal))
    session.delete(proposal)
    session.flush()


def publish_proposal(
    session: Session, proposal: Proposal, *, by: Standing, at: datetime
) -> Proposal:
    """Publish a draft under a receipt number; publishing twice is publishing once.

    It goes to the feasibility pre-check, or where the place asks for none its endorsement window
    opens at once. Raises Refused: NOT_AUTHOR, NOT_VERIFIED, OTHER_DONG.
    """
    _lock(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_publish(by, proposal, place))
    if proposal.state is not ProposalState.DRAFT:
        return proposal
    proposal.number = receipt_number(seoul_day(at).year, place.code, proposal.id)
    proposal.published_at = at
    proposal.search_jamo, proposal.search_initials = rules.search_text(
        proposal.title, proposal.sense, proposal.number
    )
    terms = queries.terms_in_force(session, place, at=at)
    if terms.precheck_required:
        proposal.state = ProposalState.PRECHECK
    else:
        _open_window(proposal, terms, at)
    _note(session, proposal.id, Stage.PROPOSAL, TimelineCode.PUBLISHED, at)
    session.flush()
    record(session, facts.ProposalPublished(at=at, by=by.person_id, proposal_id=proposal.id))
    return proposal


def _open_window(proposal: Proposal, terms: rules.Terms, at: datetime) -> None:
    """Freeze the rule onto the proposal and let people endorse."""
    proposal.state = ProposalState.ENDORSING
    proposal.policy_id = terms.policy_id
    proposal.threshold = terms.threshold
    proposal.decision_days = terms.decision_days
    proposal.opens_at = at
    proposal.closes_at = rules.window_closes(
        at, terms.window_days, counts_opening_day=terms.counts_opening_day
    )


# ---------------------------------------------------------------- the pre-check


def pass_precheck(session: Session, proposal: Proposal, *, by: Standing, at: datetime) -> Proposal:
    """Find a proposal fit: its endorsement window opens on the terms in force now.

    Raises Refused: NOT_CLERK, NOT_IN_PRECHECK.
    """
    _lock(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_precheck(by, proposal, place))
    _open_window(proposal, queries.terms_in_force(session, place, at=at), at)
    _note(session, proposal.id, Stage.ENDORSEMENT, TimelineCode.PRECHECK_PASSED, at)
    session.flush()
    record(session, facts.PrecheckPassed(at=at, by=by.person_id, proposal_id=proposal.id))
    return proposal


def fail_precheck(
    session: Session, proposal: Proposal, *, reason: str, by: Standing, at: datetime
) -> Proposal:
    """Find that this is nothing the district can decide, and say publicly why.

    Raises Refused: NOT_CLERK, NOT_IN_PRECHECK, REASON_NEEDED.
    """
    _lock(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_precheck(by, proposal, place))
    if not reason.strip():
        raise Refused(ProposalRefusal.REASON_NEEDED)
    proposal.state = ProposalState.UNFIT
    _note(
        session, proposal.id, Stage.PROPOSAL, TimelineCode.PRECHECK_FAILED, at, note=reason.strip()
    )
    session.flush()
    record(session, facts.PrecheckFailed(at=at, by=by.person_id, proposal_id=proposal.id))
    return proposal


# ---------------------------------------------------------------- endorsing


def endorse(session: Session, proposal_id: int, *, by: Standing, at: datetime) -> int:
    """Add one person's endorsement (공감); return the new count.

    The endorsement that meets the threshold begins the department's review, once. Raises Refused:
    UNKNOWN, NOT_VERIFIED, OTHER_DONG, NOT_OPEN_YET, WINDOW_CLOSED, REVIEW_BEGAN, HIDDEN,
    ALREADY_ENDORSED.
    """
    row, place = _locked(session, proposal_id)
    insist(
        policy.why_not_endorse(by, place, rules.phase(row, at), is_hidden=row.hidden_at is not None)
    )
    if not insert_once(
        session, _ENDORSEMENTS, proposal_id=proposal_id, person_id=by.person_id, at=at
    ):
        raise Refused(ProposalRefusal.ALREADY_ENDORSED)
    count = int(row.endorsement_count) + 1
    changed: dict[str, Any] = {"endorsement_count": count, "last_endorsed_at": at}
    meets = count == row.threshold
    if meets:
        changed |= {
            "state": ProposalState.REVIEW,
            "review_began_at": at,
            "reply_due_on": rules.reply_due(at, row.decision_days),
        }
    _change(session, proposal_id, changed)
    if meets:
        _note(session, proposal_id, Stage.REVIEW, TimelineCode.THRESHOLD_REACHED, at)
    record(
        session,
        facts.ProposalEndorsed(at=at, by=by.person_id, proposal_id=proposal_id, count=count),
    )
    if meets:
        record(
            session, facts.ThresholdReached(at=at, by=None, proposal_id=proposal_id, count=count)
        )
    return count


def withdraw_endorsement(session: Session, proposal_id: int, *, by: Standing, at: datetime) -> int:
    """Take one's endorsement back while the window is open; return the new count.

    Raises Refused: UNKNOWN, NOT_ENDORSED, WINDOW_CLOSED, REVIEW_BEGAN, HIDDEN.
    """
    row, _place = _locked(session, proposal_id)
    insist(policy.why_not_withdraw(by, rules.phase(row, at), is_hidden=row.hidden_at is not None))
    gone: Any = session.execute(
        delete(_ENDORSEMENTS).where(
            _ENDORSEMENTS.c.proposal_id == proposal_id, _ENDORSEMENTS.c.person_id == by.person_id
        )
    )
    if not gone.rowcount:
        raise Refused(ProposalRefusal.NOT_ENDORSED)
    count = int(row.endorsement_count) - 1
    _change(session, proposal_id, {"endorsement_count": count})
    record(
        session,
        facts.EndorsementWithdrawn(at=at, by=by.person_id, proposal_id=proposal_id, count=count),
    )
    return count


def _locked(session: Session, proposal_id: int) -> tuple[Row[*tuple[Any, ...]], Place]:
    """Read what endorsing is decided on, under the row's lock."""
    found: Any = session.execute(
        select(
            Proposal.state,
            Proposal.closes_at,
            Proposal.reply_due_on,
            Proposal.hidden_at,
            Proposal.threshold,
            Proposal.decision_days,
            Proposal.endorsement_count,
            Place,
        )
        .join(Place, Place.id == Proposal.place_id)
        .where(Proposal.id == proposal_id)
        .with_for_update(of=Proposal)
    ).one_or_none()
    if found is None:
        raise Refused(ProposalRefusal.UNKNOWN)
    return found, found.Place


def _change(session: Session, proposal_id: int, values: dict[str, Any]) -> None:
    session.execute(update(Proposal).where(Proposal.id == proposal_id).values(**values))


def close_missed_windows(session: Session, *, at: datetime) -> None:
    """Write down which windows ended below the threshold; each once, dated when it ended."""
    due = session.execute(
        select(Proposal.id, Proposal.closes_at, Proposal.endorsement_count)
        .where(Proposal.state == ProposalState.ENDORSING, Proposal.closes_at <= at)
        .order_by(Proposal.id)
        .with_for_update()
    ).all()
    for proposal_id, closes_at, count in due:
        assert closes_at is not None  # noqa: S101 - a check constraint holds it
        _change(session, proposal_id, {"state": ProposalState.EXPIRED})
        _note(session, proposal_id, Stage.ENDORSEMENT, TimelineCode.WINDOW_MISSED, closes_at)
        record(session, facts.WindowMissed(at=at, by=None, proposal_id=proposal_id, count=count))
    session.flush()


# ---------------------------------------------------------------- the department


def assign_department(
    session: Session, proposal: Proposal, department: Department, *, by: Standing, at: datetime
) -> Proposal:
    """Name the department that answers; naming the same again changes nothing.

    Raises Refused: NOT_CLERK, NOT_IN_REVIEW, UNKNOWN_DEPARTMENT.
    """
    _lock(session, proposal)
    place = session.get_one(Place, proposal.place_id)
    insist(policy.why_not_assign(by, proposal, place, department))
    if proposal.department_id == department.id:
        return proposal
    proposal.department_id = department.id
    _note(
        session,
        proposal.id,
        Stage.REVIEW,
        TimelineCode.DEPARTMENT_ASSIGNED,
        at,
        note=department.name,
    )
    session.flush()
    session.expire(proposal, ["department"])
    record(
        session,
        facts.DepartmentAssigned(
            at=at, by=by.person_id, proposal_id=proposal.id, department_id=department.id
        ),
    )
    return proposal


def reply_to_proposal(
    session: Session,
    proposal: Proposal,
    *,
    verdict: Verdict,
    reason: str,
    planned_on: date | None,
    by: Standing,
    at: datetime,
) -> Reply:
    """Answer a proposal for its department, once.

    Raises Refused: NO_DEPARTMENT, NOT_DEPARTMENT, ALREADY_REPLIED, NOT_IN_REVIEW, REASON_NEEDED,
    PLAN_NEEDED (채택 and 부분채택 carry the day they are planned for).
    """
    _lock(session, proposal)
    insist(
        policy.why_not_reply(by, proposal, verdict=verdict, reason=reason, planned_on=planned_on)
    )
    reply = Reply(
        proposal_id=proposal.id,
        verdict=verdict,
        department_id=proposal.department_id,
        reason=reason.strip(),
        planned_on=planned_on if verdict is not Verdict.REJECTED else None,
        by=by.person_id,
        at=at,
    )
    session.add(reply)
    proposal.state = ProposalState.REPLIED
    _note(session, proposal.id, Stage.REVIEW, TimelineCode.REPLIED, at)
    session.flush()
    session.expire(proposal, ["reply"])
    record(
        session,
        facts.ProposalReplied(at=at, by=by.person_id, proposal_id=proposal.id, verdict=verdict),
    )
    return reply


# ---------------------------------------------------------------- following, moderating


def follow(session: Session, proposal_id: int, *, by: Standing, at: datetime) -> None:
    """Want to hear what becomes of a proposal; wanting it twice is wanting it once.

    Raises Refused: UNKNOWN, SIGN_IN_NEEDED.
    """
    insist(policy.why_not_follow(by, rules.phase(_read(session, proposal_id), at)))
    insert_once(session, _FOLLOWS, proposal_id=proposal_id, person_id=by.person_id, at=at)


def unfollow(session: Session, proposal_id: int, *, by: Standing, at: datetime) -> None:
    """No longer want to hear of a proposal. Raises Refused: UNKNOWN, SIGN_IN_NEEDED."""
    insist(policy.why_not_follow(by, rules.phase(_read(session, proposal_id), at)))
    session.execute(
        delete(_FOLLOWS).where(
            _FOLLOWS.c.proposal_id == proposal_id, _FOLLOWS.c.person_id == by.person_id
        )
    )


def report_proposal(
    session: Session,
    proposal: Proposal,
    *,
    reason: HideReason,
    note: str,
    href: str,
    by: Standing,
    at: datetime,
) -> None:
    """Ask the moderators to look at a proposal; see moderation for the refusals."""
    moderation.report(
        session,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        place=proposal.place,
        container_id=proposal.id,
        reason=reason,
        note=note,
        href=href,
        by=by,
        at=at,
    )


def hide_proposal(
    session: Session,
    proposal: Proposal,
    *,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> None:
    """Show the reason in place of a published proposal; see moderation for the refusals."""
    _published_only(proposal)
    moderation.hide(
        session,
        proposal,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        place=session.get_one(Place, proposal.place_id),
        container_id=proposal.id,
        reason=reason,
        note=note,
        by=by,
        at=at,
    )
    _note(session, proposal.id, _stage_of(proposal), TimelineCode.HIDDEN, at, note=note.strip())


def restore_proposal(
    session: Session, proposal: Proposal, *, note: str, by: Standing, at: datetime
) -> None:
    """Show a hidden proposal again; see moderation for the refusals."""
    _published_only(proposal)
    moderation.restore(
        session,
        proposal,
        kind=SubjectKind.PROPOSAL,
        subject_id=proposal.id,
        place=session.get_one(Place, proposal.place_id),
        container_id=proposal.id,
        note=note,
        by=by,
        at=at,
    )
    _note(session, proposal.id, _stage_of(proposal), TimelineCode.RESTORED, at, note=note.strip())


def _published_only(proposal: Proposal) -> None:
    if proposal.state is ProposalState.DRAFT:
        raise Refused(ProposalRefusal.UNKNOWN)


def _stage_of(proposal: Proposal) -> Stage:
    """Return the stage a proposal has come to by itself."""
    if proposal.state in (ProposalState.REVIEW, ProposalState.REPLIED):
        return Stage.REVIEW
    if proposal.state in (ProposalState.ENDORSING, ProposalState.EXPIRED):
        return Stage.ENDORSEMENT
    return Stage.PROPOSAL


# ---------------------------------------------------------------- the timeline


def note_progress(
    session: Session,
    proposal_id: int,
    *,
    stage: Stage,
    code: TimelineCode,
    note: str = "",
    href: str = "",
    by: int | None,
    at: datetime,
) -> TimelineEntry:
    """Write what a later stage did onto a proposal's public timeline.

    Raises Refused UNKNOWN for a proposal that is not there or not published.
    """
    state = session.scalar(
        select(Proposal.state).where(Proposal.id == proposal_id).with_for_update()
    )
    if state in (None, ProposalState.DRAFT):
        raise Refused(ProposalRefusal.UNKNOWN)
    entry = _note(session, proposal_id, stage, code, at, note=note, href=href)
    session.flush()
    record(
        session,
        facts.ProposalAdvanced(at=at, by=by, proposal_id=proposal_id, stage=stage, code=code),
    )
    return entry


def _note(
    session: Session,
    proposal_id: int,
    stage: Stage,
    code: TimelineCode,
    at: datetime,
    *,
    note: str = "",
    href: str = "",
) -> TimelineEntry:
    entry = TimelineEntry(
        proposal_id=proposal_id, stage=stage, code=code, note=note, href=href, at=at
    )
    session.add(entry)
    return entry


def _lock(session: Session, proposal: Proposal) -> None:
    """Read a proposal again under its lock, so that the decision stands on what is true now."""
    session.execute(
        select(Proposal)
        .where(Proposal.id == proposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _read(session: Session, proposal_id: int) -> Row[*tuple[Any, ...]]:
    row: Row[*tuple[Any, ...]] | None = session.execute(
        select(Proposal.state, Proposal.closes_at, Proposal.reply_due_on).where(
            Proposal.id == proposal_id
        )
    ).one_or_none()
    if row is None:
        raise Refused(ProposalRefusal.UNKNOWN)
    return row
