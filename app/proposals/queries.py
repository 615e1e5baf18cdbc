"""Reading proposals: the board, one proposal, a person's own, the desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Select,
    Text,
    and_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import joinedload

from app.core.clock import seoul_day
from app.core.paging import PAGE_SIZE, Page, page_of
from app.places.models import Department, Place
from app.proposals import rules
from app.proposals.models import (
    Endorsement,
    EndorsementPolicy,
    Field,
    Follow,
    Proposal,
    ProposalState,
    Reply,
    TimelineEntry,
)
from app.proposals.rules import LifeLine, Passage, Phase, Terms
from app.residents.models import Person, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import CTE, ColumnElement, Row
    from sqlalchemy.orm import Session

    from app.proposals.models import Verdict
    from app.residents.rules import Standing

COUNT_CAP = 200
LAST_PAGE = 5000
NEWEST_SLICE = 2000
FOUND_MOST = 2000
SECTION_SIZE = 4
SIMILAR_SIZE = 3


class Order(StrEnum):
    """How the board may be ordered."""

    NEWEST = "newest"
    CLOSING = "closing"
    ENDORSED = "endorsed"


@dataclass(frozen=True)
class Filters:
    """What the board is asked for; the address carries it."""

    place: Place | None = None
    field: Field | None = None
    phase: Phase | None = None
    words: str = ""
    order: Order = Order.NEWEST

    @property
    def is_plain(self) -> bool:
        """Say whether nothing was asked for."""
        return self == Filters()


@dataclass(frozen=True)
class Line:
    """A proposal as one row of a list; places are named by whoever shows it."""

    id: int
    title: str
    sense: str
    field: Field
    state: ProposalState
    place_id: int
    home_place_id: int | None
    masked_name: str
    published_at: datetime
    threshold: int | None
    endorsement_count: int
    closes_at: datetime | None
    review_began_at: datetime | None
    reply_due_on: date | None
    verdict: Verdict | None


_COLUMNS = (
    Proposal.id,
    Proposal.title,
    Proposal.sense,
    Proposal.field,
    Proposal.state,
    Proposal.place_id,
    Proposal.home_place_id,
    Person.masked_name,
    Proposal.published_at,
    Proposal.threshold,
    Proposal.endorsement_count,
    Proposal.closes_at,
    Proposal.review_began_at,
    Proposal.reply_due_on,
    Reply.verdict,
)
_WIDTH = len(_COLUMNS)
_LISTED = and_(Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
_SEARCH = table("proposal_search", column("rowid"))


def _lines(ids: Any, *extra: Any) -> Select[*tuple[Any, ...]]:
    """Return the rows of the proposals whose ids a subquery names."""
    statement: Select[*tuple[Any, ...]] = select(*_COLUMNS, *extra)
    return (
        statement.join(ids, ids.c.id == Proposal.id)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(Reply, Reply.proposal_id == Proposal.id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(*row[:_WIDTH])


def places(session: Session, district_slug: str) -> Sequence[Place]:
    """Return a district and its dongs, the district first, in one statement."""
    of = select(Place.id).where(Place.slug == district_slug).scalar_subquery()
    return session.scalars(
        select(Place)
        .where(or_(Place.slug == district_slug, Place.parent_id == of))
        .order_by(Place.parent_id.is_not(None), Place.position)
    ).all()


def departments_of(session: Session, place: Place) -> Sequence[Department]:
    """Return the departments of the district around a place."""
    district_id = place.id if place.is_district else place.parent_id
    return session.scalars(
        select(Department).where(Department.place_id == district_id).order_by(Department.position)
    ).all()


def department(session: Session, department_id: int) -> Department:
    """Return a department that is known to stand."""
    return session.get_one(Department, department_id)


# ---------------------------------------------------------------- the board


def _in_phase(phase: Phase, at: datetime) -> ColumnElement[bool]:
    """Return the condition for a phase, the calendar ahead of the stored state included."""
    today = seoul_day(at)
    match phase:
        case Phase.ENDORSING:
            return and_(Proposal.state == ProposalState.ENDORSING, Proposal.closes_at > at)
        case Phase.EXPIRED:
            return or_(
                Proposal.state == ProposalState.EXPIRED,
                and_(Proposal.state == ProposalState.ENDORSING, Proposal.closes_at <= at),
            )
        case Phase.OVERDUE:
            return and_(Proposal.state == ProposalState.REVIEW, Proposal.reply_due_on < today)
        case _:
            return Proposal.state == ProposalState(phase.value)


def _at_place(place: Place | None) -> list[ColumnElement[bool]]:
    """Return the condition for a place; the district stands for everything in it."""
    if place is None or place.is_district:
        return []
    return [Proposal.place_id == place.id]


def _in_reach(place: Place | None) -> list[ColumnElement[bool]]:
    """Return the condition for what concerns a dong: its own and the whole district's."""
    if place is None or place.is_district:
        return []
    return [Proposal.place_id.in_([place.id, place.parent_id])]


