"""What is hidden can be read by those who may show it again, and by nobody else."""

from app.moderation.models import HideReason
from app.proposals import actions
from app.proposals.models import Proposal
from app.residents.models import Role
from tests.proposals import steps


def test_a_moderator_reads_a_hidden_proposal_before_showing_it_again(world, new_browser):
    proposal_id, moderator = steps.endorsing(world), world.staff(Role.MODERATOR)
    with world.write() as session:
        actions.hide_proposal(
            session,
            session.get_one(Proposal, proposal_id),
            reason=HideReason.ADVERTISING,
            note="가게 홍보",
            by=world.standing(session, moderator),
            at=world.at,
        )
        title = session.get_one(Proposal, proposal_id).title
    page = f"/proposals/{proposal_id}"
    for person, reads in ((moderator, True), (world.resident(), False)):
        browser = new_browser().sign_in(world, person).open(page)
        assert ("가린 글 읽기" in browser.text) is reads
        assert (title in browser.text) is reads
