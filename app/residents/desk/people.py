"""Finding people, and the registration desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.clock import seoul_day
from app.core.refusals import Refused
from app.places.models import Place
from app.places.queries import place_by_slug
from app.residents import actions, forms, policy, queries, words
from app.residents.desk.passphrases import why_no_help
from app.residents.desk.shared import (
    blueprint,
    dongs_of,
    for_readers,
    for_registrars,
    is_far,
    my_dongs,
    note_refused,
    person_or_404,
)
from app.residents.forms import refuse_at
from app.residents.models import LookPurpose, MemberClass, Membership, Person
from app.residents.policy import RECORD_READERS, REGISTRARS, PersonRefusal
from app.residents.rules import Twin, typed_day
from app.residents.sessions import visitor, who
from app.web.asking import asked_page
from app.web.database import now, session, write
from app.web.forms import add_error
from app.web.limits import missed, missed_seldom
from app.web.once import write_once
from app.web.refusing import sentence_of
from app.web.wording import format_date, josa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session


# Refusals that say whether somebody of a name and birth date stands here.
TELLING = {
    PersonRefusal.SAME_IDENTITY,
    PersonRefusal.OTHER_IDENTITY,
    PersonRefusal.NOT_REPLACEABLE,
}


# ------------------------------------------------------------------ finding people
@blueprint.get("/residents")
@for_readers
def people() -> str:
    """Offer the search, the registration desk, and who was verified lately."""
    return _people_page(forms.FindPaper())


def _people_page(form: forms.FindPaper) -> str:
    held = queries.places_held(session(), visitor().standing, RECORD_READERS)
    page = queries.recent_verifications(session(), held, number=asked_page())
    return render_template(
        "residents/desk/people.html",
        form=form,
        page=page,
        words=words,
        registers=visitor().standing.holds_any(REGISTRARS),
        today=seoul_day(now()),
    )


def _is_name(key: str) -> bool:
    try:
        actions.normal_address(key)
    except ValueError:
        return True
    return False


def _found(key: str) -> Sequence[Person] | None:
    """Return who is meant by an exact address or "name birth date"; None for anything else."""
    if _is_name(key):
        name, _space, born = key.partition(" ")
        while typed_day(born) is None and " " in born:
            more, _space, born = born.partition(" ")
            name += more
        day = typed_day(born)
        return None if day is None else queries.people_by_identity(session(), name, day)
    _kind, address = actions.normal_address(key)
    account = queries.account_by_contact(session(), address)
    return [] if account is None else [account.person]


@blueprint.post("/residents")
@for_readers
@missed_seldom
def find() -> ResponseReturnValue:
    """Find a person exactly, and open the record to who says why."""
    form = forms.FindPaper()
    if not form.validate_on_submit():
        return _people_page(form), 422
    found = _found(form.key.data or "")
    if found is None:
        add_error(
            form.key,
            _("이메일, 휴대전화 번호, 또는 ‘홍길동 19500302’처럼 이름과 생년월일을 적어 주세요."),
        )
        return _people_page(form), 422
    if not found:
        status = refuse_at(form.key, PersonRefusal.UNKNOWN_PERSON)
        if _is_name(form.key.data or ""):
            missed()
            add_error(form.key, str(words.BY_NAME_ONLY_VERIFIED))
        return _people_page(form), status
    if len(found) == 1:
        return _record_page(found[0].id, form.chosen)
    places = {one.id: dongs_of(one) for one in found}
    far = {person_id for person_id, dongs in places.items() if is_far(dongs)}
    if far:
        note_refused(far, form.chosen)
    return render_template(
        "residents/desk/same.html",
        people=found,
        purpose=form.chosen.value,
        places=places,
        far=far,
    )


@blueprint.post("/residents/<int:person_id>/record")
@for_readers
@missed_seldom
def record_of(person_id: int) -> ResponseReturnValue:
    """Open a person's record to a clerk who says why."""
    person_or_404(person_id)
    form = forms.LookPaper()
    if not form.validate_on_submit():
        return _person_page(person_id, look=form), 422
    return _record_page(person_id, form.chosen)


def _record_page(person_id: int, purpose: LookPurpose) -> ResponseReturnValue:
    try:
        with write() as s:
            person = s.get_one(Person, person_id)
            actions.show_personal_record(s, person, purpose=purpose, by=who(s), at=now())
    except Refused as refused:
        status, sentence = sentence_of(current_app, refused)
        note_refused([person_id], purpose)
        return _person_page(person_id, refused=sentence), status
    return _person_page(person_id, shown=True)