def _order(order: Order) -> tuple[ColumnElement[Any], ...]:
    match order:
        case Order.CLOSING:
            return (Proposal.closes_at.asc(), Proposal.id.asc())
        case Order.ENDORSED:
            return (Proposal.endorsement_count.desc(), Proposal.id.desc())
        case _:
            return (Proposal.published_at.desc(), Proposal.id.desc())


def board(
    session: Session, filters: Filters, *, at: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Page[Line]:
    """Return one page of the board; its total stops counting at COUNT_CAP + 1.

    One statement: the ids of the page come from an index in its order, at most as many as the page
    needs, and the rows are fetched for them.
    """
    page = min(max(page, 1), LAST_PAGE)
    skipped, order = (page - 1) * size, _order(filters.order)
    found = _found(session, filters.words)
    branches = [
        select(Proposal.id).where(_LISTED, *conditions, *_narrowed(filters, found))
        for conditions in _branches(filters, at)
    ]
    counted = _joined([one.limit(COUNT_CAP + 1) for one in branches])
    total = select(func.count()).select_from(counted.subquery("counted"))
    if len(branches) == 1:
        ids, left = branches[0].order_by(*order).offset(skipped).limit(size + 1), 0
    else:
        ids = _joined([one.order_by(*order).limit(skipped + size + 1) for one in branches])
        left = skipped
    rows = session.execute(
        _lines(ids.subquery("chosen"), total.scalar_subquery().label("total"))
        .order_by(*order)
        .offset(left)
        .limit(size + 1)
    ).all()
    return page_of(
        [_line(row) for row in rows], number=page, size=size, total=rows[0].total if rows else 0
    )


def _branches(filters: Filters, at: datetime) -> list[list[ColumnElement[bool]]]:
    """Return the conditions of a phase, each of which an index answers by itself.

    What has expired is what the job wrote down and what it has not come to yet.
    """
    if filters.phase is Phase.EXPIRED:
        late = [Proposal.state == ProposalState.ENDORSING, Proposal.closes_at <= at]
        return [[Proposal.state == ProposalState.EXPIRED], late]
    if filters.phase is not None:
        return [[_in_phase(filters.phase, at)]]
    return [[_in_phase(Phase.ENDORSING, at)]] if filters.order is Order.CLOSING else [[]]


def _joined(branches: Sequence[Select[*tuple[Any, ...]]]) -> Any:
    """Return the branches as one selection of ids."""
    if len(branches) == 1:
        return branches[0]
    parts = [one.subquery() for one in branches]
    return union_all(*(select(part.c.id) for part in parts))


def _narrowed(filters: Filters, found: CTE | None) -> list[ColumnElement[bool]]:
    """Return the conditions of place, field and words.

    Beside a phase or words, place and field are written so that no index is tried for them: those
    two leave fewer rows to look at.
    """
    is_few = filters.phase is not None or found is not None
    narrowed: list[ColumnElement[bool]] = []
    if filters.place is not None and not filters.place.is_district:
        place = Proposal.place_id + 0 if is_few else Proposal.place_id
        narrowed.append(place == filters.place.id)
    if filters.field is not None:
        field = type_coerce(Proposal.field, Text) + "" if is_few else Proposal.field
        narrowed.append(field == filters.field)
    if found is not None:
        narrowed.append(Proposal.id.in_(select(found.c.id)))
    return narrowed


def _found(session: Session, words: str) -> CTE | None:
    """Return the newest FOUND_MOST proposals that contain every word; None without words.

    Words of three jamo and more are looked up in the trigram index. Shorter ones have none: where
    there are only such, the newest NEWEST_SLICE proposals are read.
    """
    needles = rules.needles(words)
    if not needles:
        return None
    indexed = [needle for needle in needles if needle.is_indexed]
    short = [_stands(needle) for needle in needles if not needle.is_indexed]
    if not indexed:
        newest = _newest(None).limit(NEWEST_SLICE).subquery("slice")
        return select(Proposal.id).where(Proposal.id.in_(select(newest.c.id)), *short).cte("found")
    if session.get_bind().dialect.name != "sqlite":
        every = [_stands(needle) for needle in needles]
        return _newest(None).where(*every).limit(FOUND_MOST).cte("found")
    asked = " AND ".join(
        f'{needle.column} : "{needle.text.replace(chr(34), chr(34) * 2)}"' for needle in indexed
    )
    hits = (
        select(_SEARCH.c.rowid.label("id"))
        .where(text("proposal_search MATCH :asked").bindparams(asked=asked))
        .order_by(_SEARCH.c.rowid.desc())
        .limit(FOUND_MOST)
    )
    if not short:
        return hits.cte("found")
    within = hits.subquery("hits")
    return select(Proposal.id).where(Proposal.id.in_(select(within.c.id)), *short).cte("found")


def _stands(needle: rules.Needle) -> ColumnElement[bool]:
    """Return the condition that a word stands in its column, whatever signs are in it."""
    stands_in: ColumnElement[str] = getattr(Proposal, needle.column)
    return stands_in.contains(needle.text, autoescape=True)


@dataclass(frozen=True)
class Sections:
    """The board as it greets: what closes soon, what waits for an answer, what is new here."""

    closing: Sequence[Line]
    waiting: Sequence[Line]
    newest: Sequence[Line]


def _closing(place: Place | None, at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Proposal.id)
        .where(Proposal.hidden_at.is_(None), _in_phase(Phase.ENDORSING, at), *_in_reach(place))
        .order_by(Proposal.closes_at, Proposal.id)
    )


