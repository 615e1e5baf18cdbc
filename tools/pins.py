"""Hold that pins carry hashes and no file names a package host: `python -m tools.pins`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Written in halves, so that this file does not name them either.
_HOST_HALVES = (
    (r"pypi", r"org"),
    (r"pythonhosted", r"org"),
    (r"registry\.npmjs", r"org"),
    (r"npmmirror", r"com"),
    (r"registry\.yarnpkg", r"com"),
    (r"deb\.debian", r"org"),
    (r"archive\.ubuntu", r"com"),
)
PACKAGE_HOST = re.compile(
    "|".join(rf"\b{name}\.{ending}\b" for name, ending in _HOST_HALVES), re.IGNORECASE
)
LOCK_FILES = ("uv.lock", "poetry.lock", "Pipfile.lock")
REQUIREMENT = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[^]]+])?==\S+", re.IGNORECASE)


def project_files() -> list[Path]:
    """Every file of the work tree that git keeps, or would keep if it were added now."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def complaints() -> Iterator[str]:
    """Say, a line each, where a pin or a file breaks the rule."""
    for name in LOCK_FILES:
        if (ROOT / name).exists():
            yield f"{name}: lock files carry addresses of package hosts; use `make pins`"
    for pins in sorted(ROOT.glob("requirements*.txt")):
        yield from _complaints_about_pins(pins)
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            if PACKAGE_HOST.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: names a package host"


def _complaints_about_pins(pins: Path) -> Iterator[str]:
    text = pins.read_text()
    if "://" in text:
        yield f"{pins.name}: holds an address"
    # One entry is a line and its continuations.
    for entry in text.replace("\\\n", " ").splitlines():
        stated = entry.strip()
        if stated and not stated.startswith("#"):
            if not REQUIREMENT.match(stated):
                yield f"{pins.name}: not an exact pin: {stated[:60]}"
            elif "--hash=sha256:" not in stated:
                yield f"{pins.name}: without a hash: {stated[:60]}"


def main() -> int:
    """Print the complaints; 0 if there are none."""
    found = list(complaints())
    for complaint in found:
        print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
