"""How tests bring a proposal to where they need it; every step goes through the actions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.proposals import actions
from app.proposals.models import Field, Proposal, Verdict
from app.residents.models import Role

if TYPE_CHECKING:
    from tests.support.world import World

TITLE = "골목 끝 빈터를 아이들 쉼터로"


def draft(world: World, author: int, *, place: str = "doksan1", title: str = TITLE) -> int:
    """A draft; return its id."""
    with world.write() as session:
        return actions.draft_proposal(
            session,
            place=world.place(session, place),
            field=Field.ENVIRONMENT,
            title=title,
            sense="의자와 그늘막, 등 두 개면 됩니다",
            body="독산로 끝에 **세 해째** 비어 있는 터가 있습니다.",
            home=world.place(session),
            by=world.standing(session, author),
            at=world.at,
        ).id


def published(world: World, *, place: str = "doksan1", title: str = TITLE) -> int:
    """A proposal that waits for its pre-check; return its id."""
    author = world.resident()
    proposal_id = draft(world, author, place=place, title=title)
    with world.write() as session:
        actions.publish_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            by=world.standing(session, author),
            at=world.at,
        )
    return proposal_id


def endorsing(world: World, *, place: str = "doksan1", title: str = TITLE) -> int:
    """A proposal that gathers endorsements; return its id."""
    proposal_id = published(world, place=place, title=title)
    clerk = world.registrar()
    with world.write() as session:
        actions.pass_precheck(
            session,
            session.get_one(Proposal, proposal_id),
            by=world.standing(session, clerk),
            at=world.at,
        )
    return proposal_id


def rule(world: World, *, threshold: int = 20, precheck: bool = True, days: int = 20) -> None:
    """Set the district's endorsement rule at the console."""
    with world.write() as session:
        actions.set_endorsement_policy(
            session,
            world.place(session, "geumcheon"),
            threshold=threshold,
            window_days=days,
            counts_opening_day=True,
            precheck_required=precheck,
            decision_days=20,
            by=None,
            at=world.at,
        )


def endorse(world: World, proposal_id: int, person_id: int) -> int:
    """One endorsement; return the new count."""
    with world.write() as session:
        return actions.endorse(session, proposal_id, person_id=person_id, at=world.at)


def in_review(world: World, *, title: str = TITLE) -> int:
    """A proposal that met its threshold of two; return its id."""
    rule(world, threshold=2)
    proposal_id = endorsing(world, title=title)
    for person_id in world.residents(2):
        endorse(world, proposal_id, person_id)
    return proposal_id


def department_officer(world: World, slug: str = "parks") -> int:
    """Someone who answers for a department."""
    return world.staff(Role.DEPARTMENT, department=slug)


def assigned(world: World, *, title: str = TITLE) -> int:
    """A proposal in review that the parks department must answer; return its id."""
    proposal_id = in_review(world, title=title)
    clerk = world.registrar()
    with world.write() as session:
        actions.assign_department(
            session,
            session.get_one(Proposal, proposal_id),
            world.department(session),
            by=world.standing(session, clerk),
            at=world.at,
        )
    return proposal_id


def adopted(world: World, *, title: str = TITLE) -> int:
    """A proposal that the parks department adopted; return its id."""
    proposal_id = assigned(world, title=title)
    adopt(world, proposal_id)
    return proposal_id


def adopt(world: World, proposal_id: int) -> None:
    """Let the parks department adopt a proposal that it was assigned."""
    officer = department_officer(world)
    with world.write() as session:
        actions.reply_to_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            verdict=Verdict.ADOPTED,
            reason="구 소유 땅이고 안전에 문제가 없어 쉼터로 꾸밀 수 있습니다.",
            planned_on=date(2021, 10, 1),
            by=world.standing(session, officer),
            at=world.at,
        )
