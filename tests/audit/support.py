"""Acts to chain: facts that nobody but the audit listens to."""

from app.forum.facts import OpinionEndorsed
from app.proposals.facts import EndorsementPolicySet


def endorsed(world, topic_id=1, *, by=7, count=1):
    """Someone endorsed an opinion of a topic."""
    return OpinionEndorsed(at=world.at, by=by, topic_id=topic_id, opinion_id=1, count=count)


def policy_set(world, place_id=1, *, version=1):
    """An operator set a place's rule."""
    return EndorsementPolicySet(at=world.at, by=None, place_id=place_id, version=version)
