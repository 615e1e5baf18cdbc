"""Reading notices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.assemblies.models import AgendaItem, Assembly, Attendance
from app.ballots.models import Ballot, BallotState, Slot, SlotState
from app.core.clock import seoul_day
from app.core.own_rows import OwnRows
from app.forum.models import Opinion, OpinionReply, Topic
from app.moderation.models import SubjectKind
from app.notices.models import Notice
from app.notices.rules import ABOUT_THE_ACCOUNT, DAY, MOST_A_DAY
from app.places.models import Place
from app.proposals.models import Endorsement, Follow, Proposal
from app.residents.facts import PersonalField
from app.residents.models import (
    Account,
    Consent,
    ConsentKind,
    Contact,
    ContactKind,
    Membership,
    Person,
)
from app.room.models import FloorRequest, Message, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect, Select, SQLColumnExpression
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.moderation.facts import ModerationFact
    from app.proposals.facts import ProposalAdvanced
    from app.residents.facts import PersonalDataCorrected

BALLOTS = "/ballots/"
# Whatever moderators hide was written by somebody, who is told.
WRITERS: dict[SubjectKind, InstrumentedAttribute[int]] = {
    SubjectKind.PROPOSAL: Proposal.author_id,
    SubjectKind.OPINION: Opinion.author_id,
    SubjectKind.OPINION_REPLY: OpinionReply.author_id,
    SubjectKind.MESSAGE: Message.author_id,
    SubjectKind.QUESTION: Question.author_id,
    SubjectKind.FLOOR_REQUEST: FloorRequest.person_id,
}


def notices_of(
    session: Session, person_id: int, *, limit: int, offset: int = 0
) -> Sequence[Notice]:
    """Return someone's notices in the order of what they tell, newest first."""
    return session.scalars(
        select(Notice)
        .where(Notice.person_id == person_id, Notice.address.is_(None))
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def notice_of(session: Session, person_id: int, notice_id: int) -> Notice | None:
    """Return one of someone's notices; None for anybody else's."""
    return session.scalar(
        select(Notice).where(
            Notice.id == notice_id, Notice.person_id == person_id, Notice.address.is_(None)
        )
    )


def unread_count(session: Session, person_id: int) -> int:
    """Return how many of someone's notices they have not opened."""
    return (
        session.scalar(
            select(func.count()).where(
                Notice.person_id == person_id,
                Notice.read_at.is_(None),
                Notice.address.is_(None),
            )
        )
        or 0
    )


def over(session: Session, notices: Iterable[Notice], *, at: datetime) -> set[int]:
    """Return which of these notices invite to a ballot that takes no votes any more."""
    invited = {
        notice.id: int(notice.href.removeprefix(BALLOTS))
        for notice in notices
        if notice.kind == "BallotOpened"
    }
    if not invited:
        return set()
    closed = set(
        session.scalars(
            select(Ballot.id).where(
                Ballot.id.in_(set(invited.values())),
                or_(Ballot.state != BallotState.OPEN, Ballot.closes_at <= at),
            )
        )
    )
    return {notice_id for notice_id, ballot_id in invited.items() if ballot_id in closed}


def may_be_mailed(kind: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Return the condition that an account gave an e-mail address and is mailed such notices.

    What is about the account itself is no news, and needs no consent to it.
    """
    return and_(
        exists()
        .where(Contact.account_id == Account.id, Contact.kind == ContactKind.EMAIL)
        .correlate(Account),
        or_(
            kind.in_(ABOUT_THE_ACCOUNT),
            exists()
            .where(
                Consent.person_id == Account.person_id,
                Consent.kind == ConsentKind.NEWS,
                Consent.withdrawn_at.is_(None),
            )
            .correlate(Account),
        ),
    )


def mailed_about_accounts(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an account's e-mail address was left few such letters in a day."""
    letter = aliased(Notice)
    few = (
        select(func.count())
        .select_from(letter)
        .where(
            letter.mac == email_digest(),
            letter.created_at > at - DAY,
            letter.address.is_(None),
        )
        .scalar_subquery()
    )
    return few < MOST_A_DAY


def email_digest() -> ScalarSelect[bytes]:
    """Return the keyed digest of an account's e-mail address."""
    return (
        select(Contact.mac)
        .where(Contact.account_id == Account.id, Contact.kind == ContactKind.EMAIL)
        .correlate(Account)
        .scalar_subquery()
    )


def addresses(session: Session, notice_ids: Iterable[int]) -> Sequence[tuple[Notice, str]]:
    """Return claimed notices with the address to mail them to, where that is still wanted."""
    ids = list(notice_ids)
    former = session.scalars(
        select(Notice).where(Notice.id.in_(ids), Notice.address.is_not(None)).order_by(Notice.id)
    )
    rows = session.execute(
        select(Notice, Contact.address)
        .join(Account, Account.person_id == Notice.person_id)
        .join(Contact, Contact.account_id == Account.id)
        .where(
            Notice.id.in_(ids),
            Notice.address.is_(None),
            Contact.kind == ContactKind.EMAIL,
            or_(Notice.mac.is_(None), Notice.mac == Contact.mac),
            may_be_mailed(Notice.kind),
        )
        .order_by(Notice.id)
    ).all()
    return [(notice, address) for notice, address in rows] + [
        (notice, notice.address) for notice in former if notice.address
    ]


@dataclass(frozen=True)
class Audience:
    """Whom a fact concerns: its subject's title, its page, the people to tell.

    `codes` are what else chooses the words of the notice.
    """

    title: str
    href: str
    people: Select[int]
    codes: Mapping[str, str] = field(default_factory=dict)


def concerned_by_proposal(session: Session, proposal_id: int) -> Audience:
    """Return a proposal's author, followers and endorsers; a hidden one is called by its number."""
    proposal = session.get_one(Proposal, proposal_id)
    people = select(Person.id).where(
        _is_concerned_by(select(Proposal.id).where(Proposal.id == proposal_id))
    )
    title = (proposal.number or "") if proposal.is_hidden else proposal.title
    return Audience(title, f"/proposals/{proposal_id}", people)


def _is_concerned_by(proposals: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that somebody wrote, follows or endorses one of some proposals."""
    return or_(
        Person.id.in_(select(Proposal.author_id).where(Proposal.id.in_(proposals))),
        Person.id.in_(select(Follow.person_id).where(Follow.proposal_id.in_(proposals))),
        Person.id.in_(select(Endorsement.person_id).where(Endorsement.proposal_id.in_(proposals))),
    )


def concerned_by_progress(session: Session, fact: ProposalAdvanced) -> Audience:
    """Return whom a proposal concerns, with what a later stage did to it."""
    concerned = concerned_by_proposal(session, fact.proposal_id)
    return replace(concerned, codes={"code": str(fact.code)})


def concerned_by_topic(session: Session, topic_id: int) -> Audience:
    """Return everyone who wrote an opinion in a topic."""
    topic = session.get_one(Topic, topic_id)
    authors = select(Opinion.author_id).where(Opinion.topic_id == topic_id)
    return Audience(topic.title, f"/forum/{topic_id}", authors)


def author_of_opinion(session: Session, opinion_id: int) -> Audience:
    """Return the author of an opinion."""
    opinion = session.get_one(Opinion, opinion_id)
    topic = session.get_one(Topic, opinion.topic_id)
    author = select(Opinion.author_id).where(Opinion.id == opinion_id)
    return Audience(topic.title, f"/forum/{topic.id}/opinions/{opinion_id}", author)


def author_of_moderated(session: Session, fact: ModerationFact) -> Audience:
    """Return who wrote what was hidden or shown again, with its kind and the reason of the hiding.

    It is called by what it stands in: what was hidden is not repeated.
    """
    kind = SubjectKind(fact.subject_kind)
    writer = WRITERS[kind]
    where = _whereabouts(session, kind, fact)
    return Audience(
        where.title,
        where.href,
        select(writer).where(writer.class_.id == fact.moderated_id),
        codes={"subject": str(kind), "reason": str(fact.reason)},
    )


def _whereabouts(session: Session, kind: SubjectKind, fact: ModerationFact) -> Audience:
    if kind is SubjectKind.PROPOSAL:
        return concerned_by_proposal(session, fact.moderated_id)
    if kind is SubjectKind.OPINION:
        return author_of_opinion(session, fact.moderated_id)
    if kind is SubjectKind.OPINION_REPLY:
        reply = session.get_one(OpinionReply, fact.moderated_id)
        answered = author_of_opinion(session, reply.opinion_id)
        return replace(answered, href=f"{answered.href}#reply-{reply.id}")
    return attended(session, fact.container_id)


def called_to_assembly(session: Session, assembly_id: int, *, at: datetime) -> Audience:
    """Return the people verified for an assembly's dong, or for any dong of its district."""
    assembly = session.get_one(Assembly, assembly_id)
    today = seoul_day(at)
    members = (
        select(Membership.person_id)
        .join(Place, Place.id == Membership.place_id)
        .where(
            or_(Place.id == assembly.place_id, Place.parent_id == assembly.place_id),
            Membership.since <= today,
            or_(Membership.until.is_(None), Membership.until > today),
        )
    )
    return Audience(assembly.title, f"/assemblies/{assembly_id}", members)


def concerned_by_notice(session: Session, assembly_id: int, *, at: datetime) -> Audience:
    """Return the people of an assembly's place, and whom the proposals on its agenda concern.

    Those may live elsewhere, and were told that their proposal comes before it.
    """
    called = called_to_assembly(session, assembly_id, at=at)
    raised = select(AgendaItem.proposal_id).where(AgendaItem.assembly_id == assembly_id)
    people = select(Person.id).where(or_(Person.id.in_(called.people), _is_concerned_by(raised)))
    return replace(called, people=people)


def attended(session: Session, assembly_id: int) -> Audience:
    """Return the people who checked in at an assembly."""
    assembly = session.get_one(Assembly, assembly_id)
    people = select(Attendance.person_id).where(Attendance.assembly_id == assembly_id)
    return Audience(assembly.title, f"/assemblies/{assembly_id}", people)


def invited(session: Session, ballot_id: int, *, at: datetime) -> Audience | None:
    """Return the people on a ballot's roll who may still vote; nobody where its time has passed."""
    ballot = session.get_one(Ballot, ballot_id)
    if ballot.closes_at <= at:
        return None
    people = select(Slot.person_id).where(
        Slot.ballot_id == ballot_id, Slot.state == SlotState.UNUSED
    )
    return Audience(ballot.title, f"{BALLOTS}{ballot_id}", people)


def voters(session: Session, ballot_id: int) -> Audience:
    """Return the people on a ballot's roll who voted."""
    ballot = session.get_one(Ballot, ballot_id)
    people = select(Slot.person_id).where(
        Slot.ballot_id == ballot_id, Slot.state != SlotState.UNUSED
    )
    return Audience(ballot.title, f"{BALLOTS}{ballot_id}/result", people)


def verified_person(session: Session, person_id: int, place_id: int) -> Audience:
    """Return the person a clerk verified, with the dong's name."""
    dong = session.get_one(Place, place_id)
    return Audience(dong.name, "/me", select(Person.id).where(Person.id == person_id))


def owner_of_contact(fact: PersonalDataCorrected) -> Audience | None:
    """Return the person whose address was changed or removed; of nothing else they are told."""
    if fact.field not in (PersonalField.EMAIL, PersonalField.PHONE):
        return None
    return replace(owner(fact.person_id), codes={"field": str(fact.field)})


def owner(person_id: int) -> Audience:
    """Return the person whose account something happened to."""
    return Audience("", "/me/settings", select(Person.id).where(Person.id == person_id))


# ------------------------------------------------------------------ what is one's own
OWN = {
    "notices": OwnRows(
        Notice.person_id,
        {
            "at": Notice.created_at,
            "id": Notice.id,
            "kind": Notice.kind,
            "details": Notice.details,
            "address": Notice.href,
            "read_at": Notice.read_at,
            "mail_due_at": Notice.due_at,
            "mail_attempts": Notice.attempts,
            "mailed_at": Notice.delivered_at,
            "mailed_to_former": Notice.address,
        },
    ),
}
