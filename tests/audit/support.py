"""Acts to chain: facts that nobody but the audit listens to, and all that the product knows."""

import importlib
import importlib.util
import pkgutil
import threading

from sqlalchemy import text

import app as product
from app.core.append_only import statements
from app.core.bus import Fact
from app.forum.facts import OpinionEndorsed
from app.proposals.facts import EndorsementPolicySet
from app.web.database import db


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


def drop_guards(world):
    """Take the record's guards away, as somebody with the database's password could."""
    with world.app.app_context(), db.engine.begin() as connection:
        on_table = " ON audit_row" if connection.dialect.name == "postgresql" else ""
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_row_refuses_{verb}{on_table}"))


def restore_guards(world):
    """Put the guards of the record back."""
    with world.app.app_context(), db.engine.begin() as connection:
        for statement in statements("audit_row", connection.dialect.name):
            connection.execute(text(statement))


def at_once(world, *acts):
    """Run acts in threads with connections of their own; return what they raised."""
    barrier, raised = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with world.app.app_context():
                db.session.connection()
                barrier.wait(30)
                act()
        except Exception as error:  # noqa: BLE001 - handed to the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised
