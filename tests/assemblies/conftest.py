"""What assemblies need of the world: a proposal that a department adopted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.proposals import actions
from app.proposals.models import Proposal, Verdict
from tests.proposals import steps

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture
def adopted(world: World) -> int:
    """A proposal of 독산1동 that the department adopted; its id."""
    return adopt(world)


def adopt(world: World) -> int:
    """Bring a proposal to its adoption; return its id."""
    proposal_id = steps.assigned(world)
    officer = steps.department_officer(world)
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
    return proposal_id
