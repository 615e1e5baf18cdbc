"""The forum's desk: opening topics, summing them up, answering for a department."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import seoul_day
from app.core.refusals import Refused, insist
from app.forum import actions, policy, queries, words
from app.forum.forms import NO_PROPOSAL, AnswerForm, ClaimForm, ConclusionForm, TopicForm
from app.forum.models import ClaimState, TopicKind
from app.forum.rules import phase_of
from app.forum.rules.turns import is_under_seen
from app.places.models import Department, Place
from app.places.queries import departments
from app.proposals.models import Proposal
from app.residents.models import Role
from app.residents.queries import places_held
from app.residents.sessions import visitor, who
from app.web.asking import asked_page
from app.web.audience import staff
from app.web.database import now, session, write
from app.web.once import write_once
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.forum.models import Claim, Topic
    from app.residents.rules import Standing
    from app.web.forms import Paper
    from app.web.house import Waiting

blueprint = Blueprint("forum_desk", __name__, url_prefix="/desk/forum")
USUAL_LENGTH = timedelta(days=20)
COMPARED = 100  # sentences that wait, each beside all others of the page


@blueprint.context_processor
def _names() -> dict[str, Any]:
    """Give the desk's templates the forum's words."""
    return {"words": words}


@blueprint.get("")
@staff("moderator", "clerk", "department")
def index() -> str:
    """List the topics one leads or answers, those that wait first."""
    by = visitor().standing
    places = places_held(session(), by, policy.LEADERS)
    page = queries.desk_topics(
        session(), {place.id for place in places}, by.departments, number=asked_page()
    )
    return render_template(
        "forum/desk_index.html",
        page=page,
        at=now(),
        phase_of=phase_of,
        leads=bool(places),
        may_moderate=lambda topic: policy.may_moderate(by, topic.place),
        may_answer=lambda topic: by.speaks_for(topic.department_id),
    )


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    return words.waiting(*queries.desk_load(reading, by, at=at))


@blueprint.route("/new", methods=["GET", "POST"])
@staff("moderator", "clerk")
def open_topic() -> ResponseReturnValue:
    """Open a topic, after looking at it once."""
    reading, by = session(), visitor().standing
    places = places_held(reading, by, policy.LEADERS)
    form = TopicForm()
    _offer(form, places)
    if not form.is_submitted():
        _suggest(form)
        return render_template("forum/desk_open.html", form=form, preview=False)
    form.follow(_departments_of(form))
    if not form.validate():
        return render_template("forum/desk_open.html", form=form, preview=False), 422
    if request.form.get("act") == "preview":
        return render_template("forum/desk_open.html", form=form, preview=True)
    from_proposal = form.kind.data == TopicKind.PROPOSAL
    try:
        with write_once(form) as (s, lead_to):
            topic = actions.open_topic(
                s,
                place=s.get_one(Place, form.place_id.data),
                kind=TopicKind(form.kind.data),
                proposal=s.get(Proposal, form.proposal_id.data) if from_proposal else None,
                department=s.get_one(Department, form.department_id.data),
                title=str(form.title.data),
                question=str(form.question.data),
                background=str(form.background.data),
                opens_at=form.opens_at,
                closes_at=form.closes_at,
                by=who(s),
                at=now(),
            )
            where = lead_to(url_for("forum.topic", topic_id=topic.id))
    except Refused as refused:
        status = _explain(form, refused)
        return render_template("forum/desk_open.html", form=form, preview=False), status
    flash(_("의제를 열었습니다."), "success")
    return redirect(where, 303)


def _offer(form: TopicForm, places: Sequence[Place]) -> None:
    """Fill in what can be chosen: places one leads, proposals there, departments."""
    reading = session()
    proposals = queries.candidate_proposals(reading, {place.id for place in places})
    form.offer(
        places={place.id: place.name for place in places},
        proposals={
            one.id: _("%(title)s (공감 %(count)s)", title=one.title, count=one.endorsement_count)
            for one in proposals
        },
        departments={
            one.id: one.name for one in (departments(reading, places[0]) if places else [])
        },
    )


def _departments_of(form: TopicForm) -> dict[int, int | None]:
    """Return which department the chosen proposal was assigned, by the proposal's id."""
    chosen = form.proposal_id.data
    proposal = session().get(Proposal, chosen) if chosen in form.offered_proposals else None
    return {} if proposal is None else {proposal.id: proposal.department_id}


