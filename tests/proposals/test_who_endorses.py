"""Who endorses is read with the proposal, under its lock."""

import pytest

from app.core.refusals import Refused
from app.proposals.policy import ProposalRefusal
from app.residents.actions import withdraw_person
from app.residents.models import Account, Role
from tests.proposals import steps


def test_who_acts_is_read_with_the_proposal_however_many_roles_they_have(world):
    proposal_id = steps.endorsing(world)
    busy = world.resident()
    world.grant(busy, Role.CHAIR, "doksan1")
    world.grant(busy, Role.CLERK, "gasan")
    assert steps.endorse(world, proposal_id, busy) == 1
    gone = world.resident()
    account = world.account_of(gone)
    world.pass_time(days=1)
    with world.write() as session:
        known = session.get_one(Account, account.id)
        withdraw_person(session, known, checked=known.passphrase_hash, at=world.at)
    for proposal, person, refusal in (
        (proposal_id, gone, ProposalRefusal.NOT_VERIFIED),
        (9_999, busy, ProposalRefusal.UNKNOWN),
    ):
        with pytest.raises(Refused) as caught:
            steps.endorse(world, proposal, person)
        assert caught.value.refusal is refusal