@blueprint.get("/residents/<int:person_id>")
@for_readers
def person(person_id: int) -> ResponseReturnValue:
    """Show a person masked, where they belong, and the paper with which to verify them.

    Of whoever belongs to other dongs alone, only the paper.
    """
    return _person_page(person_id)


def _person_page(
    person_id: int,
    *,
    verify: forms.VerifyPaper | None = None,
    look: forms.LookPaper | None = None,
    shown: bool = False,
    refused: str | None = None,
    ask: frozenset[str] = frozenset(),
) -> str:
    person = person_or_404(person_id)
    mine = my_dongs()
    account = queries.account_of(session(), person_id)
    memberships = queries.memberships_of(session(), person_id)
    seen_by = [one.place for one in memberships if one.until is None]
    unseen_by = [dong for dong in mine if dong not in seen_by]
    if verify is None and unseen_by:
        verify = forms.VerifyPaper(formdata=None)
        verify.dong.choices = forms.dong_choices(unseen_by, None)
        if account is not None and account.home_place_id is not None:
            home = session().get(Place, account.home_place_id)
            verify.dong.data = home.slug if home in unseen_by else None
    by, dongs = visitor().standing, dongs_of(person)
    far = policy.why_not_show_record(by, dongs)
    return render_template(
        "residents/desk/person.html",
        person=person,
        account=account,
        contacts=[]
        if far
        else [
            (contact, contact.address if shown else words.masked(contact))
            for contact in (account.contacts if account else [])
        ],
        far=str(words.SENTENCES[far].text) if far else "",
        may_correct=policy.why_not_correct(by, person_id, seen_by) is None,
        shown=shown,
        refused=refused,
        verify=verify,
        ask=ask,
        look=look or forms.LookPaper(formdata=None),
        memberships=memberships,
        mine=[dong.id for dong in mine],
        words=words,
        today=seoul_day(now()),
        himself=visitor().person_id == person_id,
        no_help=why_no_help(person_id, account, dongs),
    )


# ------------------------------------------------------------------ the registration desk
def card(form: forms.IdentityPaper) -> dict[str, Any]:
    """Return what a clerk saw on an identity card, as the actions take it."""
    return {
        "name": form.name.data or "",
        "born": form.born.day,
        "guardian_checked": bool(form.guardian.data),
        "at": now(),
    }


def _seen(form: forms.VerifyPaper) -> dict[str, Any]:
    return {"member_class": MemberClass(form.member_class.data), **card(form)}


def asked_boxes(form: forms.IdentityPaper) -> frozenset[str]:
    """Return the names of the boxes that a refusal asks for, or that were ticked for one."""
    boxes = [box for box in form if box.name in {"renamed", "twin", "guardian"}]
    return frozenset(box.name for box in boxes if box.errors or box.data)


def refused_fields(form: forms.IdentityPaper, refused: Refused) -> tuple[int, frozenset[str]]:
    """Show a refusal where it can be answered; return its status and the boxes it asks for."""
    at = {
        PersonRefusal.OTHER_NAME: getattr(form, "renamed", form.name),
        PersonRefusal.SAME_IDENTITY: form.twin,
        PersonRefusal.NOT_REPLACEABLE: form.twin,
        PersonRefusal.OTHER_IDENTITY: form.name,
        PersonRefusal.GUARDIAN_NEEDED: form.guardian,
        PersonRefusal.BAD_BIRTH_DATE: form.born,
    }
    refusal = PersonRefusal(refused.refusal)
    if refusal in TELLING:
        missed()
    other = getattr(form, "dong", form.name)
    status = refuse_at(at.get(refusal, other), refusal)
    return status, asked_boxes(form)


@blueprint.post("/residents/<int:person_id>/verify")
@for_registrars
@missed_seldom
def verify(person_id: int) -> ResponseReturnValue:
    """Record that a clerk saw who a person is and that they belong to a dong."""
    person_or_404(person_id)
    form = forms.VerifyPaper()
    form.dong.choices = forms.dong_choices(my_dongs(), None)
    if not form.validate_on_submit():
        return _person_page(person_id, verify=form, ask=asked_boxes(form)), 422
    try:
        with write() as s:
            dong = _dong(s, form)
            membership = actions.verify_resident(
                s,
                s.get_one(Person, person_id),
                dong,
                by=who(s),
                other_name_checked=bool(form.renamed.data),
                twin=form.twin.data,
                **_seen(form),
            )
            sentence = _verified(membership, dong)
    except Refused as refused:
        status, ask = refused_fields(form, refused)
        if refused.refusal is PersonRefusal.OTHER_NAME:
            _tell_name(person_id, form)
        if refused.refusal is PersonRefusal.SAME_IDENTITY and _may_replace(person_id, form):
            form.twin.offer(*words.TWINS)
            form.twin.errors = [str(words.STANDS_WITHOUT_ACCOUNT)]
        if refused.refusal is PersonRefusal.OTHER_IDENTITY:
            with write() as s:
                person = s.get_one(Person, person_id)
                actions.note_other_identity(s, person, _dong(s, form), by=who(s), at=now())
        return _person_page(person_id, verify=form, ask=ask), status
    flash(sentence, "success")
    return redirect(url_for(".people"), 303)


