"""Dead letters and differences dealt with by keyboard alone, and without scripts."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import expect as expect_page

from shared.differences import MISSING, NEVER_SENT
from tests.integration.portal.dead_letters import a_dead_letter, acts, replays
from tests.integration.portal.merchants import EMAILS, FERNLEAF, NOON, PASSWORD, Merchants
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)
from tests.integration.portal.test_reconciliation import a_difference, recorded

ANN = EMAILS[FERNLEAF]
FAR = 120  # keys; no page has so many places before the one that is looked for

Press = Callable[[Page, Locator], None]


def by_key(page: Page, place: Locator) -> None:
    """Go to a place by Tab, and press it as a keyboard does."""
    for _ in range(FAR):
        if place.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{place} is not reached by keyboard")
    is_box = place.evaluate("one => one.type === 'checkbox'")
    page.keyboard.press("Space" if is_box else "Enter")


def by_mouse(_page: Page, place: Locator) -> None:
    """Click it."""
    place.click()


@pytest.fixture(params=["keyboard alone", "without scripts"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def press(way: str) -> Press:
    return by_key if way == "keyboard alone" else by_mouse


@pytest.fixture
def page(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    way: str,
    press: Press,
) -> Iterator[Page]:
    """Give a page of Fernleaf's, logged in the same way."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": 360, "height": 800},
        java_script_enabled=way != "without scripts",
    )
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(ANN)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Log in"))
    expect_page(page.locator("#content")).to_be_visible()
    yield page
    context.close()


def test_a_dead_letter_is_chosen_planned_and_delivered_again(
    page: Page, press: Press, sqlite_merchants: Merchants
) -> None:
    for subject in ("7001", "7002"):
        a_dead_letter(sqlite_merchants, subject)
    page.goto("/events?state=dead")

    press(page, page.get_by_role("checkbox", name="7001"))
    press(page, page.locator("#chosen").get_by_role("button", name="Deliver again"))
    expect_page(page.get_by_role("heading", name="Deliver again?")).to_be_visible()
    press(page, page.get_by_role("button", name="Deliver it again"))

    expect_page(page.get_by_text("1 dead letter delivered again")).to_be_visible()
    assert [row.subject for row in replays(sqlite_merchants)] == ["7001"]


def test_a_dead_letter_is_discarded_with_a_note(
    page: Page, press: Press, sqlite_merchants: Merchants
) -> None:
    a_dead_letter(sqlite_merchants, "7001", recorded_at=NOON - timedelta(hours=1))
    page.goto("/events?state=dead")

    press(page, page.get_by_role("link", name="Discard…").first)
    page.get_by_label("Why?").fill("Sent by hand")
    press(page, page.get_by_role("button", name="Discard", exact=True))

    expect_page(page.get_by_text("1 dead letter discarded")).to_be_visible()
    assert [act for _, act, _ in acts(sqlite_merchants)] == ["discarded"]


def test_all_differences_of_a_kind_are_repaired(
    page: Page, press: Press, sqlite_merchants: Merchants
) -> None:
    for subject in ("7001", "7002"):
        a_difference(sqlite_merchants, NEVER_SENT, subject)
    page.goto("/reconciliation")

    press(page, page.get_by_role("link", name="all 2"))
    press(page, page.locator(".step-buttons").get_by_role("button"))

    expect_page(page.get_by_text("2 differences: looked at again in a moment.")).to_be_visible()
    assert {subject for _, subject in recorded(sqlite_merchants)} == {"7001", "7002"}


def test_a_missing_note_is_decided(page: Page, press: Press, sqlite_merchants: Merchants) -> None:
    a_difference(sqlite_merchants, MISSING, "7001")
    page.goto("/reconciliation")

    press(page, page.get_by_role("link", name="Decide about note 7001"))
    press(page, page.get_by_role("button", name="It exists"))

    expect_page(page.get_by_text("1 note: compared afresh")).to_be_visible()
    assert [act for _, act, _ in acts(sqlite_merchants)] == ["repaired"]
