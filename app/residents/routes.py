"""Signing up, in and out, and what a person sees and changes about themselves."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask import (
    Blueprint,
    Response,
    abort,
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
from app.core.vault import blind_index
from app.places.models import Place
from app.places.queries import district, dongs, place_by_slug
from app.residents import actions, forms, panels, queries, words
from app.residents.forms import refuse_at
from app.residents.models import Account, ConsentKind, ContactKind, Person
from app.residents.passphrases import hash_passphrase, is_right
from app.residents.policy import PersonRefusal
from app.residents.sessions import forget_signed_in, keep_signed_in, visitor
from app.web.audience import public, signed_in
from app.web.database import now, session, write
from app.web.forms import Paper
from app.web.limits import SIGN_IN_PER_ADDRESS, SIGN_IN_PER_NAME, limiter
from app.web.redirects import local_path
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from app.residents.sessions import Visitor

C = TypeVar("C", bound=StrEnum)

blueprint = Blueprint("residents", __name__)

PLATFORMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
BROWSERS = {
    "KAKAOTALK": "카카오톡",
    "NAVER": "네이버",
    "Whale": "Whale",
    "SamsungBrowser": "Samsung Internet",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def device_name(user_agent: str) -> str:
    """Return the kind of device and browser in a user agent, for its owner to tell them apart."""
    platform = next((name for name in PLATFORMS if name in user_agent), "")
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    return " · ".join(part for part in (platform.replace("Macintosh", "Mac"), browser) if part)


def our_dongs() -> Sequence[Place]:
    """Return the dongs of this installation's district."""
    here = district(session(), current_app.extensions["settings"].district)
    return dongs(session(), here) if here is not None else []


def name_digest() -> str:
    """Return what stands for the name someone signs in with, so that limits store no address."""
    return blind_index("limit", _normal(request.form.get("address", ""))).hex()


def _normal(address: str) -> str:
    try:
        return actions.normal_address(address)[1]
    except ValueError:
        return address.strip().lower()


def _named(codes: type[C], code: str) -> C:
    """Return the code a form names; what is none was not sent by our pages."""
    try:
        return codes(code)
    except ValueError:
        abort(400)


def _me() -> Visitor:
    person = visitor()
    if person.person_id is None:
        abort(401)
    return person


# ------------------------------------------------------------------ coming and going
@blueprint.route("/sign-up", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN_PER_ADDRESS, methods=["POST"])
def sign_up() -> ResponseReturnValue:
    """Open an account and sign it in."""
    form = forms.SignUpPaper()
    form.dong.choices = forms.dong_choices(our_dongs(), _("골라 주세요(나중에 해도 됩니다)"))
    if request.method == "GET":
        form.next.data = local_path(request.args.get("next"), "")
        return render_template("residents/sign_up.html", form=form)
    if not form.validate_on_submit():
        return render_template("residents/sign_up.html", form=form), 422
    hashed = hash_passphrase(form.passphrase.data or "")
    consents = [ConsentKind.TERMS, ConsentKind.PRIVACY]
    if form.news.data:
        consents.append(ConsentKind.NEWS)
    try:
        with write() as s:
            account = actions.open_account(
                s,
                name=form.name.data or "",
                address=form.address.data or "",
                passphrase_hash=hashed,
                consents=consents,
                home=place_by_slug(s, form.dong.data) if form.dong.data else None,
                at=now(),
            )
            token = actions.begin_sign_in(
                s, account, at=now(), device=_device(), lasts=actions.SHORT_SIGN_IN_LASTS
            )
    except Refused as refused:
        status = refuse_at(form.address, PersonRefusal(refused.refusal))
        return render_template("residents/sign_up.html", form=form), status
    keep_signed_in(token, stay=False)
    flash(_("가입했습니다. 이제 제안을 쓰고 따라가 볼 수 있습니다."), "success")
    return redirect(local_path(form.next.data, url_for(".me")), 303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN_PER_ADDRESS, methods=["POST"])
