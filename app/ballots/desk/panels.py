"""What other pages of the desk say of ballots: an assembly's of its own, the home of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from app.assemblies.models import Assembly, AssemblyState
from app.assemblies.panels import Panel
from app.assemblies.rules import is_ahead
from app.ballots import policy, queries, words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import Standing
    from app.web.house import Waiting


def panel(reading: Session, assembly: Assembly, by: Standing, at: datetime) -> Panel | None:
    """Lead from an assembly's desk page to its ballot, or to drawing one up while there is time."""
    if assembly.state is AssemblyState.DRAFT or not policy.may_draw(by, assembly.place):
        return None
    title, found = _("이 총회의 투표"), queries.ballot_of(reading, assembly.id)
    if found is not None:
        url = url_for("ballots_desk.show", ballot_id=found.id)
        return Panel(
            title, f"{found.title} · {words.STATES[found.state]}", url, _("투표 업무 화면 보기")
        )
    if not is_ahead(assembly, at=at):
        return None
    url = url_for("ballots_desk.draw", assembly=assembly.id)
    text = _("아직 투표가 없습니다. 공고한 규칙과 안건이 담긴 초안에서 시작합니다.")
    return Panel(title, text, url, _("이 총회의 투표 만들기"))


def waiting(reading: Session, by: Standing, at: datetime) -> Waiting:
    """Say on the desk's home page how much waits here for someone."""
    del at
    return words.waiting(*queries.desk_load(reading, by))