def _waiting(place: Place | None) -> Select[*tuple[Any, ...]]:
    return (
        select(Proposal.id)
        .where(
            Proposal.hidden_at.is_(None),
            Proposal.state == ProposalState.REVIEW,
            *_in_reach(place),
        )
        .order_by(Proposal.reply_due_on, Proposal.id)
    )


def _newest(place: Place | None) -> Select[*tuple[Any, ...]]:
    return (
        select(Proposal.id)
        .where(_LISTED, *_at_place(place))
        .order_by(Proposal.published_at.desc(), Proposal.id.desc())
    )


def sections(
    session: Session, home: Place | None, *, at: datetime, limit: int = SECTION_SIZE
) -> Sections:
    """Return the three default sections in one statement; only the last looks at home alone."""
    parts = []
    for number, ids in enumerate((_closing(None, at), _waiting(None), _newest(home))):
        numbered = ids.limit(limit).add_columns(literal(number).label("section")).subquery()
        parts.append(select(numbered.c.id, numbered.c.section))
    chosen = union_all(*parts).subquery("chosen")
    rows = session.execute(_lines(chosen, chosen.c.section)).all()
    found: list[list[Line]] = [[], [], []]
    for row in rows:
        found[row.section].append(_line(row))
    return Sections(
        sorted(found[0], key=lambda line: (line.closes_at, line.id)),
        sorted(found[1], key=lambda line: (line.reply_due_on, line.id)),
        sorted(found[2], key=lambda line: (line.published_at, line.id), reverse=True),
    )


