"""The rules of a place, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    flash,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _

from app.assemblies import actions, queries, words
from app.assemblies.desk.shared import _allowed, _refuse, blueprint, workers
from app.assemblies.forms import RulesPaper
from app.assemblies.models import QuorumKind
from app.assemblies.rules import (
    DEFAULT_RULES,
    Rules,
)
from app.core.refusals import Refused
from app.places.models import Place
from app.residents.models import Role
from app.residents.rules import AgeMode
from app.residents.sessions import our_places, visitor, who
from app.web.database import now, session, write

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/rules", methods=["GET", "POST"])
@workers
def rules() -> ResponseReturnValue:
    """Show every version of the rules; an operator sets a new one."""
    at, by, known = now(), visitor().standing, our_places()
    settable = _allowed(known, by, Role.OPERATOR)
    form = RulesPaper()
    form.offer(settable)
    status = 200
    if not form.is_submitted():
        _fill_rules(form, DEFAULT_RULES)
    elif not form.validate():
        status = 422
    else:
        chosen = next(place.id for place in settable if place.slug == form.place.data)
        try:
            with write() as writing:
                actions.set_assembly_rules(
                    writing,
                    writing.get_one(Place, chosen),
                    notice_days=form.notice_days.data,
                    quorum_kind=QuorumKind(form.quorum_kind.data),
                    quorum_value=form.quorum_value.data,
                    min_age=form.min_age.data,
                    age_mode=AgeMode(form.age_mode.data),
                    by=who(writing),
                    at=now(),
                )
        except Refused as refused:
            status = _refuse(form.quorum_value, refused)
        else:
            flash(_("새 규칙을 정했습니다. 이미 공고한 총회는 그대로입니다."), "success")
            return redirect(url_for("assemblies_desk.rules"), 303)
    history = queries.rules_history(session(), [place.id for place in known])
    return (
        render_template(
            "assemblies/desk_rules.html",
            form=form,
            may_set=bool(settable),
            history=[
                (place, [row for row in history if row.place_id == place.id]) for place in known
            ],
            rules_of=Rules.of,
            defaults=DEFAULT_RULES,
            at=at,
            words=words,
        ),
        status,
    )


def _fill_rules(form: RulesPaper, rules: Rules) -> None:
    form.notice_days.data, form.quorum_value.data = rules.notice_days, rules.quorum_value
    form.quorum_kind.data, form.age_mode.data = rules.quorum_kind.value, rules.age_mode.value
    form.min_age.data = rules.min_age
