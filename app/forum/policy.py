"""Who may open a topic, speak in it and close it, and when. Told the time; asks no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.clock import seoul_day
from app.core.refusals import Refusal
from app.forum.models import ClaimState, TopicKind
from app.forum.rules import (
    CLAIMS_PER_DAY,
    OPINIONS_PER_DAY,
    REPLIES_PER_DAY,
    Phase,
    phase_of,
)
from app.proposals.models import ProposalState
from app.residents.models import Role

if TYPE_CHECKING:
    from datetime import datetime

    from app.forum.models import Claim, Opinion, Stance, Topic
    from app.places.models import Department, Place
    from app.proposals.models import Proposal
    from app.residents.rules import Standing

LEADERS = frozenset({Role.MODERATOR, Role.CLERK})
NOT_FOR_FORUM = frozenset({ProposalState.DRAFT, ProposalState.PRECHECK, ProposalState.UNFIT})


class ForumRefusal(Refusal):
    """Why an act in the forum is refused."""

    NOT_MODERATOR = "forum.not_moderator"
    NOT_DEPARTMENT = "forum.not_department"
    NOT_VERIFIED = "forum.not_verified"
    NOT_OF_PLACE = "forum.not_of_place"
    FOREIGN_HOME = "forum.foreign_home"
    NOT_YET_OPEN = "forum.not_yet_open"
    ALREADY_CLOSED = "forum.already_closed"
    STILL_OPEN = "forum.still_open"
    ALREADY_CONCLUDED = "forum.already_concluded"
    NOT_CONCLUDED = "forum.not_concluded"
    ALREADY_ANSWERED = "forum.already_answered"
    TOO_MANY_OPINIONS = "forum.too_many_opinions"
    TOO_MANY_REPLIES = "forum.too_many_replies"
    OPINION_HIDDEN = "forum.opinion_hidden"
    FOREIGN_QUOTE = "forum.foreign_quote"
    OWN_OPINION = "forum.own_opinion"
    ALREADY_ENDORSED = "forum.already_endorsed"
    NOT_ENDORSED = "forum.not_endorsed"
    NOT_AUTHOR = "forum.not_author"
    SAME_STANCE = "forum.same_stance"
    BAD_PERIOD = "forum.bad_period"
    PERIOD_PAST = "forum.period_past"
    BAD_SOURCE = "forum.bad_source"
    FOREIGN_PROPOSAL = "forum.foreign_proposal"
    PROPOSAL_NOT_READY = "forum.proposal_not_ready"
    PROPOSAL_IN_FORUM = "forum.proposal_in_forum"
    FOREIGN_DEPARTMENT = "forum.foreign_department"
    TOO_MANY_CLAIMS = "forum.too_many_claims"
    CLAIM_KNOWN = "forum.claim_known"
    CLAIM_UNKNOWN = "forum.claim_unknown"
    CLAIM_NOT_SHOWN = "forum.claim_not_shown"
    CLAIM_DECIDED = "forum.claim_decided"
    TOPIC_OVER = "forum.topic_over"


def may_moderate(by: Standing, place: Place) -> bool:
    """Say whether someone opens, concludes and moderates topics of a place."""
    return any(by.holds(role, place) for role in LEADERS)


def why_not_moderate(by: Standing, place: Place) -> ForumRefusal | None:
    """Say why someone may not open or lead topics of a place."""
    return None if may_moderate(by, place) else ForumRefusal.NOT_MODERATOR


def why_not_open(
    place: Place, department: Department, *, opens_at: datetime, closes_at: datetime, at: datetime
) -> ForumRefusal | None:
    """Say why a topic cannot stand at a place for this time.

    The first day may be today, which began before now; the last moment may not be past.
    """
    if department.place_id not in (place.id, place.parent_id):
        return ForumRefusal.FOREIGN_DEPARTMENT
    if closes_at <= opens_at:
        return ForumRefusal.BAD_PERIOD
    if seoul_day(opens_at) < seoul_day(at) or closes_at <= at:
        return ForumRefusal.PERIOD_PAST
    return None


def why_not_from(
    kind: TopicKind, proposal: Proposal | None, place: Place, *, is_in_forum: bool
) -> ForumRefusal | None:
    """Say why a topic cannot come from this source; a question comes from no proposal."""
    if (kind is TopicKind.PROPOSAL) != (proposal is not None):
        return ForumRefusal.BAD_SOURCE
    if proposal is None:
        return None
    if place.id not in (proposal.place_id, proposal.place.parent_id):
        return ForumRefusal.FOREIGN_PROPOSAL
    if proposal.is_hidden or proposal.state in NOT_FOR_FORUM:
        return ForumRefusal.PROPOSAL_NOT_READY
    return ForumRefusal.PROPOSAL_IN_FORUM if is_in_forum else None


def why_not_speak(topic: Topic, by: Standing, *, at: datetime) -> ForumRefusal | None:
    """Say why someone may not take part in a topic now."""
    if not by.is_verified:
        return ForumRefusal.NOT_VERIFIED
    if not by.belongs_to(topic.place):
        return ForumRefusal.NOT_OF_PLACE
    return why_not_now(topic, at=at)


def why_not_now(topic: Topic, *, at: datetime) -> ForumRefusal | None:
    """Say why nobody may take part in a topic now."""
    phase = phase_of(topic, at=at)
    if phase is Phase.OPEN:
        return None
    return ForumRefusal.NOT_YET_OPEN if phase is Phase.UPCOMING else ForumRefusal.ALREADY_CLOSED


def why_not_from_home(by: Standing, home: Place | None) -> ForumRefusal | None:
    """Say why a dong may not stand beside someone's name."""
    return None if home is None or by.belongs_to(home) else ForumRefusal.FOREIGN_HOME


