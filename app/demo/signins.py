"""The accounts of the demonstration: invented people, one passphrase that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from app.residents.models import Role

PASSPHRASE = "madang-demo-2021"  # noqa: S105 - everybody may know it


@dataclass(frozen=True)
class SignIn:
    """One account to try: what it may do, its address and passphrase."""

    key: str
    label: Any
    place: str
    role: Role | None = None
    department: str | None = None
    verified: bool = False
    passphrase: str = PASSPHRASE

    @property
    def address(self) -> str:
        """Return the e-mail address to sign in with; the domain exists nowhere."""
        return f"{self.key}@demo.example"


SIGN_INS = (
    SignIn("resident-doksan1", _("독산1동 주민"), "doksan1", verified=True),
    SignIn("resident-doksan2", _("독산2동 주민"), "doksan2", verified=True),
    SignIn("resident-siheung1", _("시흥1동 주민"), "siheung1", verified=True),
    SignIn("newcomer", _("아직 확인받지 않은 새 주민"), "doksan2"),
    SignIn("clerk", _("금천구 담당자"), "geumcheon", Role.CLERK),
    SignIn("desk-clerk", _("독산2동 창구 담당자"), "doksan2", Role.DESK_CLERK),
    SignIn("department", _("공원녹지과 담당자"), "geumcheon", Role.DEPARTMENT, "parks"),
    SignIn("moderator", _("공론장 진행자"), "geumcheon", Role.MODERATOR),
    SignIn("chair", _("독산2동 총회 진행자"), "doksan2", Role.CHAIR),
    SignIn("officer", _("투표관리자"), "geumcheon", Role.OFFICER),
    SignIn("observer", _("참관인"), "geumcheon", Role.OBSERVER),
    SignIn("operator", _("운영자"), "geumcheon", Role.OPERATOR),
)
