"""The forum as residents see it: topics, both sides of each, and what one can say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import seoul_day
from app.core.refusals import Refused, insist
from app.forum import actions, policy, queries, rules, words
from app.forum.forms import (
    HideForm,
    OpinionForm,
    ReplyForm,
    ReportForm,
    RestoreForm,
    StanceForm,
)
from app.forum.models import SIDES, Opinion, OpinionReply, Stance
from app.forum.rules import phase_of
from app.moderation.models import HideReason
from app.places.models import Place
from app.proposals import queries as proposals
from app.proposals import words as proposal_words
from app.residents.sessions import home_dong, visitor, who
from app.web.asking import asked_key, asked_page
from app.web.audience import public, signed_in, staff
from app.web.database import now, session, write
from app.web.once import write_once
from app.web.redirects import local_path
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.forum.models import Topic
    from app.residents.rules import Standing
    from app.web.forms import Paper

blueprint = Blueprint("forum", __name__)
SEEN_TOGETHER = 3
SEEN_ALONE = 20


@blueprint.context_processor
def _names() -> dict[str, Any]:
    """Give the forum's templates its words."""
    return {"words": words}


# ---------------------------------------------------------------- reading


@blueprint.get("/forum")
@public
def topics() -> str:
    """List the topics: open ones first, then those to come, then what became of the others."""
    reading, at = session(), now()
    dong = home_dong()
    chosen = dong if request.args.get("place") == "mine" else None
    number = asked_page()
    current = queries.current_topics(reading, chosen, at=at)
    past = queries.past_topics(reading, chosen, at=at, number=number)
    return render_template(
        "forum/topics.html",
        open_topics=[one for one in current if one.opens_at <= at],
        upcoming=sorted(
            (one for one in current if one.opens_at > at), key=lambda one: one.opens_at
        ),
        past=past,
        phase_of=phase_of,
        at=at,
        dong=dong,
        chosen=chosen,
        may_open=any(grant.role in policy.LEADERS for grant in visitor().standing.grants),
        nav_active="forum",
    )


@blueprint.get("/forum/<int:topic_id>")
@public
def topic(topic_id: int) -> str:
    """Show one topic: the question, the background, both sides side by side, what came of it."""
    found = _topic(topic_id)
    at, by = now(), visitor().standing
    chosen = _chosen_side()
    before = asked_key("before") if chosen else None
    return render_template(
        "forum/topic.html",
        topic=found,
        phase=phase_of(found, at=at),
        way=words.way_of(found, at=at),
        life_line=_life_line(found, at=at),
        sides=queries.sides(
            session(),
            found.id,
            of=(chosen,) if chosen else SIDES,
            size=SEEN_ALONE if chosen else SEEN_TOGETHER,
            before=before,
            viewer=by.person_id,
        ),
        chosen=chosen,
        before=before,
        refusal=policy.why_not_speak(found, by, at=at),
        may_moderate=policy.may_moderate(by, found.place),
        may_answer=by.speaks_for(found.department_id),
        nav_active="forum",
    )


@blueprint.get("/forum/<int:topic_id>/opinions/<int:opinion_id>")
@public
def opinion(topic_id: int, opinion_id: int) -> str:
    """Show one opinion with all that was answered to it."""
    return _opinion_page(_topic(topic_id), opinion_id, ReplyForm(None))


def _opinion_page(found: Topic, opinion_id: int, form: ReplyForm) -> str:
    reading, at, by = session(), now(), visitor().standing
    one = queries.opinion_for_reader(reading, found.id, opinion_id, viewer=by.person_id)
    if one is None:
        abort(404)
    return render_template(
        "forum/opinion.html",
        topic=found,
        phase=phase_of(found, at=at),
        one=one,
        changes=queries.changes(reading, opinion_id) if one.shown.change else [],
        replies=queries.replies(reading, opinion_id, number=asked_page()),
        form=form,
        refusal=policy.why_not_speak(found, by, at=at),
        may_moderate=policy.may_moderate(by, found.place),
        nav_active="forum",
    )


# ---------------------------------------------------------------- speaking