def _listed(session: Session, ids: Select[*tuple[Any, ...]], limit: int) -> Sequence[Line]:
    """Return rows in the order in which their ids are asked for."""
    chosen = ids.limit(limit).subquery("chosen")
    statement = _lines(chosen).order_by(*_re_anchored(ids))
    return [_line(row) for row in session.execute(statement)]


def _re_anchored(ids: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return tuple(ids._order_by_clauses)  # noqa: SLF001 - the order the ids were asked in


def closing_soon(
    session: Session, place: Place | None, *, at: datetime, limit: int = SECTION_SIZE
) -> Sequence[Line]:
    """Return what may still be endorsed, soonest end first; for a dong the district's too."""
    return _listed(session, _closing(place, at), limit)


def awaiting_reply(
    session: Session, place: Place | None, *, limit: int = SECTION_SIZE
) -> Sequence[Line]:
    """Return what waits for a department, longest due first; for a dong the district's too."""
    return _listed(session, _waiting(place), limit)


def newest(session: Session, place: Place | None, *, limit: int = SECTION_SIZE) -> Sequence[Line]:
    """Return what was published last in a place; None or the district means everywhere."""
    return _listed(session, _newest(place), limit)


def lines_of(session: Session, proposal_ids: Sequence[int]) -> dict[int, Line]:
    """Return published, visible proposals by id, for pages that refer to them."""
    ids = select(Proposal.id).where(_LISTED, Proposal.id.in_(proposal_ids)).subquery("chosen")
    return {line.id: line for line in map(_line, session.execute(_lines(ids)))}


@dataclass(frozen=True)
class Counts:
    """How many proposals are where, in a year or altogether; hidden ones are not counted."""

    endorsing: int
    waiting: int
    overdue: int
    replied: int


def counts(session: Session, place: Place | None, *, at: datetime) -> Counts:
    """Return how many proposals gather endorsements, wait, wait too long and were answered."""
    scope = [_LISTED, *_at_place(place)]

    def number(condition: ColumnElement[bool]) -> Any:
        return select(func.count()).select_from(Proposal).where(condition, *scope).scalar_subquery()

    row = session.execute(
        select(
            number(_in_phase(Phase.ENDORSING, at)),
            number(Proposal.state == ProposalState.REVIEW),
            number(_in_phase(Phase.OVERDUE, at)),
            number(Proposal.state == ProposalState.REPLIED),
        )
    ).one()
    return Counts(*row)


# ---------------------------------------------------------------- one proposal


def proposal(session: Session, proposal_id: int) -> Proposal | None:
    """Return a proposal with everything its page names, in one statement."""
    return session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(
            joinedload(Proposal.place),
            joinedload(Proposal.home_place),
            joinedload(Proposal.author).load_only(Person.masked_name),
            joinedload(Proposal.department),
            joinedload(Proposal.reply).joinedload(Reply.department),
        )
    )


def timeline(session: Session, proposal_id: int) -> Sequence[TimelineEntry]:
    """Return the way a proposal has come, oldest first."""
    return session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.proposal_id == proposal_id)
        .order_by(TimelineEntry.at, TimelineEntry.id)
    ).all()


@dataclass(frozen=True)
class Ties:
    """What binds one visitor to a proposal."""

    endorsed: bool = False
    follows: bool = False


def ties(session: Session, proposal_id: int, person_id: int | None) -> Ties:
    """Return whether a person endorsed and follows a proposal."""
    if person_id is None:
        return Ties()
    row = session.execute(
        select(
            exists().where(
                Endorsement.proposal_id == proposal_id, Endorsement.person_id == person_id
            ),
            exists().where(Follow.proposal_id == proposal_id, Follow.person_id == person_id),
        )
    ).one()
    return Ties(*row)


