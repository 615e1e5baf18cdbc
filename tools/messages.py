"""Collect the sentences of the interface and hold that English has them all.

`python -m tools.messages` reads code and templates into the catalogues below
`app/translations`, then lists what English still lacks. Korean is the source language.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "app" / "translations"
LANGUAGE = "en"
CATALOGUE = TRANSLATIONS / LANGUAGE / "LC_MESSAGES" / "messages.po"


def _pybabel(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], cwd=ROOT, check=True
    )


def extract(template: Path) -> None:
    """Write every sentence that code and templates hold to ``template``, as a .pot file."""
    keywords = (
        "-k",
        "_l",
        "-k",
        "lazy_gettext",
        "-k",
        "_p:1c,2",
        "-k",
        "lazy_pgettext:1c,2",
        "-k",
        "lazy_ngettext:1,2",
    )
    layout = ("--sort-by-file", "--add-location=file", "--project=madang")
    _pybabel("extract", "-F", "babel.cfg", *keywords, *layout, "-o", str(template), ".")


def collect() -> Path:
    """Bring the English catalogue up to date with the code and return its path."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        extract(template)
        where = ("-i", str(template), "-d", str(TRANSLATIONS), "-l", LANGUAGE)
        if CATALOGUE.exists():
            quiet = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")
            _pybabel("update", *quiet, *where)
        else:
            _pybabel("init", *where)
    return CATALOGUE


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts) and not message.fuzzy


def untranslated(catalogue: Path) -> list[str]:
    """The Korean sentences that have no translation in ``catalogue``, in its order."""
    with catalogue.open("rb") as file:
        messages = read_po(file, locale=LANGUAGE)
    return [
        message.id[0] if isinstance(message.id, tuple) else str(message.id)
        for message in messages
        if message.id and not _is_translated(message)
    ]


def main() -> int:
    """Update the catalogue and print what is missing; 0 if nothing is."""
    lacking = untranslated(collect())
    for sentence in lacking:
        print(sentence)
    if lacking:
        print(f"{len(lacking)} without {LANGUAGE}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
