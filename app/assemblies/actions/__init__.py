"""Setting rules for assemblies, calling, announcing, changing, holding and recording them."""

from app.assemblies.actions.changing import call_off, correct_notice, discard_assembly
from app.assemblies.actions.holding import (
    check_in,
    close_assembly,
    correct_minutes,
    move_to_stage,
    open_assembly,
    publish_minutes,
)
from app.assemblies.actions.leaving import hold_attended, take_back_attendance
from app.assemblies.actions.preparing import (
    add_item,
    call_assembly,
    hold_agenda,
    notice_details,
    publish_notice,
    remove_item,
    revise_assembly,
    set_running_order,
)
from app.assemblies.actions.ruling import set_assembly_rules

__all__ = [
    "add_item",
    "call_assembly",
    "call_off",
    "check_in",
    "close_assembly",
    "correct_minutes",
    "correct_notice",
    "discard_assembly",
    "hold_agenda",
    "hold_attended",
    "move_to_stage",
    "notice_details",
    "open_assembly",
    "publish_minutes",
    "publish_notice",
    "remove_item",
    "revise_assembly",
    "set_assembly_rules",
    "set_running_order",
    "take_back_attendance",
]
