"""The residents' pages: the board, one proposal, writing, endorsing, following."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.core.plaintext import tidy
from app.core.refusals import InvalidText, Refused
from app.moderation import policy as moderating
from app.moderation.forms import HideForm, ReportForm, RestoreForm
from app.moderation.models import SubjectKind
from app.proposals import actions, policy, queries, rules, words
from app.proposals.forms import ProposalForm
from app.proposals.models import Field, Proposal, ProposalState
from app.proposals.policy import ProposalRefusal
from app.proposals.queries import Filters, Order
from app.proposals.rules import Phase
from app.residents.sessions import home_dong, visitor, who
from app.web.audience import public, signed_in
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.places.models import Place

routes = Blueprint("proposals", __name__)
WORDS_MOST = 60
BOARD_PHASES = (
    Phase.ENDORSING,
    Phase.REVIEW,
    Phase.OVERDUE,
    Phase.REPLIED,
    Phase.PRECHECK,
    Phase.EXPIRED,
)


# ---------------------------------------------------------------- the board


@routes.get("/proposals")
@public
def board() -> ResponseReturnValue:
    """Show the three default sections, or the list that the address asks for."""
    places = _places()
    home = home_dong()
    filters = _filters(places)
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= queries.LAST_PAGE:
        abort(404)
    at = now()
    shown: dict[str, Any] = {
        "places": places,
        "names": {place.id: place.name for place in places},
        "home": home,
        "filters": filters,
        "phases": BOARD_PHASES,
        "words": words,
        "at": at,
    }
    if filters.is_plain and "page" not in request.args and "all" not in request.args:
        return render_template(
            "proposals/board.html", sections=queries.sections(session(), home, at=at), **shown
        )
    page = queries.board(session(), filters, at=at, page=number)
    return render_template(
        "proposals/list.html",
        page=page,
        counted=words.total_words(page.total or 0, queries.COUNT_CAP),
        chips=_chips(filters),
        **shown,
    )


def _places() -> Sequence[Place]:
    return queries.places(session(), current_app.extensions["settings"].district)


def _filters(places: Sequence[Place]) -> Filters:
    """Return what the address asks for; what it cannot mean is left out."""
    dong = request.args.get("dong", "")
    return Filters(
        place=next((place for place in places if place.slug == dong), None),
        field=_one_of(Field, "field"),
        phase=_one_of(Phase, "state", but=Phase.DRAFT),
        words=searched_words(),
        order=_one_of(Order, "sort") or Order.NEWEST,
    )


def searched_words() -> str:
    """Return what to search for, tidied; what may not be stored is not looked for either."""
    try:
        return tidy(request.args.get("q", "")[:WORDS_MOST])
    except InvalidText:
        return ""


def _one_of(codes: type[StrEnum], name: str, *, but: StrEnum | None = None) -> Any:
    asked = request.args.get(name, "")
    return codes(asked) if asked in list(codes) and asked != but else None


def _chips(filters: Filters) -> list[tuple[str, str]]:
    """Return the chosen filters, each with the address without it."""
    chosen = []
    if filters.words:
        chosen.append((f"‘{filters.words}’", _board_without("q")))
    if filters.place is not None:
        chosen.append((filters.place.name, _board_without("dong")))
    if filters.field is not None:
        chosen.append((str(words.FIELDS[filters.field]), _board_without("field")))
    if filters.phase is not None:
        chosen.append((str(words.PHASES[filters.phase]), _board_without("state")))
    return chosen


def _board_without(name: str) -> str:
    kept = {k: v for k, v in request.args.items() if k not in (name, "page", "all") and v}
    return url_for("proposals.board", **kept, all=1)  # type: ignore[arg-type]


# ---------------------------------------------------------------- one proposal


@routes.get("/proposals/<int:proposal_id>")
@public
def detail(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal: where it stands, what it says, what was answered, the way it came."""
    found = _published(proposal_id)
    if found is None:
        return redirect(url_for("proposals.preview", proposal_id=proposal_id))
    return _detail_page(found)


def _detail_page(
    found: Proposal, *, status: int = 200, hide_form: HideForm | None = None
) -> ResponseReturnValue:
    at, person = now(), visitor()
    phase = rules.phase(found, at)
    entries = queries.timeline(session(), found.id)
    refusal = policy.why_not_endorse(person.standing, found.place, phase, is_hidden=found.is_hidden)
    may_moderate = (
        moderating.moderating_role(person.standing, found.place, SubjectKind.PROPOSAL) is not None
    )
    return render_template(
        "proposals/detail.html",
        proposal=found,
        phase=phase,
        line=words.life_line(queries.life_line_of(found, entries, at=at)),
        passages=words.timeline(entries),
        ties=queries.ties(session(), found.id, person.person_id),
        refusal=refusal,
        refusals=ProposalRefusal,
        excuse=_sentence(refusal),
        late=rules.days_overdue(found.reply_due_on, at) if found.reply_due_on else 0,
        may_moderate=may_moderate,
        works_here=policy.is_clerk(person.standing, found.place)
        or person.standing.speaks_for(found.department_id),
        hide_form=hide_form or (HideForm() if may_moderate else None),
        restore_form=RestoreForm() if may_moderate else None,
        words=words,
        at=at,
    ), status


