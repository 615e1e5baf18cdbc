"""The panels of 내 활동: what a visitor wrote, endorsed, said, and voted in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.ballots.models import Ballot, Slot, SlotState
from app.forum import queries as forum
from app.forum.words import STANCES
from app.proposals import queries as proposals
from app.proposals import words as proposal_words
from app.residents.panels import Panel, PanelItem
from app.web.wording import format_date, format_until

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.proposals.queries import Line

FEW = 3


def _lines(lines: Iterable[Line], at: datetime) -> list[PanelItem]:
    return [
        PanelItem(
            title=line.title,
            url=url_for("proposals.detail", proposal_id=line.id),
            status=proposal_words.row(line, proposal_words.hour(line, at)).label,
            note=line.sense,
        )
        for line in lines
    ]


def proposed(session: Session, person_id: int, at: datetime) -> Panel:
    """Return what the visitor published and began to write."""
    drafts = [
        PanelItem(
            title=proposal_words.title_of_draft(draft),
            url=url_for("proposals.edit", proposal_id=draft.id),
            status=gettext("임시저장"),
        )
        for draft in proposals.drafts_of(session, person_id)[:FEW]
    ]
    published = _lines(proposals.proposals_of(session, person_id, limit=FEW), at)
    return Panel(
        title=_("내 제안"),
        items=drafts + published,
        empty=_("아직 쓴 제안이 없습니다."),
        url=url_for("proposals.drafts") if drafts else None,
    )


def endorsed(session: Session, person_id: int, at: datetime) -> Panel:
    """Return what the visitor endorsed."""
    return Panel(
        title=_("공감한 제안"),
        items=_lines(proposals.endorsed_by(session, person_id, limit=FEW), at),
        empty=_("아직 공감한 제안이 없습니다."),
    )


def followed(session: Session, person_id: int, at: datetime) -> Panel:
    """Return what the visitor follows."""
    return Panel(
        title=_("지켜보는 제안"),
        items=_lines(proposals.followed_by(session, person_id, limit=FEW), at),
        empty=_("아직 지켜보는 제안이 없습니다."),
    )


def said(session: Session, person_id: int, at: datetime) -> Panel:
    """Return what the visitor said in the forum."""
    del at
    return Panel(
        title=_("공론장에 쓴 의견"),
        items=[
            PanelItem(
                title=opinion.topic.title,
                url=url_for("forum.opinion", topic_id=opinion.topic_id, opinion_id=opinion.id),
                status=str(STANCES[opinion.stance]),
                note=opinion.reason,
            )
            for opinion in forum.opinions_by(session, person_id, limit=FEW)
        ],
        empty=_("아직 쓴 의견이 없습니다."),
    )


def voted(session: Session, person_id: int, at: datetime) -> Panel:
    """Return the ballots on whose roll the visitor stands and has voted, newest first."""
    del at
    rows = session.execute(
        select(Ballot.id, Ballot.title, Ballot.closes_at, Slot.used_at)
        .join(Slot, Slot.ballot_id == Ballot.id)
        .where(Slot.person_id == person_id, Slot.state != SlotState.UNUSED)
        .order_by(Slot.used_at.desc())
        .limit(FEW)
    ).all()
    return Panel(
        title=_("참여한 투표"),
        items=[
            PanelItem(
                title=title,
                url=url_for("ballots.receipt", ballot_id=ballot_id),
                status=gettext("%(day)s 참여", day=format_date(used_at)),
                note=gettext("%(until)s 마감", until=format_until(closes_at)),
            )
            for ballot_id, title, closes_at, used_at in rows
            if used_at is not None
        ],
        empty=_("아직 참여한 투표가 없습니다."),
        url=url_for("ballots.index") if not rows else None,
    )
