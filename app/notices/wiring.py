"""What notices plugs into the product: which facts are told to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.assemblies import facts as assemblies
from app.ballots import facts as ballots
from app.forum import facts as forum
from app.moderation.facts import ContentHidden, ContentRestored
from app.notices import actions, jobs, queries, routes, words
from app.notices.facts import MailClaimed
from app.notices.rules import ABOUT_THE_ACCOUNT
from app.proposals import facts as proposals
from app.residents import own, panels
from app.residents.facts import (
    AddressGivenUp,
    IdentityCorrected,
    MembershipEnded,
    PassphraseChanged,
    PassphraseSetAnew,
    PersonalDataCorrected,
    ResidentVerified,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.core.bus import Fact
    from app.web.house import House

    Concerned = Callable[[Session, Any], queries.Audience | None]

TOLD: dict[type[Fact], Concerned] = {
    proposals.PrecheckPassed: lambda s, f: queries.concerned_by_proposal(s, f.proposal_id),
    proposals.PrecheckFailed: lambda s, f: queries.concerned_by_proposal(s, f.proposal_id),
    proposals.ThresholdReached: lambda s, f: queries.concerned_by_proposal(s, f.proposal_id),
    proposals.WindowMissed: lambda s, f: queries.concerned_by_proposal(s, f.proposal_id),
    proposals.ProposalReplied: lambda s, f: queries.concerned_by_proposal(s, f.proposal_id),
    proposals.ProposalAdvanced: queries.concerned_by_progress,
    forum.OpinionAnswered: lambda s, f: queries.author_of_opinion(s, f.opinion_id),
    forum.TopicConcluded: lambda s, f: queries.concerned_by_topic(s, f.topic_id),
    forum.TopicAnswered: lambda s, f: queries.concerned_by_topic(s, f.topic_id),
    ContentHidden: queries.author_of_moderated,
    ContentRestored: queries.author_of_moderated,
    assemblies.AssemblyNoticed: lambda s, f: queries.called_to_assembly(s, f.assembly_id, at=f.at),
    assemblies.NoticeCorrected: lambda s, f: queries.concerned_by_notice(s, f.assembly_id, at=f.at),
    assemblies.AssemblyCalledOff: (
        lambda s, f: queries.called_to_assembly(s, f.assembly_id, at=f.at)
    ),
    assemblies.MinutesPublished: lambda s, f: queries.attended(s, f.assembly_id),
    ballots.BallotOpened: lambda s, f: queries.invited(s, f.ballot_id, at=f.at),
    ballots.BallotCertified: lambda s, f: queries.voters(s, f.ballot_id),
    PassphraseChanged: lambda _, f: queries.owner(f.person_id),
    PersonalDataCorrected: lambda _, f: queries.owner_of_contact(f),
    PassphraseSetAnew: lambda _, f: queries.owner(f.person_id),
    ResidentVerified: lambda s, f: queries.verified_person(s, f.person_id, f.place_id),
    MembershipEnded: lambda s, f: queries.verified_person(s, f.person_id, f.place_id),
    IdentityCorrected: lambda _, f: queries.owner(f.person_id),
}


def _tell(session: Session, fact: Fact) -> None:
    """Leave a notice for whoever a fact concerns, but not for whoever caused it.

    Of what is about an account its owner is told, because it may not have been they.
    """
    audience = TOLD[type(fact)](session, fact)
    if audience is None:
        return
    kind = type(fact).__name__
    actions.notify(
        session,
        audience.people,
        kind=kind,
        details={"title": audience.title, **audience.codes},
        href=audience.href,
        except_for=None if kind in ABOUT_THE_ACCOUNT else fact.by,
        at=fact.at,
    )


def plug(house: House) -> None:
    """Leave notices with their cause; mail them after it."""
    for kind in TOLD:
        house.on_recorded(kind, _tell)
    house.on_recorded(ContentHidden, actions.rename_hidden)
    house.on_recorded(AddressGivenUp, jobs.tell_former_address)
    house.on_committed(MailClaimed, jobs.send_claimed)
    house.outward_job("notices.mail", jobs.claim_due_mail)
    house.blueprint(routes.blueprint)
    panels.add(house, "notices", routes.my_notices)
    own.add(house, queries.OWN, words.OWN)