def _suggest(form: TopicForm) -> None:
    """Begin the form with the proposal the address names, and with a usual period."""
    first = seoul_day(now()) + timedelta(days=1)
    form.opens_on.data, form.closes_on.data = first, first + USUAL_LENGTH
    asked = request.args.get("proposal", type=int)
    proposal = session().get(Proposal, asked) if asked in form.offered_proposals else None
    if proposal is None:
        form.proposal_id.data = NO_PROPOSAL
        return
    form.kind.data, form.proposal_id.data = TopicKind.PROPOSAL.value, proposal.id
    form.place_id.data, form.title.data = proposal.place_id, proposal.title
    if proposal.department_id is not None:
        form.department_id.data = proposal.department_id


@blueprint.route("/<int:topic_id>/conclude", methods=["GET", "POST"])
@staff("moderator", "clerk")
def conclude(topic_id: int) -> ResponseReturnValue:
    """Sum a topic up, once."""
    topic = _topic(topic_id)
    insist(policy.why_not_conclude(topic, visitor().standing, at=now()))
    form = ConclusionForm()
    status, preview = 200, False
    if form.is_submitted():
        if not form.validate():
            status = 422
        elif request.form.get("act") == "preview":
            preview = True
        else:
            with write() as s:
                actions.conclude_topic(
                    s, topic, conclusion=str(form.conclusion.data), by=who(s), at=now()
                )
            flash(_("결론을 알렸습니다. 이제 부서가 답변합니다."), "success")
            return redirect(url_for("forum.topic", topic_id=topic_id), 303)
    page = render_template("forum/desk_conclude.html", topic=topic, form=form, preview=preview)
    return page, status


@blueprint.route("/<int:topic_id>/answer", methods=["GET", "POST"])
@staff(Role.DEPARTMENT)
def answer(topic_id: int) -> ResponseReturnValue:
    """Give the department's answer, once."""
    topic = _topic(topic_id)
    insist(policy.why_not_answer(topic, visitor().standing, at=now()))
    form = AnswerForm()
    status, preview = 200, False
    if form.is_submitted():
        if not form.validate():
            status = 422
        elif request.form.get("act") == "preview":
            preview = True
        else:
            with write() as s:
                actions.answer_topic(s, topic, reply=str(form.reply.data), by=who(s), at=now())
            flash(_("답변을 올렸습니다. 이 의제는 여기서 끝납니다."), "success")
            return redirect(url_for("forum.topic", topic_id=topic_id), 303)
    page = render_template("forum/desk_answer.html", topic=topic, form=form, preview=preview)
    return page, status


def _topic(topic_id: int) -> Topic:
    found = queries.topic(session(), topic_id)
    if found is None:
        abort(404)
    return found


def _explain(form: Paper, refused: Refused) -> int:
    """Put the sentence of a refusal on the form; return the status it goes with."""
    status, sentence = sentence_of(current_app, refused)
    form.form_errors = [*form.form_errors, sentence]
    return status


# ---------------------------------------------------------------- sentences to weigh


@blueprint.get("/<int:topic_id>/claims")
@staff("moderator", "clerk")
def claims(topic_id: int) -> str:
    """List a topic's sentences, those that wait first, with what says nearly the same."""
    return _claims_page(_led_topic(topic_id), ClaimForm(None))


