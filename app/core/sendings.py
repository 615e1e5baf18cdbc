"""Papers that make something new, remembered for a day, so that one sent twice makes it once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import insert_once
from app.core.orm import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEPT = timedelta(days=1)


class Sending(Base):
    """A paper that was sent and where it led; the key is a digest that names nobody."""

    __tablename__ = "sending"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    led_to: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


def take(session: Session, key: bytes, *, at: datetime) -> str | None:
    """Take a paper's key for this write; return where it led if it was sent before.

    Whoever sends the same paper at the same moment waits here until the first has been written,
    or refused: then the key is free again.
    """
    if insert_once(session, Sending.__table__, key=key, led_to="", at=at):
        return None
    return session.scalars(select(Sending.led_to).where(Sending.key == key)).one()


def lead(session: Session, key: bytes, address: str) -> None:
    """Remember where a taken paper leads."""
    session.execute(update(Sending).where(Sending.key == key).values(led_to=address))


def forget(session: Session, *, at: datetime) -> None:
    """Forget papers that were sent more than a day ago."""
    session.execute(delete(Sending).where(Sending.at < at - KEPT))
