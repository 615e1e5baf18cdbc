"""What several acts share: the facts about a ballot, who had a hand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.ballots import facts
from app.ballots.models import (
    Ballot,
    BallotEditor,
    BallotState,
    Option,
)
from app.core.bus import record
from app.core.database import insert_once
from app.core.refusals import Until
from app.proposals import actions as proposals
from app.proposals.models import Stage, TimelineCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.ballots.policy import Surroundings
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


def open_once(session: Session, ballot_id: int, *, by: int | None, at: datetime) -> None:
    """Open a held ballot if it is frozen and due; doing it twice is once.

    A job does so, or an officer, or whoever casts before either has come.
    """
    row = session.execute(
        update(Ballot)
        .where(Ballot.id == ballot_id, Ballot.state == BallotState.FROZEN, Ballot.opens_at <= at)
        .values(state=BallotState.OPEN, opened_at=at)
        .returning(Ballot.assembly_id)
    ).one_or_none()
    if row is None:
        return
    record(
        session,
        facts.BallotOpened(at=at, by=by, ballot_id=ballot_id, assembly_id=row.assembly_id),
    )


def key_path(keys: Path, ballot_id: int) -> Path:
    """Return where the secret half of a ballot's tally key is kept."""
    return keys / f"tally-{ballot_id}.key"


def freezing_details(ballot: Ballot, around: Surroundings) -> dict[str, object]:
    """Return what a refused freezing tells: the base date, and what is decided elsewhere."""
    return {"base": ballot.base_date, "titles": "’, ‘".join(around.decided_elsewhere)}


def hours(opens_at: datetime, closes_at: datetime) -> dict[str, datetime | Until]:
    """Return a window as details of a refusal."""
    return {"opens": opens_at, "closes": Until(closes_at)}
