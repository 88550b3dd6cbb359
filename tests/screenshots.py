"""`make screenshots`: every page of the portal over a running system, light, dark and phone.

Walks the menu and opens a note, so that a page which is added later is taken too. Looked at by a
person; nothing here judges.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.embedded.demo import EMAIL, PASSWORD, connect_demo
from deploy.embedded.smoke import SmokeRun, start
from tests.end_to_end.room import Room
from tests.servers.browser import executable
from tests.waiting import until

FOLDER = Path("var/screenshots")
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "light": {"viewport": {"width": 1600, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 780}, "color_scheme": "light"},
}
# Pages that no menu leads to at once.
BEHIND = (
    "/configuration/history", "/configuration/history/1", "/dry-run/shadow", "/dry-run/go-live",
    "/connections/staff", "/events?state=dead", "/api", "/your-log-in",
)  # fmt: skip
BEFORE_LOG_IN = ("/login", "/register", "/reset")
NO_NAME = re.compile(r"[^a-z0-9_]+", re.IGNORECASE)
TROUBLES: Sequence[Mapping[str, Any]] = (
    {"countryIsoCode": ""},
    {"line1": "", "line2": ""},
    {"withoutSku": True},
    {"fraction": "1.5"},
    {"withoutSku": True},
)


def main() -> int:
    """Start a system, let things happen in it, and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        run = start(Path(folder), {})
        with run.supervisor:
            connect_demo(run.environment)
            _let_things_happen(run)
            taken = sum(_take(run, name) for name in LOOKS)
    print(f"{taken} pictures in {FOLDER}")  # noqa: T201 - a command speaks on the terminal
    return 0


def _let_things_happen(run: SmokeRun) -> None:
    room = Room(run)
    for number in range(12):
        run.control("sales-orders", {"lines": 1 + number % 3, "shippingMethodId": 5})
    troubled = [room.made(**trouble) for trouble in TROUBLES]
    for note_id in troubled:
        room.wait(note_id, order_stage="failed")
    until(lambda: run.control("ledger")["notes_shipped"] >= 8, within=60, what="shipped notes")
    room.turn(ship_after=1_000_000)
    room.goodsout("map", "method", "demo", "7", "--title", "")
    held = [room.made(shippingMethodId=7) for _ in range(3)]
    for note_id in held:
        room.wait(note_id, order_stage="held")
    for _ in range(5):
        run.control("sales-orders", {"lines": 2, "shippingMethodId": 5})
    until(lambda: room.row(held[-1]).order_stage == "held", within=30, what="held notes")


def _take(run: SmokeRun, look: str) -> int:
    base = f"http://127.0.0.1:{run.ports.portal}"
    with _browser() as browser:
        page = browser.new_context(
            base_url=base, timezone_id="Europe/London", **LOOKS[look]
        ).new_page()
        taken = sum(_picture(page, path, look) for path in BEFORE_LOG_IN)
        _log_in(page)
        for path in _paths(page):
            taken += _picture(page, path, look)
    return taken


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def _log_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login" not in url)


def _paths(page: Page) -> list[str]:
    """List the menu's pages, a note of each state with its tabs, and the page behind each list."""
    paths = _links(page, "#menu a[href^='/']")
    page.goto("/sync-log")
    notes = _links(page, "[data-open]")
    ends = [*notes[:1], *notes[-1:]]
    page.goto("/attention")
    lines = _links(page, "a[href^='/attention/issue']")[:1]
    return list(dict.fromkeys([*paths, *BEHIND, *lines, *ends, *_troubled(page)]))


def _troubled(page: Page) -> list[str]:
    page.goto("/sync-log?state=needs_you")
    rows = _links(page, "[data-open]")
    page.goto(rows[-1])
    behind = _links(page, "#note-live [role=tab], #note-live a[href$='/correct']")
    return ["/sync-log?state=needs_you", rows[0], rows[-1], *behind]


def _links(page: Page, selector: str) -> list[str]:
    every = page.locator(selector)
    return [str(one) for one in every.evaluate_all("all => all.map(a => a.getAttribute('href'))")]


def _picture(page: Page, path: str, look: str) -> int:
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        return 0
    page.wait_for_timeout(400)  # charts and times are drawn
    name = NO_NAME.sub("-", path).strip("-")[:80] or "start"
    page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
