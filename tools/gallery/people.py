"""Who looks: a visitor, residents, and one person for each role of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


@dataclass(frozen=True)
class Viewer:
    """Somebody looking: a name for the folder and the cookie that signs them in."""

    name: str
    cookie: str | None = None


VISITOR = Viewer("visitor")


def viewers(app: Flask) -> list[Viewer]:
    """Return the visitor, then everybody who has an account to try."""
    from app.demo.signins import SIGN_INS
    from app.residents.actions import begin_sign_in
    from app.residents.queries import account_by_contact
    from app.web.database import now, write

    signing = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    found = [VISITOR]
    with app.app_context(), write() as session:
        for sign_in in SIGN_INS:
            if sign_in.role is None and sign_in.key not in ("resident-doksan1", "newcomer"):
                continue
            account = account_by_contact(session, sign_in.address)
            if account is None:
                message = f"nobody signs in as {sign_in.address}: the demo was not told here"
                raise LookupError(message)
            token = begin_sign_in(session, account, at=now())
            name = "resident" if sign_in.key == "resident-doksan1" else sign_in.key
            found.append(Viewer(name, signing.dumps({"_user_id": token, "_fresh": True})))
    return found
