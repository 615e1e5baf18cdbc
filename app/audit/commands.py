"""The commands on the audit chains."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.audit.queries import broken_chains, heads_root
from app.core.append_only import missing_triggers
from app.web.database import session


@click.group("audit", help="The chained record of every act.")
def audit() -> None:
    """Group the commands on the audit chains."""


@audit.command("verify", help="Recompute every chain; exit with 1 if a row does not fit.")
@with_appcontext
def verify() -> None:
    """Recompute all chains and say what was found."""
    reading = session()
    missing = missing_triggers(reading.connection())
    broken = broken_chains(reading)
    for chain, subject_id, row in broken:
        click.echo(f"{chain} {subject_id}: row {row} does not fit")
    for name in missing:
        click.echo(f"trigger {name} is missing")
    if broken or missing:
        raise SystemExit(1)
    count, root = heads_root(reading)
    click.echo(f"{count} chains hold; heads {root.hex()}")
