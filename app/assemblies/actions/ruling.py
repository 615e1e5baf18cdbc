"""Setting the rules by which a place's assemblies are held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.assemblies import facts, policy
from app.assemblies.models import AssemblyRules, QuorumKind
from app.assemblies.policy import AssemblyRefusal
from app.core.bus import record
from app.core.refusals import Refused, insist
from app.places.models import Place

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.residents.rules import AgeMode, Standing

MOST_PERMILLE = 1000
MOST_AGE = 120
MOST_NOTICE_DAYS = 365


def set_assembly_rules(
    session: Session,
    place: Place,
    *,
    notice_days: int,
    quorum_kind: QuorumKind,
    quorum_value: int,
    min_age: int,
    age_mode: AgeMode,
    by: Standing | None,
    at: datetime,
) -> AssemblyRules:
    """Set a new version of a place's assembly rules (운영세칙), in force from now on.

    Assemblies already announced keep theirs. `by` None is the operator at the console. Raises
    Refused NOT_OPERATOR or BAD_RULES.
    """
    insist(policy.why_not_set_rules(by, place))
    sane = (
        0 <= notice_days <= MOST_NOTICE_DAYS
        and 0 <= min_age <= MOST_AGE
        and quorum_value >= (0 if quorum_kind is QuorumKind.NONE else 1)
        and (quorum_kind is not QuorumKind.PERMILLE or quorum_value <= MOST_PERMILLE)
    )
    if not sane:
        raise Refused(AssemblyRefusal.BAD_RULES)
    session.execute(select(Place.id).where(Place.id == place.id).with_for_update())
    newest = session.scalar(
        select(func.max(AssemblyRules.version)).where(AssemblyRules.place_id == place.id)
    )
    rules = AssemblyRules(
        place_id=place.id,
        version=(newest or 0) + 1,
        notice_days=notice_days,
        quorum_kind=quorum_kind,
        quorum_value=quorum_value,
        min_age=min_age,
        age_mode=age_mode,
        effective_from=at,
        set_by=by.person_id if by else None,
    )
    session.add(rules)
    session.flush()
    record(
        session,
        facts.AssemblyRulesSet(at=at, by=rules.set_by, place_id=place.id, version=rules.version),
    )
    return rules
