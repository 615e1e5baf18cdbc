"""Endorsing, withdrawing, following; windows that close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import Refused, insist
from app.proposals import facts, policy, rules
from app.proposals.models import (
    Proposal,
    ProposalState,
    Stage,
    TimelineCode,
)
from app.proposals.policy import ProposalRefusal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.facts import PersonWithdrew
    from app.residents.rules import Standing
from app.proposals.actions.shared import (
    _ENDORSEMENTS,
    _FOLLOWS,
    _change,
    _lock_to_endorse,
    _note,
    _read,
)

_proposal: Any = Proposal.__table__
_COUNT = (
    update(_proposal)
    .where(_proposal.c.id == bindparam("proposal"))
    .values(endorsement_count=bindparam("count"))
)


def endorse(session: Session, proposal_id: int, *, person_id: int, at: datetime) -> int:
    """Add one person's endorsement (공감); return the new count.

    What the person is here is read with the proposal. The endorsement that meets the threshold
    begins the department's review, once. Raises Refused:
    UNKNOWN, NOT_VERIFIED, OTHER_DONG, NOT_OPEN_YET, WINDOW_CLOSED, REVIEW_BEGAN, HIDDEN,
    ALREADY_ENDORSED.
    """
    row, place, by = _lock_to_endorse(session, proposal_id, person_id, at)
    insist(
        policy.why_not_endorse(by, place, rules.phase(row, at), is_hidden=row.hidden_at is not None)
    )
    if not insert_once(
        session, _ENDORSEMENTS, proposal_id=proposal_id, person_id=by.person_id, at=at
    ):
        raise Refused(ProposalRefusal.ALREADY_ENDORSED)
    count = int(row.endorsement_count) + 1
    meets = count == row.threshold
    session.connection().execute(_COUNT, {"proposal": proposal_id, "count": count})
    if meets:
        _change(
            session,
            proposal_id,
            {
                "state": ProposalState.REVIEW,
                "review_began_at": at,
                "reply_due_on": rules.reply_due(at, row.decision_days),
            },
        )
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


def withdraw_endorsement(
    session: Session, proposal_id: int, *, person_id: int, at: datetime
) -> int:
    """Take one's endorsement back while the window is open; return the new count.

    Raises Refused: UNKNOWN, NOT_ENDORSED, WINDOW_CLOSED, REVIEW_BEGAN, HIDDEN.
    """
    row, _place, by = _lock_to_endorse(session, proposal_id, person_id, at)
    insist(policy.why_not_withdraw(by, rules.phase(row, at), is_hidden=row.hidden_at is not None))
    gone: Any = session.execute(
        delete(_ENDORSEMENTS).where(
            _ENDORSEMENTS.c.proposal_id == proposal_id, _ENDORSEMENTS.c.person_id == by.person_id
        )
    )
    if not gone.rowcount:
        raise Refused(ProposalRefusal.NOT_ENDORSED)
    count = int(row.endorsement_count) - 1
    session.connection().execute(_COUNT, {"proposal": proposal_id, "count": count})
    record(
        session,
        facts.EndorsementWithdrawn(at=at, by=by.person_id, proposal_id=proposal_id, count=count),
    )
    return count


def take_back_open(session: Session, left: PersonWithdrew) -> None:
    """Take back the endorsements of someone who leaves, where the window is still open.

    Else whoever leaves and is verified anew could endorse the same proposal twice. What has met
    its threshold or run out stands; what is hidden has not run out. The proposals are held in the
    order of their ids.
    """
    rows = session.execute(
        select(_proposal.c.id, _proposal.c.endorsement_count)
        .join(_ENDORSEMENTS, _ENDORSEMENTS.c.proposal_id == _proposal.c.id)
        .where(
            _ENDORSEMENTS.c.person_id == left.person_id,
            _proposal.c.state == ProposalState.ENDORSING,
            _proposal.c.closes_at > func.coalesce(_proposal.c.hidden_at, left.at),
        )
        .order_by(_proposal.c.id)
        .with_for_update(of=_proposal)
    ).all()
    for proposal_id, count in rows:
        session.execute(
            delete(_ENDORSEMENTS).where(
                _ENDORSEMENTS.c.proposal_id == proposal_id,
                _ENDORSEMENTS.c.person_id == left.person_id,
            )
        )
        session.connection().execute(_COUNT, {"proposal": proposal_id, "count": count - 1})
        record(
            session,
            facts.EndorsementWithdrawn(
                at=left.at, by=left.by, proposal_id=proposal_id, count=count - 1
            ),
        )


def close_missed_windows(session: Session, *, at: datetime) -> None:
    """Write down which windows ended below the threshold; each once, dated when it ended.

    A hidden proposal waits: shown again, it has the time back for which it was hidden.
    """
    due = session.execute(
        select(Proposal.id, Proposal.closes_at, Proposal.endorsement_count)
        .where(
            Proposal.state == ProposalState.ENDORSING,
            Proposal.closes_at <= at,
            Proposal.hidden_at.is_(None),
        )
        .order_by(Proposal.id)
        .with_for_update()
    ).all()
    for proposal_id, closes_at, count in due:
        assert closes_at is not None  # noqa: S101 - a check constraint holds it
        _change(session, proposal_id, {"state": ProposalState.EXPIRED})
        _note(session, proposal_id, Stage.ENDORSEMENT, TimelineCode.WINDOW_MISSED, closes_at)
        record(session, facts.WindowMissed(at=at, by=None, proposal_id=proposal_id, count=count))
    session.flush()


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
