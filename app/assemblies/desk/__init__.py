"""Assemblies as clerks and chairs prepare, announce, lead and record them."""

from app.assemblies.desk.changing import call_off, correct_notice, discard
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
    "call_off",
    "close",
    "correct_minutes",
    "correct_notice",
    "discard",
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
