"""The commands on places."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.places.actions import BadPlaceFile, load_district
from app.places.queries import departments, dongs
from app.web.database import write


@click.group("places", help="Districts, dongs and departments.")
def places() -> None:
    """Group the commands on places."""


@places.command("load", help="Load a district from a TOML FILE; loading again updates it.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def load(file: Path) -> None:
    """Load a district and say what stands now."""
    try:
        with write() as session:
            district = load_district(session, file)
            counted = len(dongs(session, district)), len(departments(session, district))
    except BadPlaceFile as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{district.name}: {counted[0]} dongs, {counted[1]} departments")
