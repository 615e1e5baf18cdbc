"""Pages of ballots for residents: the list, the paper, the booth, the receipt, the result."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.assemblies.panels import Panel
from app.ballots import actions, policy, queries, rules, words
from app.ballots.forms import picked
from app.ballots.models import Ballot, Slot, SlotState
from app.ballots.policy import BallotRefusal
from app.ballots.rules.counting.formats import document
from app.core.refusals import Refused
from app.core.sheets import inert
from app.core.vault import sign, verify_key
from app.residents.rules import Standing
from app.residents.sessions import home_dong, visitor
from app.web.asking import asked_page
from app.web.audience import public, signed_in
from app.web.database import now, session, write
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly

bp = Blueprint("ballots", __name__)
BACK_TO_CHOOSING = (BallotRefusal.BROKEN_PAPER, BallotRefusal.FOREIGN_PAPER)


# ---------------------------------------------------------------- the list and the paper


@bp.get("/ballots")
@public
def index() -> ResponseReturnValue:
    """Show what is being voted on, what comes, and what came out."""
    here = home_dong()
    ours = request.args.get("place") == "ours" and here is not None
    ids = [here.id, here.parent_id or here.id] if ours and here is not None else None
    shelves = queries.shelves(session(), ids, number=asked_page(), at=now())
    person_id = visitor().person_id
    waiting = queries.to_cast(session(), person_id, at=now()) if person_id and shelves.open else ()
    return render_template(
        "ballots/index.html",
        shelves=shelves,
        waiting={ballot.id for ballot in waiting},
        here=here,
        ours=ours,
        states=words.STATES,
    )


@bp.get("/ballots/<int:ballot_id>")
@public
def detail(ballot_id: int) -> ResponseReturnValue:
    """Show one ballot: what is decided, who may vote, when, and whether I stand on the roll."""
    ballot = _public_or_404(ballot_id)
    slot = queries.slot_of(session(), ballot.id, visitor().person_id)
    return render_template(
        "ballots/detail.html",
        ballot=ballot,
        slot=slot,
        can_vote=_why_not(ballot, slot) is None,
        phase=policy.phase_of(ballot, at=now()),
        has_result=ballot.state in queries.HAS_RESULT,
        off_roll=words.off_roll(ballot, is_member=visitor().standing.belongs_to(ballot.place)),
        states=words.STATES,
        tracks=words.TRACKS,
        by_track=_by_track(ballot),
        moved=words.new_differences(ballot, queries.corrected_since(session(), ballot)),
        eligibility=words.eligibility(ballot),
        pick_rule=words.pick_rule(ballot.min_picks, ballot.max_picks),
    )


# ---------------------------------------------------------------- the booth


@bp.route("/ballots/<int:ballot_id>/booth", methods=["GET", "POST"])
@signed_in
def booth(ballot_id: int) -> ResponseReturnValue:
    """Show the paper to choose on; sent here from the review page it keeps what was chosen."""
    ballot = _public_or_404(ballot_id)
    slot = queries.slot_of(session(), ballot.id, visitor().person_id)
    refusal = _why_not(ballot, slot)
    if refusal is BallotRefusal.ALREADY_CAST and request.method != "POST":
        return redirect(url_for("ballots.receipt", ballot_id=ballot.id), 303)
    if refusal is not None:
        return _refused(ballot, Refused(refusal))
    return _choosing(ballot, _kept(ballot, slot) if request.method == "POST" else ())


@bp.get("/ballots/<int:ballot_id>/booth/review")
@bp.get("/ballots/<int:ballot_id>/booth/cast", endpoint="cast_again")
@signed_in
def back_to_booth(ballot_id: int) -> ResponseReturnValue:
    """Lead someone who opened the middle of the booth by its address to its beginning."""
    return redirect(url_for("ballots.booth", ballot_id=ballot_id), 303)


@bp.post("/ballots/<int:ballot_id>/booth/review")
@signed_in
def review(ballot_id: int) -> ResponseReturnValue:
    """Check the picks and show them in words, to be sealed or changed; nothing is stored."""
    place = queries.booth(session(), ballot_id, visitor().person_id)
    if place is None:
        abort(404)
    option_ids = picked(request.form.getlist("pick"))
    try:
        choice = actions.prepare_in(place, option_ids=option_ids, at=now())
    except Refused as refused:
        ballot = _public_or_404(ballot_id)
        status, sentence = sentence_of(current_app, refused)
        if status == 422:  # noqa: PLR2004 - the picks, which can be put right here
            return _choosing(ballot, option_ids, error=sentence), status
        return _refused(ballot, refused)
    chosen = choice.positions
    return render_template(
        "ballots/review.html",
        ballot=place.paper,
        options=[option for option in place.paper.options if option.position in chosen],
        hidden=place.hidden,
        state=rules.seal_choice(_review_key(), choice, at=now()),
        tracks=words.TRACKS,
    )


@bp.post("/ballots/<int:ballot_id>/booth/cast")
@signed_in
def cast(ballot_id: int) -> ResponseReturnValue:
    """Put the reviewed ballot into the urn; only a committed one leads to a receipt."""
    at = now()
    choice = rules.open_choice(_review_key(), request.form.get("state", ""), at=at)
    if choice is None:
        return _late(_public_or_404(ballot_id))
    try:
        with write() as writing:
            actions.cast_ballot(writing, ballot_id, choice=choice, by=_voter(), at=at)
    except Refused as refused:
        return _refused(_public_or_404(ballot_id), refused)
    return redirect(url_for("ballots.receipt", ballot_id=ballot_id), 303)


@bp.get("/ballots/<int:ballot_id>/receipt")
@signed_in
def receipt(ballot_id: int) -> ResponseReturnValue:
    """Show the voter's own receipt, again and again; never the choice."""
    ballot, proof, signature = _own_receipt(ballot_id)
    return render_template(
        "ballots/receipt.html", ballot=ballot, receipt=proof, signature=signature.hex()
    )