def _may_replace(person_id: int, form: forms.VerifyPaper) -> bool:
    """Say whether the account may take the place of whoever stands under the identity read."""
    reading, by = session(), visitor().standing
    if form.born.day is None or queries.account_of(reading, person_id) is None:
        return False
    mac = queries.identity_index(form.name.data or "", form.born.day)
    return not any(
        policy.why_not_replace(
            by,
            one.id,
            queries.dongs_on_list(reading, one.id),
            has_account=queries.account_of(reading, one.id) is not None,
            powers=queries.powers_of(reading, one.id, at=now()),
        )
        for one in queries.twins_of(reading, person_id, mac)
    )


def _tell_name(person_id: int, form: forms.VerifyPaper) -> None:
    """Say by which name the person signed up, where that differs from what the clerk read.

    It is shown unmasked, so that the look is recorded like any other.
    """
    try:
        with write() as s:
            person = s.get_one(Person, person_id)
            actions.show_personal_record(
                s, person, purpose=LookPurpose.REGISTRATION, by=who(s), at=now()
            )
            name = person.name
    except Refused:
        return
    form.renamed.errors = [
        _(
            "가입한 이름은 ‘%(name)s’입니다. 신분증의 이름이 %(read)s 맞으면 표시해 주세요.",
            name=name,
            read=josa(f"‘{form.name.data}’", "이"),
        )
    ]


def _dong(s: Session, form: forms.VerifyPaper) -> Place:
    dong = place_by_slug(s, form.dong.data)
    if dong is None:
        raise Refused(PersonRefusal.NOT_CLERK)
    return dong


def _verified(membership: Membership, dong: Place) -> str:
    return str(
        _(
            "%(name)s 님을 %(dong)s 확인했습니다.",
            name=membership.person.masked_name,
            dong=josa(f"{dong.name} {words.CLASSES[membership.member_class]}", "으로"),
        )
    )


@blueprint.route("/residents/new", methods=["GET", "POST"])
@for_registrars
@missed_seldom
def register() -> ResponseReturnValue:
    """Record someone who stands at the desk and has no account."""
    form = forms.VerifyPaper()
    form.dong.choices = forms.dong_choices(my_dongs(), None)
    status, ask = 200, frozenset[str]()
    if form.validate_on_submit():
        try:
            with write_once(form) as (s, lead_to):
                dong = _dong(s, form)
                checked = form.twin.data is Twin.ANOTHER
                membership = actions.register_resident(
                    s, dong, by=who(s), same_identity_checked=checked, **_seen(form)
                )
                sentence = _verified(membership, dong)
                where = lead_to(url_for(".people"))
        except Refused as refused:
            status, ask = refused_fields(form, refused)
        else:
            flash(sentence, "success")
            return redirect(where, 303)
    elif request.method == "POST":
        status, ask = 422, asked_boxes(form)
    page = render_template("residents/desk/register.html", form=form, ask=ask, words=words)
    return page, status


@blueprint.post("/residents/memberships/<int:membership_id>/end")
@for_registrars
def end_membership(membership_id: int) -> ResponseReturnValue:
    """End someone's belonging to a dong."""
    with write() as s:
        membership = s.get(Membership, membership_id)
        if membership is None:
            abort(404)
        actions.end_membership(s, membership, by=who(s), at=now())
        person_id, dong = membership.person_id, membership.place.name
        s.refresh(membership)
        until = membership.until
    assert until is not None  # noqa: S101 - it has just been ended
    flash(
        _(
            "%(dong)s 소속을 끝냈습니다. %(day)s부터 이 동의 일에 참여할 수 없습니다.",
            dong=dong,
            day=format_date(until),
        ),
        "success",
    )
    return redirect(url_for(".person", person_id=person_id), 303)