def why_not_write(*, opinions_today: int) -> ForumRefusal | None:
    """Say why someone may write no further opinion today."""
    return ForumRefusal.TOO_MANY_OPINIONS if opinions_today >= OPINIONS_PER_DAY else None


def why_not_quote(topic: Topic, quoted: Opinion | None) -> ForumRefusal | None:
    """Say why an opinion may not be quoted in a topic; None stands for one that is not there."""
    if quoted is None or quoted.topic_id != topic.id:
        return ForumRefusal.FOREIGN_QUOTE
    return ForumRefusal.OPINION_HIDDEN if quoted.is_hidden else None


def why_not_reply(opinion: Opinion, *, replies_today: int) -> ForumRefusal | None:
    """Say why someone may not answer an opinion."""
    if opinion.is_hidden:
        return ForumRefusal.OPINION_HIDDEN
    return ForumRefusal.TOO_MANY_REPLIES if replies_today >= REPLIES_PER_DAY else None


def why_not_endorse(opinion: Opinion, by: Standing) -> ForumRefusal | None:
    """Say why someone may not endorse an opinion."""
    if opinion.is_hidden:
        return ForumRefusal.OPINION_HIDDEN
    return ForumRefusal.OWN_OPINION if opinion.author_id == by.person_id else None


def why_not_move(opinion: Opinion, by: Standing) -> ForumRefusal | None:
    """Say why someone may not move an opinion to any other side."""
    if opinion.author_id != by.person_id:
        return ForumRefusal.NOT_AUTHOR
    return ForumRefusal.OPINION_HIDDEN if opinion.is_hidden else None


def why_not_change(opinion: Opinion, by: Standing, after: Stance) -> ForumRefusal | None:
    """Say why someone may not move an opinion to this side."""
    same = ForumRefusal.SAME_STANCE if opinion.stance is after else None
    return why_not_move(opinion, by) or same


def why_not_conclude(topic: Topic, by: Standing, *, at: datetime) -> ForumRefusal | None:
    """Say why someone may not sum a topic up; that is done once, after the talk."""
    if not may_moderate(by, topic.place):
        return ForumRefusal.NOT_MODERATOR
    phase = phase_of(topic, at=at)
    if phase is Phase.CLOSED:
        return None
    still = phase in (Phase.UPCOMING, Phase.OPEN)
    return ForumRefusal.STILL_OPEN if still else ForumRefusal.ALREADY_CONCLUDED


def why_not_answer(topic: Topic, by: Standing, *, at: datetime) -> ForumRefusal | None:
    """Say why someone may not give the department's answer; it follows the conclusion, once."""
    if not by.speaks_for(topic.department_id):
        return ForumRefusal.NOT_DEPARTMENT
    phase = phase_of(topic, at=at)
    if phase is Phase.CONCLUDED:
        return None
    done = phase is Phase.FINISHED
    return ForumRefusal.ALREADY_ANSWERED if done else ForumRefusal.NOT_CONCLUDED


def why_not_add_claim(*, claims_today: int, is_known: bool) -> ForumRefusal | None:
    """Say why someone may add no such sentence now; the same words stand once in a topic."""
    if is_known:
        return ForumRefusal.CLAIM_KNOWN
    return ForumRefusal.TOO_MANY_CLAIMS if claims_today >= CLAIMS_PER_DAY else None


def why_not_begin(topic: Topic, *, at: datetime) -> ForumRefusal | None:
    """Say why whoever leads a topic may show no further sentence in it: nobody weighs it then."""
    runs = phase_of(topic, at=at) in (Phase.UPCOMING, Phase.OPEN)
    return None if runs else ForumRefusal.TOPIC_OVER


def why_not_weigh(topic: Topic, claim: Claim | None) -> ForumRefusal | None:
    """Say why nobody may weigh a sentence here; only what a moderator let through is weighed."""
    if claim is None or claim.topic_id != topic.id:
        return ForumRefusal.CLAIM_UNKNOWN
    return None if claim.state is ClaimState.SHOWN else ForumRefusal.CLAIM_NOT_SHOWN


def why_not_decide_claim(
    topic: Topic, claim: Claim, by: Standing, state: ClaimState, *, at: datetime
) -> ForumRefusal | None:
    """Say why someone may not decide so on a sentence; a decision may be changed while it runs."""
    same = claim.state is state or state is ClaimState.WAITING
    return _why_not_settle(topic, by, is_settled=same, at=at)


def why_not_mark_claim(
    topic: Topic, claim: Claim, by: Standing, *, is_of_oneself: bool, at: datetime
) -> ForumRefusal | None:
    """Say why someone may not mark a sentence so, as being of oneself or an opinion."""
    same = claim.is_of_oneself is is_of_oneself
    return _why_not_settle(topic, by, is_settled=same, at=at)


def _why_not_settle(
    topic: Topic, by: Standing, *, is_settled: bool, at: datetime
) -> ForumRefusal | None:
    if not may_moderate(by, topic.place):
        return ForumRefusal.NOT_MODERATOR
    return why_not_begin(topic, at=at) or (ForumRefusal.CLAIM_DECIDED if is_settled else None)
