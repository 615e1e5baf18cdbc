"""How rows are chained: what is hashed, and how a chain is checked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from app.core.vault import digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.audit.models import AuditRow

GENESIS = b"\0" * 32
ANCHORS = "district"
# What somebody does because it is their office. Any other act is a resident's: an endorsement, a
# report, a vote, whose numbers would tell who it was, since a proposal's page shows its author.
ACTS_OF_OFFICE = frozenset(
    {
        "AgendaItemAdded",
        "AgendaItemRemoved",
        "Announced",
        "AssemblyCalledOff",
        "AssemblyClosed",
        "AssemblyDiscarded",
        "AssemblyDrafted",
        "AssemblyNoticed",
        "AssemblyOpened",
        "AssemblyRevised",
        "AssemblyRulesSet",
        "BallotCertified",
        "BallotClosed",
        "BallotCounted",
        "BallotDiscarded",
        "BallotDrawn",
        "BallotFrozen",
        "BallotOpened",
        "ClaimDecided",
        "ClaimMarked",
        "CommitmentDelayed",
        "CommitmentKept",
        "CommitmentMade",
        "ContentHidden",
        "ContentRestored",
        "DepartmentAssigned",
        "EndorsementPolicySet",
        "MilestonesSet",
        "MinutesCorrected",
        "MinutesPublished",
        "MissedMilestoneMoved",
        "MissedMilestoneRemoved",
        "NoticeCorrected",
        "PaperChanged",
        "PrecheckFailed",
        "PrecheckPassed",
        "ProgressReported",
        "ProposalAdvanced",
        "ProposalReplied",
        "QuestionAnswered",
        "ReportsReopened",
        "ReportsSettled",
        "RunningOrderSet",
        "StageMoved",
        "TopicAnswered",
        "TopicConcluded",
        "TopicOpened",
    }
)
_CODE = re.compile(r"[a-z0-9_]{1,64}")


def canonical(details: dict[str, Any]) -> str:
    """Return details as JSON with sorted keys and no spaces, so that equal means equal bytes.

    Numbers, codes and lists of them only: anything else raises TypeError. What people typed is no
    code: a chain is never changed, so nothing personal may come into it.
    """
    _insist_on_codes(list(details.values()))
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _insist_on_codes(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, str) and not _CODE.fullmatch(value):
            message = "a chain carries numbers and codes, never text"
            raise TypeError(message)
        if isinstance(value, (list, tuple)):
            _insist_on_codes(value)


def row_digest(
    *,
    previous: bytes,
    chain: str,
    subject_id: int,
    seq: int,
    at: datetime,
    by: int | None,
    act: str,
    details: str,
    salt: bytes | None,
) -> bytes:
    """Return the digest of one row, which covers the digest of the row before it and its salt."""
    row = (previous, chain, subject_id, seq, at.isoformat(), by, act, details)
    if salt is None:
        return digest(b"madang/audit/v1", *row)
    return digest(b"madang/audit/v2", *row, salt)


def first_broken(rows: Iterable[AuditRow]) -> int | None:
    """Return the number of the first row of a chain that does not fit, None if all do."""
    previous, expected = GENESIS, 1
    for row in rows:
        whole = row_digest(
            previous=previous,
            chain=row.chain,
            subject_id=row.subject_id,
            seq=row.seq,
            at=row.at,
            by=row.by,
            act=row.act,
            details=row.details,
            salt=row.salt,
        )
        if row.seq != expected or row.previous != previous or row.digest != whole:
            return expected
        previous, expected = row.digest, expected + 1
    return None
