"""Commands on ballots: count files, without any database; check a receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale, gettext

from app.ballots.queries import is_in_urn
from app.ballots.rules import NotAReceipt, read_receipt
from app.ballots.rules.counting.files import read_file, write_file
from app.ballots.rules.counting.formats.reading import MOST_CHARACTERS, FormatError
from app.ballots.rules.counting.register import (
    ALSO,
    RULES,
    Asked,
    count_file,
    is_comparable,
    named_rule,
)
from app.ballots.rules.counting.ties import TieBreak, TieRule
from app.ballots.rules.counting.unfit import Unfit
from app.ballots.rules.counting.unheeded import passed_over
from app.ballots.words import METHODS, tell_count
from app.ballots.words import files as file_words
from app.core.plaintext import on_a_line
from app.core.vault import verify_key
from app.web.database import session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.ballots.rules.counting.files import ReadFile
    from app.ballots.rules.counting.formats.pabulib import Difference
    from app.ballots.rules.counting.outcome import Count
    from app.ballots.rules.counting.unheeded import Unheeded

BAD_FILE = 2
PATIENCE = 10.0  # seconds after which people want to know that a count goes on


@click.group("ballots", help="Count ballots from files; check receipts.")
def ballots() -> None:
    """Group the commands on ballots."""


@ballots.command("count", help="Count the ballots in each FILE by its own rule, or by another.")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--rule",
    type=click.Choice([*RULES, *ALSO], case_sensitive=False),
    help="A rule other than the file's own.",
)
@click.option("--seats", type=click.IntRange(min=1), help="How many to select.")
@click.option(
    "--ties",
    type=click.Choice([one.value for one in TieRule]),
    help="How equals are settled; else .pb files go by their order, and others leave it open.",
)
@click.option("--number", default="", help="The published number of a public draw.")
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object as the last line of each file; of several, it names the file.",
)
@with_appcontext
def count_ballots(
    files: tuple[Path, ...],
    rule: str | None,
    seats: int | None,
    ties: str | None,
    number: str,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Count files and print every round, the selection, ties and notes of each.

    A file that cannot be counted is named in one line, the others are counted, and the exit is 2.
    """
    asked = _asked(seats, ties, number)
    is_bad = False
    for file in files:
        if len(files) > 1:
            click.echo(on_a_line(f"== {file}"))
        try:
            with force_locale(lang), _said_if_long(file.name):
                read = read_file(file.name, _bytes_of(file))
                count, apart = count_file(read, rule or "", asked)
        except (FormatError, Unfit) as error:
            click.echo(on_a_line(f"{file.name}: {error}"), err=True)
            is_bad = True
            if as_json and len(files) > 1:
                _print_json({"file": str(file), "error": str(error)})
            continue
        counted = _Counted(read, named_rule(rule or read.rule), count, apart)
        with force_locale(lang):
            for line in _sentences(counted):
                if line.startswith("\n"):  # a part begins
                    click.echo()
                click.echo(on_a_line(line.removeprefix("\n")))
            _warn(file.name, counted)
        if as_json:
            told = _told(counted)
            _print_json({"file": str(file), **told} if len(files) > 1 else told)
    if is_bad:
        raise click.exceptions.Exit(BAD_FILE)