def _sentence(refusal: ProposalRefusal | None) -> str:
    return "" if refusal is None else str(words.SENTENCES[refusal].text)


def _published(proposal_id: int) -> Proposal | None:
    """Return a published proposal; None for the visitor's own draft; 404 for anything else."""
    found = queries.proposal(session(), proposal_id)
    if found is None:
        abort(404)
    if found.state is not ProposalState.DRAFT:
        return found
    if found.author_id != visitor().person_id:
        abort(404)
    return None


# ---------------------------------------------------------------- writing


@routes.route("/proposals/new", endpoint="write", methods=["GET", "POST"])
@signed_in
def write_new() -> ResponseReturnValue:
    """Write a proposal; what is sent becomes a draft to look at before it is published."""
    form = _paper()
    if not form.validate_on_submit():
        return _write_page(form)
    with write() as s:
        draft = actions.draft_proposal(s, home=_home(s), by=who(s), at=now(), **_written(s, form))
    return _after_writing(draft.id)


routes.add_url_rule(
    "/proposals/new", endpoint="write", view_func=write_new, methods=["GET", "POST"]
)


@routes.route("/proposals/<int:proposal_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(proposal_id: int) -> ResponseReturnValue:
    """Change a draft."""
    draft = _own_draft(proposal_id)
    form = _paper(draft)
    if not form.validate_on_submit():
        return _write_page(form, draft)
    with write() as s:
        actions.revise_draft(
            s, s.get_one(Proposal, proposal_id), by=who(s), at=now(), **_written(s, form)
        )
    return _after_writing(proposal_id)


def _paper(draft: Proposal | None = None) -> ProposalForm:
    """Return the form, offering the places this person may publish for."""
    offered = _offered_places()
    form = ProposalForm(obj=draft) if draft else ProposalForm()
    if draft and request.method == "GET":
        form.place.data, form.field.data = draft.place.slug, draft.field.value
    home = home_dong()
    form.offer(offered, default=home if home in offered else offered[0])
    return form


def _offered_places() -> list[Place]:
    """Return the visitor's dongs and the district; all dongs to whom nobody has verified yet."""
    standing, places = visitor().standing, _places()
    dongs = [place for place in places if not place.is_district]
    if standing.is_verified:
        dongs = [place for place in dongs if standing.belongs_to(place)]
    return dongs + [place for place in places if place.is_district]


def _written(s: Session, form: ProposalForm) -> dict[str, Any]:
    offered = queries.places(s, current_app.extensions["settings"].district)
    return {
        "place": next(place for place in offered if place.slug == form.place.data),
        "field": form.chosen_field,
        "title": form.title.data,
        "sense": form.sense.data,
        "body": form.body.data,
    }


def _home(s: Session) -> Place | None:
    """Return the dong shown beside the author's name: where they are verified, or live."""
    found = home_dong()
    return None if found is None else s.merge(found, load=False)


def _write_page(form: ProposalForm, draft: Proposal | None = None) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return render_template(
        "proposals/write.html", form=form, draft=draft, standing=visitor().standing
    ), status


def _after_writing(proposal_id: int) -> ResponseReturnValue:
    if "draft" in request.form:
        flash(_("임시저장했습니다. 나만 볼 수 있습니다."), "success")
        return redirect(url_for("proposals.drafts"), 303)
    return redirect(url_for("proposals.preview", proposal_id=proposal_id), 303)


@routes.get("/proposals/drafts")
@signed_in
def drafts() -> ResponseReturnValue:
    """Show what the visitor has begun to write."""
    return render_template(
        "proposals/drafts.html",
        drafts=queries.drafts_of(session(), _me()),
        words=words,
    )


@routes.get("/proposals/<int:proposal_id>/preview")
@signed_in
def preview(proposal_id: int) -> ResponseReturnValue:
    """Show a draft as it will look, with similar proposals that stand already."""
    draft = queries.proposal(session(), proposal_id)
    if draft is not None and draft.author_id == _me() and draft.state is not ProposalState.DRAFT:
        return redirect(url_for("proposals.detail", proposal_id=proposal_id))
    return _preview_page(_own_draft(proposal_id))


def _preview_page(draft: Proposal, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    at = now()
    refusal = policy.why_not_publish(visitor().standing, draft, draft.place)
    return render_template(
        "proposals/preview.html",
        draft=draft,
        excuse=sentence or _sentence(refusal),
        terms=queries.terms_in_force(session(), draft.place, at=at),
        similar=queries.similar(session(), draft.title, but=draft.id, at=at),
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
        return _preview_page(_own_draft(proposal_id), sentence, status)
    return redirect(url_for("proposals.done", proposal_id=proposal_id), 303)


@routes.post("/proposals/<int:proposal_id>/discard")
@signed_in
def discard(proposal_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
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


def _me() -> int:
    person_id = visitor().person_id
    assert person_id is not None  # noqa: S101 - the route is for people signed in
    return person_id


def _own_draft(proposal_id: int) -> Proposal:
    draft = queries.proposal(session(), proposal_id)
    if draft is None or draft.author_id != _me():
        abort(404)
    if draft.state is not ProposalState.DRAFT:
        raise Refused(ProposalRefusal.NOT_DRAFT)
    return draft


def _one(s: Session, proposal_id: int) -> Proposal:
    """Return the proposal of an address, whoever looks; policy decides the rest."""
    found = s.get(Proposal, proposal_id)
    if found is None:
        raise Refused(ProposalRefusal.UNKNOWN)
    return found


# ---------------------------------------------------------------- endorsing, following


@routes.post("/proposals/<int:proposal_id>/endorse")
@signed_in
def endorse(proposal_id: int) -> ResponseReturnValue:
    """Endorse a proposal."""
    with write() as s:
        count = actions.endorse(s, proposal_id, by=who(s), at=now())
    flash(_("공감했습니다. 이제 %(count)s명입니다.", count=f"{count:,}"), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/withdraw")
@signed_in
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Take an endorsement back."""
    with write() as s:
        actions.withdraw_endorsement(s, proposal_id, by=who(s), at=now())
    flash(_("공감을 거두었습니다. 기간 안에는 다시 공감할 수 있습니다."), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/follow")
@signed_in
def follow(proposal_id: int) -> ResponseReturnValue:
    """Hear what becomes of a proposal."""
    with write() as s:
        actions.follow(s, proposal_id, by=who(s), at=now())
    flash(_("소식을 받습니다. 새로운 일이 생기면 알려 드립니다."), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/unfollow")
@signed_in
def unfollow(proposal_id: int) -> ResponseReturnValue:
    """No longer hear of a proposal."""
    with write() as s:
        actions.unfollow(s, proposal_id, by=who(s), at=now())
    flash(_("소식 받기를 그만두었습니다."), "success")
    return _back_to(proposal_id)


def _back_to(proposal_id: int) -> ResponseReturnValue:
    return redirect(url_for("proposals.detail", proposal_id=proposal_id), 303)


# ---------------------------------------------------------------- reporting, hiding


@routes.route("/proposals/<int:proposal_id>/report", methods=["GET", "POST"])
@signed_in
def report(proposal_id: int) -> ResponseReturnValue:
    """Ask the moderators to look at a proposal."""
    found = _published(proposal_id)
    if found is None:
        abort(404)
    form = ReportForm()
    if form.validate_on_submit():
        try:
            with write() as s:
                actions.report_proposal(
                    s,
                    _one(s, proposal_id),
                    reason=form.chosen,
                    note=form.note.data or "",
                    href=url_for("proposals.detail", proposal_id=proposal_id),
                    by=who(s),
                    at=now(),
                )
        except Refused as refused:
            status, sentence = sentence_of(current_app, refused)
            add_error(form.reason, sentence)
            return render_template("proposals/report.html", form=form, proposal=found), status
        flash(_("신고를 받았습니다. 담당자가 살펴봅니다."), "success")
        return _back_to(proposal_id)
    status = 422 if form.errors else 200
    return render_template("proposals/report.html", form=form, proposal=found), status


@routes.post("/proposals/<int:proposal_id>/hide")
@signed_in
def hide(proposal_id: int) -> ResponseReturnValue:
    """Show the reason in place of a proposal; for moderators of its place."""
    form = HideForm()
    if not form.validate_on_submit():
        return _moderated(proposal_id, form)
    with write() as s:
        actions.hide_proposal(
            s,
            _one(s, proposal_id),
            reason=form.chosen,
            note=form.note.data or "",
            by=who(s),
            at=now(),
        )
    flash(_("제안을 가렸습니다. 까닭은 공개 기록에 남습니다."), "success")
    return _back_to(proposal_id)


@routes.post("/proposals/<int:proposal_id>/restore")
@signed_in
def restore(proposal_id: int) -> ResponseReturnValue:
    """Show a hidden proposal again; for moderators of its place."""
    form = RestoreForm()
    if not form.validate_on_submit():
        return _moderated(proposal_id, None)
    with write() as s:
        actions.restore_proposal(
            s, _one(s, proposal_id), note=form.note.data or "", by=who(s), at=now()
        )
    flash(_("제안을 다시 보입니다."), "success")
    return _back_to(proposal_id)


def _moderated(proposal_id: int, form: HideForm | None) -> ResponseReturnValue:
    found = _published(proposal_id)
    if found is None:
        abort(404)
    return _detail_page(found, status=422, hide_form=form)
