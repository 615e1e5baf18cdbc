"""Commitments as residents see them: what was promised, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request, url_for

from app.assemblies.words import TRACKS
from app.commitments import queries, words
from app.commitments.queries import Filters, Status
from app.commitments.rules import total
from app.core.clock import seoul_day
from app.proposals.queries import life_line
from app.proposals.words import life_line as in_words
from app.residents.models import Role
from app.residents.sessions import visitor
from app.web.asking import asked_page
from app.web.audience import public
from app.web.database import now, session

if TYPE_CHECKING:
    from datetime import datetime

    from app.commitments.models import Commitment
    from app.commitments.rules import DongLine
    from app.proposals.words import StageView

blueprint = Blueprint("commitments", __name__)


@dataclass(frozen=True)
class Asked:
    """What the address narrows the list to; None leaves a side open."""

    year: int | None
    dong: DongLine | None
    status: Status | None

    def url(self, **changed: object) -> str:
        """Return the address of the list with some filters changed (None takes one off)."""
        asked: dict[str, Any] = {
            "year": self.year,
            "place": self.dong.slug if self.dong else None,
            "status": self.status.value if self.status else None,
        }
        asked |= changed
        return url_for("commitments.index", **{k: v for k, v in asked.items() if v is not None})


def _asked(years: dict[int, list[DongLine]]) -> Asked:
    """Read the filters of the address; what is not there is not found."""
    typed = request.args.get("year", "")
    year = next((one for one in years if str(one) == typed), None)
    if typed and typed != "all" and year is None:
        abort(404)
    if not typed:
        year = next(iter(years), None)
    slug = request.args.get("place", "")
    lines = [line for each in years.values() for line in each]
    dong = next((line for line in lines if line.slug == slug), None)
    status = request.args.get("status", "")
    if (slug and dong is None) or (status and status not in set(Status)):
        abort(404)
    return Asked(year, dong, Status(status) if status else None)


@blueprint.get("/commitments")
@public
def index() -> str:
    """Show what was promised and how far it has come, the newest year by default."""
    at = now()
    years = queries.tallies(session())
    asked = _asked(years)
    page = queries.listing(
        session(),
        Filters(asked.year, asked.dong.place_id if asked.dong else None, asked.status),
        number=asked_page(),
        at=at,
    )
    table = years.get(asked.year, []) if asked.year is not None else []
    counted = [
        line for year, lines in years.items() if asked.year in (None, year) for line in lines
    ]
    dongs = {line.place_id: line for lines in years.values() for line in lines}
    return render_template(
        "commitments/index.html",
        page=page,
        years=list(years),
        asked=asked,
        dongs=list(dongs.values()),
        statuses=list(Status),
        table=table,
        by_track={
            track: total(line.by_track[track] for line in table if track in line.by_track)
            for track in TRACKS
            if any(track in line.by_track for line in table)
        },
        tally=total(
            line.whole
            for line in counted
            if asked.dong is None or line.place_id == asked.dong.place_id
        ),
        all_tally=total(line.whole for line in table),
        at=at,
        today=seoul_day(at),
        track_names=TRACKS,
        words=words,
        nav_active="commitments",
    )


@blueprint.get("/commitments/<int:commitment_id>")
@public
def detail(commitment_id: int) -> str:
    """Show one commitment: who answers for it, its steps, and every report."""
    at, by = now(), visitor().standing
    commitment = queries.detail(session(), commitment_id)
    if commitment is None:
        abort(404)
    may_tend = by.speaks_for(commitment.department_id) or by.holds(Role.CLERK, commitment.place)
    return render_template(
        "commitments/detail.html",
        commitment=commitment,
        stages=_stages(commitment, at=at),
        may_tend=may_tend,
        at=at,
        today=seoul_day(at),
        track_names=TRACKS,
        words=words,
        nav_active="commitments",
    )


def _stages(commitment: Commitment, *, at: datetime) -> tuple[StageView, ...]:
    today = seoul_day(at)
    if commitment.proposal_id is not None:
        line = life_line(session(), commitment.proposal_id, at=at)
        if line is not None:
            return in_words(line, today=today)
    return words.own_life_line(commitment, today=today)
