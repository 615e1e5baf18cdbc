"""What I did, who I am, what is kept of me, and leaving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.core.clock import SEOUL
from app.core.refusals import Refused
from app.places.models import Place
from app.residents import actions, forms, own, panels, queries, words
from app.residents.forms import refuse_at
from app.residents.models import Account, ConsentKind
from app.residents.policy import PersonRefusal
from app.residents.sessions import forget_signed_in
from app.web.audience import signed_in
from app.web.database import now, session, write
from app.web.limits import limiter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
from app.residents.routes.shared import _insist_on_passphrase, _me, blueprint


@blueprint.get("/me")
@signed_in
def me() -> str:
    """Show who I am here, what to do next, and what I did."""
    person = _me()
    reading = session()
    return render_template(
        "residents/me.html",
        person=person.person,
        memberships=queries.memberships_of(reading, person.person_id),
        home=reading.get(Place, person.home_place_id) if person.home_place_id else None,
        grants=queries.grants_of(reading, person.person_id, at=now()),
        panels=panels.panels_of(current_app, reading, person.person_id, now()),
        classes=words.CLASSES,
        roles=words.ROLES,
        today=now().astimezone(SEOUL).date(),
        nav_active="me",
    )


@blueprint.get("/me/settings")
@signed_in
def settings() -> str:
    """Show what is kept about me and what I can change."""
    person = _me()
    reading, account = session(), person.account
    return render_template(
        "residents/settings.html",
        person=account.person,
        contacts=[(contact, words.masked(contact)) for contact in account.contacts],
        home=reading.get(Place, person.home_place_id) if person.home_place_id else None,
        devices=queries.devices_of(reading, person.account_id, at=now()),
        this_device=queries.token_hash(person.token),
        consents=queries.consents_of(reading, person.person_id),
        words=words,
        required=actions.REQUIRED_CONSENTS | {ConsentKind.GUARDIAN},
        nav_active="me",
    )


@blueprint.post("/me/data")
@signed_in
@limiter.limit("20 per hour")
def own_data() -> ResponseReturnValue:
    """Hand me everything kept about me (개인정보 보호법 §35)."""
    everything = own.handed_over(current_app, session(), _me().person_id, at=now())
    body = json.dumps(everything, ensure_ascii=False, indent=2)
    return Response(
        body + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@blueprint.route("/me/leave", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def leave() -> ResponseReturnValue:
    """Close my account for good, after saying what that means."""
    form = forms.LeavePaper()
    status = 200
    if form.validate_on_submit():
        try:
            checked = _insist_on_passphrase(form.passphrase)
            with write() as s:
                account = s.get_one(Account, _me().account_id)
                actions.withdraw_person(s, account, checked=checked, at=now())
        except Refused as refused:
            status = refuse_at(form.passphrase, PersonRefusal(refused.refusal))
        else:
            forget_signed_in()
            flash(_("탈퇴했습니다. 이름, 생년월일, 연락처를 지웠습니다."), "success")
            return redirect(url_for("pages.home"), 303)
    elif request.method == "POST":
        status = 422
    mails = bool(current_app.extensions["settings"].smtp_url)
    return render_template("residents/leave.html", form=form, mails=mails, nav_active="me"), status
