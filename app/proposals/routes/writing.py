"""Write, preview, publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core.contacts import names_contact
from app.core.refusals import Refused
from app.proposals import actions, policy, queries, words
from app.proposals.forms import ProposalForm
from app.proposals.models import Proposal, ProposalState
from app.proposals.policy import ProposalRefusal
from app.residents.sessions import home_dong, our_places, visitor, who
from app.web.audience import signed_in
from app.web.converters import LARGEST_KEY
from app.web.database import now, session, write
from app.web.once import write_once
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.places.models import Place
from app.proposals.routes.shared import _me, _one, _own, _own_draft, _published, _sentence, routes


@routes.route("/proposals/new", endpoint="write", methods=["GET", "POST"])
@signed_in
def write_new() -> ResponseReturnValue:
    """Write a proposal; what is sent becomes a draft to look at before it is published."""
    form = _paper(_tried_before())
    if not _is_sent_well(form):
        return _write_page(form)
    with write_once(form) as (s, lead_to):
        draft = actions.draft_proposal(s, home=_home(s), by=who(s), at=now(), **_written(form))
        lead_to(_way_on(draft.id))
    return _after_writing(draft.id)


routes.add_url_rule(
    "/proposals/new", endpoint="write", view_func=write_new, methods=["GET", "POST"]
)


@routes.route("/proposals/<int:proposal_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(proposal_id: int) -> ResponseReturnValue:
    """Change a draft; of what is published already only the page is left to see."""
    draft = _own(proposal_id)
    if draft.state is not ProposalState.DRAFT:
        if request.method == "POST":
            raise Refused(ProposalRefusal.NOT_DRAFT)
        flash(_("이미 올린 제안이라 고칠 수 없습니다."), "info")
        return redirect(url_for("proposals.detail", proposal_id=proposal_id))
    form = _paper(draft)
    if not _is_sent_well(form):
        return _write_page(form, draft)
    with write() as s:
        actions.revise_draft(
            s, s.get_one(Proposal, proposal_id), by=who(s), at=now(), **_written(form)
        )
    return _after_writing(proposal_id)


def _is_sent_well(form: ProposalForm) -> bool:
    """Say whether a paper was sent with what it needs: all of it, or to be kept some words."""
    if not form.is_submitted():
        return False
    return form.validate_unfinished() if "draft" in request.form else form.validate()


def _tried_before() -> Proposal | None:
    """Return the visitor's own proposal that missed its threshold, to begin anew from its words."""
    asked = request.args.get("again", 0, type=int)
    found = queries.proposal(session(), asked) if 0 < asked <= LARGEST_KEY else None
    if found is None or not policy.may_try_again(visitor().standing, found, at=now()):
        return None
    return found


def _paper(begun: Proposal | None = None) -> ProposalForm:
    """Return the form, offering the places this person may publish for."""
    offered = _offered_places()
    form = ProposalForm(obj=begun) if begun else ProposalForm()
    if begun and request.method != "POST":
        form.place.data, form.field.data = begun.place.slug, begun.chosen_field or ""
    home = home_dong()
    form.offer(offered, default=home if home in offered else None)
    return form


def _offered_places() -> list[Place]:
    """Return the visitor's dongs and the district; all dongs to whom nobody has verified yet."""
    standing, places = visitor().standing, our_places()
    dongs = [place for place in places if not place.is_district]
    if standing.is_verified:
        dongs = [place for place in dongs if standing.belongs_to(place)]
    return dongs + [place for place in places if place.is_district]


def _written(form: ProposalForm) -> dict[str, Any]:
    return {
        "place": _place_written(form),
        "field": form.chosen_field,
        "title": form.title.data or "",
        "sense": form.sense.data or "",
        "body": form.body.data or "",
    }


def _place_written(form: ProposalForm) -> Place:
    """Return the place chosen; of a draft whose writer lives nowhere here yet, the district."""
    places = our_places()
    chosen = (place for place in places if place.slug == form.place.data)
    return next(chosen, None) or next(place for place in places if place.is_district)


def _home(s: Session) -> Place | None:
    """Return the dong shown beside the author's name: where they are verified, or live."""
    found = home_dong()
    return None if found is None else s.merge(found, load=False)


