"""The board and a proposal's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    redirect,
    render_template,
    request,
    url_for,
)

from app.core.clock import seoul_day
from app.core.plaintext import tidy
from app.core.refusals import InvalidText
from app.moderation import policy as moderating
from app.moderation.forms import HideForm, RestoreForm
from app.moderation.models import SubjectKind
from app.proposals import policy, queries, rules, words
from app.proposals.models import Field, Proposal
from app.proposals.policy import ProposalRefusal
from app.proposals.queries import Filters, Order
from app.proposals.rules import Phase
from app.residents.sessions import home_dong, our_named_places, visitor
from app.web.asking import asked_again, asked_page
from app.web.audience import public
from app.web.database import now, session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

    from flask.typing import ResponseReturnValue

    from app.places.queries import NamedPlace
from app.proposals.routes.shared import _published, _sentence, routes

WORDS_MOST = 60


BOARD_PHASES = (
    Phase.ENDORSING,
    Phase.REVIEW,
    Phase.OVERDUE,
    Phase.REPLIED,
    Phase.PRECHECK,
    Phase.EXPIRED,
)


@routes.get("/proposals")
@public
def board() -> ResponseReturnValue:
    """Show the three default sections, or the list that the address asks for."""
    places = our_named_places()
    filters = _filters(places)
    at = now()
    shown: dict[str, Any] = {
        "places": places,
        "names": {place.id: place.name for place in places},
        "filters": filters,
        "phases": BOARD_PHASES,
        "words": words,
        "at": at,
    }
    if filters.is_plain and "page" not in request.args and "all" not in request.args:
        home = home_dong()
        sections = queries.sections(session(), home, at=at)
        newest, are_new = rules.newest_of(sections.newest, at=at)
        return render_template(
            "proposals/board.html",
            sections=sections,
            newest=newest,
            are_new=are_new,
            home=home,
            **shown,
        )
    page = queries.board(session(), filters, at=at, page=asked_page())
    return render_template(
        "proposals/list.html",
        page=page,
        counted=words.total_words(page.total or 0, queries.COUNT_CAP),
        chips=_chips(filters),
        **shown,
    )


def _filters(places: Sequence[NamedPlace]) -> Filters:
    """Return what the address asks for; what it cannot mean is left out."""
    dong = request.args.get("dong", "")
    return Filters(
        place=next((place for place in places if place.slug == dong), None),
        field=_one_of(Field, "field"),
        phase=_one_of(Phase, "state", but=Phase.DRAFT),
        words=searched_words(),
        order=_one_of(Order, "sort") or Order.NEWEST,
    )


def searched_words() -> str:
    """Return what to search for, tidied; what may not be stored is not looked for either."""
    try:
        return tidy(request.args.get("q", "")[:WORDS_MOST])
    except InvalidText:
        return ""


def _one_of(codes: type[StrEnum], name: str, *, but: StrEnum | None = None) -> Any:
    asked = request.args.get(name, "")
    return codes(asked) if asked in list(codes) and asked != but else None


def _chips(filters: Filters) -> list[tuple[str, str]]:
    """Return the chosen filters, each with the address without it."""
    chosen = []
    if filters.words:
        chosen.append((f"‘{filters.words}’", _board_without("q")))
    if filters.place is not None:
        chosen.append((filters.place.name, _board_without("dong")))
    if filters.field is not None:
        chosen.append((str(words.FIELDS[filters.field]), _board_without("field")))
    if filters.phase is not None:
        chosen.append((str(words.PHASES[filters.phase]), _board_without("state")))
    return chosen


def _board_without(name: str) -> str:
    kept: dict[str, Any] = {
        asked: values
        for asked, values in asked_again().items()
        if asked not in (name, "page", "all") and any(values)
    }
    return url_for("proposals.board", **kept, all=1)


@routes.get("/proposals/<int:proposal_id>")
@public
def detail(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal: where it stands, what it says, what was answered, the way it came."""
    found = _published(proposal_id)
    if found is None:
        return redirect(url_for("proposals.preview", proposal_id=proposal_id))
    return _detail_page(found)


def _detail_page(
    found: Proposal, *, status: int = 200, hide_form: HideForm | None = None
) -> ResponseReturnValue:
    person = visitor()
    at = rules.told_at(found, now())
    phase = rules.phase(found, at)
    entries = queries.timeline(session(), found.id)
    way = queries.life_line_of(found, entries, at=at)
    refusal = policy.why_not_endorse(person.standing, found.place, phase, is_hidden=found.is_hidden)
    may_moderate = (
        moderating.moderating_role(person.standing, found.place, SubjectKind.PROPOSAL) is not None
    )
    return render_template(
        "proposals/detail.html",
        proposal=found,
        phase=phase,
        line=words.life_line(way, today=seoul_day(at), is_held=found.is_hidden),
        standing=words.standing(way),
        passages=words.timeline(entries),
        ties=queries.ties(session(), found.id, person.person_id),
        refusal=refusal,
        refusals=ProposalRefusal,
        excuse=_sentence(refusal),
        late=rules.days_overdue(found.reply_due_on, at) if found.reply_due_on else 0,
        may_moderate=may_moderate,
        may_try_again=policy.may_try_again(person.standing, found, at=at),
        works_here=policy.is_clerk(person.standing, found.place)
        or person.standing.speaks_for(found.department_id),
        hide_form=hide_form or (HideForm() if may_moderate else None),
        restore_form=RestoreForm() if may_moderate else None,
        words=words,
        at=at,
    ), status
