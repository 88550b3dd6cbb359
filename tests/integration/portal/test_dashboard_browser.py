"""The dashboard and the operator's area in a real browser, under the strict policy."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from services.portal.frame.tenants import Tenants
from shared.db.user_tables import User
from tests.integration.portal.merchants import EMAILS, FERNLEAF, NOON, PASSWORD, Merchants
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)

PAGES = ("/dashboard", "/staff", f"/staff/accounts/{FERNLEAF}", "/staff/queues")


@pytest.fixture
def page(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    complaints: list[str],  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
) -> Iterator[Page]:
    """Give the dashboard of Fernleaf, whose person is staff; one note was sent, one waits."""
    sqlite_merchants.note(7001, order_stage="done", synced_at=NOON)
    sqlite_merchants.event(subject="7002", hold_cause="event_owner_unset", hold_version=1,
                           reason="No staff contact is chosen.")  # fmt: skip
    with Tenants(sqlite_merchants.engine, lambda: FERNLEAF).open_session() as session:
        user = session.get_one(User, 1)
        user.is_staff = True
        session.add(user)
        session.commit()
    context = browser.new_context(base_url=address, timezone_id="Europe/London")
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/dashboard")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    yield page
    context.close()


def test_the_chart_is_drawn_and_stays_when_the_rest_is_refreshed(
    page: Page,
    sqlite_merchants: Merchants,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    expect_page(page.locator(".hours-chart canvas")).to_be_visible()

    sqlite_merchants.event(subject="7003", hold_cause="event_owner_unset", hold_version=1,
                           reason="No staff contact is chosen.")  # fmt: skip
    page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('poll'))")

    expect_page(page.get_by_text("2 notes wait")).to_be_visible()
    expect_page(page.locator(".hours-chart canvas")).to_have_count(1)
    expect_page(page.locator("#more")).to_have_count(1)
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    violations = Axe().run(page).response["violations"]
    width = page.evaluate("document.documentElement.scrollWidth")

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert width <= 360
