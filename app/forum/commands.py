"""The forum's commands: the map of a published conversation, and conversations in and out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from app.core.plaintext import harmless, on_a_line, tidy
from app.core.refusals import InvalidText, Refused
from app.forum import actions, queries
from app.forum.models import TopicKind
from app.forum.rules import exchange
from app.places.queries import departments, place_by_slug
from app.residents.queries import standing
from app.web.converters import LARGEST_KEY
from app.web.database import now, session, write

if TYPE_CHECKING:
    from app.forum.models import Topic
    from app.forum.rules.mapping import OpinionMap, Settings

ROW_ID = click.IntRange(1, LARGEST_KEY)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_BACKGROUND, LONGEST_DAYS = 60, 200, 20_000, 365
NAMES = (exchange.COMMENTS, exchange.VOTES, exchange.PARTICIPANTS, exchange.SUMMARY)


@click.group("forum", help="The forum's maps of agreement, and conversations in and out.")
def forum() -> None:
    """Group the forum's commands."""


@forum.command("groups", help="Find the groups and the common ground of a published conversation.")
@click.argument("folder", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
def groups(folder: Path, *, as_json: bool) -> None:
    """Read a folder in the open-data layout of Pol.is and print what its map says."""
    talk = read(folder)
    drawn = drawn_map(talk, published_rules(talk))
    if as_json:
        click.echo(json.dumps(told(drawn), ensure_ascii=False))
        return
    texts = {one.id: one.text or f"({one.id})" for one in talk.remarks}
    for number, group in enumerate(drawn.groups):
        click.echo(f"group {number}: {group.size} people")
        for one in group.stands_for:
            sign = "+" if one.agrees else "-"
            click.echo(f"  {sign} {one.votes}/{one.seen}  {on_a_line(texts[one.statement])}")
    click.echo("common ground")
    for statement, share in drawn.consensus:
        click.echo(f"  {share:.0%}  {on_a_line(texts[statement])}")


@forum.command("import-polis", help="Open a published conversation as a topic and draw its map.")
@click.argument("folder", type=FOLDER)
@click.option("--place", "slug", required=True, help="The place's short name, as in addresses.")
@click.option("--by", "person_id", type=ROW_ID, required=True, help="The moderator's person id.")
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST_DAYS),
    default=30,
    show_default=True,
    help="How many days it stays open.",
)
@with_appcontext
def import_polis(folder: Path, slug: str, person_id: int, days: int) -> None:
    """Bring in a folder in the open-data layout of Pol.is, all of it or nothing."""
    talk = read(folder)
    try:
        topic_id, votes = _brought_in(talk, folder.name, slug, person_id, days)
    except Refused as refused:
        raise click.ClickException(refused.refusal.value) from refused
    except actions.ImportedText as kept_out:
        raise click.ClickException(on_a_line(str(kept_out))) from kept_out
    actions.draw_map(session(), write, topic_id, at=now())
    for one in talk.unknown:
        click.echo(on_a_line(f"statement {one} has votes but no text"))
    click.echo(f"topic {topic_id}: {len(talk.remarks)} sentences, {votes} weighings")


def _brought_in(
    talk: exchange.Conversation, name: str, slug: str, person_id: int, days: int
) -> tuple[int, int]:
    """Open a topic with a conversation in it; return its id and how many weighings it holds."""
    title, question = talk.topic or name, talk.question or talk.topic or name
    with write() as s:
        place = place_by_slug(s, slug)
        if place is None:
            raise click.ClickException(f"no place is called {slug}")
        answering = departments(s, place.parent or place)
        if not answering:
            raise click.ClickException(f"{slug} has no department that could answer")
        by, at = standing(s, person_id, at=now()), now()
        topic = actions.open_topic(
            s,
            place=place,
            kind=TopicKind.QUESTION,
            proposal=None,
            department=answering[0],
            title=_fitted(title, LONGEST_TITLE),
            question=_fitted(question, LONGEST_QUESTION),
            background=_fitted(question, LONGEST_BACKGROUND),
            opens_at=at,
            closes_at=at + timedelta(days=days),
            by=by,
            at=at,
        )
        votes = actions.import_conversation(s, topic, talk, by=by, at=at)
        return topic.id, votes


def _fitted(text: str, most: int) -> str:
    """Return a text as a topic may hold it: tidied, without what may not be stored, cut to fit."""
    try:
        said = tidy(harmless(text))
    except InvalidText as invalid:
        raise actions.ImportedText(exchange.SUMMARY, invalid.code) from invalid
    return said if len(said) <= most else said[: most - 1] + "…"


