"""Who is at the other end of a request: the visitor, from a revocable sign-in row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request, session
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy import update

from app.places.models import Place
from app.places.queries import district_and_dongs, named_places, place_by_slug
from app.residents import queries
from app.residents.actions import SEEN_EVERY
from app.residents.models import Account, Person, SignIn
from app.residents.rules import NOBODY
from app.web.database import db, now, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.places.queries import NamedPlace
    from app.residents.queries import SignedIn
    from app.residents.rules import Standing


DONG_COOKIE = "dong"


class Visitor:
    """A signed-in person, as pages see them."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self._token = token
        self.account_id = signed_in.account_id
        self.person_id = signed_in.person_id
        self.display_name = signed_in.masked_name
        self.home_place_id = signed_in.home_place_id
        self.dong_name = signed_in.dong_name
        self.standing = signed_in.standing

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
        return db.session.get_one(Account, self.account_id)

    @property
    def person(self) -> Person:
        """Return the person signed in."""
        return db.session.get_one(Person, self.person_id)


class Nobody(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor who has not signed in."""

    person_id = None
    standing = NOBODY
    home_place_id = None
    dong_name = None
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


def our_named_places() -> tuple[NamedPlace, ...]:
    """Return the names of the same places, for lists and filters."""
    return named_places(db.session, current_app.extensions["settings"].district)


def home_dong() -> Place | None:
    """Return the dong this visitor looks at the site from: chosen, verified for, or named."""
    if "home_dong" not in g:
        g.home_dong = _look_up_home_dong()
    place: Place | None = g.home_dong
    return place


def home_dong_name() -> str | None:
    """Return the name of home_dong(); known already unless the visitor chose one."""
    if "home_dong" in g or request.cookies.get(DONG_COOKIE):
        place = home_dong()
        return place.name if place is not None else None
    return visitor().dong_name


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
        found = queries.live_sign_in(db.session, token, at=at)
        if found is None:
            return None
        if at - found.last_seen_at >= SEEN_EVERY:
            with write() as session:
                session.execute(
                    update(SignIn)
                    .where(SignIn.token_hash == queries.token_hash(token))
                    .values(last_seen_at=at)
                )
        return Visitor(token, found)
