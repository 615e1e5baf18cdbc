"""Reading the public ledger and the reports that wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, asc, desc, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.core.own_rows import OwnRows, looked_up
from app.core.paging import PAGE_SIZE, Page, page_of
from app.moderation.models import HideReason, ModerationAct, Report, SubjectKind
from app.moderation.policy import moderators_of
from app.places.models import Place
from app.places.queries import within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select
    from sqlalchemy.orm import Session

    from app.residents.models import Role
    from app.residents.rules import Standing

SUBJECTS_SHOWN = 100


@dataclass(frozen=True)
class LedgerLine:
    """One line of the ledger as the public reads it: no name, no hidden text."""

    act: str
    kind: SubjectKind
    reason: HideReason
    note: str
    role: Role
    place: str
    at: datetime


@dataclass(frozen=True)
class HiddenSubject:
    """What is hidden now: when, why and in whose trust it was."""

    kind: SubjectKind
    subject_id: int
    reason: HideReason
    note: str
    role: Role
    place: str
    at: datetime


@dataclass
class ReportedSubject:
    """What readers reported: waiting since the first of them did, or dismissed since a moment."""

    kind: SubjectKind
    subject_id: int
    place: Place
    since: datetime
    reasons: dict[HideReason, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many people reported it."""
        return sum(self.reasons.values())


def ledger(session: Session, *, kind: SubjectKind | None = None, page: int = 1) -> Page[LedgerLine]:
    """Return one page of the ledger, newest first."""
    statement = (
        select(
            ModerationAct.act,
            ModerationAct.subject_kind,
            ModerationAct.reason,
            ModerationAct.note,
            ModerationAct.by_role,
            Place.name,
            ModerationAct.at,
        )
        .join(Place, Place.id == ModerationAct.place_id)
        .order_by(ModerationAct.at.desc(), ModerationAct.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    if kind is not None:
        statement = statement.where(ModerationAct.subject_kind == kind)
    return page_of([LedgerLine(*row) for row in session.execute(statement)], number=page)


def open_reports(session: Session, by: Standing) -> Sequence[ReportedSubject]:
    """Return what this moderator may settle, longest waiting first, each with all its reports."""
    waits = Report.settled_at.is_(None)
    waiting = _reported(by, waits, since=func.min(Report.at))
    waiting = waiting.order_by("since", func.min(Report.id)).limit(SUBJECTS_SHOWN)
    return _with_reports(session, waiting, waits, asc("since"))


def dismissed_reports(session: Session, by: Standing, *, page: int = 1) -> Page[ReportedSubject]:
    """Return one page of what was reported and left standing, last dismissed first."""
    dismissed = (
        _reported(by, Report.is_dismissed, since=func.max(Report.settled_at))
        .order_by(desc("since"), func.max(Report.id).desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    rows = _with_reports(session, dismissed, Report.is_dismissed, desc("since"))
    return page_of(rows, number=page)


def _reported(by: Standing, such: ColumnExpressionArgument[bool], *, since: Any) -> Select[Any]:
    """Return the statement of the things of which someone who keeps order sees such reports."""
    return (
        select(Report.subject_kind, Report.subject_id, since.label("since"))
        .join(Place, Place.id == Report.place_id)
        .where(such, _kept(by, Report))
        .group_by(Report.subject_kind, Report.subject_id)
    )


def _with_reports(
    session: Session,
    things: Select[Any],
    such: ColumnExpressionArgument[bool],
    order: ColumnElement[Any],
) -> Sequence[ReportedSubject]:
    """Return things with all such reports of theirs."""
    listed = things.subquery()
    rows = session.execute(
        select(Report, Place, listed.c.since)
        .join(Place, Place.id == Report.place_id)
        .join(
            listed,
            and_(
                listed.c.subject_kind == Report.subject_kind,
                listed.c.subject_id == Report.subject_id,
            ),
        )
        .where(such)
        .order_by(order, Report.at, Report.id)
    )
    subjects: dict[tuple[SubjectKind, int], ReportedSubject] = {}
    for report, place, since in rows:
        key = (report.subject_kind, report.subject_id)
        subject = subjects.setdefault(key, ReportedSubject(*key, place=place, since=since))
        subject.reasons[report.reason] = subject.reasons.get(report.reason, 0) + 1
        if report.note:
            subject.notes.append(report.note)
    return list(subjects.values())


def open_report_count(session: Session, by: Standing) -> int:
    """Return of how many things reports wait for this moderator."""
    things = _reported(by, Report.settled_at.is_(None), since=func.min(Report.at)).subquery()
    return session.scalar(select(func.count()).select_from(things)) or 0


def hidden_now(session: Session, by: Standing, *, page: int = 1) -> Page[HiddenSubject]:
    """Return one page of what is hidden where someone keeps order, last hidden first."""
    later = aliased(ModerationAct)
    is_last = ~exists().where(
        later.subject_kind == ModerationAct.subject_kind,
        later.subject_id == ModerationAct.subject_id,
        later.id > ModerationAct.id,
    )
    rows = session.execute(
        select(
            ModerationAct.subject_kind,
            ModerationAct.subject_id,
            ModerationAct.reason,
            ModerationAct.note,
            ModerationAct.by_role,
            Place.name,
            ModerationAct.at,
        )
        .join(Place, Place.id == ModerationAct.place_id)
        .where(ModerationAct.act == "hide", is_last, _kept(by, ModerationAct))
        .order_by(ModerationAct.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    return page_of([HiddenSubject(*row) for row in rows], number=page)


def _kept(by: Standing, table: type[Report | ModerationAct]) -> ColumnElement[bool]:
    """Return the condition that a row is of a kind and from a place that someone moderates."""
    return or_(
        *(
            and_(table.subject_kind == kind, within(by.places_with(moderators_of(kind))))
            for kind in SubjectKind
        )
    )


def reported_place(session: Session, kind: SubjectKind, subject_id: int) -> Place | None:
    """Return the place of a thing that was reported, be it settled since."""
    return session.scalar(
        select(Place)
        .join(Report, Report.place_id == Place.id)
        .where(Report.subject_kind == kind, Report.subject_id == subject_id)
        .limit(1)
    )


# ------------------------------------------------------------------ what is one's own
OWN = {
    "reports": OwnRows(
        Report.person_id,
        {
            "at": Report.at,
            "id": Report.id,
            "place": looked_up(Place.name, Place.id == Report.place_id),
            "subject_kind": Report.subject_kind,
            "subject_id": Report.subject_id,
            "address": Report.href,
            "reason": Report.reason,
            "note": Report.note,
            "settled_at": Report.settled_at,
            "left_standing": Report.is_dismissed,
        },
    ),
    "moderation_acts": OwnRows(
        ModerationAct.by,
        {
            "at": ModerationAct.at,
            "id": ModerationAct.id,
            "place": looked_up(Place.name, Place.id == ModerationAct.place_id),
            "act": ModerationAct.act,
            "as": ModerationAct.by_role,
            "subject_kind": ModerationAct.subject_kind,
            "subject_id": ModerationAct.subject_id,
            "reason": ModerationAct.reason,
            "note": ModerationAct.note,
        },
    ),
}