@bp.get("/ballots/<int:ballot_id>/receipt.txt")
@signed_in
def receipt_file(ballot_id: int) -> ResponseReturnValue:
    """Give the receipt as a text file to keep, with what a stranger needs to check it."""
    ballot, proof, signature = _own_receipt(ballot_id)
    text = words.receipt_text(
        ballot, proof, signature=signature, public=verify_key(_settings_key("signing_key"))
    )
    return _file(text, f"receipt-{proof.number[:9]}.txt", "text/plain")


# ---------------------------------------------------------------- the result


@bp.get("/ballots/<int:ballot_id>/result")
@public
def result(ballot_id: int) -> ResponseReturnValue:
    """Show the counted result; before the count there is nothing here but the ballot."""
    ballot = _public_or_404(ballot_id)
    figures = queries.result(ballot)
    if figures is None:
        return redirect(url_for("ballots.detail", ballot_id=ballot.id), 303)
    return render_template(
        "ballots/result.html",
        ballot=ballot,
        result=figures,
        verdict=words.verdict(figures),
        track_line=words.track_line,
        tie_line=words.tie_line,
        told=words.tell_result(ballot, figures),
        tracks=words.TRACKS,
        outcomes=words.OUTCOMES,
        states=words.STATES,
    )


@bp.get("/ballots/<int:ballot_id>/result.csv")
@public
def result_file(ballot_id: int) -> ResponseReturnValue:
    """Give the result as a table for a spreadsheet: UTF-8 with a mark, no formulas."""
    ballot, figures = _counted_or_404(ballot_id)
    out = io.StringIO()
    csv.writer(out).writerows(
        [inert(cell) for cell in row] for row in words.result_rows(ballot, figures)
    )
    return _file("\ufeff" + out.getvalue(), f"ballot-{ballot.id}-result.csv", "text/csv")


@bp.get("/ballots/<int:ballot_id>/result.json")
@public
def result_sums(ballot_id: int) -> ResponseReturnValue:
    """Give the sums as a file that `flask ballots count` counts again, anywhere."""
    ballot, figures = _counted_or_404(ballot_id)
    names = {track: str(name) for track, name in words.TRACKS.items()}
    sums = rules.sums_to_recount(ballot, figures.count.votes, names)
    return _file(document.write(sums), f"ballot-{ballot.id}-result.json", "application/json")


# ---------------------------------------------------------------- on the assembly's page


def panel(reading: Session, assembly: Assembly, at: datetime) -> Panel | None:
    """Say how an assembly's ballot stands, and lead to it or to its result."""
    ballot = queries.public_ballot_of(reading, assembly.id)
    if ballot is None:
        return None
    has_result = ballot.state in queries.HAS_RESULT
    endpoint = "ballots.result" if has_result else "ballots.detail"
    return Panel(
        _("이 총회의 투표"),
        words.how_it_stands(ballot, at=at),
        url_for(endpoint, ballot_id=ballot.id),
        _("투표 결과 보기") if has_result else _("투표 안내 보기"),
        is_quorate=ballot.is_quorate,
    )


# ---------------------------------------------------------------- what these pages share


