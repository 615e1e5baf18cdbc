"""The forum's commands: the map of a published conversation, and conversations in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.forum.rules import exchange

if TYPE_CHECKING:
    from app.forum.rules.mapping import OpinionMap

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
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
    drawn = drawn_map(talk)
    if as_json:
        click.echo(json.dumps(told(drawn), ensure_ascii=False))
        return
    texts = {one.id: one.text for one in talk.remarks}
    for number, group in enumerate(drawn.groups):
        click.echo(f"group {number}: {group.size} people")
        for one in group.stands_for:
            sign = "+" if one.agrees else "-"
            click.echo(f"  {sign} {one.votes}/{one.seen}  {texts[one.statement]}")
    click.echo("common ground")
    for statement, share in drawn.consensus:
        click.echo(f"  {share:.0%}  {texts[statement]}")


def read(folder: Path) -> exchange.Conversation:
    """Read the files of a folder that are there; say which line and column cannot be read."""
    try:
        return exchange.conversation(
            {
                name: exchange.decoded((folder / name).read_bytes(), name)
                for name in NAMES
                if (folder / name).is_file()
            }
        )
    except exchange.Malformed as broken:
        raise click.ClickException(str(broken)) from broken


def drawn_map(talk: exchange.Conversation) -> OpinionMap:
    """Draw the map of a conversation as published, people and statements in their order."""
    from app.forum.rules import mapping

    place_of = {one.id: place for place, one in enumerate(talk.remarks)}
    row_of = {one: row for row, one in enumerate(talk.people)}
    weighed = sorted({remark for _, remark in talk.votes}, key=lambda one: place_of[one])
    column_of = {one: column for column, one in enumerate(weighed)}
    votes = mapping.Votes.of(
        talk.people,
        weighed,
        ((row_of[who], column_of[what], vote) for (who, what), vote in talk.votes.items()),
        hidden=[column_of[one.id] for one in talk.remarks if not one.shown and one.id in column_of],
    )
    return mapping.chart(votes, counted=talk.counted)


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
