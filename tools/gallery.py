"""Photograph every page into `gallery/index.html`: `python -m tools.gallery`.

A throwaway copy of the demo year is served, walked by links from the home page as a visitor, as a
resident and as each role of the desk, and every kind of page is photographed: on a phone, on a
phone with large type, on a desk, and for the projector.
"""

import argparse
import html
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "gallery"
PAGES_OF_A_KIND = 2
START_SECONDS = 180
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@dataclass(frozen=True)
class Frame:
    """One way to look at a page."""

    name: str
    width: int
    height: int
    large_type: bool = False


FRAMES = (
    Frame("phone", 390, 844),
    Frame("phone-large-type", 390, 844, large_type=True),
    Frame("desk", 1280, 900),
)
PROJECTOR = Frame("projector", 1920, 1080)


@dataclass(frozen=True)
class Viewer:
    """Somebody looking: a name for the folder and the cookie that signs them in."""

    name: str
    cookie: str | None


@dataclass(frozen=True)
class Photograph:
    """A file of the gallery and what it shows."""

    viewer: str
    kind: str
    address: str
    frame: str
    file: Path


# ---------------------------------------------------------------- the demo, served


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served_demo(instance: Path) -> Iterator[str]:
    """Serve the demo year from a folder of its own; lend its address."""
    port = _free_port()
    os.environ.update(INSTANCE_PATH=str(instance), PORT=str(port), LIMITS="0", DEMO="1")
    server = subprocess.Popen([sys.executable, "-m", "app.serve"], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(START_SECONDS):
            if _answers(address):
                break
            with suppress(subprocess.TimeoutExpired):
                server.wait(1)
                sys.exit("gallery: the server ended before it was ready")
        yield address
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
            return True
    except (urllib.error.URLError, TimeoutError):
        return False


def viewers(app: Flask) -> list[Viewer]:
    """A visitor, a resident without any role, and one person for each role of the demo."""
    from app.residents.actions import begin_sign_in
    from app.residents.models import Account, Membership, RoleGrant
    from app.web.database import now, write

    found = [Viewer("visitor", None)]
    with app.app_context(), write() as session:
        entrusted = select(RoleGrant.person_id)
        resident = session.scalars(
            select(Account)
            .join(Membership, Membership.person_id == Account.person_id)
            .where(Account.person_id.not_in(entrusted))
            .order_by(Account.id)
        ).first()
        people = {"resident": resident} if resident else {}
        held = select(RoleGrant.role, Account).join(
            Account, Account.person_id == RoleGrant.person_id
        )
        for role, account in session.execute(held.order_by(RoleGrant.id)):
            people.setdefault(str(role), account)
        signing = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        for name, account in people.items():
            token = begin_sign_in(session, account, at=now())
            found.append(Viewer(name, signing.dumps({"_user_id": token, "_fresh": True})))
    return found


# ---------------------------------------------------------------- walking and photographing


class Walk:
    """One viewer's way through the site, each kind of page at most a few times."""

    def __init__(self, app: Flask, address: str, context: BrowserContext) -> None:
        self._kinds = app.url_map.bind(urlsplit(address).netloc)
        self._address = address
        self._context = context

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, path) of every page that links lead to, nearest first."""
        seen: Counter[str] = Counter()
        waiting = deque(["/"])
        met = {"/"}
        page = self._context.new_page()
        while waiting:
            path = waiting.popleft()
            kind = self._kind(path)
            if kind is None or seen[kind] >= PAGES_OF_A_KIND:
                continue
            answer = page.goto(self._address + path)
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            seen[kind] += 1
            yield kind, path
            for link in self._links(page):
                if link not in met:
                    met.add(link)
                    waiting.append(link)
        page.close()

    def _links(self, page: Page) -> list[str]:
        targets: list[str] = page.eval_on_selector_all(
            "a[href]:not([download])", "links => links.map(link => link.href)"
        )
        split = [urlsplit(target) for target in targets]
        return [
            part.path + (f"?{part.query}" if part.query else "")
            for part in split
            if f"{part.scheme}://{part.netloc}" == self._address
        ]

    def _kind(self, path: str) -> str | None:
        """Name the endpoint behind a path; None for files and for what is no page."""
        try:
            endpoint, _ = self._kinds.match(urlsplit(path).path, method="GET")
        except (HTTPException, RequestRedirect):
            return None
        return None if endpoint == "static" else str(endpoint)


def _context(
    browser: Browser, address: str, viewer: Viewer, cookie_name: str, frame: Frame
) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": frame.width, "height": frame.height},
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        reduced_motion="reduce",
    )
    cookies = [("size", "large")] if frame.large_type else []
    if viewer.cookie:
        cookies.append((cookie_name, viewer.cookie))
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies])
    return context


def photograph(app: Flask, address: str, *, only: str | None = None) -> list[Photograph]:
    """Walk the site as every viewer and leave the photographs below `gallery/`."""
    taken: list[Photograph] = []
    cookie_name = app.config["SESSION_COOKIE_NAME"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM_PATH") or shutil.which("chromium"),
            args=CHROMIUM_FLAGS,
        )
        for viewer in viewers(app):
            if only and viewer.name != only:
                continue
            first = _context(browser, address, viewer, cookie_name, FRAMES[0])
            found = list(Walk(app, address, first).pages())
            first.close()
            print(f"{viewer.name}: {len(found)} pages")
            for frame in (*FRAMES, PROJECTOR):
                context = _context(browser, address, viewer, cookie_name, frame)
                page = context.new_page()
                for number, (kind, path) in enumerate(found):
                    if frame is PROJECTOR and "projector" not in kind:
                        continue
                    file = GALLERY / viewer.name / f"{number:03}-{kind}-{frame.name}.png"
                    file.parent.mkdir(parents=True, exist_ok=True)
                    page.goto(address + path)
                    page.screenshot(path=file, full_page=True)
                    taken.append(Photograph(viewer.name, kind, path, frame.name, file))
                context.close()
        browser.close()
    return taken


def bind(taken: list[Photograph]) -> Path:
    """Write the index that leafs through the photographs, page by page."""
    rows: dict[tuple[str, str, str], list[Photograph]] = {}
    for each in taken:
        rows.setdefault((each.viewer, each.kind, each.address), []).append(each)
    parts = [
        "<!doctype html><html lang='ko'><meta charset='utf-8'><title>Gallery</title>",
        "<style>body{font:16px sans-serif;margin:2rem}section{margin-bottom:3rem}",
        "div{display:flex;gap:1rem;overflow-x:auto;align-items:flex-start}",
        "img{height:36rem;object-fit:cover;object-position:top;border:1px solid #ccc}</style>",
    ]
    for (viewer, kind, address), photographs in rows.items():
        parts.append(
            f"<section><h2>{html.escape(viewer)} · {html.escape(kind)}</h2>"
            f"<p>{html.escape(address)}</p><div>"
        )
        for each in photographs:
            source = html.escape(each.file.relative_to(GALLERY).as_posix())
            parts.append(
                f"<a href='{source}'><img loading='lazy' src='{source}' alt='{each.frame}'></a>"
            )
        parts.append("</div></section>")
    index = GALLERY / "index.html"
    index.write_text("\n".join(parts), encoding="utf-8")
    return index


def main() -> int:
    """Serve, walk, photograph and bind."""
    parser = argparse.ArgumentParser(prog="python -m tools.gallery")
    parser.add_argument("--viewer", help="only this viewer: visitor, resident or a role")
    asked = parser.parse_args()
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir()
    with tempfile.TemporaryDirectory(prefix="madang-gallery-") as name:
        with served_demo(Path(name)) as address:
            from app.factory import create_app

            taken = photograph(create_app(), address, only=asked.viewer)
        index = bind(taken)
    print(f"{len(taken)} photographs: {index.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