def _write_page(form: ProposalForm, draft: Proposal | None = None) -> tuple[str, int]:
    status = 422 if form.errors else 200
    return render_template(
        "proposals/write.html", form=form, draft=draft, standing=visitor().standing
    ), status


def _after_writing(proposal_id: int) -> ResponseReturnValue:
    if "draft" in request.form:
        flash(_("임시저장했습니다. 나만 볼 수 있습니다."), "success")
    return redirect(_way_on(proposal_id), 303)


def _way_on(proposal_id: int) -> str:
    if "draft" in request.form:
        return url_for("proposals.drafts")
    return url_for("proposals.preview", proposal_id=proposal_id)


@routes.get("/proposals/drafts")
@signed_in
def drafts() -> ResponseReturnValue:
    """Show what the visitor has begun to write."""
    return render_template(
        "proposals/drafts.html",
        drafts=queries.drafts_of(session(), _me()),
        is_unfinished=policy.is_unfinished,
        words=words,
    )


@routes.get("/proposals/<int:proposal_id>/preview")
@signed_in
def preview(proposal_id: int) -> ResponseReturnValue:
    """Show a draft as it will look, with similar proposals that stand already."""
    draft = _own(proposal_id)
    if draft.state is not ProposalState.DRAFT:
        return redirect(url_for("proposals.detail", proposal_id=proposal_id))
    if policy.is_unfinished(draft):
        return _missing_page(draft, 200)
    return _preview_page(draft)


def _missing_page(draft: Proposal, status: int) -> ResponseReturnValue:
    """Return the paper of an unfinished draft, with what it needs before anybody else sees it."""
    form = ProposalForm(
        MultiDict(
            {
                "title": draft.title,
                "sense": draft.sense,
                "body": draft.body,
                "place": draft.place.slug,
                "field": draft.chosen_field or "",
            }
        )
    )
    form.offer(_offered_places(), default=None)
    form.name_missing()
    page, _status = _write_page(form, draft)
    return page, status


def _preview_page(draft: Proposal, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    at = now()
    refusal = policy.why_not_publish(visitor().standing, draft, draft.place)
    return render_template(
        "proposals/preview.html",
        draft=draft,
        excuse=sentence or _sentence(refusal),
        terms=queries.terms_in_force(session(), draft.place, at=at),
        similar=queries.similar(session(), draft.title, but=draft.id, at=at),
        names_contact=names_contact(f"{draft.title}\n{draft.sense}\n{draft.body}"),
        words=words,
        at=at,
    ), status


@routes.post("/proposals/<int:proposal_id>/publish")
@signed_in
def publish(proposal_id: int) -> ResponseReturnValue:
    """Publish a draft; sent twice, the same page comes twice."""
    try:
        with write() as s:
            actions.publish_proposal(s, _one(s, proposal_id), by=who(s), at=now())
    except Refused as refused:
        status, sentence = sentence_of(current_app, refused)
        if refused.refusal is ProposalRefusal.NOT_AUTHOR:
            abort(404)
        if refused.refusal is ProposalRefusal.UNFINISHED:
            return _missing_page(_own_draft(proposal_id), status)
        return _preview_page(_own_draft(proposal_id), sentence, status)
    return redirect(url_for("proposals.done", proposal_id=proposal_id), 303)


@routes.post("/proposals/<int:proposal_id>/discard")
@signed_in
def discard(proposal_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _own_draft(proposal_id)
    with write() as s:
        actions.discard_draft(s, _one(s, proposal_id), by=who(s))
    flash(_("임시저장한 글을 지웠습니다."), "success")
    return redirect(url_for("proposals.drafts"), 303)


@routes.get("/proposals/<int:proposal_id>/published")
@signed_in
def done(proposal_id: int) -> ResponseReturnValue:
    """Show the author the receipt number and what comes next."""
    found = _published(proposal_id)
    if found is None or found.author_id != _me():
        abort(404)
    terms = queries.terms_in_force(session(), found.place, at=now())
    return render_template("proposals/done.html", proposal=found, terms=terms, phases=ProposalState)
