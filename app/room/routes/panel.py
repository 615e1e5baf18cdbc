"""What the room says on its assembly's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.assemblies.models import AssemblyState
from app.assemblies.panels import Panel
from app.assemblies.policy import why_doors_are_shut
from app.assemblies.rules import current_stage, is_left_open
from app.room.policy import may_watch

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.assemblies.models import Assembly


def panel(session: Session, assembly: Assembly, at: datetime) -> Panel | None:
    """Lead into the room: to come, going on now, or kept as it was."""
    del session
    if not may_watch(assembly):
        return None
    url = url_for("room.hall", assembly_id=assembly.id)
    title = _("실시간 총회")
    left_open = is_left_open(assembly, at=at)
    if assembly.state is AssemblyState.OPEN and not left_open:
        stage = current_stage(assembly)
        text = (
            _("지금 ‘%(stage)s’ 순서입니다. 어디서든 함께할 수 있습니다.", stage=stage.title)
            if stage
            else _("지금 열려 있습니다. 어디서든 함께할 수 있습니다.")
        )
        return Panel(title, text, url, _("총회 들어가기"))
    if assembly.state is AssemblyState.CLOSED or left_open:
        return Panel(title, _("그날 나눈 이야기와 질문이 남아 있습니다."), url, _("다시 보기"))
    if why_doors_are_shut(assembly, at=at) is None:
        text = _(
            "곧 시작합니다. %(place)s 주민은 지금 출석할 수 있습니다.", place=assembly.place.name
        )
        return Panel(title, text, url, _("총회 들어가기"))
    return None
