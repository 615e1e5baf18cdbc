"""A process that casts prepared ballots and says so after each commit, until it is killed.

    python -m tests.ballots.kill_worker DATABASE_URL INSTANCE BALLOT_ID PERSON_ID...

For each person it prints "<person> <leaf>" and flushes, only once the write has committed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sqlalchemy import select

from app.ballots import actions
from app.ballots.models import Option
from app.core.clock import FixedClock
from app.factory import create_app
from app.residents.rules import Standing
from app.settings import Environment, Settings
from app.web.database import session, write
from tests.ballots.conftest import OPENS


def settings_for(url: str, instance: Path) -> Settings:
    """Return settings that write as surely as in production."""
    return Settings(
        environment=Environment.TEST,
        instance_path=instance,
        database_url=url,
        secret_key=b"s" * 32,
        field_key=b"f" * 32,
        signing_key=b"g" * 32,
        limits=False,
    )


def main(url: str, instance: str, ballot_id: int, people: list[int]) -> None:
    """Cast for these people, one after another, each in a write of its own."""
    app = create_app(settings_for(url, Path(instance)), clock=FixedClock(OPENS))
    with app.app_context():
        ids = session().scalars(select(Option.id).where(Option.ballot_id == ballot_id)).all()
    os.write(1, b"ready\n")
    for person in people:
        with app.app_context():
            choice = actions.prepare_choice(
                session(),
                ballot_id,
                option_ids=[ids[person % len(ids)]],
                by=Standing(person),
                at=OPENS,
            )
            with write() as writing:
                receipt = actions.cast_ballot(
                    writing, ballot_id, choice=choice, by=Standing(person), at=OPENS
                )
        os.write(1, f"{person} {receipt.leaf.hex()}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), [int(person) for person in sys.argv[4:]])
