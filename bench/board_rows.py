"""A board to measure: a migrated database with many proposals, and residents signed in to it."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from app.core.clock import FixedClock, seoul_day
from app.core.numbers import receipt_number
from app.core.orm import Base
from app.factory import create_app, prepare_database
from app.proposals.models import Field, ProposalState, Stage, TimelineCode, Verdict
from app.proposals.rules import search_text
from app.settings import read_settings
from app.web import logs
from app.web.database import db
from bench.support import settle
from tests.support.http import Browser
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

AUTHORS = 30
THRESHOLD = 300
ROWS_AT_ONCE = 5_000
TOLD = 1_000
BODY = (
    "독산로 끝 빈터는 **세 해째** 비어 있습니다. 밤이면 어두워 아이들이 돌아서 갑니다.\n\n"
    "- 긴 의자 두 개와 그늘막\n- 밤에 켜지는 등 두 개\n- 달마다 한 번 이웃이 함께 쓸기\n\n"
    "가까운 어린이집 두 곳과 노인정이 함께 쓰겠다고 했습니다."
)
WHERE = (
    "골목 끝 빈터",
    "초등학교 앞길",
    "마을버스 정류장",
    "독산로 보도",
    "시장 뒷길",
    "안양천 산책로",
    "작은 도서관",
    "주민센터 마당",
    "언덕 계단",
    "놀이터 옆 공터",
)
WHAT = (
    "가로등",
    "그늘막",
    "쉼터",
    "자전거 거치대",
    "텃밭",
    "안전 손잡이",
    "공유 서가",
    "분리배출함",
    "어린이 물놀이터",
    "길고양이 급식소",
    "빗물받이 청소",
    "주차 안내판",
)
ACTS = ("놓아 주세요", "고쳐 주세요", "늘려 주세요", "함께 가꾸어요", "옮겨 주세요")


@dataclass(frozen=True)
class Stand:
    """One filled database and how the product is started on it."""

    environment: dict[str, str]
    open_ids: list[int]
    visitor: str
    residents: list[tuple[str, str]]


def lay_out(url: str, folder: Path, count: int, residents: int) -> Stand:
    """Migrate a database and fill it; residents come signed in: cookie and CSRF token."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "development",
        "DATABASE_URL": url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "a secret for measuring only, thirty-two",
    }
    now = datetime.now(UTC)
    app = create_app(read_settings(environment), clock=FixedClock(now))
    logs.configure(quiet=True)
    with app.app_context():
        prepare_database()
    world = World(app, FixedClock(now))
    authors = world.residents(AUTHORS)
    with world.write() as session:
        open_ids = _fill(world, session, authors, count, now)
    stand = Stand(
        environment,
        open_ids,
        _cookie(Browser(app).open("/proposals?all=1")),
        [_signed_in(app, world, open_ids[0]) for _ in range(residents)],
    )
    with app.app_context():
        settle(db.engine)
        db.engine.dispose()
    return stand


def _fill(
    world: World, session: Session, authors: Sequence[int], count: int, now: datetime
) -> list[int]:
    """Insert the proposals with replies; return those that the residents may endorse.

    Only the newest have a timeline: the list does not read it.
    """
    dongs = [world.place(session, slug) for slug in ("doksan1", "doksan2", "gasan")]
    department, chance = world.department(session), random.Random(count)
    open_ids = []
    for first in range(1, count + 1, ROWS_AT_ONCE):
        proposals: list[dict[str, Any]] = []
        replies: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        for serial in range(first, min(first + ROWS_AT_ONCE, count + 1)):
            at = now - timedelta(minutes=7 * (count - serial + 1))
            dong = dongs[serial % len(dongs)]
            state = _state(serial)
            title = f"{chance.choice(WHERE)}에 {chance.choice(WHAT)} {chance.choice(ACTS)}"
            number = receipt_number(seoul_day(at).year, dong.code, serial)
            sense = f"{chance.choice(WHAT)} 하나면 {chance.choice(WHERE)}이 달라집니다"
            jamo, initials = search_text(title, sense, number)
            closes_at = now + timedelta(days=1 + serial % 20) if state == "endorsing" else at
            proposals.append(
                {
                    "id": serial,
                    "number": number,
                    "place_id": dong.id,
                    "home_place_id": dong.id,
                    "author_id": authors[serial % len(authors)],
                    "field": list(Field)[serial % len(Field)],
                    "title": title,
                    "sense": sense,
                    "body": BODY,
                    "state": state,
                    "created_at": at,
                    "published_at": at,
                    "threshold": None if state == "precheck" else THRESHOLD,
                    "opens_at": at,
                    "closes_at": closes_at,
                    "decision_days": 20,
                    "endorsement_count": 0 if state == "precheck" else chance.randrange(20),
                    "department_id": department.id,
                    "review_began_at": at if state in ("review", "replied") else None,
                    "reply_due_on": seoul_day(now) + timedelta(days=serial % 30 - 5)
                    if state == "review"
                    else None,
                    "search_jamo": jamo,
                    "search_initials": initials,
                }
            )
            if serial > count - TOLD:
                entries += [_entry(serial, code, at) for code in _passages(state)]
            if state is ProposalState.REPLIED:
                replies.append(
                    {
                        "proposal_id": serial,
                        "verdict": list(Verdict)[serial % len(Verdict)],
                        "department_id": department.id,
                        "reason": "올해 예산으로 할 수 있는 일과 없는 일을 나누어 답합니다.",
                        "by": authors[0],
                        "at": at,
                    }
                )
            if state is ProposalState.ENDORSING and dong is dongs[0]:
                open_ids.append(serial)
        for table, rows in (
            ("proposal", proposals),
            ("timeline_entry", entries),
            ("reply", replies),
        ):
            if rows:
                session.execute(insert(Base.metadata.tables[table]), rows)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval('proposal_id_seq', :last)"), {"last": count})
    return open_ids


def _state(serial: int) -> ProposalState:
    """Return how far a proposal has come: most are answered or have missed their window."""
    share = serial % 20
    if share == 0:
        return ProposalState.PRECHECK
    if share <= 3:
        return ProposalState.ENDORSING
    if share <= 6:
        return ProposalState.REVIEW
    return ProposalState.EXPIRED if share <= 11 else ProposalState.REPLIED


def _passages(state: ProposalState) -> list[TimelineCode]:
    way = [TimelineCode.PUBLISHED]
    if state is not ProposalState.PRECHECK:
        way.append(TimelineCode.PRECHECK_PASSED)
    if state in (ProposalState.REVIEW, ProposalState.REPLIED):
        way.append(TimelineCode.THRESHOLD_REACHED)
    if state is ProposalState.REPLIED:
        way.append(TimelineCode.REPLIED)
    return way


def _entry(proposal_id: int, code: TimelineCode, at: datetime) -> dict[str, Any]:
    stage = {
        TimelineCode.PUBLISHED: Stage.PROPOSAL,
        TimelineCode.PRECHECK_PASSED: Stage.ENDORSEMENT,
    }.get(code, Stage.REVIEW)
    return {"proposal_id": proposal_id, "stage": stage, "code": code, "at": at}


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("madang")
    if found is None:
        raise RuntimeError("the page gave no session")
    return f"madang={found.value}"


def _signed_in(app: Flask, world: World, proposal_id: int) -> tuple[str, str]:
    """Sign a verified resident in; return the session's cookie and its CSRF token."""
    browser = Browser(app).sign_in(world, world.resident()).open(f"/proposals/{proposal_id}")
    token = browser.csrf()
    return _cookie(browser), token
