"""Entrusting people with roles, and taking them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.refusals import Refused, insist
from app.places.models import Place
from app.places.queries import department_named, departments, place_by_slug
from app.residents import actions, forms, policy, queries, words
from app.residents.desk.shared import (
    blueprint,
    dongs_of,
    for_operators,
    is_far,
    note_refused,
    person_or_404,
)
from app.residents.forms import refuse_at
from app.residents.models import LookPurpose, Person, Role, RoleGrant
from app.residents.policy import PersonRefusal
from app.residents.sessions import our_places, visitor, who
from app.web.asking import asked_page
from app.web.database import now, session, write
from app.web.limits import missed, missed_seldom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from app.places.models import Department


def _roles_page(
    *,
    find: forms.PersonByAddressPaper | None = None,
    grant: forms.GrantPaper | None = None,
    person: Person | None = None,
) -> str:
    places = queries.places_held(session(), visitor().standing, frozenset({Role.OPERATOR}))
    if person is not None and grant is None:
        grant = forms.GrantPaper(formdata=None)
        _offer(grant, places)
    return render_template(
        "residents/desk/roles.html",
        find=find or forms.PersonByAddressPaper(formdata=None),
        grant=grant,
        person=person,
        held=queries.grants_of(session(), person.id, at=now()) if person else [],
        page=queries.grants_in_force(session(), places, at=now(), number=asked_page()),
        words=words,
        my_id=visitor().person_id,
    )


def _offer(form: forms.GrantPaper, places: Sequence[Place]) -> None:
    here = next(iter(our_places()), None)
    form.offer(places, departments(session(), here) if here is not None else [])


@blueprint.get("/roles")
@for_operators
def roles() -> str:
    """Show who is entrusted with what, and begin to entrust someone."""
    return _roles_page()


@blueprint.post("/roles/person")
@for_operators
@missed_seldom
def whom() -> ResponseReturnValue:
    """Find by exact address whom to entrust."""
    form = forms.PersonByAddressPaper()
    if not form.validate_on_submit():
        return _roles_page(find=form), 422
    _kind, address = actions.normal_address(form.address.data or "")
    account = queries.account_by_contact(session(), address)
    if account is None:
        missed()
        status = refuse_at(form.address, PersonRefusal.UNKNOWN_PERSON)
        return _roles_page(find=form), status
    if is_far(dongs_of(account.person)):
        note_refused([account.person_id], LookPurpose.ROLE)
        status = refuse_at(form.address, PersonRefusal.OTHER_DONG)
        return _roles_page(find=form), status
    return _roles_page(find=form, person=account.person)


@blueprint.post("/roles/<int:person_id>")
@for_operators
@missed_seldom
def grant(person_id: int) -> ResponseReturnValue:
    """Entrust someone with a role, after asking once more who, what and where."""
    person = person_or_404(person_id)
    _insist_on_near(person)
    form = forms.GrantPaper()
    places = queries.places_held(session(), visitor().standing, frozenset({Role.OPERATOR}))
    _offer(form, places)
    if not form.validate_on_submit():
        return _roles_page(grant=form, person=person), 422
    role = Role(form.role.data)
    if not form.sure.data:
        return _asked_once_more(person, role, form, places)
    try:
        with write() as s:
            place = place_by_slug(s, form.place.data)
            if place is None:
                abort(404)
            person = s.get_one(Person, person_id)
            department = department_named(s, place, form.department.data)
            actions.grant_role(s, person, role, place, department=department, by=who(s), at=now())
            name = person.masked_name
            where = _where(place, department if role is Role.DEPARTMENT else None)
    except Refused as refused:
        _insist_on_near(person_or_404(person_id))
        refusal = PersonRefusal(refused.refusal)
        field = form.department if refusal is PersonRefusal.DEPARTMENT_NEEDED else form.role
        status = refuse_at(field, refusal)
        return _roles_page(grant=form, person=person_or_404(person_id)), status
    flash(
        _(
            "%(name)s 님에게 %(where)s %(role)s 역할을 맡겼습니다.",
            name=name,
            where=where,
            role=words.ROLES[role],
        ),
        "success",
    )
    return redirect(url_for(".roles"), 303)


def _insist_on_near(person: Person) -> None:
    """Show nothing of who belongs to other dongs alone; whose number is tried leaves a trace."""
    if is_far(dongs_of(person)):
        note_refused([person.id], LookPurpose.ROLE)
        raise Refused(PersonRefusal.OTHER_DONG)


def _asked_once_more(
    person: Person, role: Role, form: forms.GrantPaper, places: Sequence[Place]
) -> ResponseReturnValue:
    """Show what is about to be entrusted, and ask; nothing is written yet."""
    place = next(one for one in places if one.slug == form.place.data)
    department = None
    if role is Role.DEPARTMENT:
        department = department_named(session(), place, form.department.data)
        if department is None:
            status = refuse_at(form.department, PersonRefusal.DEPARTMENT_NEEDED)
            return _roles_page(grant=form, person=person), status
    return render_template(
        "residents/desk/grant.html",
        person=person,
        form=form,
        role=words.ROLES[role],
        place=place,
        department=department,
    )


def _where(place: Place, department: Department | None) -> str:
    return f"{place.name} {department.name}" if department else place.name


@blueprint.route("/roles/<int:grant_id>/end", methods=["GET", "POST"])
@for_operators
def end_role(grant_id: int) -> ResponseReturnValue:
    """Ask whether a role is to be taken back, whose and where; then take it back, at once."""
    if request.method != "POST":
        return _asked_to_end(session().get(RoleGrant, grant_id) or abort(404))
    with write() as s:
        held = s.get(RoleGrant, grant_id)
        if held is None:
            abort(404)
        actions.end_role(s, held, by=who(s), at=now())
        name, role = held.person.masked_name, held.role
    flash(
        _("%(name)s 님의 %(role)s 역할을 거두었습니다.", name=name, role=words.ROLES[role]),
        "success",
    )
    return redirect(url_for(".roles"), 303)


def _asked_to_end(held: RoleGrant) -> ResponseReturnValue:
    insist(policy.why_not_end_role(visitor().standing, held))
    if held.until is not None:
        flash(_("이미 거둔 역할입니다."), "info")
        return redirect(url_for(".roles"), 303)
    return render_template(
        "residents/desk/end_role.html", held=held, role=words.ROLES[held.role], place=held.place
    )
