"""What several acts share: the facts about a ballot, who had a hand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.ballots.models import (
    Ballot,
    BallotEditor,
    Option,
)
from app.core.database import insert_once
from app.core.refusals import Until
from app.proposals import actions as proposals
from app.proposals.models import Stage, TimelineCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing


def hold_its_proposals(session: Session, ballot: Ballot) -> None:
    """Hold the proposals behind a held ballot's options, so that none is hidden meanwhile."""
    behind = select(Option.proposal_id).where(Option.ballot_id == ballot.id)
    proposals.hold_proposals(session, session.scalars(behind).all())
    session.expire(ballot, ["options"])


def about(ballot: Ballot, by: Standing, at: datetime) -> dict[str, Any]:
    """Return the fields that every fact about a ballot has."""
    return {
        "at": at,
        "by": by.person_id,
        "ballot_id": ballot.id,
        "assembly_id": ballot.assembly_id,
    }


def remember_editor(session: Session, ballot: Ballot, by: Standing) -> None:
    """Write down that someone had a hand in the paper."""
    insert_once(session, BallotEditor.__table__, ballot_id=ballot.id, person_id=by.person_id)


def note(
    session: Session,
    ballot: Ballot,
    codes: Mapping[Option, TimelineCode],
    by: Standing,
    at: datetime,
    *,
    page: str = "",
) -> None:
    """Write on the timelines of the proposals behind some options."""
    proposals.hold_proposals(session, [option.proposal_id for option in codes])
    for option, code in codes.items():
        if option.proposal_id is not None:
            proposals.note_progress(
                session,
                option.proposal_id,
                stage=Stage.ASSEMBLY,
                code=code,
                note=ballot.title,
                href=f"/ballots/{ballot.id}{page}",
                by=by.person_id,
                at=at,
            )


def key_path(keys: Path, ballot_id: int) -> Path:
    """Return where the secret half of a ballot's tally key is kept."""
    return keys / f"tally-{ballot_id}.key"


def hours(opens_at: datetime, closes_at: datetime) -> dict[str, datetime | Until]:
    """Return a window as details of a refusal."""
    return {"opens": opens_at, "closes": Until(closes_at)}
