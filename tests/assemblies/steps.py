"""How tests call, announce and hold an assembly, through the product's own actions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from app.assemblies import actions
from app.assemblies.models import AgendaItem, Assembly, Track
from app.core.clock import seoul_moment
from app.proposals.models import Proposal
from app.residents.models import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.world import World

HELD = seoul_moment(date(2021, 5, 24), 19)
ENDS = seoul_moment(date(2021, 5, 24), 20, 30)


def _here(session: Session, one: Any) -> Any:
    """Return what an act is given; rows are read in the act's own write."""
    return one(session) if callable(one) else one


class Hall:
    """One assembly of a dong with its clerk and its chair."""

    def __init__(self, world: World, place: str = "doksan1", *, held=HELD, ends=ENDS) -> None:
        self.world, self.place = world, place
        self.clerk = world.staff(Role.CLERK, place)
        self.chair = world.staff(Role.CHAIR, place)
        with world.write() as session:
            self.id = actions.call_assembly(
                session,
                place=world.place(session, place),
                title="2021년 독산1동 주민총회",
                notice_text="함께 모여 **내년에 할 일**을 정합니다.",
                venue="주민센터 3층 강당",
                held_at=held,
                ends_at=ends,
                by=world.standing(session, self.clerk),
                at=world.at,
            ).id

    def act(self, verb: str, by: int, *objects: Any, **details: Any) -> Any:
        """Do one act upon the assembly as someone, in a write of its own."""
        with self.world.write() as session:
            assembly = session.get_one(Assembly, self.id)
            return getattr(actions, verb)(
                session,
                assembly,
                *(_here(session, one) for one in objects),
                by=self.world.standing(session, by),
                at=self.world.at,
                **{name: _here(session, one) for name, one in details.items()},
            )

    def item(
        self,
        title: str = "골목 끝 빈터를 쉼터로",
        *,
        track=Track.SUPPORT,
        proposal_id: int | None = None,
        **more,
    ) -> int:
        """Put an item on the agenda, perhaps from a proposal; return its id."""
        details = {"sense": "비어 있는 터를 이웃의 쉼터로", "body": "", "budget_won": 12_000_000}
        if proposal_id is not None:
            details["proposal"] = lambda session: session.get_one(Proposal, proposal_id)
        added = self.act("add_item", self.clerk, title=title, track=track, **(details | more))
        return added.id

    def notice(self) -> Hall:
        """Publish the notice."""
        self.act("publish_notice", self.clerk)
        return self

    def go_to(self, moment) -> Hall:
        """Move the clock to a moment."""
        self.world.clock.at = moment
        return self

    def open(self) -> Hall:
        """Announce if need be, go to the day and open."""
        with self.world.read() as session:
            state = session.get_one(Assembly, self.id).state
        if state == "draft":
            self.notice()
        self.go_to(HELD)
        self.act("open_assembly", self.chair)
        return self

    def now(self, session) -> Assembly:
        """The assembly as it stands."""
        return session.get_one(Assembly, self.id, populate_existing=True)

    def items(self, session) -> list[AgendaItem]:
        """Its agenda."""
        return list(self.now(session).items)
