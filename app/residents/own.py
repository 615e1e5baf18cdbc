"""What is handed over to whoever asks what is kept of them (개인정보 보호법 §35).

Every domain that keeps rows of people adds their kinds in its wiring:

    own.add(house, queries.OWN, words.OWN)

`queries.OWN` says for each kind whose its rows are and what of them is told; `words.OWN` what the
kind is called. Each kind costs one statement, however many its rows. A panel of 내 활동 shows the
newest few of what a person did; here stands all of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.core.clock import SEOUL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.core.own_rows import OwnRows
    from app.web.house import House

KEY = "residents.own"


def add(house: House, kinds: Mapping[str, OwnRows], called: Mapping[str, object]) -> None:
    """Hand over a domain's kinds of rows, in the order in which the domains are plugged in.

    Raises ValueError for a kind without a name, a name without a kind, or a kind there is already.
    """
    known = kinds_of(house.app)
    if wrong := (kinds.keys() ^ called.keys()) | (kinds.keys() & known.keys()):
        message = f"own rows named or added other than once: {', '.join(sorted(wrong))}"
        raise ValueError(message)
    known.update({name: (called[name], rows) for name, rows in kinds.items()})


def kinds_of(app: Flask) -> dict[str, tuple[object, OwnRows]]:
    """Return every kind of rows that is handed over, with what it is called, by its name."""
    kinds: dict[str, tuple[object, OwnRows]] = app.extensions.setdefault(KEY, {})
    return kinds


def handed_over(app: Flask, session: Session, person_id: int, *, at: datetime) -> dict[str, Any]:
    """Return all that is kept of a person: when it was read, what kinds there are, their rows.

    Moments are told in Seoul's time, ids as text, codes as they are stored.
    """
    kinds = kinds_of(app)
    return {
        "made_at": _plain("made_at", at),
        "kinds": {name: str(called) for name, (called, _rows) in kinds.items()},
    } | {name: _rows_of(session, person_id, rows) for name, (_called, rows) in kinds.items()}


def _rows_of(session: Session, person_id: int, rows: OwnRows) -> list[dict[str, Any]]:
    return [
        {name: _plain(name, value) for name, value in zip(rows.told, row, strict=True)}
        for row in session.execute(rows.of(person_id))
    ]


def _plain(name: str, value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.astimezone(SEOUL).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and (name == "id" or name.endswith("_id")):
        return str(value)
    return value
