"""Sync configuration in a real browser: what scripts add, under the strict policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from tests.integration.portal.configured import account, fetch_lists, hold
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.test_browser import address, browser, complaints  # noqa: F401 - fixtures


@pytest.fixture
def page(
    browser: Browser,  # noqa: F811
    address: str,  # noqa: F811
    complaints: list[str],  # noqa: F811
    sqlite_merchants: Merchants,
) -> Iterator[Page]:
    """Give the page Sync configuration of Fernleaf, for whose decision on Leeds a note waits."""
    fetch_lists(sqlite_merchants)
    hold(sqlite_merchants, "warehouse_undecided:3")
    sqlite_merchants.note(7001, order_id=41007, sequence=1, customer_reference="SHOP-77")
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/configuration")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.get_by_role("heading", name="Sync configuration")).to_be_visible()
    yield page
    context.close()


def test_a_warehouse_is_decided_and_its_note_goes_on(
    page: Page,
    sqlite_merchants: Merchants,
    complaints: list[str],  # noqa: F811
) -> None:
    expect_page(page.get_by_text("Nothing is saved before you have seen")).to_be_visible()
    page.get_by_label("Leeds").select_option("Primary")
    page.get_by_label("Order number").fill("{reference}/{note_id}")
    expect_page(page.get_by_text("2 unsaved changes.")).to_be_visible()
    expect_page(page.locator("#order-number-example")).to_contain_text("SHOP-77/7001")

    page.get_by_role("button", name="Review changes").click()
    expect_page(page.get_by_text("1 held order waiting for a decision")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    expect_page(page.get_by_text("Saved. 1 held order that waited")).to_be_visible()
    assert account(sqlite_merchants).order_number_template == "{reference}/{note_id}"
    assert complaints == []


def test_what_is_discarded_is_as_it_was(page: Page, sqlite_merchants: Merchants) -> None:
    page.get_by_label("Leeds").select_option("Not sent")

    page.get_by_role("link", name="Discard").click()

    expect_page(page.get_by_label("Leeds")).to_have_value("undecided")
    assert account(sqlite_merchants).settings_version == 1
