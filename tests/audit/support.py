"""Acts to chain: facts that nobody but the audit listens to, and all that the product knows."""

import importlib
import importlib.util
import pkgutil

import app as product
from app.core.bus import Fact
from app.forum.facts import OpinionEndorsed
from app.proposals.facts import EndorsementPolicySet


def endorsed(world, topic_id=1, *, by=7, count=1):
    """Someone endorsed an opinion of a topic."""
    return OpinionEndorsed(at=world.at, by=by, topic_id=topic_id, opinion_id=1, count=count)


def policy_set(world, place_id=1, *, version=1):
    """An operator set a place's rule."""
    return EndorsementPolicySet(at=world.at, by=None, place_id=place_id, version=version)


def audited_facts():
    """All acts of the product that the chains keep, by name."""
    for package in pkgutil.iter_modules(product.__path__):
        name = f"app.{package.name}.facts"
        if package.ispkg and importlib.util.find_spec(name):
            importlib.import_module(name)
    found, waiting = [], [Fact]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting.extend(kinds)
        found.extend(
            kind
            for kind in kinds
            if kind.audited and not kind.__subclasses__() and kind.__module__.startswith("app.")
        )
    return sorted(found, key=lambda kind: kind.__name__)
