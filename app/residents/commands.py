"""The commands on people: entrusting the first operator, and seeing who holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core.refusals import Refused
from app.places.queries import department_named, place_by_slug
from app.residents import queries
from app.residents.actions import end_role, give_passphrase_code, grant_role, normal_address
from app.residents.models import Role
from app.residents.policy import GRANTED
from app.web.database import now, session, write

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.places.models import Place
    from app.residents.models import Account

ROLES = click.Choice([role.value for role in Role])
GRANTED_ROLES = click.Choice([role.value for role in GRANTED])


@click.group("residents", help="People and their roles.")
def residents() -> None:
    """Group the commands on people."""


def _account(s: Session, address: str) -> Account:
    try:
        _kind, normal = normal_address(address)
    except ValueError as error:
        raise click.ClickException(f"ADDRESS: {error}") from error
    account = queries.account_by_contact(s, normal)
    if account is None:
        raise click.ClickException("ADDRESS: nobody has signed up with it")
    return account


def _place(s: Session, slug: str | None) -> Place:
    slug = slug or current_app.extensions["settings"].district
    place = place_by_slug(s, slug)
    if place is None:
        raise click.ClickException(f"--place: no place is called {slug!r}; load the district first")
    return place


@residents.command("grant", help="Entrust who signed up with ADDRESS with a ROLE.")
@click.argument("address")
@click.argument("role", type=GRANTED_ROLES)
@click.option("--place", "slug", metavar="SLUG", help="Where; the district if not given.")
@click.option("--department", metavar="SLUG", help="For which department (role department).")
@with_appcontext
def grant(address: str, role: str, slug: str | None, department: str | None) -> None:
    """Grant a role from the console, where the first operator comes from."""
    try:
        with write() as s:
            person, place = _account(s, address).person, _place(s, slug)
            named = department_named(s, place, department)
            if department and named is None:
                raise click.ClickException(f"--department: {place.name} has no {department!r}")
            grant_role(s, person, Role(role), place, department=named, by=None, at=now())
            line = f"{person.masked_name}: {role} at {place.name}"
    except Refused as refused:
        raise click.ClickException(refused.refusal.value) from refused
    click.echo(line)


@residents.command("revoke", help="Take a ROLE back from who signed up with ADDRESS.")
@click.argument("address")
@click.argument("role", type=ROLES)
@click.option("--place", "slug", metavar="SLUG", help="Where; everywhere if not given.")
@with_appcontext
def revoke(address: str, role: str, slug: str | None) -> None:
    """End a role from the console, at once."""
    with write() as s:
        person = _account(s, address).person
        place = _place(s, slug) if slug else None
        held = [
            one
            for one in queries.grants_of(s, person.id, at=now())
            if one.role == role and (place is None or one.place_id == place.id)
        ]
        if not held:
            raise click.ClickException(f"{person.masked_name} does not hold {role} there")
        for one in held:
            end_role(s, one, by=None, at=now())
    click.echo(f"{person.masked_name}: {role} ended ({len(held)})")


@residents.command("list-roles", help="List every role in force, names masked.")
@with_appcontext
def list_roles() -> None:
    """Show who holds what."""
    for one in queries.all_grants(session(), at=now()):
        department = f" ({one.department.name})" if one.department else ""
        click.echo(f"{one.role.value}\t{one.place.name}{department}\t{one.person.masked_name}")


@residents.command(
    "new-passphrase-code",
    help="Print the code with which who signed up with ADDRESS sets a new passphrase.",
)
@click.argument("address")
@with_appcontext
def new_passphrase_code(address: str) -> None:
    """Help an operator who forgot theirs, whom nobody at a desk may help."""
    with write() as s:
        code = give_passphrase_code(s, _account(s, address), at=now())
    click.echo(code)
    site = current_app.extensions["settings"].public_url
    click.echo(f"good for half an hour, once, at {site}/sign-in/new-passphrase", err=True)
