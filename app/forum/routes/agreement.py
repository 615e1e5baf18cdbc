"""The map of agreement for residents: weighing one sentence at a time, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.refusals import Refused, insist
from app.forum import actions, policy, queries, words
from app.forum.forms import ClaimForm
from app.forum.rules import phase_of
from app.forum.rules.gist import gist_of
from app.forum.rules.whereabouts import VOTES_TO_COUNT, own_place
from app.residents.sessions import visitor, who
from app.web.asking import asked_key, asked_page
from app.web.audience import public, signed_in
from app.web.database import now, session, write
from app.web.once import write_once
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.forum.models import AgreementMap, Claim, Topic
    from app.forum.policy import ForumRefusal
    from app.residents.rules import Standing

blueprint = Blueprint("agreement", __name__)
WEIGHTS = {"1": 1, "-1": -1, "0": 0}
DIVIDING, SHARED = 3, 5


@blueprint.context_processor
def _names() -> dict[str, Any]:
    """Give the templates the forum's words."""
    return {"words": words}


@blueprint.get("/forum/<int:topic_id>/weigh")
@public
def weigh(topic_id: int) -> str:
    """Show one sentence to weigh, the next in a fair order."""
    return _weigh_page(_topic(topic_id), ClaimForm(None))


def _weigh_page(topic: Topic, form: ClaimForm, again: Claim | None = None) -> str:
    """Return the page of the next sentence, or of one that is weighed again."""
    reading, at, by = session(), now(), visitor().standing
    refusal = _why_not_weigh(topic, by)
    done = queries.progress(reading, topic.id, by.person_id)
    claim, answer = again, None
    if again is not None:
        answer = queries.own_answer(reading, again.id, by.person_id)
    elif refusal is None and by.person_id is not None:
        claim = queries.next_claim(reading, topic.id, by.person_id, weighed=done.weighed)
    return render_template(
        "forum/weigh.html",
        topic=topic,
        phase=phase_of(topic, at=at),
        claim=claim,
        answer=answer,
        comes_from_list="list" in request.args,
        before=asked_key("after"),
        done=done,
        form=form,
        refusal=refusal,
        nav_active="forum",
    )


def _why_not_weigh(topic: Topic, by: Standing) -> ForumRefusal | None:
    """Say why someone weighs nothing here now: that a topic is over comes before who they are."""
    at = now()
    return policy.why_not_now(topic, at=at) or policy.why_not_speak(topic, by, at=at)


@blueprint.route("/forum/<int:topic_id>/claims/<int:claim_id>/weigh", methods=["GET", "POST"])
@signed_in
def weigh_claim(topic_id: int, claim_id: int) -> ResponseReturnValue:
    """Weigh a sentence and go on to the next; a second time replaces the first.

    Asked for, the sentence is shown again with the answer it has.
    """
    if request.method != "POST":
        topic = _topic(topic_id)
        claim = queries.claim(session(), topic_id, claim_id)
        insist(_why_not_weigh(topic, visitor().standing) or policy.why_not_weigh(topic, claim))
        return _weigh_page(topic, ClaimForm(None), claim)
    value = WEIGHTS.get(request.form.get("value", ""))
    if value is None:
        abort(400)
    with write() as s:
        found = queries.topic_alone(s, topic_id)
        if found is None:
            abort(404)
        person_id = visitor().person_id or 0
        actions.weigh_claim(s, found, claim_id, value=value, person_id=person_id, at=now())
    if "again" in request.form:
        flash(_("답을 고쳤습니다."), "success")
    if request.form.get("again") == "list":
        return redirect(url_for(".weighed", topic_id=topic_id, _anchor=f"claim-{claim_id}"), 303)
    # The next sentence has the focus, so that keys and screen readers go on from it.
    return redirect(url_for(".weigh", topic_id=topic_id, after=claim_id, _anchor="claim"), 303)


@blueprint.get("/forum/<int:topic_id>/weighed")
@signed_in
def weighed(topic_id: int) -> str:
    """Show the visitor what they have weighed so far, each with the way to change it."""
    topic, by = _topic(topic_id), visitor().standing
    return render_template(
        "forum/weighed.html",
        topic=topic,
        answers=queries.own_answers(session(), topic_id, by.person_id, number=asked_page()),
        refusal=_why_not_weigh(topic, by),
        nav_active="forum",
    )


@blueprint.post("/forum/<int:topic_id>/claims")
@signed_in
def add_claim(topic_id: int) -> ResponseReturnValue:
    """Add a sentence; a moderator looks at it before others weigh it."""
    form = ClaimForm()
    if not form.validate():
        return _weigh_page(_topic(topic_id), form), 422
    try:
        with write_once(form) as (s, lead_to):
            topic = _topic(topic_id)
            actions.add_claim(s, topic, text=str(form.text.data), by=who(s), at=now())
            where = lead_to(url_for(".weigh", topic_id=topic_id))
    except Refused as refused:
        status, sentence = sentence_of(current_app, refused)
        form.form_errors = [*form.form_errors, sentence]
        return _weigh_page(_topic(topic_id), form), status
    flash(_("문장을 받았습니다. 진행자가 확인하면 이웃들이 생각을 표시합니다."), "success")
    return redirect(where, 303)


@blueprint.get("/forum/<int:topic_id>/map")
@public
def show_map(topic_id: int) -> str:
    """Show the map: which groups there are, where all agree, where they part, who is missing."""
    topic = _topic(topic_id)
    reading, by = session(), visitor().standing
    drawn = queries.agreement_map(reading, topic_id)
    return render_template(
        "forum/map.html",
        topic=topic,
        phase=phase_of(topic, at=now()),
        drawn=drawn,
        texts=_texts(drawn),
        me=_own_place(topic_id, drawn, by),
        dividing=DIVIDING,
        shared=SHARED,
        votes_to_count=VOTES_TO_COUNT,
        nav_active="forum",
    )


@blueprint.get("/forum/<int:topic_id>/gist")
@public
def gist(topic_id: int) -> str:
    """Show the sentences that together say most of what was said, each linked to its source."""
    topic = _topic(topic_id)
    opinions = queries.gist_material(session(), topic_id)
    return render_template(
        "forum/gist.html",
        topic=topic,
        sentences=gist_of(
            tuple((one.id, one.stance, one.text, one.endorsement_count) for one in opinions)
        ),
        read=len(opinions),
        nav_active="forum",
    )


def _texts(drawn: AgreementMap | None) -> dict[str, str]:
    """Return the words of the sentences that a map speaks of, by id as text."""
    if drawn is None:
        return {}
    picture = drawn.picture
    spoken = [one["claim"] for one in [*picture["consensus"], *picture["divisive"]]]
    spoken += [one["claim"] for group in picture["groups"] for one in group["stands_for"]]
    ids = sorted({int(one) for one in spoken})
    texts = queries.claim_texts(session(), ids)
    return {str(key): texts.get(key) or _("진행자가 내린 문장") for key in ids}


def _own_place(
    topic_id: int, drawn: AgreementMap | None, by: Standing
) -> tuple[float, float, int] | None:
    """Return the visitor's own place on the map, shown to nobody else."""
    if drawn is None or by.person_id is None:
        return None
    return own_place(queries.own_weighings(session(), topic_id, by.person_id), drawn.memory)


def _topic(topic_id: int) -> Topic:
    found = queries.topic(session(), topic_id)
    if found is None:
        abort(404)
    return found