def life_line(session: Session, proposal_id: int, *, at: datetime) -> LifeLine | None:
    """Return where a published proposal stands on the life line, in one statement."""
    rows = session.execute(
        select(
            Proposal.state,
            Proposal.published_at,
            Proposal.review_began_at,
            Proposal.closes_at,
            Proposal.reply_due_on,
            Reply.at.label("replied_at"),
            Reply.verdict,
            TimelineEntry.stage,
            TimelineEntry.code,
            TimelineEntry.at,
        )
        .outerjoin(Reply, Reply.proposal_id == Proposal.id)
        .outerjoin(TimelineEntry, TimelineEntry.proposal_id == Proposal.id)
        .where(Proposal.id == proposal_id, Proposal.published_at.is_not(None))
        .order_by(TimelineEntry.at, TimelineEntry.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    return rules.life_line(
        rules.phase(first, at),
        published_at=first.published_at,
        review_began_at=first.review_began_at,
        replied_at=first.replied_at,
        closes_at=first.closes_at,
        reply_due_on=first.reply_due_on,
        verdict=first.verdict,
        passages=[Passage(row.stage, row.code, row.at) for row in rows if row.stage is not None],
        at=at,
    )


def life_line_of(of: Proposal, entries: Sequence[TimelineEntry], *, at: datetime) -> LifeLine:
    """Return where a proposal stands, from rows already read."""
    return rules.life_line(
        rules.phase(of, at),
        published_at=of.published_at,
        review_began_at=of.review_began_at,
        replied_at=of.reply.at if of.reply else None,
        closes_at=of.closes_at,
        reply_due_on=of.reply_due_on,
        verdict=of.reply.verdict if of.reply else None,
        passages=[Passage(entry.stage, entry.code, entry.at) for entry in entries],
        at=at,
    )


def similar(session: Session, title: str, *, but: int, at: datetime) -> Sequence[Line]:
    """Return earlier proposals that share the title's longest words, for whoever writes one."""
    words = sorted({word for word in title.split() if len(word) > 1}, key=len, reverse=True)[:2]
    found: dict[int, Line] = {}
    for word in words:
        page = board(session, Filters(words=word), at=at, size=SIMILAR_SIZE + 1)
        found.update({line.id: line for line in page.items if line.id != but})
    return list(found.values())[:SIMILAR_SIZE]


# ---------------------------------------------------------------- a person's own


def drafts_of(session: Session, person_id: int) -> Sequence[Proposal]:
    """Return what a person has begun to write, newest first."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.author_id == person_id, Proposal.state == ProposalState.DRAFT)
        .options(joinedload(Proposal.place))
        .order_by(Proposal.created_at.desc(), Proposal.id.desc())
    ).all()


def same_draft(session: Session, draft: Proposal) -> Proposal | None:
    """Return the author's draft with these very words, if the form was sent before."""
    return session.scalar(
        select(Proposal)
        .where(
            Proposal.author_id == draft.author_id,
            Proposal.state == ProposalState.DRAFT,
            Proposal.place_id == draft.place_id,
            Proposal.field == draft.field,
            Proposal.title == draft.title,
            Proposal.sense == draft.sense,
            Proposal.body == draft.body,
        )
        .limit(1)
    )


def proposals_of(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Line]:
    """Return what a person published, newest first; their own hidden ones too."""
    return _listed(
        session,
        select(Proposal.id)
        .where(Proposal.author_id == person_id, Proposal.published_at.is_not(None))
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()),
        limit,
    )


def endorsed_by(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Line]:
    """Return what a person endorsed, newest proposal first."""
    return _listed(
        session,
        select(Proposal.id)
        .join(Endorsement, Endorsement.proposal_id == Proposal.id)
        .where(Endorsement.person_id == person_id, _LISTED)
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()),
        limit,
    )


def followed_by(session: Session, person_id: int, *, limit: int = 50) -> Sequence[Line]:
    """Return what a person follows, newest proposal first."""
    return _listed(
        session,
        select(Proposal.id)
        .join(Follow, Follow.proposal_id == Proposal.id)
        .where(Follow.person_id == person_id, _LISTED)
        .order_by(Proposal.published_at.desc(), Proposal.id.desc()),
        limit,
    )


