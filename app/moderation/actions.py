"""Hiding, showing again, reporting, settling, reopening; every hide is a line of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, func, or_, select, update

from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import Refused, insist
from app.moderation import facts, policy
from app.moderation.models import ModerationAct, Report
from app.moderation.policy import ModerationRefusal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnExpressionArgument
    from sqlalchemy.orm import Session

    from app.moderation.models import Hideable, HideReason, SubjectKind
    from app.places.models import Place
    from app.residents.rules import Standing

# What hiding something answers: also who had been told that nothing was wrong with it.
_OPEN_OR_LEFT = or_(Report.settled_at.is_(None), Report.is_dismissed)


def hide(
    session: Session,
    subject: Hideable,
    *,
    kind: SubjectKind,
    subject_id: int,
    place: Place,
    container_id: int,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> ModerationAct:
    """Show the reason in something's place, write it into the ledger, settle its reports.

    `container_id` is what the subject stands in (a topic, an assembly; a proposal is its own).
    Raises Refused: NOT_MODERATOR, ALREADY_HIDDEN, REASON_NEEDED.
    """
    session.refresh(subject, with_for_update={"of": type(subject)})
    insist(policy.why_not_hide(by, subject, place, kind, note))
    subject.hidden_at, subject.hidden_reason = at, reason
    settled_at = func.coalesce(Report.settled_at, at)
    _turn(session, kind, subject_id, _OPEN_OR_LEFT, settled_at=settled_at, is_dismissed=False)
    record(
        session,
        facts.ContentHidden(
            at=at,
            by=by.person_id,
            place_id=place.id,
            subject_kind=kind,
            moderated_id=subject_id,
            container_id=container_id,
            reason=reason,
        ),
    )
    return _line(session, "hide", kind, subject_id, place, reason, note, by, at)


def restore(
    session: Session,
    subject: Hideable,
    *,
    kind: SubjectKind,
    subject_id: int,
    place: Place,
    container_id: int,
    reason: HideReason | None = None,
    note: str,
    by: Standing,
    at: datetime,
) -> ModerationAct:
    """Show something again; the ledger keeps why it had been hidden and why it is back.

    Without `reason` the one it was hidden for is kept. Raises Refused: NOT_MODERATOR, NOT_HIDDEN,
    REASON_NEEDED.
    """
    session.refresh(subject, with_for_update={"of": type(subject)})
    insist(policy.why_not_restore(by, subject, place, kind, note))
    reason = reason or subject.hidden_reason
    assert reason is not None  # noqa: S101 - what is hidden has its reason
    subject.hidden_at = subject.hidden_reason = None
    record(
        session,
        facts.ContentRestored(
            at=at,
            by=by.person_id,
            place_id=place.id,
            subject_kind=kind,
            moderated_id=subject_id,
            container_id=container_id,
            reason=reason,
        ),
    )
    return _line(session, "restore", kind, subject_id, place, reason, note, by, at)


def _line(
    session: Session,
    act: str,
    kind: SubjectKind,
    subject_id: int,
    place: Place,
    reason: HideReason,
    note: str,
    by: Standing,
    at: datetime,
) -> ModerationAct:
    line = ModerationAct(
        subject_kind=kind,
        subject_id=subject_id,
        place_id=place.id,
        act=act,
        reason=reason,
        note=note.strip(),
        by=by.person_id,
        by_role=policy.moderating_role(by, place, kind),
        at=at,
    )
    session.add(line)
    session.flush()
    return line


def report(
    session: Session,
    *,
    kind: SubjectKind,
    subject_id: int,
    place: Place,
    container_id: int,
    reason: HideReason,
    note: str,
    href: str,
    by: Standing,
    at: datetime,
) -> None:
    """Ask the moderators of a place to look at something; once for each person and thing.

    Raises Refused: SIGN_IN_NEEDED, ALREADY_REPORTED.
    """
    insist(policy.why_not_report(by))
    is_new = insert_once(
        session,
        cast("Table", Report.__table__),
        subject_kind=kind,
        subject_id=subject_id,
        place_id=place.id,
        person_id=by.person_id,
        reason=reason,
        note=note.strip(),
        href=href,
        at=at,
    )
    if not is_new:
        raise Refused(ModerationRefusal.ALREADY_REPORTED)
    record(
        session,
        facts.ContentReported(
            at=at,
            by=by.person_id,
            place_id=place.id,
            subject_kind=kind,
            moderated_id=subject_id,
            container_id=container_id,
            reason=reason,
        ),
    )


def settle_reports(
    session: Session,
    *,
    kind: SubjectKind,
    subject_id: int,
    place: Place,
    by: Standing,
    at: datetime,
) -> int:
    """Lay the open reports on something aside without hiding it; return how many.

    Raises Refused: NOT_MODERATOR, NOTHING_TO_SETTLE.
    """
    insist(policy.why_not_settle(by, place, kind))
    count = _turn(
        session, kind, subject_id, Report.settled_at.is_(None), settled_at=at, is_dismissed=True
    )
    if not count:
        raise Refused(ModerationRefusal.NOTHING_TO_SETTLE)
    record(
        session,
        facts.ReportsSettled(
            at=at,
            by=by.person_id,
            place_id=place.id,
            subject_kind=kind,
            moderated_id=subject_id,
            count=count,
        ),
    )
    return count


def reopen_reports(
    session: Session,
    *,
    kind: SubjectKind,
    subject_id: int,
    place: Place,
    by: Standing,
    at: datetime,
) -> int:
    """Put dismissed reports on something back among what waits; return how many.

    They wait since they were made. Raises Refused: NOT_MODERATOR, NOTHING_TO_REOPEN.
    """
    insist(policy.why_not_settle(by, place, kind))
    count = _turn(
        session, kind, subject_id, Report.is_dismissed, settled_at=None, is_dismissed=False
    )
    if not count:
        raise Refused(ModerationRefusal.NOTHING_TO_REOPEN)
    record(
        session,
        facts.ReportsReopened(
            at=at,
            by=by.person_id,
            place_id=place.id,
            subject_kind=kind,
            moderated_id=subject_id,
            count=count,
        ),
    )
    return count


def _turn(
    session: Session,
    kind: SubjectKind,
    subject_id: int,
    which: ColumnExpressionArgument[bool],
    **values: Any,
) -> int:
    """Change those reports on something that are so once they are held; return how many."""
    ids = session.scalars(
        select(Report.id)
        .where(Report.subject_kind == kind, Report.subject_id == subject_id, which)
        .order_by(Report.id)
        .with_for_update()
    ).all()
    session.execute(update(Report).where(Report.id.in_(ids)).values(**values))
    return len(ids)
