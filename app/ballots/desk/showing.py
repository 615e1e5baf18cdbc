"""The list of ballots, and one ballot with everything its staff can do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import lazy_gettext as _l

from app.ballots import policy, queries, words
from app.ballots.actions import freezing_details
from app.ballots.desk.acting import ACTS, surroundings, why_not_act
from app.ballots.desk.shared import DRAWERS, EVERYONE, WORKS, ballot_or_404, bp, held_places
from app.ballots.forms import OptionForm
from app.ballots.models import Ballot, BallotState
from app.places.queries import departments
from app.residents.sessions import visitor
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("")
@staff(*EVERYONE)
def index() -> ResponseReturnValue:
    """Show the ballots of the places somebody works for, what needs an act first."""
    page = queries.desk_ballots(session(), held_places(WORKS), number=asked_page())
    return render_template(
        "ballots/desk/index.html",
        page=page,
        tied=queries.with_ties(session(), [ballot.id for ballot in page.items]),
        states=words.STATES,
        may_draw=visitor().standing.holds_any(frozenset(DRAWERS)),
        next_act=_next_act,
    )


@bp.get("/<int:ballot_id>")
@staff(*EVERYONE)
def show(ballot_id: int) -> ResponseReturnValue:
    """Show one ballot with everything its staff can do next."""
    ballot = ballot_or_404(ballot_id)
    return show_page(ballot, OptionForm.empty(departments(session(), ballot.place)))


def _hindrance(ballot: Ballot, around: policy.Surroundings) -> str | None:
    """Say what keeps a draft from being frozen as it is, whoever may do it."""
    if ballot.state is not BallotState.DRAFT:
        return None
    found = (
        policy.why_roll_is_unknown(ballot, at=now())
        or policy.why_not_stand(ballot)
        or policy.why_not_among(around, at=now())
    )
    return words.SENTENCES[found].fill(freezing_details(ballot, around)) if found else None


def _next_act(ballot: Ballot, *, has_tie: bool) -> object:
    """Return what a ballot waits for, in words."""
    waits: dict[BallotState, object] = {
        BallotState.DRAFT: _l("투표용지와 투표인명부 확정"),
        BallotState.FROZEN: _l("시작 (때가 되면 저절로)"),
        BallotState.OPEN: _l("마감 (때가 되면 저절로)"),
        BallotState.CLOSED: _l("개표"),
        BallotState.COUNTED: _l("결과 확정"),
        BallotState.CERTIFIED: _l("동점을 총회에서 정하기") if has_tie else _l("없음"),
    }
    return waits[ballot.state]


def show_page(ballot: Ballot, form: OptionForm) -> str:
    """Return the page of one ballot, with the form for one more option."""
    result = queries.result(ballot)
    around = surroundings(ballot)
    possible = {
        name: act for name, act in ACTS.items() if why_not_act(name, ballot, around) is None
    }
    return render_template(
        "ballots/desk/show.html",
        ballot=ballot,
        form=form,
        acts={name: act for name, act in possible.items() if act.kind == "primary"},
        result=result,
        tie_line=words.tie_line(ballot) if result and result.tied else None,
        may_edit=policy.why_not_edit(visitor().standing, ballot) is None,
        hindrance=_hindrance(ballot, around),
        moved=words.new_differences(ballot, queries.corrected_since(session(), ballot)),
        latest_birth=words.latest_birth(ballot),
        states=words.STATES,
        tracks=words.TRACKS,
        outcomes=words.OUTCOMES,
        age_modes=words.AGE_MODES,
        quorum_kinds=words.QUORUM_KINDS,
        pick_rule=words.pick_rule(ballot.min_picks, ballot.max_picks),
        next_act=_next_act(ballot, has_tie=bool(result and result.tied)),
    )