@blueprint.route("/forum/<int:topic_id>/opinions/new", methods=["GET", "POST"])
@signed_in
def write_opinion(topic_id: int) -> ResponseReturnValue:
    """Write an opinion on a topic."""
    found = _topic(topic_id)
    insist(policy.why_not_speak(found, visitor().standing, at=now()))
    form = OpinionForm()
    if request.method != "POST":
        side = _chosen_side()
        form.stance.data = side.value if side else None
        form.quoted_id.data = request.args.get("quote", "")
        return _opinion_form(found, form)
    if not form.validate():
        return _opinion_form(found, form), 422
    try:
        with write_once(form) as (s, lead_to):
            by = who(s)
            written = actions.write_opinion(
                s,
                found,
                stance=Stance(form.stance.data),
                text=str(form.text.data),
                reason=str(form.reason.data),
                quoted_id=form.quoted,
                home=_home(s, by, found.place_id),
                by=by,
                at=now(),
            )
            side_url = url_for(".topic", topic_id=topic_id, side=written.stance.value)
            where = lead_to(f"{side_url}#opinion-{written.id}")
    except Refused as refused:
        status = _explain(form, refused)
        return _opinion_form(_topic(topic_id), form), status
    flash(_("의견을 남겼습니다. 이웃의 공감과 답글을 기다려 주세요."), "success")
    return redirect(where, 303)


def _opinion_form(found: Topic, form: OpinionForm) -> str:
    quoted = (
        queries.opinion_for_reader(session(), found.id, form.quoted, viewer=None)
        if form.quoted
        else None
    )
    return render_template(
        "forum/write.html", topic=found, form=form, quoted=quoted, nav_active="forum"
    )