@forum.command("export-polis", help="Write a topic's sentences and weighings for publication.")
@click.argument("topic_id", type=ROW_ID)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export_polis(topic_id: int, folder: Path) -> None:
    """Write the four files of what a moderator let through; pseudonyms are drawn anew each time.

    Rows of two exports still join by their votes. So an export of an open topic, beside a later
    one, shows who joined between: the command says so, and one after the end has no other.
    """
    topic = _topic(topic_id)
    claims = queries.claims_to_publish(session(), topic_id)
    people, votes = _under_pseudonyms(topic_id, {one.id: str(one.id) for one in claims})
    talk = exchange.Conversation(
        topic=topic.title,
        question=topic.question,
        remarks=tuple(exchange.Remark(str(one.id), one.text, "") for one in claims),
        people=people,
        votes=votes,
        of_oneself=frozenset(str(one.id) for one in claims if one.is_of_oneself),
    )
    files = exchange.written(
        topic=topic.title,
        question=topic.question,
        remarks=[
            exchange.Published(
                str(one.id),
                one.text,
                one.agree_count,
                one.disagree_count,
                one.seen_count,
                shown=True,
                of_oneself=one.is_of_oneself,
            )
            for one in claims
        ],
        votes=votes,
        groups=drawn_map(talk).group_of(),
    )
    if topic.closes_at > now():
        click.echo("the topic is still open: beside a later export this one tells who joined")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"{len(people)} people, {len(votes)} weighings in {folder}")


def _under_pseudonyms(
    topic_id: int, shown: dict[int, str]
) -> tuple[tuple[str, ...], dict[tuple[str, str], int]]:
    """Return pseudonyms and the weighings under them; the rows, which name people, end here."""
    weighed = queries.votes_of(session(), topic_id, until=now())
    people = list(dict.fromkeys(row.person_id for row in weighed if row.claim_id in shown))
    SystemRandom().shuffle(people)
    alias = {person: str(number) for number, person in enumerate(people)}
    return tuple(alias.values()), {
        (alias[row.person_id], shown[row.claim_id]): row.value
        for row in weighed
        if row.claim_id in shown
    }


@forum.command("draw", help="Draw a topic's map now, however large it is.")
@click.argument("topic_id", type=ROW_ID)
@with_appcontext
def draw(topic_id: int) -> None:
    """Draw a map with the reading and the computing outside the write."""
    _topic(topic_id)
    actions.draw_map(session(), write, topic_id, at=now())


def _topic(topic_id: int) -> Topic:
    found = queries.topic(session(), topic_id)
    if found is None:
        raise click.ClickException(f"there is no topic {topic_id}")
    return found


def read(folder: Path) -> exchange.Conversation:
    """Read the files of a folder that are there; say which line and column cannot be read."""
    try:
        there = [name for name in NAMES if (folder / name).is_file()]
        for name in there:
            if too_large := exchange.why_not_read(name, (folder / name).stat().st_size):
                raise too_large
        return exchange.conversation(
            {name: exchange.decoded((folder / name).read_bytes(), name) for name in there}
        )
    except exchange.Malformed as broken:
        raise click.ClickException(on_a_line(str(broken))) from broken


def drawn_map(talk: exchange.Conversation, rules: Settings | None = None) -> OpinionMap:
    """Draw the map of a conversation, people and statements in their order.

    What describes who weighs draws nothing.
    """
    from app.forum.rules import mapping

    place_of = {one.id: place for place, one in enumerate(talk.remarks)}
    row_of = {one: row for row, one in enumerate(talk.people)}
    weighed = sorted({remark for _, remark in talk.votes}, key=lambda one: place_of[one])
    column_of = {one: column for column, one in enumerate(weighed)}
    votes = mapping.Votes.of(
        talk.people,
        weighed,
        ((row_of[who], column_of[what], vote) for (who, what), vote in talk.votes.items()),
        hidden=[
            column_of[one.id]
            for one in talk.remarks
            if one.id in column_of and (not one.shown or one.id in talk.of_oneself)
        ],
    )
    return mapping.chart(votes, settings=rules, counted=talk.counted)


def published_rules(talk: exchange.Conversation) -> Settings:
    """Return the rules by which a published conversation was drawn when it was published."""
    from app.forum.rules import mapping

    last_at = talk.last_at or 0
    zeros = exchange.ZEROS_FROM <= last_at < exchange.ZEROS_UNTIL
    return replace(mapping.PUBLISHED, unseen_is_zero=zeros)


def told(drawn: OpinionMap) -> dict[str, Any]:
    """Return what a map says as plain values; ids are strings."""
    return {
        "k": len(drawn.groups),
        "sizes": [group.size for group in drawn.groups],
        "participants": drawn.group_of(),
        "consensus": [
            {"statement": statement, "agree": round(share, 4)}
            for statement, share in drawn.consensus
        ],
        "divisive": [
            {"statement": statement, "distance": round(distance, 4)}
            for statement, distance in drawn.divisive
        ],
    }