def _counted_or_404(ballot_id: int) -> tuple[Ballot, queries.Result]:
    ballot = _public_or_404(ballot_id)
    figures = queries.result(ballot)
    if figures is None:
        abort(404)
    return ballot, figures


@dataclass(frozen=True)
class TrackOnPaper:
    """A track's part of the paper."""

    label: object
    seats: int
    options: Sequence[object]


def _by_track(ballot: Ballot) -> list[TrackOnPaper]:
    """Return the paper in parts; tracks and options keep the order of the paper."""
    seats = {one.track: one.seats for one in ballot.seats}
    order = dict.fromkeys(option.track for option in ballot.options)
    return [
        TrackOnPaper(
            words.TRACKS[track],
            seats.get(track, 0),
            [option for option in ballot.options if option.track is track],
        )
        for track in order
    ]


def _public_or_404(ballot_id: int) -> Ballot:
    ballot = queries.public_ballot(session(), ballot_id)
    if ballot is None:
        abort(404)
    return ballot


def _voter() -> Standing:
    """Return the voter; the frozen roll says what they may do, no role or membership does."""
    return Standing(visitor().person_id)


def _why_not(ballot: Ballot, slot: Slot | None) -> BallotRefusal | None:
    return policy.why_not_vote(
        ballot,
        ballot.state,
        on_roll=slot is not None,
        has_voted=slot is not None and slot.state is not SlotState.UNUSED,
        at=now(),
    )


def _kept(ballot: Ballot, slot: Slot | None) -> Sequence[int]:
    """Return the options chosen on the review page that was sent here, in time or late."""
    if slot is None or ballot.setup_hash is None:
        return ()
    positions = rules.picks_kept(
        _review_key(),
        request.form.get("state", ""),
        ballot_id=ballot.id,
        slot_id=slot.id,
        setup_hash=ballot.setup_hash,
    )
    ids = {option.position: option.id for option in ballot.options}
    return [ids[position] for position in positions if position in ids]


def _late(ballot: Ballot) -> ResponseReturnValue:
    """Lead a voter whose review came late back to choosing, with what they had chosen.

    Only while they may still vote: opened afterwards, it would show others what they cast.
    """
    slot = queries.slot_of(session(), ballot.id, visitor().person_id)
    refusal = _why_not(ballot, slot)
    chosen = _kept(ballot, slot) if refusal is None else ()
    if not chosen:
        return _refused(ballot, Refused(refusal or BallotRefusal.BROKEN_PAPER))
    status, sentence = sentence_of(current_app, Refused(BallotRefusal.STALE_PAPER))
    return _choosing(ballot, chosen, error=sentence, is_late=True), status


def _choosing(
    ballot: Ballot, chosen: Collection[int], *, error: str | None = None, is_late: bool = False
) -> str:
    return render_template(
        "ballots/booth.html",
        ballot=ballot,
        by_track=_by_track(ballot),
        chosen=set(chosen),
        error=error,
        is_late=is_late,
        pick_rule=words.pick_rule(ballot.min_picks, ballot.max_picks),
    )


def _refused(ballot: Ballot, refused: Refused) -> ResponseReturnValue:
    """Say why nothing was cast, and where to go from here; never with a receipt."""
    if refused.refusal is BallotRefusal.OUTSIDE_HOURS:
        hours = actions.hours(ballot.opens_at, ballot.ends_at)
        refused = Refused(BallotRefusal.OUTSIDE_HOURS, **hours)
    status, sentence = sentence_of(current_app, refused)
    page = render_template(
        "ballots/refused.html",
        ballot=ballot,
        sentence=sentence,
        has_voted=refused.refusal is BallotRefusal.ALREADY_CAST,
        again=refused.refusal in BACK_TO_CHOOSING,
        off_roll=refused.refusal is BallotRefusal.NOT_ON_ROLL,
        eligibility=words.eligibility(ballot),
    )
    return page, status


def _own_receipt(ballot_id: int) -> tuple[Ballot, rules.Receipt, bytes]:
    ballot = _public_or_404(ballot_id)
    person_id = visitor().person_id
    proof = queries.receipt_of(session(), ballot.id, person_id) if person_id is not None else None
    if proof is None:
        abort(404)
    return ballot, proof, sign(_settings_key("signing_key"), proof.message)


def _settings_key(name: str) -> bytes:
    key: bytes = getattr(current_app.extensions["settings"], name)
    return key


def _review_key() -> bytes:
    return rules.review_key(_settings_key("secret_key"))


def _file(text: str, name: str, kind: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
