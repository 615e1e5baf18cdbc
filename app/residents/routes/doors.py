"""Signing up, in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from app.core.refusals import Refused
from app.places.queries import place_by_slug
from app.residents import actions, forms, queries
from app.residents.forms import refuse_at
from app.residents.models import Account, ConsentKind
from app.residents.passphrases import hash_passphrase, is_right
from app.residents.policy import PersonRefusal
from app.residents.routes.shared import _device, _me, _normal, blueprint, name_digest, our_dongs
from app.residents.sessions import forget_signed_in, keep_signed_in, visitor
from app.web.audience import public
from app.web.database import now, session, write
from app.web.limits import (
    SIGN_IN_PER_ADDRESS,
    SIGN_IN_PER_NAME,
    SIGN_IN_PER_NAME_HERE,
    here,
    limiter,
)
from app.web.once import SentBefore, write_once
from app.web.redirects import local_path
from app.web.refusing import sentence_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/sign-up", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN_PER_ADDRESS, methods=["POST"])
def sign_up() -> ResponseReturnValue:
    """Open an account and sign it in."""
    form = forms.SignUpPaper()
    form.dong.choices = forms.dong_choices(our_dongs(), _("골라 주세요(나중에 해도 됩니다)"))
    if request.method != "POST":
        form.next.data = local_path(request.args.get("next"), "")
        return render_template("residents/sign_up.html", form=form)
    if not form.validate_on_submit():
        return render_template("residents/sign_up.html", form=form), 422
    hashed = hash_passphrase(form.passphrase.data or "")
    consents = [ConsentKind.TERMS, ConsentKind.PRIVACY]
    if form.news.data:
        consents.append(ConsentKind.NEWS)
    try:
        with write_once(form) as (s, lead_to):
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
            where = lead_to(local_path(form.next.data, url_for(".me")))
    except SentBefore as before:
        return _signed_up_before(form, before.led_to)
    except Refused as refused:
        return _not_signed_up(form, PersonRefusal(refused.refusal))
    return _signed_up(token, where)


def _signed_up(token: str, where: str) -> ResponseReturnValue:
    keep_signed_in(token, stay=False)
    flash(
        _("가입했습니다. 이제 제안을 써서 임시저장하고, 이웃의 제안을 지켜볼 수 있습니다."),
        "success",
    )
    return redirect(where, 303)


def _not_signed_up(form: forms.SignUpPaper, refusal: PersonRefusal) -> ResponseReturnValue:
    status = refuse_at(form.address, refusal)
    return render_template("residents/sign_up.html", form=form), status


def _signed_up_before(form: forms.SignUpPaper, where: str) -> ResponseReturnValue:
    """Lead a second press to the same end: the browser dropped the first answer with its cookie.

    What signs in is the passphrase of the account, verified as at every door; that the paper is
    the same only spares the question whose address it is.
    """
    account = queries.account_by_contact(session(), _normal(form.address.data or ""))
    checked = account.passphrase_hash if account is not None else ""
    if is_right(checked, form.passphrase.data or "") and account is not None:
        token = _begin(account.id, checked, stay=False)
        if token is not None:
            return _signed_up(token, where)
    return _not_signed_up(form, PersonRefusal.ADDRESS_TAKEN)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN_PER_ADDRESS, methods=["POST"])
@limiter.limit(SIGN_IN_PER_NAME, key_func=name_digest, methods=["POST"])
@limiter.limit(SIGN_IN_PER_NAME_HERE, key_func=here(name_digest), methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Sign someone in; what is unknown and what is wrong get the same answer in the same time."""
    form = forms.SignInPaper()
    if request.method != "POST":
        form.next.data = local_path(request.args.get("next"), "")
        return render_template("residents/sign_in.html", form=form)
    if not form.validate_on_submit():
        return render_template("residents/sign_in.html", form=form), 422
    address = _normal(form.address.data or "")
    account = queries.account_by_contact(session(), address)
    checked = account.passphrase_hash if account is not None else ""
    token = None
    if is_right(checked, form.passphrase.data or "") and account is not None:
        token = _begin(account.id, checked, stay=bool(form.stay.data))
    if token is None:
        status, sentence = sentence_of(current_app, Refused(PersonRefusal.WRONG_SIGN_IN))
        return render_template("residents/sign_in.html", form=form, wrong=sentence), status
    keep_signed_in(token, stay=bool(form.stay.data))
    return redirect(local_path(form.next.data, url_for("pages.home")), 303)


@blueprint.route("/sign-in/new-passphrase", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN_PER_ADDRESS, methods=["POST"])
@limiter.limit(SIGN_IN_PER_NAME, key_func=name_digest, methods=["POST"])
@limiter.limit(SIGN_IN_PER_NAME_HERE, key_func=here(name_digest), methods=["POST"])
def new_passphrase() -> ResponseReturnValue:
    """Set a new passphrase with the code from the desk, and sign in.

    Unknown and wrong get the same answer; the passphrase is hashed either way, outside the write.
    """
    form = forms.NewPassphrasePaper()
    if request.method != "POST":
        return render_template("residents/new_passphrase.html", form=form)
    if not form.validate_on_submit():
        return render_template("residents/new_passphrase.html", form=form), 422
    hashed = hash_passphrase(form.new_passphrase.data or "")
    address, code = _normal(form.address.data or ""), form.code.data or ""
    with write() as s:
        token = actions.set_passphrase_anew(s, address, code, hashed, at=now(), device=_device())
    if token is None:
        status, sentence = sentence_of(current_app, Refused(PersonRefusal.WRONG_CODE))
        return render_template("residents/new_passphrase.html", form=form, wrong=sentence), status
    keep_signed_in(token, stay=False)
    flash(
        _("새 비밀문구를 정하고 로그인했습니다. 다른 기기에서는 모두 로그아웃했습니다."), "success"
    )
    return redirect(url_for("pages.home"), 303)


def _begin(account_id: int, checked: str, *, stay: bool) -> str | None:
    """Sign an account in unless its passphrase was changed while it was being checked."""
    lasts = actions.SIGN_IN_LASTS if stay else actions.SHORT_SIGN_IN_LASTS
    with write() as s:
        account = s.get_one(Account, account_id)
        return actions.begin_checked_sign_in(
            s, account, checked, at=now(), device=_device(), lasts=lasts
        )


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
