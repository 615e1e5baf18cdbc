"""Changing what is kept of me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.core.refusals import Refused
from app.places.queries import place_by_slug
from app.residents import actions, forms, words
from app.residents.forms import refuse_at
from app.residents.models import Account, ConsentKind, ContactKind, Person
from app.residents.passphrases import hash_passphrase
from app.residents.policy import PersonRefusal
from app.residents.routes.shared import _insist_on_passphrase, _me, _named, blueprint, our_dongs
from app.residents.sessions import home_dong
from app.web.audience import signed_in
from app.web.database import now, write
from app.web.forms import Paper
from app.web.limits import limiter
from app.web.wording import josa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from wtforms import Field

    from app.places.models import Place


def _change_page(
    title: str, form: Paper, *, act: str, advice: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "residents/change.html", title=title, form=form, act=act, advice=advice, nav_active="me"
    )
    return page, status


def _refuse(
    form: forms.ContactPaper | forms.PassphrasePaper, field: Field, refused: Refused
) -> int:
    """Show a refusal at the field it concerns; a passphrase changed meanwhile is a wrong one."""
    refusal = PersonRefusal(refused.refusal)
    is_proof = refusal is PersonRefusal.WRONG_PASSPHRASE
    return refuse_at(form.passphrase if is_proof else field, refusal)


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
        advice=_("다른 사람에게는 가운데 글자를 가려 보여 드립니다."),
        status=status,
    )


@blueprint.route("/me/home", methods=["GET", "POST"])
@signed_in
def change_home() -> ResponseReturnValue:
    """Name my dong, which is only where I look from until a clerk has verified it."""
    form = forms.HomePaper()
    dongs = our_dongs()
    form.dong.choices = forms.dong_choices(dongs, _("정하지 않음"))
    if request.method != "POST":
        form.dong.data = _home_now(dongs)
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


def _home_now(dongs: Sequence[Place]) -> str:
    """Return the dong I named; where I named none, the one this site shows me as mine."""
    seen = home_dong()
    home_id = _me().home_place_id or (seen.id if seen else None)
    return next((dong.slug for dong in dongs if dong.id == home_id), "")


@blueprint.route("/me/contact", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def change_contact() -> ResponseReturnValue:
    """Change or add what I sign in with."""
    form = forms.ContactPaper()
    status = 200
    if form.validate_on_submit():
        try:
            checked = _insist_on_passphrase(form.passphrase)
            with write() as s:
                account = s.get_one(Account, _me().account_id)
                actions.set_contact(s, account, form.address.data or "", checked=checked, at=now())
        except Refused as refused:
            status = _refuse(form, form.address, refused)
        else:
            return _changed(_("연락처를 바꿨습니다. 다음부터 이 연락처로 로그인해 주세요."))
    elif request.method == "POST":
        status = 422
    return _change_page(
        _("연락처 바꾸기"),
        form,
        act=_("바꾸기"),
        advice=_(
            "이메일 하나와 휴대전화 번호 하나를 둘 수 있습니다. 같은 종류는 새것으로 바뀌고, "
            "이메일이 바뀌면 쓰시던 이메일로도 알려 드립니다."
        ),
        status=status,
    )


@blueprint.route("/me/contact/remove", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def remove_contact() -> ResponseReturnValue:
    """Forget one of my two addresses."""
    kind = _named(ContactKind, request.args.get("kind", ""))
    gone = next((one for one in _me().account.contacts if one.kind is kind), None)
    if gone is None:
        abort(404)
    shown = words.masked(gone)
    form = forms.ContactRemovalPaper()
    status = 200
    if form.validate_on_submit():
        try:
            checked = _insist_on_passphrase(form.passphrase)
            with write() as s:
                account = s.get_one(Account, _me().account_id)
                actions.remove_contact(s, account, kind, checked=checked, at=now())
        except Refused as refused:
            status = refuse_at(form.passphrase, PersonRefusal(refused.refusal))
        else:
            return _changed(_("연락처를 지웠습니다."))
    elif request.method == "POST":
        status = 422
    return _change_page(
        _("연락처 지우기"),
        form,
        act=_("지우기"),
        advice=_(
            "지우면 %(address)s 더는 로그인할 수 없습니다. "
            "그때부터는 다른 연락처로 로그인해 주세요.",
            address=josa(shown, "으로"),
        ),
        status=status,
    )


@blueprint.route("/me/passphrase", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 5 minutes", methods=["POST"])
def change_passphrase() -> ResponseReturnValue:
    """Change my passphrase and sign out everywhere else."""
    form = forms.PassphrasePaper()
    status = 200
    if form.validate_on_submit():
        person = _me()
        try:
            checked = _insist_on_passphrase(form.passphrase)
            hashed = hash_passphrase(form.new_passphrase.data or "")
            with write() as s:
                account = s.get_one(Account, person.account_id)
                actions.change_passphrase(
                    s, account, hashed, checked=checked, keep=person.token, at=now()
                )
        except Refused as refused:
            status = _refuse(form, form.new_passphrase, refused)
        else:
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
        if not actions.end_device(s, account, device, at=now()):
            abort(404)
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
