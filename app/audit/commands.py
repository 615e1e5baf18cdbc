"""The commands on the audit chains."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.audit import queries
from app.core.append_only import missing_triggers
from app.web.database import session


@click.group("audit", help="The chained record of every act.")
def audit() -> None:
    """Group the commands on the audit chains."""


@audit.command("verify", help="Recompute every chain; exit with 1 if a row does not fit.")
@with_appcontext
def verify() -> None:
    """Recompute all chains, look for the anchored rows and the guards, and say what was found."""
    reading = session()
    trouble = [
        *(f"{c} {s}: row {n} does not fit" for c, s, n in queries.broken_chains(reading)),
        *(f"{c} {s}: row {n} was anchored and is gone" for c, s, n in queries.lost_heads(reading)),
        *(f"trigger {name} is missing" for name in missing_triggers(reading.connection())),
    ]
    for line in trouble:
        click.echo(line)
    if trouble:
        raise SystemExit(1)
    count, root = queries.heads_root(reading)
    click.echo(f"{count} chains hold; heads {root.hex()}")
