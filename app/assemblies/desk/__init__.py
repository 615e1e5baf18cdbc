"""Assemblies as clerks and chairs prepare, announce, lead and record them."""

from app.assemblies.desk.holding import close, correct_minutes, minutes, open_, stage
from app.assemblies.desk.preparing import (
    agenda,
    call,
    edit,
    index,
    notice,
    order,
    remove_item,
    show,
    waiting,
)
from app.assemblies.desk.ruling import rules
from app.assemblies.desk.shared import ONE, blueprint, workers

__all__ = [
    "ONE",
    "agenda",
    "blueprint",
    "call",
    "close",
    "correct_minutes",
    "edit",
    "index",
    "minutes",
    "notice",
    "open_",
    "order",
    "remove_item",
    "rules",
    "show",
    "stage",
    "waiting",
    "workers",
]
