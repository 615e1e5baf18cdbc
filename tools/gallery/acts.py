"""Pages that stand only behind an act: refused forms, a vote's way, a proposal's way, errors."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import abort
from werkzeug.serving import make_server

from app.web.audience import public
from tools.gallery.camera import EVERY_PAGE, KEY_PAGES, PAPER, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Locator, Page

    from tools.gallery.camera import Camera

REFUSED = 422
SHOWN_ERRORS = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
_EMPTY = """(form) => {
  form.noValidate = true;
  for (const one of form.elements) {
    if (one.type === "hidden" || one.tagName === "BUTTON") continue;
    if (one.type === "checkbox" || one.type === "radio") one.checked = false;
    else if (one.tagName !== "SELECT") one.value = "";
  }
}"""
_OWN_FORM = """() => [...document.querySelectorAll("main form[method=post]")].findIndex((form) =>
  new URL(form.action).pathname === location.pathname && form.querySelector(".field"))"""


def shoot_refused(page: Page, camera: Camera, viewer: str, kind: str) -> None:
    """Send this page's own form with nothing in it and photograph what comes back."""
    number = int(page.evaluate(_OWN_FORM))
    if number < 0:
        return
    form = page.locator("main form[method=post]").nth(number)
    form.evaluate(_EMPTY)
    status = _sent(page, form)
    if status == REFUSED:
        camera.shoot(page, viewer, f"{kind}-refused", status=status, frames=EVERY_PAGE)


def _sent(page: Page, form: Locator) -> int:
    with page.expect_navigation() as going:
        form.evaluate("(form) => { const b = form.querySelector('button:not([type=button])');"
                      " form.requestSubmit(b && b.form === form ? b : undefined); }")  # fmt: skip
    return going.value.status


def shoot_a_proposal(page: Page, camera: Camera, viewer: str) -> None:
    """Write a proposal, look at it, publish it."""
    opened(page, "/proposals/new")
    page.locator("[name=title]").fill("버스 정류장에 그늘막과 긴 의자를 놓아 주세요")
    page.locator("[name=sense]").fill("땡볕에 서서 기다리는 어르신이 많습니다")
    page.locator("[name=body]").fill("오후 두 시면 그늘이 없습니다.\n\n- 그늘막 하나\n- 긴 의자 둘")
    page.locator("[name=place]:not([type=hidden])").first.check()
    page.locator("[name=field]").select_option(index=1)
    camera.shoot(page, viewer, "proposals.write-filled", status=200, frames=EVERY_PAGE)
    page.get_by_role("button", name="미리보기").click()
    page.wait_for_load_state()
    camera.shoot(page, viewer, "proposals.preview", status=200, frames=EVERY_PAGE)
    page.locator("main").get_by_role("button", name="올리기").click()
    page.wait_for_load_state()
    camera.shoot(page, viewer, "proposals.done", status=200, frames=EVERY_PAGE)


def shoot_a_vote(page: Page, camera: Camera, viewer: str) -> None:
    """Vote where the home page says one may, and keep the receipt."""
    opened(page, "/")
    page.locator("main .card-act").get_by_role("link", name="투표하기").first.click()
    page.wait_for_load_state()
    booth = page.url
    for box in page.locator(".booth input[type=checkbox]").all()[:2]:
        box.check()
    camera.shoot(page, viewer, "ballots.booth-picked", status=200, frames=EVERY_PAGE)
    page.locator("main").get_by_role("button", name="다음").click()
    page.wait_for_load_state()
    camera.shoot(page, viewer, "ballots.review", status=200, frames=KEY_PAGES)
    page.locator("main").get_by_role("button", name="투표하기").click()
    page.wait_for_load_state()
    camera.shoot(page, viewer, "ballots.receipt", status=200, frames=(*KEY_PAGES, PAPER))
    for path, kind in ((booth, "ballots.booth-voted"), ("/", "pages.home-voted")):
        status = opened(page, path) or 0
        camera.shoot(page, viewer, kind, status=status, frames=EVERY_PAGE)


def shoot_errors(page: Page, camera: Camera, address: str) -> None:
    """Photograph the page of every refusal."""
    for status in SHOWN_ERRORS:
        answered = opened(page, f"{address}/refusal/{status}") or 0
        camera.shoot(page, "visitor", f"error-{status}", status=answered, frames=EVERY_PAGE)


@contextmanager
def failing(app: Flask) -> Iterator[str]:
    """Serve the product with an address for each refusal; lend its address."""

    @app.get("/refusal/<int:status>", endpoint="refusal")
    @public
    def refuse(status: int) -> str:
        abort(status)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def letters(app: Flask) -> list[tuple[str, str, str]]:
    """Return each kind of mail once: its kind, subject and text."""
    from sqlalchemy import select

    from app.notices import words
    from app.notices.models import Notice
    from app.web.database import db

    found: dict[str, tuple[str, str, str]] = {}
    with app.test_request_context("/"):
        for notice in db.session.scalars(select(Notice)):
            if notice.kind not in found:
                text = words.letter_text(
                    notice.kind, notice.details, site="https://madang.example", href=notice.href
                )
                found[notice.kind] = (notice.kind, words.subject(notice.kind, notice.details), text)
    return sorted(found.values())
