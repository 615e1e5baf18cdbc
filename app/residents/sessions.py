"""Who is at the other end of a request: the visitor, from a revocable sign-in row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flask import current_app, g, request, session
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy import update

from app.places.models import Place
from app.places.queries import district_and_dongs, place_by_slug
from app.residents import queries
from app.residents.actions import SEEN_EVERY
from app.residents.models import SignIn
from app.residents.rules import NOBODY, Standing
from app.web.database import db, now, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.residents.models import Account, Person


DONG_COOKIE = "dong"


class Visitor:
    """A signed-in person, as pages see them."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self._token = token
        self._sign_in = sign_in
        self.account_id = sign_in.account_id
        self.person_id: int = sign_in.account.person_id
        self.display_name = sign_in.account.person.masked_name
        self.home_place_id = sign_in.account.home_place_id

    def get_id(self) -> str:
        """Return what the cookie keeps: the sign-in's token, not a person's id."""
        return self._token

    @property
    def token(self) -> str:
        """Return this device's token."""
        return self._token

    @property
    def account(self) -> Account:
        """Return the account signed in."""
        return self._sign_in.account

    @property
    def person(self) -> Person:
        """Return the person signed in."""
        return self._sign_in.account.person

    @cached_property
    def standing(self) -> Standing:
        """Return what the person is here, now."""
        return queries.standing(db.session, self.person_id, at=now())


class Nobody(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor who has not signed in."""

    person_id = None
    standing = NOBODY
    home_place_id = None
    display_name = ""


def visitor() -> Visitor | Nobody:
    """Return who is at the other end of this request."""
    return current_user  # type: ignore[no-any-return]


def who(session: Session) -> Standing:
    """Return the acting person's standing, read anew: inside a write it is read under the lock."""
    return queries.standing(session, current_user.person_id, at=now())


def keep_signed_in(token: str, *, stay: bool) -> None:
    """Let this browser keep a sign-in's token, beyond its closing if `stay`; forget all else.

    A new session means a new CSRF token, so that nothing from before signing in still counts.
    """
    session.clear()
    session["_user_id"], session["_fresh"] = token, True
    session.permanent = stay


def forget_signed_in() -> None:
    """Let this browser forget who was signed in."""
    session.clear()


def our_places() -> Sequence[Place]:
    """Return this installation's district and then its dongs, in their customary order."""
    return district_and_dongs(db.session, current_app.extensions["settings"].district)


def home_dong() -> Place | None:
    """Return the dong this visitor looks at the site from: chosen, verified for, or named."""
    if "home_dong" not in g:
        g.home_dong = _look_up_home_dong()
    place: Place | None = g.home_dong
    return place


def _look_up_home_dong() -> Place | None:
    slug = request.cookies.get(DONG_COOKIE)
    if slug:
        place = place_by_slug(db.session, slug)
        if place is not None and not place.is_district:
            return place
    person = visitor()
    dong_id = min((dong for dong, _ in person.standing.memberships), default=person.home_place_id)
    return db.session.get(Place, dong_id) if dong_id is not None else None


def install(app: Flask) -> None:
    """Load the visitor from the sign-in row at every request."""
    manager = LoginManager()
    manager.anonymous_user = Nobody
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(token: str) -> Visitor | None:
        at = now()
        sign_in = queries.live_sign_in(db.session, token, at=at)
        if sign_in is None:
            return None
        if at - sign_in.last_seen_at >= SEEN_EVERY:
            with write() as session:
                session.execute(
                    update(SignIn)
                    .where(SignIn.token_hash == queries.token_hash(token))
                    .values(last_seen_at=at)
                )
            sign_in = queries.live_sign_in(db.session, token, at=at)
            if sign_in is None:
                return None
        return Visitor(token, sign_in)
