"""Chapter eight: how sixty-one promises were kept, delayed or left in silence until autumn 2021."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.commitments import actions as commitments
from app.commitments.models import Commitment
from app.demo.calendar import office_hour
from app.demo.chapters.agendas import department_of
from app.demo.content import text_of

if TYPE_CHECKING:
    from datetime import date

    from app.demo.teller import Teller


def tell_promises(teller: Teller) -> None:
    """Note every progress report and every delay of 2021."""
    for entry in text_of("agendas")["agenda"]:
        if not entry["wins"]:
            continue
        for report in entry["reports"]:
            teller.calendar.at(
                office_hour(report["on"], teller.chance),
                _report,
                teller,
                entry,
                report,
            )
        if delayed := entry.get("delayed"):
            teller.calendar.at(
                office_hour(delayed["on"], teller.chance),
                _delay,
                teller,
                entry,
                delayed,
            )


def _commitment(teller: Teller, entry: dict[str, Any]) -> Commitment:
    return teller.session.get_one(Commitment, teller.commitment_ids[entry["title"]])


def _report(teller: Teller, entry: dict[str, Any], report: dict[str, Any]) -> None:
    commitment = _commitment(teller, entry)
    done = {step.name for step in commitment.milestones if step.done_on is not None}
    commitments.report_progress(
        teller.session,
        commitment,
        text=report["text"],
        percent=report["percent"],
        spent_won=report["spent_won"],
        milestones_done=sorted(_met(entry, report["on"]) - done),
        by=teller.who(teller.cast.departments[department_of(entry)]),
        at=teller.at,
    )


def _met(entry: dict[str, Any], on: date) -> set[str]:
    """Return the names of the steps that the texts say were met by a day."""
    return {step["name"] for step in entry["milestones"] if "met" in step and step["met"] <= on}


def _delay(teller: Teller, entry: dict[str, Any], delayed: dict[str, Any]) -> None:
    commitments.delay_commitment(
        teller.session,
        _commitment(teller, entry),
        due_on=delayed["new_due"],
        reason=delayed["reason"],
        by=teller.who(teller.cast.departments[department_of(entry)]),
        at=teller.at,
    )
