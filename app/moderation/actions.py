"""Hiding, showing again, reporting and settling; every hide is a line of the public ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, update

from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import Refused, insist
from app.moderation import facts, policy
from app.moderation.models import ModerationAct, Report
from app.moderation.policy import ModerationRefusal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.moderation.models import Hideable, HideReason, SubjectKind
    from app.places.models import Place
    from app.residents.rules import Standing


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
    _settle(session, kind, subject_id, at=at)
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
    count = _settle(session, kind, subject_id, at=at)
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


def _settle(session: Session, kind: SubjectKind, subject_id: int, *, at: datetime) -> int:
    result: Any = session.execute(
        update(Report)
        .where(
            Report.subject_kind == kind,
            Report.subject_id == subject_id,
            Report.settled_at.is_(None),
        )
        .values(settled_at=at)
    )
    return int(result.rowcount)
