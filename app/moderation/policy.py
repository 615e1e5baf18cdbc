"""Who may hide, show again, report and settle. Asks no database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.refusals import Refusal
from app.moderation.models import SubjectKind
from app.residents.models import Role

if TYPE_CHECKING:
    from app.moderation.models import Hideable
    from app.places.models import Place
    from app.residents.rules import Standing

MODERATORS = (Role.MODERATOR, Role.CLERK)
LIVE_MODERATORS = (*MODERATORS, Role.CHAIR)
LIVE_KINDS = frozenset({SubjectKind.MESSAGE, SubjectKind.QUESTION, SubjectKind.FLOOR_REQUEST})


class ModerationRefusal(Refusal):
    """Why an act of moderation is refused."""

    NOT_MODERATOR = "moderation.not_moderator"
    ALREADY_HIDDEN = "moderation.already_hidden"
    NOT_HIDDEN = "moderation.not_hidden"
    REASON_NEEDED = "moderation.reason_needed"
    SIGN_IN_NEEDED = "moderation.sign_in_needed"
    ALREADY_REPORTED = "moderation.already_reported"
    NOTHING_TO_SETTLE = "moderation.nothing_to_settle"
    NOTHING_TO_REOPEN = "moderation.nothing_to_reopen"


def moderators_of(kind: SubjectKind) -> tuple[Role, ...]:
    """Return the roles that may hide this kind of thing, and settle what is reported of it."""
    return LIVE_MODERATORS if kind in LIVE_KINDS else MODERATORS


def moderating_role(by: Standing, place: Place, kind: SubjectKind) -> Role | None:
    """Return the role in which someone may hide this kind of thing at a place, if any.

    In a live assembly the chair keeps order too.
    """
    return next((role for role in moderators_of(kind) if by.holds(role, place)), None)


def why_not_hide(
    by: Standing, subject: Hideable, place: Place, kind: SubjectKind, note: str
) -> ModerationRefusal | None:
    """Say why someone may not hide something now, or None if they may."""
    if moderating_role(by, place, kind) is None:
        return ModerationRefusal.NOT_MODERATOR
    if subject.is_hidden:
        return ModerationRefusal.ALREADY_HIDDEN
    return None if note.strip() else ModerationRefusal.REASON_NEEDED


def why_not_restore(
    by: Standing, subject: Hideable, place: Place, kind: SubjectKind, note: str
) -> ModerationRefusal | None:
    """Say why someone may not show something again now, or None if they may."""
    if moderating_role(by, place, kind) is None:
        return ModerationRefusal.NOT_MODERATOR
    if not subject.is_hidden:
        return ModerationRefusal.NOT_HIDDEN
    return None if note.strip() else ModerationRefusal.REASON_NEEDED


def why_not_report(by: Standing) -> ModerationRefusal | None:
    """Say why someone may not report something, or None if they may."""
    return None if by.is_someone else ModerationRefusal.SIGN_IN_NEEDED


def why_not_settle(by: Standing, place: Place, kind: SubjectKind) -> ModerationRefusal | None:
    """Say why someone may not settle reports or look at them once more, or None if they may."""
    if moderating_role(by, place, kind) is None:
        return ModerationRefusal.NOT_MODERATOR
    return None