@ballots.command("convert", help="Write the ballots in FILE anew, in the format that OUT ends on.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def convert_ballots(file: Path, out: Path) -> None:
    """Write a file in another format; a format that would lose what decides is refused."""
    try:
        text = write_file(out.name, read_file(file.name, _bytes_of(file)))
    except (FormatError, Unfit) as error:
        click.echo(on_a_line(f"{file.name}: {error}"), err=True)
        raise click.exceptions.Exit(BAD_FILE) from error
    # Excel takes a table for Korean only where a mark tells that it is UTF-8.
    encoding = "utf-8-sig" if out.suffix.lower() == ".csv" else "utf-8"
    _write_new(out, text.encode(encoding))


def _asked(seats: int | None, ties: str | None, number: str) -> Asked:
    """Return what the options ask otherwise than the file. Raises UsageError for half a draw."""
    if ties == TieRule.DRAW and not number.strip():
        raise click.UsageError("--ties draw needs --number, the published number of the draw")
    if number and ties != TieRule.DRAW:
        raise click.UsageError("--number is that of a draw, which --ties draw asks for")
    return Asked(seats=seats, ties=TieBreak(TieRule(ties), number) if ties else None)


@contextmanager
def _said_if_long(name: str) -> Iterator[None]:
    """Say beside the results that a count still goes on, should it take long."""
    sentence = gettext("%(name)s: 아직 세고 있습니다. 사업이 많으면 오래 걸립니다.", name=name)
    timer = Timer(PATIENCE, click.echo, (on_a_line(sentence),), {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _print_json(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told, ensure_ascii=False))


def _write_new(out: Path, raw: bytes) -> None:
    """Write a file that was not there; where that fails, nothing stays of it."""
    try:
        stream = out.open("xb")
    except FileExistsError as error:
        raise click.UsageError(f"{out.name} is there already") from error
    except OSError as error:
        raise click.UsageError(f"{out} cannot be written: {error.strerror}") from error
    try:
        with stream:
            stream.write(raw)
    except OSError as error:
        out.unlink(missing_ok=True)
        raise click.UsageError(f"{out} cannot be written: {error.strerror}") from error


@ballots.command("check-receipt", help="Say whether the receipt FILE is true; exit with 1 if not.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The public key that a site's guide shows; else this site's own.")
@with_appcontext
def check_receipt(file: Path, key: str | None) -> None:
    """Check the signature, and with this site's own key that the ballot lies in the urn."""
    try:
        public = _public_key(key)
        receipt = read_receipt(_bytes_of(file))
    except (NotAReceipt, Unfit) as error:
        raise click.ClickException(on_a_line(f"{file.name}: {error}")) from error
    if not receipt.is_signed_with(public):
        raise click.ClickException("it was not signed with this key")
    if key is None and not is_in_urn(session(), receipt):
        raise click.ClickException(
            f"signed here, but no such ballot lies in the urn of ballot {receipt.ballot_id}"
        )
    seen = "" if key else f", and the ballot lies in the urn of ballot {receipt.ballot_id}"
    click.echo(f"signed with the key {public.hex()}{seen}")


def _public_key(said: str | None) -> bytes:
    if said is None:
        return verify_key(current_app.extensions["settings"].signing_key)
    try:
        return bytes.fromhex(said)
    except ValueError as error:
        raise click.UsageError("--key is 64 hexadecimal digits") from error


def _bytes_of(file: Path) -> bytes:
    """Return what a file holds, and of one without end no more than shows that it is too long.

    Raises Unfit where the machine cannot read it.
    """
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_CHARACTERS + 1)
    except OSError as error:
        raise Unfit(f"cannot be read: {error.strerror}") from error


@dataclass(frozen=True)
class _Counted:
    """A file, the rule by which it was counted, and what came out."""

    read: ReadFile
    rule: str
    count: Count
    apart: Difference | None

    @property
    def published(self) -> tuple[str, ...] | None:
        """Return what the file publishes, if this count can be held against it."""
        return self.read.published if is_comparable(self.read, self.rule) else None

    @property
    def unheeded(self) -> tuple[Unheeded, ...]:
        """Return what the file says of its counting and the rule passed over."""
        return passed_over(self.read, self.rule)


def _warn(name: str, counted: _Counted) -> None:
    """Say beside the results what the file says and the rule passed over."""
    if counted.unheeded:
        sentence = file_words.unheeded_sentence(counted.unheeded, counted.rule)
        click.echo(on_a_line(f"{name}: {sentence}"), err=True)


def _sentences(counted: _Counted) -> Iterator[str]:
    """Yield what is printed for people."""
    read, count = counted.read, counted.count
    names = read.election.names
    if read.election.title:
        yield read.election.title
    yield gettext("세는 규칙: %(rule)s", rule=str(METHODS.get(count.method, count.method)))
    for told in tell_count(count, names, read.election.parts, in_points=read.gives_points):
        yield f"\n{told.heading}"
        yield from (f"- {sentence}" for sentence in told.sentences)
    yield ""
    if count.selected:
        selected = ", ".join(f"[{one}] {names[one]}" for one in count.selected)
        yield gettext("선정: %(ids)s", ids=selected)
    else:
        yield gettext("선정된 것이 없습니다.")
    yield from (file_words.note_sentence(note) for note in read.notes)
    if counted.published is not None:
        yield from file_words.difference_sentences(counted.apart)


def _told(counted: _Counted) -> dict[str, Any]:
    """Return what is printed for programs."""
    count = counted.count
    return {
        "selected": list(count.selected),
        "rounds": _plain(count.rounds),
        "ties": _plain(count.ties),
        "rule": counted.rule,
        "method": count.method,
        "votes": _plain(count.votes),
        "figures": _plain(count.figures),
        "notes": _plain(counted.read.notes),
        "unheeded": _plain(counted.unheeded),
        "published": _plain(counted.published),
        "differs": _plain(counted.apart),
    }


def _plain(value: object) -> Any:
    """Return a value as JSON holds it: fractions as integers or n/d, the rest by its fields."""
    match value:
        case Fraction():
            return value.numerator if value.denominator == 1 else str(value)
        case StrEnum():
            return value.value
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value):
            return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return value
