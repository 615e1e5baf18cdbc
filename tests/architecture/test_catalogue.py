"""English has every sentence of the interface, with the same places left open in it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.messages import CATALOGUE, LANGUAGE, extract, untranslated

# "%(count)s" and "%%" as Python fills them in, "{count}" as the scripts of a page do.
PLACE = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def forms(texts: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def sentences(catalogue: Catalog) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(message.context, forms(message.id)) for message in catalogue if message.id}


def translations(message: Message) -> Iterator[tuple[str, str]]:
    """Pair each English form with the Korean one that it stands for."""
    korean, english = forms(message.id), forms(message.string)
    return zip((*korean, *korean[-1:] * (len(english) - len(korean))), english, strict=True)


def test_every_sentence_has_its_english() -> None:
    assert untranslated(CATALOGUE) == []


def test_the_catalogue_holds_what_the_sources_say_and_nothing_else(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    extract(template)
    catalogue = read(CATALOGUE)
    said, held = sentences(read(template)), sentences(catalogue)
    assert said - held == set(), "run `python -m tools.messages` and fill in what it lists"
    assert held - said == set(), "run `python -m tools.messages` to drop what no one says now"
    assert list(catalogue.obsolete) == []


def test_each_translation_leaves_the_same_places_open() -> None:
    differing = [
        (korean, english)
        for message in read(CATALOGUE)
        if message.id
        for korean, english in translations(message)
        if Counter(PLACE.findall(korean)) != Counter(PLACE.findall(english))
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("%(share)s%% of %(base)s residents", ["%(share)s", "%%", "%(base)s"]),
        ("{count} of {max} chosen", ["{count}", "{max}"]),
        ("Turnout (% of the roll)", []),
    ],
)
def test_places_are_told_from_words(sentence: str, places: list[str]) -> None:
    assert PLACE.findall(sentence) == places
