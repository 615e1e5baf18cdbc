"""One browser, one page, several frames: a page is opened once and photographed in each."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tools.gallery.people import Viewer


# On a picture of the whole page, a bar that sticks to the window's edge would hide what is behind.
STILL = """
.tab-bar { position: static !important }
.action-bar, .composer, .room-top { position: relative !important }
"""


@dataclass(frozen=True)
class Frame:
    """One way to look at a page; `marks` are set on the page's root element."""

    name: str
    width: int
    height: int
    marks: tuple[tuple[str, str], ...] = ()
    paper: bool = False


PHONE = Frame("phone", 390, 844)
DESK = Frame("desk", 1280, 900)
LARGE_TYPE = Frame("large-type", 390, 844, (("size", "large"),))
CONTRAST = Frame("high-contrast", 390, 844, (("contrast", "high"),))
# A browser zoomed to 200 % on a small laptop has this much room left.
ZOOMED = Frame("zoomed-200", 640, 450, (("size", "large"),))
NARROW = Frame("narrow", 320, 640)
PROJECTOR = Frame("projector", 1920, 1080)
PAPER = Frame("paper", 794, 1123, paper=True)  # A4 at 96 dpi

EVERY_PAGE = (PHONE, DESK)
KEY_PAGES = (*EVERY_PAGE, LARGE_TYPE, CONTRAST, ZOOMED, NARROW)


@dataclass(frozen=True)
class Photograph:
    """A file of the gallery and what it shows."""

    state: str
    viewer: str
    kind: str
    address: str
    status: int
    frame: str
    file: Path


class Camera:
    """Takes the photographs of one copy of Madang and remembers them."""

    def __init__(self, folder: Path, state: str) -> None:
        self.folder, self.state = folder, state
        self.taken: list[Photograph] = []
        self._number = 0

    def shoot(
        self, page: Page, viewer: str, kind: str, *, status: int, frames: Sequence[Frame]
    ) -> None:
        """Photograph the page that is open, in each of the frames."""
        self._number += 1
        address = page.url.partition("://")[2].partition("/")[2]
        for frame in frames:
            name = f"{self._number:03}-{kind}-{frame.name}.png"
            file = self.folder / self.state / viewer / name
            file.parent.mkdir(parents=True, exist_ok=True)
            _shoot(page, frame, file)
            self.taken.append(
                Photograph(self.state, viewer, kind, f"/{address}", status, frame.name, file)
            )
        page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})


def _shoot(page: Page, frame: Frame, file: Path) -> None:
    page.set_viewport_size({"width": frame.width, "height": frame.height})
    page.emulate_media(media="print" if frame.paper else "screen", reduced_motion="reduce")
    for name, value in frame.marks:
        page.evaluate("([n, v]) => { document.documentElement.dataset[n] = v; }", [name, value])
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.screenshot(path=file, full_page=True, animations="disabled", style=STILL)
    for name, _ in frame.marks:
        page.evaluate("(n) => { delete document.documentElement.dataset[n]; }", name)
    if frame.paper:
        page.pdf(path=file.with_suffix(".pdf"), prefer_css_page_size=True, print_background=True)
        page.emulate_media(media="screen", reduced_motion="reduce")


@contextmanager
def looking(
    running: Browser, address: str, viewer: Viewer, cookie_name: str, language: str = "ko"
) -> Iterator[BrowserContext]:
    """Lend a browser profile in which this viewer is signed in."""
    context = running.new_context(
        base_url=address,
        viewport={"width": PHONE.width, "height": PHONE.height},
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        bypass_csp=True,  # for the style of a still picture alone
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    cookies = {"language": language} if language != "ko" else {}
    if viewer.cookie:
        cookies[cookie_name] = viewer.cookie
    for name, value in cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    try:
        yield context
    finally:
        context.close()


def opened(page: Page, path: str) -> int | None:
    """Go to a path; return the status of a page, None for a file or a page that never came."""
    try:
        answer = page.goto(path, wait_until="load")
    except Error as error:
        # A link to a file starts a download instead of a page.
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return None
        raise
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return None
    return answer.status
