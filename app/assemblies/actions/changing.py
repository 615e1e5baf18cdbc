"""What becomes of an assembly other than planned: its notice is corrected, or it is called off."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from app.assemblies import facts, policy, queries
from app.assemblies.actions.preparing import hold_agenda
from app.assemblies.models import Assembly, NoticeCorrection
from app.assemblies.policy import AssemblyRefusal
from app.assemblies.rules import earliest_day
from app.core.bus import record
from app.core.database import held
from app.core.plaintext import tidy
from app.core.refusals import Refused, insist
from app.core.vault import digest
from app.proposals.actions import note_progress
from app.proposals.models import Stage, TimelineCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def correct_notice(
    session: Session,
    assembly: Assembly,
    *,
    held_at: datetime,
    ends_at: datetime,
    venue: str,
    notice_text: str,
    reason: str,
    corrections_seen: int,
    by: Standing,
    at: datetime,
) -> NoticeCorrection:
    """Give a published notice other times, another place or text, with day and reason (정정 공고).

    What stood there stays beside it. Who may take part follows the day; the quorum, rules and
    agenda stand. `corrections_seen` is how many the writer knew of. Raises Refused NOT_CLERK,
    CALLED_OFF, NOT_AHEAD, SOME_CAME, NO_REASON, NOTICE_MOVED_MEANWHILE, ENDS_BEFORE_START,
    IN_THE_PAST, NOTICE_TOO_SHORT with `earliest` (the day) and `days`, NOTICE_STANDS_SO, or
    AGENDA_TAKEN_UP where its time had passed and its proposals came before another meanwhile.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_correct_notice(by, assembly))
    if len(queries.notice_corrections(session, assembly.id)) != corrections_seen:
        raise Refused(AssemblyRefusal.NOTICE_MOVED_MEANWHILE)
    hold_agenda(session, assembly)
    insist(
        policy.why_not_move(
            assembly,
            held_at=held_at,
            ends_at=ends_at,
            is_taken_up=assembly.held_at <= at and queries.is_taken_up(session, assembly, at=at),
            at=at,
        ),
        earliest=earliest_day(assembly, held_at, at=at),
        days=assembly.notice_days,
    )
    stood = (assembly.held_at, assembly.ends_at, assembly.venue, assembly.notice_text)
    if notice_text == tidy(assembly.notice_text, lines=True):
        notice_text = assembly.notice_text  # sent back as a form keeps it, it is the same text
    if stood == (held_at, ends_at, venue, notice_text):
        raise Refused(AssemblyRefusal.NOTICE_STANDS_SO)
    correction = NoticeCorrection(
        assembly_id=assembly.id,
        number=corrections_seen + 1,
        reason=_given(reason),
        held_before=assembly.held_at,
        ends_before=assembly.ends_at,
        venue_before=assembly.venue,
        text_before=assembly.notice_text,
        by=by.person_id,
        at=at,
    )
    session.add(correction)
    assembly.held_at, assembly.ends_at = held_at, ends_at
    assembly.venue, assembly.notice_text = venue, notice_text
    session.flush()
    record(
        session,
        facts.NoticeCorrected(
            at=at,
            by=by.person_id,
            assembly_id=assembly.id,
            number=correction.number,
            digest=_digest(*stood, held_at, ends_at, venue, notice_text, reason),
        ),
    )
    return correction


def call_off(
    session: Session, assembly: Assembly, *, reason: str, by: Standing, at: datetime
) -> Assembly:
    """Call an announced assembly off (취소), for good; its agenda is free for another.

    Proposals on the agenda are told. A domain above that builds on the assembly may refuse, as
    ballots do. Raises Refused NOT_CLERK, CALLED_OFF, NOT_AHEAD or NO_REASON.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_call_off(by, assembly))
    items = hold_agenda(session, assembly)
    assembly.called_off_at, assembly.called_off_because = at, _given(reason)
    session.flush()
    gone = facts.AssemblyCalledOff(
        at=at, by=by.person_id, assembly_id=assembly.id, digest=_digest(reason)
    )
    record(session, gone)
    for item in items:
        if item.proposal_id is not None:
            note_progress(
                session,
                item.proposal_id,
                stage=Stage.ASSEMBLY,
                code=TimelineCode.CALLED_OFF,
                note=assembly.title,
                href=f"/assemblies/{assembly.id}",
                by=by.person_id,
                at=at,
            )
    return assembly


def discard_assembly(session: Session, assembly: Assembly, *, by: Standing, at: datetime) -> None:
    """Throw a draft away: no page shows it any more, and its agenda is free for another.

    A domain above that builds on the draft may refuse, as ballots do. Raises Refused NOT_CLERK,
    NOT_DRAFT, or THROWN_AWAY when it is gone already.
    """
    assembly = held(session, Assembly, assembly.id)
    insist(policy.why_not_prepare(by, assembly))
    assembly.called_off_at, assembly.called_off_because = at, ""
    session.flush()
    record(session, facts.AssemblyDiscarded(at=at, by=by.person_id, assembly_id=assembly.id))


def _digest(*parts: datetime | str) -> str:
    """Return what the record holds of words and times that everybody reads."""
    said = [part if isinstance(part, str) else part.astimezone(UTC).isoformat() for part in parts]
    return digest(b"madang/notice/v1", *said).hex()


def _given(reason: str) -> str:
    """Return a reason that was given; refuse to tell everybody none."""
    if not reason.strip():
        raise Refused(AssemblyRefusal.NO_REASON)
    return reason
