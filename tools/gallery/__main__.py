"""`python -m tools.gallery`: tell the year once, copy it, walk it as everybody, bind the book."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.chromium import chromium
from tools.gallery import acts, states
from tools.gallery.book import bind
from tools.gallery.camera import (
    EVERY_PAGE,
    KEY_PAGES,
    PAPER,
    PROJECTOR,
    Camera,
    looking,
    opened,
)
from tools.gallery.people import VISITOR, Viewer, viewers
from tools.gallery.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from flask import Flask
    from playwright.sync_api import Browser

    from tools.gallery.camera import Frame, Photograph

GALLERY = states.ROOT / "gallery"
TOLD = states.ROOT / "instance" / "gallery-year"
PRINTED = {"assemblies.detail", "ballots.result", "ballots.receipt", "proposals.detail"}
KEY_KINDS = {
    "pages.home", "proposals.board", "proposals.detail", "forum.topic", "assemblies.detail",
    "room.hall", "ballots.booth", "ballots.result", "commitments.detail", "residents.me",
}  # fmt: skip
# Someone whom nobody has confirmed as a resident yet reads the same pages; these answer otherwise.
NEWCOMERS = {
    "pages.home", "proposals.detail", "forum.topic", "ballots.detail", "residents.me",
    "proposals.write", "room.hall", "notices.mine",
}  # fmt: skip
COPIES: dict[str, tuple[Callable[[Path], None] | None, bool]] = {
    "demo": (None, True),
    "crowded": (states.crowded, True),
    "empty": (states.emptied, False),
    "english": (None, True),
}
# In these copies a few people are enough: what differs is what the pages hold.
FEW = {"crowded": {"visitor", "resident", "clerk", "chair"},
       "empty": {"visitor", "resident", "clerk", "operator", "officer"},
       "english": {"visitor", "resident", "clerk"}}  # fmt: skip


def frames_for(kind: str, *, is_first: bool) -> tuple[Frame, ...]:
    """Choose the frames: all of them for the first of a key kind, paper for what is printed."""
    if "projector" in kind:
        return (PROJECTOR,)
    chosen = KEY_PAGES if is_first and kind in KEY_KINDS else EVERY_PAGE
    return (*chosen, PAPER) if is_first and kind in PRINTED else chosen


class Session:
    """One copy of Madang, photographed as everybody who sees it differently."""

    def __init__(self, state: str, app: Flask, address: str, running: Browser) -> None:
        self.app, self.address, self.running = app, address, running
        self.state, self.camera = state, Camera(GALLERY, state)
        self.language = "en" if state == "english" else "ko"
        self._for_staff: set[tuple[str, str]] = set()

    def shoot(self, only: Collection[str]) -> list[Photograph]:
        """Walk as each viewer, then do what needs doing for the pages behind acts."""
        for viewer in viewers(self.app):
            if viewer.name in (only or FEW.get(self.state, {viewer.name})):
                self._look(viewer)
        return self.camera.taken

    def _look(self, viewer: Viewer) -> None:
        began, before = time.monotonic(), len(self.camera.taken)
        name = self.app.config["SESSION_COOKIE_NAME"]
        with looking(self.running, self.address, viewer, name, self.language) as context:
            page, seen = context.new_page(), Counter[str]()
            is_staff = viewer.name not in ("visitor", "resident", "newcomer")
            walk = Walk(self.app, page, already=self._for_staff if is_staff else set())
            for kind, status in walk.pages(is_worth=self._worth(walk, viewer)):
                seen[kind] += 1
                is_first = seen[kind] == 1 and not is_staff and self.state != "english"
                frames = frames_for(kind, is_first=is_first)
                self.camera.shoot(page, viewer.name, kind, status=status, frames=frames)
                if self.state == "demo" and seen[kind] == 1:
                    path = page.url
                    acts.shoot_refused(page, self.camera, viewer.name, kind)
                    opened(page, path)
            if self.state in ("demo", "crowded") and viewer.name == "resident":
                acts.shoot_a_proposal(page, self.camera, viewer.name)
                acts.shoot_a_vote(page, self.camera, viewer.name)
        taken = len(self.camera.taken) - before
        print(
            f"{self.state}, {viewer.name}: {taken} in {time.monotonic() - began:.0f} s", flush=True
        )

    def _worth(self, walk: Walk, viewer: Viewer) -> Callable[[str], bool]:
        """Tell which kinds of pages this viewer sees otherwise than those before them."""
        if viewer.name in ("visitor", "resident"):
            return bool
        if viewer.name == "newcomer":
            return NEWCOMERS.__contains__
        return lambda kind: kind in ("pages.home", "pages.desk") or walk.is_for_staff(kind)


def shoot_copy(
    state: str, running: Browser, folder: Path, only: Collection[str]
) -> list[Photograph]:
    """Copy the told year, change it into a state, serve and photograph it."""
    change, demo = COPIES[state]
    instance = folder / state
    shutil.copytree(TOLD, instance)
    if change:
        change(instance)
    with states.served(instance, demo=demo) as address:
        return Session(state, states.app_of(instance, demo=demo), address, running).shoot(only)


def shoot_errors(running: Browser, folder: Path) -> list[Photograph]:
    """Photograph the pages of refusals, which nobody reaches by links."""
    instance = folder / "errors"
    shutil.copytree(TOLD, instance)
    camera, app = Camera(GALLERY, "errors"), states.app_of(instance)
    cookie = app.config["SESSION_COOKIE_NAME"]
    with (
        acts.failing(app) as address,
        looking(running, address, VISITOR, cookie) as context,
    ):
        acts.shoot_errors(context.new_page(), camera, address)
    return camera.taken


def main() -> int:
    """Tell, copy, walk, photograph and bind."""
    parser = argparse.ArgumentParser(prog="python -m tools.gallery")
    parser.add_argument("--state", choices=[*COPIES, "errors"], help="only this state")
    parser.add_argument(
        "--viewer", nargs="+", default=[], help="only these: visitor, resident, clerk …"
    )
    parser.add_argument("--afresh", action="store_true", help="tell the demo year anew")
    asked = parser.parse_args()
    # Told to end, leave no server and no browser behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ["LIMITS"] = "0"
    if asked.afresh:
        shutil.rmtree(TOLD, ignore_errors=True)
    states.told_year(TOLD)
    for state in [asked.state] if asked.state else [*COPIES, "errors"]:
        for viewer in asked.viewer or [""]:
            shutil.rmtree(GALLERY / state / viewer, ignore_errors=True)
    taken: list[Photograph] = []
    with tempfile.TemporaryDirectory(prefix="madang-gallery-") as name, chromium() as running:
        for state in COPIES:
            if asked.state in (None, state):
                taken += shoot_copy(state, running, Path(name), asked.viewer)
        if asked.state in (None, "errors") and not asked.viewer:
            taken += shoot_errors(running, Path(name))
    index = bind(GALLERY, taken, acts.letters(states.app_of(TOLD)))
    print(f"{len(taken)} photographs: {index.relative_to(states.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
