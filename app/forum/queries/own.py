"""What of the forum is handed over to the person whom it is about."""

from __future__ import annotations

from sqlalchemy import case, select

from app.core.own_rows import OwnRows, looked_up
from app.forum.models import (
    Claim,
    ClaimState,
    Opinion,
    OpinionEndorsement,
    OpinionReply,
    StanceChange,
    Topic,
    Weighing,
)
from app.places.models import Place

_TOPIC_OF_OPINION = select(Topic.title).join(Opinion, Opinion.topic_id == Topic.id)

OWN = {
    "opinions": OwnRows(
        Opinion.author_id,
        {
            "written_at": Opinion.created_at,
            "id": Opinion.id,
            "topic_id": Opinion.topic_id,
            "topic": looked_up(Topic.title, Topic.id == Opinion.topic_id),
            "written_from": looked_up(Place.name, Place.id == Opinion.home_place_id),
            "stance": Opinion.stance,
            "reason": Opinion.reason,
            "text": Opinion.text,
            "quoted_opinion_id": Opinion.quoted_id,
            "endorsements": Opinion.endorsement_count,
            "replies": Opinion.reply_count,
            "hidden_at": Opinion.hidden_at,
            "hidden_reason": Opinion.hidden_reason,
        },
    ),
    "stance_changes": OwnRows(
        Opinion.author_id,
        {
            "at": StanceChange.at,
            "id": StanceChange.id,
            "opinion_id": StanceChange.opinion_id,
            "before": StanceChange.before,
            "after": StanceChange.after,
            "why": StanceChange.why,
            "endorsements_before": StanceChange.endorsements_before,
        },
        through=(StanceChange, StanceChange.opinion_id == Opinion.id),
    ),
    "replies_to_opinions": OwnRows(
        OpinionReply.author_id,
        {
            "written_at": OpinionReply.created_at,
            "id": OpinionReply.id,
            "opinion_id": OpinionReply.opinion_id,
            "topic": _TOPIC_OF_OPINION.where(
                Opinion.id == OpinionReply.opinion_id
            ).scalar_subquery(),
            "written_from": looked_up(Place.name, Place.id == OpinionReply.home_place_id),
            "text": OpinionReply.text,
            "hidden_at": OpinionReply.hidden_at,
            "hidden_reason": OpinionReply.hidden_reason,
        },
    ),
    "opinion_endorsements": OwnRows(
        OpinionEndorsement.person_id,
        {
            "at": OpinionEndorsement.at,
            "opinion_id": OpinionEndorsement.opinion_id,
            "topic": _TOPIC_OF_OPINION.where(
                Opinion.id == OpinionEndorsement.opinion_id
            ).scalar_subquery(),
        },
    ),
    "claims": OwnRows(
        Claim.author_id,
        {
            "written_at": Claim.created_at,
            "id": Claim.id,
            "topic_id": Claim.topic_id,
            "topic": looked_up(Topic.title, Topic.id == Claim.topic_id),
            "text": Claim.text,
            "state": Claim.state,
            "decided_at": Claim.decided_at,
            "is_of_oneself": Claim.is_of_oneself,
            "agree": Claim.agree_count,
            "disagree": Claim.disagree_count,
            "unsure": Claim.unsure_count,
        },
    ),
    "weighings": OwnRows(
        Weighing.person_id,
        {
            "at": Weighing.at,
            "topic_id": Weighing.topic_id,
            "claim_id": Weighing.claim_id,
            "claim": looked_up(
                case((Claim.state == ClaimState.SHOWN, Claim.text)), Claim.id == Weighing.claim_id
            ),
            "value": Weighing.value,
        },
    ),
    "topics_opened": OwnRows(
        Topic.opened_by,
        {
            "at": Topic.created_at,
            "id": Topic.id,
            "place": looked_up(Place.name, Place.id == Topic.place_id),
            "title": Topic.title,
            "question": Topic.question,
            "background": Topic.background,
        },
    ),
    "claims_decided": OwnRows(
        Claim.decided_by,
        {
            "at": Claim.decided_at,
            "claim_id": Claim.id,
            "topic": looked_up(Topic.title, Topic.id == Claim.topic_id),
            "state": Claim.state,
        },
    ),
}
