"""Change the counting engine line by line and see whether tests notice: `python -m tools.mutants`.

Works on a copy in `.mutants/`. What was noticed is remembered there, so that a second run tries
only what has changed and what nobody noticed; without the folder all is tried anew. Ends with 1
where less than 85 of 100 changes are noticed; `--list` shows the others without running anything.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / ".mutants"
ENGINE = Path("app/ballots/rules/counting")
COPIED = ("app", "bench", "docs", "migrations", "tests", "tools")
FILES = ("pyproject.toml", "wsgi.py", "README.md")
MUTMUT = ROOT / ".venv-mutants" / "bin" / "mutmut"
GOAL = 85
# How tests end that notice: one failed or pytest broke; they took too long; or the process died.
# All others passed (0), or there is no test that runs the line (33).
NOTICED = {1, 3, 24, -24, 36, 152, 255, -9, -11}
_NUMBER = re.compile(r"__mutmut_\d+$")


@dataclass(frozen=True)
class Module:
    """One module of the engine and its changes, each with how its tests ended (None: not yet)."""

    name: str
    source: Path
    ended: dict[str, int | None]

    @property
    def noticed(self) -> int:
        """Return how many changes made a test fail, or never end."""
        return sum(code in NOTICED for code in self.ended.values())

    @property
    def unnoticed(self) -> list[str]:
        """Return the names of the changes with which all tests passed, or that none runs."""
        return [name for name, code in self.ended.items() if code not in NOTICED | {None}]


def lay_out() -> None:
    """Copy the work tree, keeping what an earlier run has found out."""
    COPY.mkdir(exist_ok=True)
    ignore = shutil.ignore_patterns("__pycache__", ".*")
    for name in COPIED:
        shutil.rmtree(COPY / name, ignore_errors=True)
        shutil.copytree(ROOT / name, COPY / name, ignore=ignore)
    for name in FILES:
        shutil.copy2(ROOT / name, COPY / name)


def forget_unnoticed() -> None:
    """Have all that nobody noticed tried again: tests may have been added."""
    for notes in (COPY / "mutants" / ENGINE).rglob("*.meta"):
        kept = json.loads(notes.read_text())
        ended = kept["exit_code_by_key"]
        kept["exit_code_by_key"] = {k: v if v in NOTICED else None for k, v in ended.items()}
        notes.write_text(json.dumps(kept))


def modules() -> Iterator[Module]:
    """Yield every module that has lines to change, by its path."""
    folder = COPY / "mutants" / ENGINE
    for notes in sorted(folder.rglob("*.meta")):
        ended = json.loads(notes.read_text())["exit_code_by_key"]
        if ended:
            source = notes.with_suffix("")
            yield Module(str(source.relative_to(folder)), source, ended)


def changes(module: Module) -> Iterator[str]:
    """Yield each change of a module that no test noticed, as lines out and lines in."""
    text = module.source.read_text()
    lines = text.split("\n")  # as the parser counts them
    variants = {
        node.name: [line.strip() for line in lines[node.lineno : node.end_lineno]]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for one in module.unnoticed:
        short = one.rsplit(".", 1)[-1]
        before, after = variants[_NUMBER.sub("__mutmut_orig", short)], variants[short]
        told = difflib.unified_diff(before, after, n=0, lineterm="")
        parted = [line for line in told if not line.startswith(("---", "+++", "@@"))]
        yield "\n".join([one, *parted])


def main() -> int:
    """Run, or list; return what the command ends with."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--list", action="store_true", help="show what nobody noticed")
    if parser.parse_args().list:
        for module in modules():
            for change in changes(module):
                print(change, end="\n\n")
        return 0
    lay_out()
    forget_unnoticed()
    # The same examples each time: a change is noticed or not, whatever chance would find.
    environment = {**os.environ, "CI": "1"}
    command = [str(MUTMUT), "run", "--max-children", str(os.cpu_count() or 1)]
    subprocess.run(command, cwd=COPY, env=environment, check=True)
    found = list(modules())
    if not found:
        sys.exit(f"no line of {ENGINE} was changed; see what the tool says above")
    for module in sorted(found, key=lambda one: one.noticed / len(one.ended)):
        print(f"{module.noticed:>5} of {len(module.ended):>5}  {module.name}")
    noticed, tried = sum(one.noticed for one in found), sum(len(one.ended) for one in found)
    print(f"{noticed:>5} of {tried:>5}  changes noticed, {100 * noticed / tried:.1f} of 100")
    return 0 if 100 * noticed >= GOAL * tried else 1


if __name__ == "__main__":
    sys.exit(main())
