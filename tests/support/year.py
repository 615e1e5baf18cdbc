"""A dong's year from the agenda to the promise, through the product's own actions."""

from datetime import date, timedelta

from sqlalchemy import select

from app.assemblies.models import Assembly, Track
from app.ballots import actions as ballots
from app.ballots.models import Ballot
from app.commitments import actions as commitments
from app.commitments.models import Commitment
from app.moderation.models import HideReason
from app.proposals import actions as proposals
from app.proposals.models import Proposal
from app.residents.models import Role
from tests.assemblies.steps import Hall
from tests.ballots.conftest import Polls
from tests.proposals import steps

HIDDEN, WHY = "가려진 제안", "까닭: 개인정보"


class Year:
    """Two adopted proposals and an item of the council's own, at one assembly with its ballot."""

    def __init__(self, world, keys):
        self.world = world
        self.shelter = steps.adopted(world)
        self.lamps = steps.adopted(world, title="보안등 열네 곳을 더 밝게")
        self.hall = Hall(world)
        self.moderator = world.staff(Role.MODERATOR)
        roles = (Role.CLERK, Role.OFFICER, Role.OBSERVER)
        self.polls = Polls(world, keys, *(world.staff(role, "doksan1") for role in roles))

    def raise_items(self):
        """Put all three on the agenda, each with its track and its money."""
        self.raised(self.shelter, "쉼터를 함께", Track.SUPPORT, 5_000_000)
        self.raised(self.lamps, "보안등을 더 밝게", Track.BUDGET, 30_000_000)
        self.raised(None, "마을 축제", Track.BUDGET, 8_000_000)

    def raised(self, proposal_id, title, track, budget_won):
        self.hall.item(
            title,
            track=track,
            sense=f"{title}, 이렇게 합니다",
            budget_won=budget_won,
            proposal_id=proposal_id,
            department=self.world.department if proposal_id else None,
        )

    def drawn(self):
        """A draft of the assembly's ballot, a seat for each track; return its id."""
        with self.world.write() as session:
            ballot = ballots.draw_ballot(
                session,
                place=self.world.place(session),
                assembly=session.get_one(Assembly, self.hall.id),
                title="주민총회 투표",
                explanation="",
                opens_at=self.world.at + timedelta(days=1),
                closes_at=self.world.at + timedelta(days=8),
                max_picks=2,
                seats={Track.SUPPORT: 1, Track.BUDGET: 1},
                base_date=self.world.at.date(),
                quorum_value=0,
                by=self.world.standing(session, self.polls.clerk),
                at=self.world.at,
            )
            return ballot.id

    def put_agenda(self, ballot_id, hall=None):
        with self.world.write() as session:
            return ballots.put_agenda_on_ballot(
                session,
                session.get_one(Ballot, ballot_id),
                (hall or self.hall).now(session),
                by=self.world.standing(session, self.polls.clerk),
                at=self.world.at,
            )

    def vote(self, ballot_id, *papers):
        """Open, cast these papers and close."""
        voters = self.world.residents(len(papers))
        self.polls.freeze(ballot_id)
        self.world.pass_time(days=2)
        self.polls.open(ballot_id)
        for voter, picks in zip(voters, papers, strict=True):
            self.polls.cast(ballot_id, voter, *picks)
        self.polls.close(ballot_id)

    def promise(self, ballot_id):
        """Make commitments of what won."""
        with self.world.write() as session:
            commitments.make_commitments(
                session,
                session.get_one(Ballot, ballot_id),
                year=2021,
                due_on=date(2021, 11, 30),
                default_department=self.world.department(session, "welfare"),
                by=self.world.standing(session, self.polls.clerk),
                at=self.world.at,
            )

    def hide(self, proposal_id):
        self._moderate(proposals.hide_proposal, proposal_id, reason=HideReason.PERSONAL_DATA)

    def show_again(self, proposal_id):
        self._moderate(proposals.restore_proposal, proposal_id)

    def _moderate(self, act, proposal_id, **why):
        with self.world.write() as session:
            act(
                session,
                session.get_one(Proposal, proposal_id),
                **why,
                note="이웃의 이름이 있습니다",
                by=self.world.standing(session, self.moderator),
                at=self.world.at,
            )

    def promised(self):
        """Let the shelter and the feast win and be promised; return the shelter's promise."""
        ballot_id = self.drawn()
        self.put_agenda(ballot_id)
        self.vote(ballot_id, (1, 3), (1, 3))
        self.polls.count(ballot_id)
        self.polls.certify(ballot_id)
        self.promise(ballot_id)
        with self.world.read() as session:
            return session.scalars(
                select(Commitment.id).where(Commitment.proposal_id == self.shelter)
            ).one()


def noticed_year(world, app):
    """Return such a year whose agenda is announced."""
    made = Year(world, app.extensions["settings"].keys_path)
    made.raise_items()
    made.hall.notice()
    return made
