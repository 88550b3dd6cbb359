"""The two pages in a real browser, under the strict policy."""

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import expect as expect_page
from werkzeug.serving import make_server

from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.servers.browser import executable


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def address(sqlite_merchants: Merchants) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, sqlite_merchants.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def complaints() -> list[str]:
    """Everything the browser's console complained of."""
    return []


@pytest.fixture
def page(
    browser: Browser, address: str, complaints: list[str], sqlite_merchants: Merchants
) -> Iterator[Page]:
    """Give a page on the sync log of Fernleaf, who has one note."""
    sqlite_merchants.note(7001, customer_reference="SHOP-77", order_stage="done")
    context = browser.new_context(base_url=address, timezone_id="America/New_York")
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/sync-log")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.get_by_role("heading", name="Sync logs")).to_be_visible()
    yield page
    context.close()


def test_a_person_logs_in_and_opens_a_note(page: Page, complaints: list[str]) -> None:
    page.get_by_text("SHOP-77").click()

    expect_page(page.get_by_role("heading", name="SHOP-77")).to_be_visible()
    assert complaints == []


def test_the_keyboard_reaches_the_search_and_the_first_note(page: Page) -> None:
    page.keyboard.press("/")
    expect_page(page.get_by_role("searchbox")).to_be_focused()

    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect_page(page.get_by_role("heading", name="SHOP-77")).to_be_visible()


def test_a_new_note_announces_itself_without_moving_the_rows(
    page: Page, sqlite_merchants: Merchants, complaints: list[str]
) -> None:
    sqlite_merchants.note(7002, customer_reference="SHOP-78")
    page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('poll'))")

    expect_page(page.get_by_role("link", name="1 new")).to_be_visible()
    expect_page(page.get_by_text("SHOP-78")).to_have_count(0)
    assert complaints == []


def test_times_are_shown_in_the_readers_zone(page: Page) -> None:
    inserted = page.locator("#note-7001 time").first

    expect_page(inserted).to_contain_text("24 Nov 08:56")
    expect_page(inserted).to_have_attribute("title", "2026-11-24 13:56:41 UTC")


def test_a_chosen_theme_stays(page: Page) -> None:
    page.get_by_role("button", name="Light or dark").click()
    page.reload()

    expect_page(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    width = page.evaluate("document.documentElement.scrollWidth")

    assert width <= 390


def test_a_note_lies_over_the_log_under_its_own_address(
    page: Page, sqlite_merchants: Merchants, complaints: list[str]
) -> None:
    sqlite_merchants.note(7000, customer_reference="SHOP-76", order_stage="failed")
    page.reload()
    page.set_viewport_size({"width": 1400, "height": 900})

    page.get_by_label("View SHOP-77").click()
    drawer = page.get_by_role("dialog")
    expect_page(drawer.get_by_role("heading", name="SHOP-77")).to_be_visible()
    expect_page(page).to_have_url(re.compile("/sync-log/7001$"))
    page.keyboard.press("j")
    expect_page(drawer.get_by_role("heading", name="SHOP-76")).to_be_visible()
    expect_page(page).to_have_url(re.compile("/sync-log/7000$"))
    page.keyboard.press("Escape")

    expect_page(drawer).to_have_count(0)
    expect_page(page).to_have_url(re.compile("/sync-log$"))
    expect_page(page.get_by_label("View SHOP-76")).to_be_focused()
    assert complaints == []


def test_ticks_stay_through_a_refresh_and_lead_to_a_plan(
    page: Page, sqlite_merchants: Merchants, complaints: list[str]
) -> None:
    sqlite_merchants.note(7000, customer_reference="SHOP-76", order_stage="failed")
    page.reload()
    page.get_by_label("Tick SHOP-76").check()

    with page.expect_response("**/sync-log/live*"):
        page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('poll'))")
    expect_page(page.get_by_text("1 note ticked.")).to_be_visible()
    page.get_by_role("button", name="Mark as handled…").click()

    expect_page(page.get_by_role("heading", name="Mark 1 note as handled?")).to_be_visible()
    assert complaints == []


def test_days_are_those_of_the_readers_zone(page: Page) -> None:
    page.get_by_text("Filters").click()
    page.get_by_label("Inserted from").fill("2026-11-24")
    page.get_by_role("button", name="Apply").click()

    expect_page(
        page.get_by_role("link", name="From: 2026-11-24 (America/New_York)")
    ).to_be_visible()
    assert page.url.endswith("/sync-log?from=2026-11-24&zone=America%2FNew_York")
