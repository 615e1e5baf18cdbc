"""Helping whoever forgot their passphrase to a new one, which nobody but they will know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, render_template, request

from app.core.refusals import Refused, insist
from app.residents import actions, forms, queries
from app.residents.desk.shared import blueprint, dongs_of, for_readers, person_or_404
from app.residents.forms import refuse_at
from app.residents.models import Person
from app.residents.policy import PersonRefusal, why_not_help
from app.residents.sessions import visitor, who
from app.web.database import now, session, write
from app.web.limits import missed, missed_seldom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from app.places.models import Place
    from app.residents.models import Account


def why_no_help(
    person_id: int, account: Account | None, dongs: Sequence[Place]
) -> PersonRefusal | None:
    """Say why the visitor may not help a person of some dongs who forgot their passphrase."""
    if account is None:
        return PersonRefusal.NO_ACCOUNT
    powers = queries.powers_of(session(), person_id, at=now())
    return why_not_help(visitor().standing, person_id, dongs, powers)


@blueprint.route("/residents/<int:person_id>/passphrase", methods=["GET", "POST"])
@for_readers
@missed_seldom
def help_forgetful(person_id: int) -> ResponseReturnValue:
    """Give a person whose identity card was seen a code with which they set a new passphrase."""
    person = person_or_404(person_id)
    dongs = dongs_of(person)
    insist(why_no_help(person_id, queries.account_of(session(), person_id), dongs))
    form = forms.CardPaper()
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        assert form.born.day is not None  # noqa: S101 - the field has read it
        try:
            # Not made once: the code is shown on this page alone, and whoever sends the paper
            # again needs the code that opens, which is the newest.
            with write() as s:
                code = actions.help_forgetful(
                    s,
                    s.get_one(Person, person_id),
                    name=form.name.data or "",
                    born=form.born.day,
                    by=who(s),
                    at=now(),
                )
        except Refused as refused:
            status = refuse_at(form.name, PersonRefusal(refused.refusal))
            if refused.refusal is PersonRefusal.OTHER_CARD:
                missed()
                with write() as s:
                    actions.note_other_card(s, s.get_one(Person, person_id), by=who(s), at=now())
        else:
            return render_template(
                "residents/desk/code.html",
                person=person_or_404(person_id),
                code=code,
                until=now() + actions.CODE_LASTS,
                site=current_app.extensions["settings"].public_url,
            )
    return render_template("residents/desk/passphrase.html", person=person, form=form), status
