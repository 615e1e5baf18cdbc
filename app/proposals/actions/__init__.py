"""Writing, publishing, endorsing, reviewing and answering proposals."""

from app.proposals.actions.endorsing import (
    close_missed_windows,
    endorse,
    follow,
    take_back_open,
    unfollow,
    withdraw_endorsement,
)
from app.proposals.actions.moderating import hide_proposal, report_proposal, restore_proposal
from app.proposals.actions.reviewing import (
    assign_department,
    fail_precheck,
    pass_precheck,
    reply_to_proposal,
    set_endorsement_policy,
)
from app.proposals.actions.shared import hold_proposals, note_progress
from app.proposals.actions.writing import (
    discard_draft,
    discard_drafts_of,
    draft_proposal,
    publish_proposal,
    revise_draft,
)

__all__ = [
    "assign_department",
    "close_missed_windows",
    "discard_draft",
    "discard_drafts_of",
    "draft_proposal",
    "endorse",
    "fail_precheck",
    "follow",
    "hide_proposal",
    "hold_proposals",
    "note_progress",
    "pass_precheck",
    "publish_proposal",
    "reply_to_proposal",
    "report_proposal",
    "restore_proposal",
    "revise_draft",
    "set_endorsement_policy",
    "take_back_open",
    "unfollow",
    "withdraw_endorsement",
]
