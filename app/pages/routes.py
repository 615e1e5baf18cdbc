"""Home, the desk, how the site works, and whether it is well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.append_only import missing_triggers
from app.core.vault import verify_key
from app.pages import queries, samples
from app.pages.counting import document
from app.pages.forms import SampleForm
from app.places.queries import place_by_slug
from app.proposals.rules import days_overdue
from app.proposals.words import newest_title, review_clock, waited
from app.residents.sessions import DONG_COOKIE, home_dong, our_places, visitor
from app.web.audience import public, signed_in
from app.web.database import now, session
from app.web.language import COOKIE as LANGUAGE_COOKIE
from app.web.language import LANGUAGES
from app.web.redirects import local_path
from app.web.templating import CONTRASTS, SIZES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response


blueprint = Blueprint("pages", __name__)
YEAR = 365 * 24 * 3600
COUNTING = Path(__file__).resolve().parents[2] / "docs" / "counting.md"


@blueprint.get("/")
@public
def home() -> str:
    """Answer three questions: what can I do now, what awaits an answer, what was kept."""
    reading, at = session(), now()
    places = our_places()
    if not places:
        return render_template("pages/empty.html", nav_active="home")
    here, *dongs = places
    dong = home_dong()
    if dong not in dongs:
        dong = None
    return render_template(
        "pages/home.html",
        home=queries.home_page(reading, here, dongs, dong, visitor().standing, at=at),
        newest_title=newest_title,
        waited=waited,
        review_clock=review_clock,
        days_overdue=days_overdue,
        district=here,
        dong=dong,
        dongs=dongs,
        nav_active="home",
    )


@blueprint.get("/desk")
@signed_in
def desk() -> ResponseReturnValue:
    """Show staff the doors to their work, and how much waits behind each."""
    standing, at = visitor().standing, now()
    doors = [
        (door, door.waiting(session(), standing, at) if door.waiting else None)
        for door in current_app.extensions["house"].desk_doors
        if standing.holds_any(door.roles)
    ]
    if not doors:
        return render_template("pages/no_desk.html"), 403
    return render_template("pages/desk.html", doors=doors)


@blueprint.get("/about")
@public
def about() -> str:
    """Tell how the site works."""
    key = verify_key(current_app.extensions["settings"].signing_key)
    return render_template("pages/about.html", receipt_key=key.hex())


@blueprint.get("/about/counting")
@public
def counting() -> str:
    """Explain how votes are counted, with examples that a test counts again."""
    return render_template("pages/counting.html", document=document(COUNTING))


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Show the privacy policy (개인정보 보호법 §30)."""
    settings = current_app.extensions["settings"]
    return render_template("pages/privacy.html", mails=bool(settings.smtp_url))


@blueprint.get("/terms")
@public
def terms() -> str:
    """Show the terms of use."""
    return render_template("pages/terms.html")


@blueprint.post("/preferences")
@public
def preferences() -> Response:
    """Remember how a visitor wants pages: size, contrast, language, dong."""
    answer = redirect(local_path(request.form.get("next"), url_for("pages.home")), 303)
    choices = {"size": SIZES, "contrast": CONTRASTS, LANGUAGE_COOKIE: LANGUAGES}
    for name, allowed in choices.items():
        value = request.form.get(name)
        if value in allowed:
            _remember(answer, name, value)
    slug = request.form.get(DONG_COOKIE)
    here = current_app.extensions["settings"].district
    if slug is not None:
        place = place_by_slug(session(), slug)
        if place is not None and place.parent is not None and place.parent.slug == here:
            _remember(answer, DONG_COOKIE, slug)
        elif not slug:
            answer.delete_cookie(DONG_COOKIE)
    return answer


def _remember(answer: Response, name: str, value: str) -> None:
    secure = current_app.extensions["settings"].is_production
    answer.set_cookie(
        name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=secure, path="/"
    )


@blueprint.route("/style", methods=["GET", "POST"])
@public
def style() -> str:
    """Show every piece that pages are made of, outside production."""
    if current_app.extensions["settings"].is_production:
        abort(404)
    form = SampleForm()
    form.validate_on_submit()
    return render_template("pages/style.html", form=form, **samples.pieces(now()))


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that this process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and its guards stand; 503 if not."""
    try:
        connection = session().connection()
        connection.execute(text("SELECT 1"))
        missing = missing_triggers(connection)
    except SQLAlchemyError:
        return make_response(jsonify(status="database unreachable"), 503)
    if missing:
        return make_response(jsonify(status="guards missing", missing=missing), 503)
    return jsonify(status="ready")
