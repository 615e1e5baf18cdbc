"""What the acts on an assembly share: its lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.assemblies.models import Assembly

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _locked(session: Session, assembly: Assembly) -> Assembly:
    """Return the assembly as it stands now, held against everyone else's changes."""
    return session.scalars(
        select(Assembly)
        .where(Assembly.id == assembly.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