def _claims_page(topic: Topic, form: ClaimForm) -> str:
    found = queries.claims_for_desk(session(), topic.id)
    return render_template(
        "forum/desk_claims.html",
        topic=topic,
        claims=found,
        near=_near(found),
        form=form,
        is_under_seen=is_under_seen,
    )


def _near(claims: Sequence[Claim]) -> dict[int, list[tuple[str, int]]]:
    """Return what says nearly the same as each of the sentences that wait, the newest first."""
    waiting = [one.id for one in claims if one.state is ClaimState.WAITING][:COMPARED]
    if not waiting:
        return {}
    from app.forum.rules.likeness import alike

    texts = {one.id: one.text for one in claims}
    near = alike(texts, waiting)
    return {one: [(texts[key], score) for key, score in found] for one, found in near.items()}


@blueprint.post("/<int:topic_id>/claims")
@staff("moderator", "clerk")
def add_claim(topic_id: int) -> ResponseReturnValue:
    """Add a sentence of one's own to begin with; it is shown at once."""
    topic = _led_topic(topic_id)
    form = ClaimForm()
    if not form.validate():
        return _claims_page(topic, form), 422
    try:
        with write_once(form) as (s, lead_to):
            actions.add_claim(
                s, _led_topic(topic_id), text=str(form.text.data), by=who(s), at=now()
            )
            where = lead_to(url_for(".claims", topic_id=topic_id))
    except Refused as refused:
        status, sentence = sentence_of(current_app, refused)
        form.form_errors = [*form.form_errors, sentence]
        return _claims_page(_led_topic(topic_id), form), status
    flash(_("문장을 올렸습니다."), "success")
    return redirect(where, 303)


@blueprint.post("/<int:topic_id>/claims/<int:claim_id>")
@staff("moderator", "clerk")
def decide_claim(topic_id: int, claim_id: int) -> ResponseReturnValue:
    """Show a sentence to be weighed, or turn it down."""
    decision = request.form.get("state", "")
    if decision not in {ClaimState.SHOWN.value, ClaimState.REFUSED.value}:
        abort(400)
    _led_topic(topic_id)
    with write() as s:
        claim = queries.claim(s, topic_id, claim_id)
        if claim is None:
            abort(404)
        actions.decide_claim(s, claim.id, state=ClaimState(decision), by=who(s), at=now())
    flash(
        _("문장을 보이게 했습니다.")
        if decision == ClaimState.SHOWN
        else _("문장을 싣지 않기로 했습니다."),
        "success",
    )
    return redirect(url_for(".claims", topic_id=topic_id), 303)


@blueprint.post("/<int:topic_id>/claims/<int:claim_id>/mark")
@staff("moderator", "clerk")
def mark_claim(topic_id: int, claim_id: int) -> ResponseReturnValue:
    """Say whether a sentence is of oneself: such a one is weighed and draws nothing."""
    mark = request.form.get("of_oneself", "")
    if mark not in {"yes", "no"}:
        abort(400)
    is_of_oneself = mark == "yes"
    _led_topic(topic_id)
    with write() as s:
        claim = queries.claim(s, topic_id, claim_id)
        if claim is None:
            abort(404)
        actions.mark_claim(s, claim.id, is_of_oneself=is_of_oneself, by=who(s), at=now())
    flash(
        _("자기 소개 문장으로 표시했습니다. 지도를 그리는 데 쓰지 않습니다.")
        if is_of_oneself
        else _("생각을 담은 문장으로 되돌렸습니다. 지도를 그리는 데 씁니다."),
        "success",
    )
    return redirect(url_for(".claims", topic_id=topic_id, _anchor=f"claim-{claim_id}"), 303)


def _led_topic(topic_id: int) -> Topic:
    """Return a topic that the visitor leads; who leads another place's is refused."""
    topic = queries.topic(session(), topic_id)
    if topic is None:
        abort(404)
    insist(policy.why_not_moderate(visitor().standing, topic.place))
    return topic