@limiter.limit(SIGN_IN_PER_NAME, key_func=name_digest, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Sign someone in; what is unknown and what is wrong get the same answer in the same time."""
    form = forms.SignInPaper()
    if request.method == "GET":
        form.next.data = local_path(request.args.get("next"), "")
        return render_template("residents/sign_in.html", form=form)
    if not form.validate_on_submit():
        return render_template("residents/sign_in.html", form=form), 422
    address = _normal(form.address.data or "")
    account = queries.account_by_contact(session(), address)
    checked = account.passphrase_hash if account is not None else None
    token = None
    if is_right(checked, form.passphrase.data or "") and account is not None:
        token = _begin(account.id, checked, stay=bool(form.stay.data))
    if token is None:
        status, sentence = sentence_of(current_app, Refused(PersonRefusal.WRONG_SIGN_IN))
        return render_template("residents/sign_in.html", form=form, wrong=sentence), status
    keep_signed_in(token, stay=bool(form.stay.data))
    return redirect(local_path(form.next.data, url_for("pages.home")), 303)


def _begin(account_id: int, checked: str | None, *, stay: bool) -> str | None:
    """Sign an account in unless its passphrase was changed while it was being checked."""
    lasts = actions.SIGN_IN_LASTS if stay else actions.SHORT_SIGN_IN_LASTS
    with write() as s:
        account = s.get(Account, account_id)
        if account is None or account.passphrase_hash != checked:
            return None
        return actions.begin_sign_in(s, account, at=now(), device=_device(), lasts=lasts)


def _device() -> str:
    return device_name(request.user_agent.string)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign this device out, on the server too, so that a copied cookie is worth nothing."""
    if visitor().is_authenticated:
        token = _me().token
        with write() as s:
            actions.end_sign_in(s, token, at=now())
    forget_signed_in()
    flash(_("로그아웃했습니다."), "success")
    return redirect(url_for("pages.home"), 303)


# ------------------------------------------------------------------ what I did, who I am
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
    reading = session()
    return render_template(
        "residents/settings.html",
        person=person.person,
        account=person.account,
        contacts=[(contact, words.masked(contact)) for contact in person.account.contacts],
        home=reading.get(Place, person.home_place_id) if person.home_place_id else None,
        devices=queries.devices_of(reading, person.account_id, at=now()),
        this_device=queries.token_hash(person.token),
        consents=queries.consents_of(reading, person.person_id),
        words=words,
        required=actions.REQUIRED_CONSENTS | {ConsentKind.GUARDIAN},
        nav_active="me",
    )


def _change_page(
    title: str, form: Paper, *, act: str, advice: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "residents/change.html", title=title, form=form, act=act, advice=advice, nav_active="me"
    )
    return page, status


def _changed(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for(".settings"), 303)


@blueprint.route("/me/name", methods=["GET", "POST"])
@signed_in
def change_name() -> ResponseReturnValue:
    """Correct my name, as long as no clerk has seen it on a document."""
    form = forms.NamePaper()
    status = 200
    if form.validate_on_submit():
        try:
            with write() as s:
                actions.change_name(
                    s, s.get_one(Person, _me().person_id), form.name.data or "", at=now()
                )
        except Refused as refused:
            status = refuse_at(form.name, PersonRefusal(refused.refusal))
        else:
            return _changed(_("이름을 바꿨습니다."))
    elif request.method == "POST":
        status = 422
    return _change_page(
        _("이름 바꾸기"),
        form,
        act=_("바꾸기"),
        advice=_("다른 사람에게는 홍*동처럼 가려져 보입니다."),
        status=status,
    )


@blueprint.route("/me/home", methods=["GET", "POST"])
@signed_in
def change_home() -> ResponseReturnValue:
    """Name my dong, which is only where I look from until a clerk has verified it."""
    form = forms.HomePaper()
    form.dong.choices = forms.dong_choices(our_dongs(), _("정하지 않음"))
    if form.validate_on_submit():
        with write() as s:
            dong = place_by_slug(s, form.dong.data) if form.dong.data else None
            actions.change_home(s, s.get_one(Account, _me().account_id), dong, at=now())
        return _changed(_("우리 동을 바꿨습니다."))
    return _change_page(
        _("우리 동 바꾸기"),
        form,
        act=_("바꾸기"),
        advice=_(
            "처음 보이는 동이 바뀝니다. 공감과 투표는 창구에서 확인받은 동에서 할 수 있습니다."
        ),
        status=422 if request.method == "POST" else 200,
    )


@blueprint.route("/me/contact", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def change_contact() -> ResponseReturnValue:
    """Change or add what I sign in with."""
    form = forms.ContactPaper()
    status = 200
    if form.validate_on_submit():
        checked = _me().account.passphrase_hash
        if not is_right(checked, form.passphrase.data or ""):
            status = refuse_at(form.passphrase, PersonRefusal.WRONG_PASSPHRASE)
        else:
            try:
                with write() as s:
                    account = s.get_one(Account, _me().account_id)
                    actions.set_contact(s, account, form.address.data or "", at=now())
            except Refused as refused:
                status = refuse_at(form.address, PersonRefusal(refused.refusal))
            else:
                return _changed(_("연락처를 바꿨습니다. 다음부터 이 연락처로 로그인해 주세요."))
    elif request.method == "POST":
        status = 422
    return _change_page(
        _("연락처 바꾸기"),
        form,
        act=_("바꾸기"),
        advice=_(
            "이메일 하나와 휴대전화 번호 하나를 둘 수 있습니다. 같은 종류는 새것으로 바뀝니다."
        ),
        status=status,
    )


@blueprint.post("/me/contact/remove")
@signed_in
def remove_contact() -> ResponseReturnValue:
    """Forget one of my two addresses."""
    kind = _named(ContactKind, request.form.get("kind", ""))
    with write() as s:
        account = s.get_one(Account, _me().account_id)
        actions.remove_contact(s, account, kind, at=now())
    return _changed(_("연락처를 지웠습니다."))


@blueprint.route("/me/passphrase", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def change_passphrase() -> ResponseReturnValue:
    """Change my passphrase and sign out everywhere else."""
    form = forms.PassphrasePaper()
    status = 200
    if form.validate_on_submit():
        person = _me()
        if not is_right(person.account.passphrase_hash, form.passphrase.data or ""):
            status = refuse_at(form.passphrase, PersonRefusal.WRONG_PASSPHRASE)
        else:
            hashed, token = hash_passphrase(form.new_passphrase.data or ""), person.token
            with write() as s:
                account = s.get_one(Account, person.account_id)
                actions.change_passphrase(s, account, hashed, keep=token, at=now())
            return _changed(_("비밀문구를 바꾸고 다른 기기에서 모두 로그아웃했습니다."))
    elif request.method == "POST":
        status = 422
    return _change_page(
        _("비밀문구 바꾸기"),
        form,
        act=_("바꾸기"),
        advice=_(
            "10자 이상으로 정해 주세요. 낱말 서너 개를 이으면 기억하기 쉽습니다. "
            "바꾸면 다른 기기에서는 로그아웃됩니다."
        ),
        status=status,
    )


@blueprint.post("/me/devices/end")
@signed_in
def end_device() -> ResponseReturnValue:
    """Sign one of my devices out."""
    try:
        device = bytes.fromhex(request.form.get("device", ""))
    except ValueError:
        abort(400)
    with write() as s:
        account = s.get_one(Account, _me().account_id)
        actions.end_device(s, account, device, at=now())
    return _changed(_("그 기기에서 로그아웃했습니다."))


@blueprint.post("/me/devices/end-others")
@signed_in
def end_other_devices() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    person = _me()
    with write() as s:
        account = s.get_one(Account, person.account_id)
        actions.revoke_sign_ins(s, account, by=person.person_id, at=now(), keep=person.token)
    return _changed(_("다른 기기에서 모두 로그아웃했습니다."))


@blueprint.post("/me/consents")
@signed_in
def change_consent() -> ResponseReturnValue:
    """Give or take back a consent that an account does not rest on."""
    kind = _named(ConsentKind, request.form.get("kind", ""))
    wanted = request.form.get("given") == "1"
    if wanted and kind is ConsentKind.GUARDIAN:
        abort(400)
    with write() as s:
        person = s.get_one(Person, _me().person_id)
        change = actions.give_consent if wanted else actions.withdraw_consent
        change(s, person, kind, at=now())
    return _changed(_("동의했습니다.") if wanted else _("동의를 거두었습니다."))


@blueprint.post("/me/data")
@signed_in
def own_data() -> ResponseReturnValue:
    """Hand me everything kept about me (개인정보 보호법 §35)."""
    body = json.dumps(_own_data(_me()), ensure_ascii=False, indent=2)
    return Response(
        body + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


def _own_data(person: Visitor) -> dict[str, Any]:
    reading, at = session(), now()

    def moment(value: datetime | None) -> str | None:
        return value.astimezone(SEOUL).isoformat(timespec="seconds") if value else None

    record = person.person
    home = reading.get(Place, person.home_place_id) if person.home_place_id else None
    shown = panels.panels_of(current_app, reading, person.person_id, at)
    return {
        "made_at": moment(at),
        "person": {
            "id": str(record.id),
            "name": record.name,
            "birth_date": record.birth_date,
            "joined_at": moment(record.created_at),
            "dong": home.name if home else None,
        },
        "contacts": [
            {"kind": contact.kind.value, "address": contact.address}
            for contact in person.account.contacts
        ],
        "consents": [
            {
                "kind": consent.kind.value,
                "version": consent.version,
                "given_at": moment(consent.given_at),
                "withdrawn_at": moment(consent.withdrawn_at),
            }
            for consent in queries.consents_of(reading, person.person_id)
        ],
        "memberships": [
            {
                "dong": one.place.name,
                "class": one.member_class.value,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "verified_at": moment(one.verified_at),
            }
            for one in queries.memberships_of(reading, person.person_id)
        ],
        "roles": [
            {
                "role": grant.role.value,
                "place": grant.place.name,
                "department": grant.department.name if grant.department else None,
                "since": moment(grant.since),
            }
            for grant in queries.grants_of(reading, person.person_id, at=at)
        ],
        "sign_ins": [
            {
                "device": one.device,
                "began_at": moment(one.created_at),
                "last_seen_at": moment(one.last_seen_at),
                "expires_at": moment(one.expires_at),
            }
            for one in queries.devices_of(reading, person.account_id, at=at)
        ],
        "activity": {
            name: [
                {"title": item.title, "url": item.url, "status": str(item.status)}
                for item in panel.items
            ]
            for name, panel in shown.items()
        },
    }


@blueprint.route("/me/leave", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def leave() -> ResponseReturnValue:
    """Close my account for good, after saying what that means."""
    form = forms.LeavePaper()
    status = 200
    if form.validate_on_submit():
        person = _me()
        if is_right(person.account.passphrase_hash, form.passphrase.data or ""):
            with write() as s:
                actions.withdraw_person(s, s.get_one(Account, person.account_id), at=now())
            forget_signed_in()
            flash(_("탈퇴했습니다. 이름, 생년월일, 연락처를 지웠습니다."), "success")
            return redirect(url_for("pages.home"), 303)
        status = refuse_at(form.passphrase, PersonRefusal.WRONG_PASSPHRASE)
    elif request.method == "POST":
        status = 422
    return render_template("residents/leave.html", form=form, nav_active="me"), status
