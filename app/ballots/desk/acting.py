"""The acts that change what a ballot is, each asked for before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l

from app.assemblies.models import Assembly
from app.ballots import actions, policy, queries, words
from app.ballots.desk.shared import EVERYONE, bp, held_or_404, worked_on
from app.ballots.forms import AskForm, CloseEarlyForm
from app.ballots.models import Ballot, BallotState
from app.core.refusals import insist
from app.residents.sessions import visitor, who
from app.web.audience import staff
from app.web.database import now, session, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


@dataclass(frozen=True)
class Act:
    """One consequential act: what the button says, what is asked before, what is said after."""

    title: object
    button: object
    done: object
    run: Callable[..., Any]
    kind: str = "primary"


ACTS = {
    "freeze": Act(
        _l("투표용지와 투표인명부 확정"),
        _l("확정하기"),
        _l("투표용지와 투표인명부를 확정했습니다."),
        actions.freeze_ballot,
    ),
    "open": Act(
        _l("투표 시작"), _l("투표 시작하기"), _l("투표를 시작했습니다."), actions.open_ballot
    ),
    "close": Act(_l("투표 마감"), _l("마감하기"), _l("투표를 마감했습니다."), actions.close_ballot),
    "count": Act(_l("개표"), _l("개표하기"), _l("개표를 마쳤습니다."), actions.count_ballot),
    "certify": Act(
        _l("개표 결과 확정"),
        _l("결과 확정하기"),
        _l("개표 결과를 확정했습니다."),
        actions.certify_count,
    ),
    "discard": Act(
        _l("투표 초안 버리기"),
        _l("초안 버리기"),
        _l("투표 초안을 버렸습니다."),
        actions.discard_ballot,
        kind="danger",
    ),
}


@bp.route(
    "/<int:ballot_id>/<any(freeze, open, close, count, certify, discard):name>",
    methods=["GET", "POST"],
)
@staff(*EVERYONE)
def act(ballot_id: int, name: str) -> ResponseReturnValue:
    """Say exactly what an act will do; do it when that is confirmed."""
    found = queries.ballot_page(session(), ballot_id)
    if name == "discard" and found is None:
        return redirect(url_for("ballots_desk.index"), 303)  # a second click: it is gone already
    ballot, chosen = worked_on(found), ACTS[name]
    form = _paper(name, ballot)
    if not form.validate_on_submit():
        _insist_that_it_may(name, ballot)
        page = render_template(
            "ballots/desk/act.html",
            ballot=ballot,
            act=chosen,
            form=form,
            result=queries.result(ballot) if name == "certify" else None,
            words=words,
            warnings=_differences(ballot) if name == "freeze" else [],
            consequences=words.consequences(
                name, ballot, roll_count=_roll_count(name, ballot), at=now()
            ),
        )
        return page, 422 if form.errors else 200
    brought = _brought(name, ballot, form)
    with write() as writing:
        chosen.run(writing, held_or_404(writing, ballot_id), by=who(writing), at=now(), **brought)
    flash(str(chosen.done), "success")
    if name == "discard":
        return redirect(url_for("ballots_desk.index"), 303)
    return redirect(url_for("ballots_desk.show", ballot_id=ballot_id), 303)


def _insist_that_it_may(name: str, ballot: Ballot) -> None:
    """Refuse to ask for what would not be done; the act itself asks again, holding the ballot."""
    around = surroundings(ballot) if name == "freeze" else policy.NOTHING_AROUND
    insist(
        why_not_act(name, ballot, around),
        **actions.freezing_details(ballot, around),
        **actions.hours(ballot.opens_at, ballot.closes_at),
    )


def _paper(name: str, ballot: Ballot) -> AskForm:
    """Return what is to be filled in: for a vote that ends before its time, why."""
    is_early = name == "close" and ballot.state is BallotState.OPEN and now() < ballot.closes_at
    return CloseEarlyForm() if is_early else AskForm()


def _brought(name: str, ballot: Ballot, form: AskForm) -> dict[str, object]:
    """Return what an act needs beside the ballot; an urn is opened here, before the write."""
    keys = current_app.extensions["settings"].keys_path
    if name == "freeze":
        return {"keys": keys}
    if name == "count":
        by = visitor().standing
        return {"opened": actions.open_urn(session(), ballot, keys=keys, by=by)}
    if isinstance(form, CloseEarlyForm):
        return {"reason": form.reason.data or ""}
    return {}


def _differences(ballot: Ballot) -> list[str]:
    """Say what a ballot does otherwise than the notice of its assembly."""
    return words.differences(ballot, session().get(Assembly, ballot.assembly_id or 0))


def surroundings(ballot: Ballot) -> policy.Surroundings:
    """Return what may hinder a draft's freezing; nothing hinders what is frozen."""
    if ballot.state is not BallotState.DRAFT:
        return policy.NOTHING_AROUND
    return queries.surroundings_of(session(), ballot)


def why_not_act(
    name: str, ballot: Ballot, around: policy.Surroundings
) -> policy.BallotRefusal | None:
    """Say why the visitor may not do an act now, None if they may."""
    by, at = visitor().standing, now()
    checks: dict[str, Callable[[], policy.BallotRefusal | None]] = {
        "freeze": lambda: policy.why_not_freeze(by, ballot, around, at=at),
        "open": lambda: policy.why_not_open(by, ballot, at=at),
        "close": lambda: policy.why_not_close(by, ballot, at=at),
        "count": lambda: policy.why_not_count(by, ballot),
        "certify": lambda: policy.why_not_certify(
            by, ballot, editors=queries.editors(session(), ballot.id)
        ),
        "discard": lambda: policy.why_not_edit(by, ballot),
    }
    return checks[name]()


def _roll_count(name: str, ballot: Ballot) -> int:
    """Return how many stand, or would stand once it is frozen, on the roll."""
    return len(actions.roll_for(session(), ballot)) if name == "freeze" else ballot.roll_count