@blueprint.post("/forum/<int:topic_id>/opinions/<int:opinion_id>/replies")
@signed_in
def answer_opinion(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Reply to an opinion."""
    found = _topic(topic_id)
    form = ReplyForm()
    if not form.validate():
        return _opinion_page(found, opinion_id, form), 422
    try:
        with write_once(form) as (s, lead_to):
            by = who(s)
            reply = actions.answer_opinion(
                s,
                _opinion(topic_id, opinion_id),
                text=str(form.text.data),
                home=_home(s, by, found.place_id),
                by=by,
                at=now(),
            )
            page = queries.page_of_reply(s, reply)
            page_url = url_for(".opinion", topic_id=topic_id, opinion_id=opinion_id, page=page)
            where = lead_to(f"{page_url}#reply-{reply.id}")
    except Refused as refused:
        status = _explain(form, refused)
        return _opinion_page(_topic(topic_id), opinion_id, form), status
    flash(_("답글을 남겼습니다."), "success")
    return redirect(where, 303)


@blueprint.post("/forum/<int:topic_id>/opinions/<int:opinion_id>/endorse")
@signed_in
def endorse(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Endorse an opinion."""
    with write() as s:
        opinion = _opinion(topic_id, opinion_id)
        actions.endorse_opinion(s, opinion.id, person_id=visitor().person_id or 0, at=now())
    return _back_to(topic_id, opinion_id)


@blueprint.post("/forum/<int:topic_id>/opinions/<int:opinion_id>/withdraw")
@signed_in
def withdraw(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Take an endorsement of an opinion back."""
    with write() as s:
        actions.withdraw_opinion_endorsement(
            s, _opinion(topic_id, opinion_id).id, by=who(s), at=now()
        )
    return _back_to(topic_id, opinion_id)


@blueprint.route("/forum/<int:topic_id>/opinions/<int:opinion_id>/stance", methods=["GET", "POST"])
@signed_in
def change_stance(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Change one's mind about one's own opinion, and say why."""
    found, own = _topic(topic_id), _opinion(topic_id, opinion_id)
    by = visitor().standing
    insist(policy.why_not_speak(found, by, at=now()))
    insist(policy.why_not_move(own, by))
    form = StanceForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as s:
                    actions.change_stance(
                        s,
                        _opinion(topic_id, opinion_id),
                        after=Stance(form.after.data),
                        why=str(form.why.data),
                        by=who(s),
                        at=now(),
                    )
            except Refused as refused:
                status = _explain(form, refused)
            else:
                flash(_("생각이 바뀐 까닭을 남겼습니다. 듣고 바꾸는 것도 공론입니다."), "success")
                return redirect(_opinion_url(topic_id, opinion_id), 303)
    page = render_template(
        "forum/stance.html",
        topic=found,
        opinion=own,
        form=form,
        nav_active="forum",
    )
    return page, status


# ---------------------------------------------------------------- keeping order


@blueprint.route("/forum/<int:topic_id>/opinions/<int:opinion_id>/report", methods=["GET", "POST"])
@signed_in
def report(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Ask a moderator to look at an opinion, or at a reply to it (?reply=…)."""
    form = ReportForm()

    def perform(s: Session, subject: Opinion | OpinionReply) -> None:
        actions.report_statement(
            s,
            subject,
            reason=HideReason(form.reason.data),
            note=form.note.data or "",
            by=who(s),
            at=now(),
        )

    done = _("신고를 받았습니다. 진행자가 살펴보겠습니다.")
    return _keep_order("report", _topic(topic_id), opinion_id, form, perform, done)


@blueprint.route("/forum/<int:topic_id>/opinions/<int:opinion_id>/hide", methods=["GET", "POST"])
@staff("moderator", "clerk")
def hide(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Hide an opinion, or a reply to it (?reply=…), with a reason everyone can read."""
    found = _topic(topic_id)
    insist(policy.why_not_moderate(visitor().standing, found.place))
    form = HideForm()

    def perform(s: Session, subject: Opinion | OpinionReply) -> None:
        actions.hide_statement(
            s,
            subject,
            reason=HideReason(form.reason.data),
            note=str(form.note.data),
            by=who(s),
            at=now(),
        )

    done = _("글을 가렸습니다. 까닭은 공개 장부에 남았습니다.")
    return _keep_order("hide", found, opinion_id, form, perform, done)


@blueprint.route("/forum/<int:topic_id>/opinions/<int:opinion_id>/restore", methods=["GET", "POST"])
@staff("moderator", "clerk")
def restore(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Show a hidden opinion, or a reply to it (?reply=…), again."""
    found = _topic(topic_id)
    insist(policy.why_not_moderate(visitor().standing, found.place))
    form = RestoreForm()

    def perform(s: Session, subject: Opinion | OpinionReply) -> None:
        actions.restore_statement(s, subject, note=str(form.note.data), by=who(s), at=now())

    done = _("글을 다시 보이게 했습니다.")
    return _keep_order("restore", found, opinion_id, form, perform, done)


def _keep_order(
    act: str,
    topic: Topic,
    opinion_id: int,
    form: Paper,
    perform: Callable[[Session, Opinion | OpinionReply], None],
    done: str,
) -> ResponseReturnValue:
    """Show the paper of an act of moderation, or perform it once the paper is in order."""
    topic_id, status = topic.id, 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with write() as s:
                    perform(s, _subject(topic_id, opinion_id))
            except Refused as refused:
                status = _explain(form, refused)
            else:
                flash(done, "success")
                return redirect(_opinion_url(topic_id, opinion_id), 303)
    page = render_template(
        "forum/moderate.html",
        act=act,
        topic=topic,
        subject=_subject(topic_id, opinion_id),
        opinion_id=opinion_id,
        form=form,
        nav_active="forum",
    )
    return page, status


# ---------------------------------------------------------------- within


def _topic(topic_id: int) -> Topic:
    found = queries.topic(session(), topic_id)
    if found is None:
        abort(404)
    return found


def _opinion(topic_id: int, opinion_id: int) -> Opinion:
    found = queries.opinion(session(), topic_id, opinion_id)
    if found is None:
        abort(404)
    return found


def _subject(topic_id: int, opinion_id: int) -> Opinion | OpinionReply:
    """Return what is to be reported or hidden: an opinion, or the reply that ?reply= names."""
    found = _opinion(topic_id, opinion_id)
    if "reply" not in request.args:
        return found
    reply_id = asked_key("reply")
    reply = queries.reply(session(), opinion_id, reply_id) if reply_id else None
    if reply is None:
        abort(404)
    return reply


def _life_line(found: Topic, *, at: datetime) -> Any:
    """Return the life line of the proposal a topic came from, None for a question."""
    if found.proposal_id is None:
        return None
    line = proposals.life_line(session(), found.proposal_id, at=at)
    return proposal_words.life_line(line, today=seoul_day(at)) if line else None


def _home(reading: Session, by: Standing, place_id: int) -> Place | None:
    dong_id = rules.dong_of(by, place_id)
    return reading.get(Place, dong_id) if dong_id is not None else None


def _chosen_side() -> Stance | None:
    """Return the side the address names; an unknown one is not found."""
    side = request.args.get("side")
    if not side:
        return None
    if side not in {stance.value for stance in Stance}:
        abort(404)
    return Stance(side)


def _explain(form: Paper, refused: Refused) -> int:
    """Put the sentence of a refusal on the form; return the status it goes with."""
    status, sentence = sentence_of(current_app, refused)
    form.form_errors = [*form.form_errors, sentence]
    return status


def _opinion_url(topic_id: int, opinion_id: int) -> str:
    return url_for(".opinion", topic_id=topic_id, opinion_id=opinion_id)


def _back_to(topic_id: int, opinion_id: int) -> ResponseReturnValue:
    """Send the reader back to where they pressed, at the same opinion."""
    default = _opinion_url(topic_id, opinion_id)
    back = local_path(request.form.get("back"), default).split("#", 1)[0]
    return redirect(f"{back}#opinion-{opinion_id}", 303)
