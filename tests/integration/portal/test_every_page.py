"""Every page of the portal in a real browser, by construction: light, dark, on a phone, no scripts.

A page that is added later is looked at by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import expect as expect_page

from shared.db.user_tables import User
from tests.integration.portal.attended import SKUS, failing
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.rows import fill_tables
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)
from tests.integration.portal.test_isolation import NOWHERE, UNCONNECTED
from tests.integration.portal.walking import Walker, addresses

PHONE, DESK = {"width": 360, "height": 800}, {"width": 1600, "height": 900}
LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "light desk": {"viewport": DESK, "color_scheme": "light"},
    "dark phone": {"viewport": PHONE, "color_scheme": "dark"},
}

# Pages that are there for what their address asks for.
ASKED_FOR: Final = tuple(
    f"/attention/{page}?{urlencode(SKUS)}" for page in ("issue", "mute", "assign")
)


@pytest.fixture
def pages(sqlite_merchants: Merchants) -> Sequence[str]:
    """Fill the tables, make Fernleaf's person staff, and list every page that they can open."""
    merchants = sqlite_merchants
    merchants.app = merchants.portal(brightpearl_oauth_url=NOWHERE, shiphero_url=NOWHERE)
    rows = fill_tables(merchants.engine, FERNLEAF, without=UNCONNECTED)
    with merchants.open_session() as session:
        user = session.get_one(User, 1)
        user.is_staff = True
        session.add(user)
        session.commit()
    person = Walker(merchants, EMAILS[FERNLEAF])
    failing(merchants, 4711)
    answers = {
        path: person.ask("GET", path, {})
        for rule, method, path in addresses(merchants.app, rows)
        if method == "GET" and rule.endpoint != "static"
    } | {path: person.ask("GET", path.partition("?")[0], SKUS) for path in ASKED_FOR}
    assert {answers[path].status_code for path in ASKED_FOR} == {200}
    return [
        path
        for path, answer in answers.items()
        if answer.status_code == 200 and "<title>" in answer.text and "</main>" in answer.text
    ]


# Every page one after the other: minutes, on a slow machine.
@pytest.mark.timeout(480)
@pytest.mark.parametrize("look", LOOKS)
def test_each_page_is_accessible_fits_and_complains_of_nothing(
    browser: Browser,  # noqa: F811 - the fixture
    pages: Sequence[str],
    address: str,  # noqa: F811 - the fixture
    look: str,
) -> None:
    context = logged_in(browser, address, **LOOKS[look])
    faults = {path: faults_of(context, path) for path in pages}
    context.close()

    assert len(pages) > 30
    assert {path: found for path, found in faults.items() if found} == {}


def test_each_page_says_the_same_without_scripts(
    browser: Browser,  # noqa: F811 - the fixture
    pages: Sequence[str],
    address: str,  # noqa: F811 - the fixture
) -> None:
    context = logged_in(browser, address, java_script_enabled=False)
    page = context.new_page()
    unseen = list(without_heading(page, pages))
    context.close()

    assert unseen == []


def without_heading(page: Page, paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        page.goto(path)
        if not (page.locator("h1").first.is_visible() and page.locator("main").is_visible()):
            yield path


def logged_in(browser: Browser, address: str, **look: Any) -> BrowserContext:  # noqa: F811
    context = browser.new_context(base_url=address, **look)
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.locator("#menu")).to_be_attached()
    page.close()
    return context


def faults_of(context: BrowserContext, path: str) -> Sequence[str]:
    """Say what axe finds on a page with all unfolded, what the console says, and if it is wide."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    violations = Axe().run(page).response["violations"]
    found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.close()
    return [*found, *said, *([f"{width} px too wide"] if width > 0 else [])]