def followers(session: Session, proposal_id: int) -> Sequence[int]:
    """Return who wants to hear what becomes of a proposal: its author and those who follow."""
    follows = select(Follow.person_id).where(Follow.proposal_id == proposal_id)
    author = select(Proposal.author_id).where(Proposal.id == proposal_id)
    return sorted(session.scalars(union_all(follows, author)).unique().all())


# ---------------------------------------------------------------- the rule in force


def policy_in_force(session: Session, place: Place, *, at: datetime) -> EndorsementPolicy | None:
    """Return the newest endorsement rule of a place, or of its district where it has none."""
    return session.scalar(
        select(EndorsementPolicy)
        .where(
            EndorsementPolicy.place_id.in_([place.id, place.parent_id]),
            EndorsementPolicy.effective_from <= at,
        )
        .order_by((EndorsementPolicy.place_id == place.id).desc(), EndorsementPolicy.version.desc())
        .limit(1)
    )


def terms_in_force(session: Session, place: Place, *, at: datetime) -> Terms:
    """Return the terms on which a window at this place would open now."""
    found = policy_in_force(session, place, at=at)
    if found is None:
        return Terms()
    return Terms(
        threshold=found.threshold,
        window_days=found.window_days,
        counts_opening_day=found.counts_opening_day,
        precheck_required=found.precheck_required,
        decision_days=found.decision_days,
        policy_id=found.id,
    )


def policy_history(session: Session, place: Place) -> Sequence[EndorsementPolicy]:
    """Return every version of a place's own rule, newest first."""
    return session.scalars(
        select(EndorsementPolicy)
        .where(EndorsementPolicy.place_id == place.id)
        .order_by(EndorsementPolicy.version.desc())
    ).all()


# ---------------------------------------------------------------- the desk


class Pile(StrEnum):
    """What the desk may be asked for."""

    TO_DO = "to_do"
    PRECHECK = "precheck"
    REVIEW = "review"
    OVERDUE = "overdue"
    ENDORSING = "endorsing"
    REPLIED = "replied"


@dataclass(frozen=True)
class DeskLine:
    """A proposal as one row of the desk."""

    id: int
    number: str
    title: str
    state: ProposalState
    place: str
    department: str | None
    published_at: datetime
    closes_at: datetime | None
    reply_due_on: date | None
    endorsement_count: int
    threshold: int | None


def desk(
    session: Session,
    by: Standing,
    *,
    pile: Pile,
    place: Place | None = None,
    at: datetime,
    page: int = 1,
) -> Page[DeskLine]:
    """Return what this officer works on: the earliest due first, then the longest waiting.

    Clerks and operators see the places they hold; a department's people what they must answer.
    """
    page = min(max(page, 1), LAST_PAGE)
    places = {grant.place_id for grant in by.grants if grant.role in (Role.CLERK, Role.OPERATOR)}
    departments = {grant.department_id for grant in by.grants if grant.department_id is not None}
    statement = (
        select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.state,
            Place.name,
            Department.name,
            Proposal.published_at,
            Proposal.closes_at,
            Proposal.reply_due_on,
            Proposal.endorsement_count,
            Proposal.threshold,
        )
        .join(Place, Place.id == Proposal.place_id)
        .outerjoin(Department, Department.id == Proposal.department_id)
        .where(
            _in_pile(pile, at),
            Proposal.hidden_at.is_(None),
            or_(
                Proposal.place_id.in_(places),
                Place.parent_id.in_(places),
                Proposal.department_id.in_(departments),
            ),
            *_at_place(place),
        )
        .order_by(
            Proposal.reply_due_on.is_(None),
            Proposal.reply_due_on,
            Proposal.published_at,
            Proposal.id,
        )
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    rows: Sequence[Row[*tuple[Any, ...]]] = session.execute(statement).all()
    return page_of([DeskLine(*row) for row in rows], number=page)


def _in_pile(pile: Pile, at: datetime) -> ColumnElement[bool]:
    if pile is Pile.TO_DO:
        return Proposal.state.in_([ProposalState.PRECHECK, ProposalState.REVIEW])
    return _in_phase(Phase(pile.value), at)
