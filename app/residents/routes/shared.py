"""What the pages of residents share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from flask import (
    Blueprint,
    abort,
    request,
)

from app.core.plaintext import tidy
from app.core.refusals import InvalidText, Refused
from app.core.vault import blind_index
from app.places.models import Place
from app.residents import actions, words
from app.residents.passphrases import is_right
from app.residents.policy import PersonRefusal
from app.residents.sessions import our_places, visitor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

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


@blueprint.app_template_filter("called")
def _called(masked_name: str) -> str:
    return words.called(masked_name)


def our_dongs() -> Sequence[Place]:
    """Return the dongs of this installation's district."""
    return [place for place in our_places() if not place.is_district]


def name_digest() -> str:
    """Return what stands for the name someone signs in with, so that limits store no address."""
    return blind_index("limit", _normal(_tidied(request.form.get("address", "")))).hex()


def _tidied(address: str) -> str:
    """Return what the sign-in form looks up; text that it refuses stays as it was typed."""
    try:
        return tidy(address)
    except InvalidText:
        return address


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


def _insist_on_passphrase(field: Field) -> str:
    """Return the hash that what was typed was checked against; raises Refused if it is wrong.

    That takes long and belongs before the write, which asks whether the hash still stands.
    """
    checked = _me().account.passphrase_hash
    if not is_right(checked, field.data or ""):
        raise Refused(PersonRefusal.WRONG_PASSPHRASE)
    return checked


def _device() -> str:
    return device_name(request.user_agent.string)
