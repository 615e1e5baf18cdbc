"""Correcting a name or birth date that a desk had misread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.refusals import Refused, insist
from app.residents import actions, forms, policy, queries
from app.residents.desk.people import asked_boxes, card, refused_fields
from app.residents.desk.shared import blueprint, for_registrars, person_or_404
from app.residents.models import Person
from app.residents.rules import Twin
from app.residents.sessions import visitor, who
from app.web.database import session, write
from app.web.limits import missed_seldom

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/residents/<int:person_id>/correct", methods=["GET", "POST"])
@for_registrars
@missed_seldom
def correct(person_id: int) -> ResponseReturnValue:
    """Write a verified person's name and birth date anew, as they stand on the identity card."""
    person = person_or_404(person_id)
    memberships = queries.memberships_of(session(), person_id)
    seen_by = [one.place for one in memberships if one.until is None]
    insist(policy.why_not_correct(visitor().standing, person_id, seen_by))
    form = forms.IdentityPaper()
    status, ask = 200, frozenset[str]()
    if form.validate_on_submit():
        try:
            with write() as s:
                found = s.get_one(Person, person_id)
                checked = form.twin.data is Twin.ANOTHER
                actions.correct_identity(
                    s, found, by=who(s), same_identity_checked=checked, **card(form)
                )
                name = found.masked_name
        except Refused as refused:
            status, ask = refused_fields(form, refused)
        else:
            flash(_("%(name)s 님의 이름과 생년월일을 신분증대로 적었습니다.", name=name), "success")
            return redirect(url_for(".person", person_id=person_id), 303)
    elif request.method == "POST":
        status, ask = 422, asked_boxes(form)
    page = render_template("residents/desk/correct.html", person=person, form=form, ask=ask)
    return page, status
