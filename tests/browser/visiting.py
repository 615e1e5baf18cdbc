"""People at real browsers: signed in without the form, their page's trouble written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.support.chromium import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

    from tests.support.world import World

PHONE, DESK, HALL = (390, 844), (1280, 900), (1920, 1080)


class Visitors:
    """Opens browser profiles; remembers them by name until everybody leaves."""

    def __init__(
        self, app: Any, world: World, address: str, chromium: Browser, elsewhere: Any
    ) -> None:
        self.app, self.world, self.address = app, world, address
        self._chromium, self._elsewhere = chromium, elsewhere
        self._contexts: list[BrowserContext] = []
        self._known: dict[tuple[Any, ...], Visitor] = {}

    def new(
        self,
        person_id: int | None = None,
        *,
        size: tuple[int, int] = PHONE,
        scripts: bool = True,
        **more: Any,
    ) -> Visitor:
        """Seat someone at a fresh browser."""
        context = self._chromium.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        if person_id is not None:
            context.add_cookies([self._cookie(person_id)])  # type: ignore[list-item]
        return Visitor(context.new_page())

    def known(self, person_id: int | None, **how: Any) -> Visitor:
        """The same browser for the same person each time it is asked for."""
        key = (person_id, *sorted(how.items()))
        if key not in self._known:
            self._known[key] = self.new(person_id, **how)
        return self._known[key]

    def leave(self) -> None:
        """Close every browser profile."""
        for context in self._contexts:
            context.close()

    def _cookie(self, person_id: int) -> dict[str, str]:
        token = self._elsewhere(self.world.token, person_id)
        signing = self.app.session_interface.get_signing_serializer(self.app)
        return {
            "name": self.app.config["SESSION_COOKIE_NAME"],
            "value": signing.dumps({"_user_id": token, "_fresh": True}),
            "url": self.address,
        }


class Visitor:
    """One person at one page; `trouble` is what the console and the network complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", self._hear)
        page.on("response", self._receive)

    def _hear(self, line: ConsoleMessage) -> None:
        # A failed download is noted with its address where it is received.
        if line.type in ("error", "warning") and "Failed to load resource" not in line.text:
            self.trouble.append(line.text)

    def _receive(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.trouble.append(f"{response.status} {response.url}")

    @property
    def path(self) -> str:
        """Where the page is."""
        return urlsplit(self.page.url).path

    def open(self, path: str, *, status: int = 200) -> Page:
        """Go to an address; it must answer as expected."""
        self.trouble.clear()
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def press(self, name: str, *, role: str = "button", exact: bool = True) -> Page:
        """Press the one button (or link) of that name in the page's own content."""
        self.page.locator("main").get_by_role(role, name=name, exact=exact).click()  # type: ignore[arg-type]
        return self.page
