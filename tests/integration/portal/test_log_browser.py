"""The sync log by keyboard, its sheets, columns and bulk progress, in a real browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from shared.db.list_tables import BulkAct
from tests.integration.portal.merchants import EMAILS, FERNLEAF, NOON, PASSWORD, Merchants
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)

ACT = UUID(int=70)
PAGES = (
    "/sync-log", "/sync-log?state=needs_you", "/sync-log/views?state=needs_you",
    "/sync-log/columns", "/sync-log/7001/menu", "/sync-log/7001", "/keyboard", "/bulk-actions",
    f"/bulk-actions/{ACT}", "/sync-log/plan?act=retry&all=1&state=needs_you",
    "/sync-log/plan?act=hold&all=1&state=needs_you",
)  # fmt: skip


@pytest.fixture
def page(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    complaints: list[str],  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
) -> Iterator[Page]:
    """Give the sync log of Fernleaf, where one note failed, one was sent and an act goes on."""
    sqlite_merchants.note(7000, customer_reference="SHOP-76", order_stage="done", order_id=41000,
                          sequence=1, synced_at=NOON, shipping_method_sent="RM24",
                          brightpearl_method="Royal Mail 24")  # fmt: skip
    sqlite_merchants.note(7001, customer_reference="SHOP-77", order_stage="failed", order_id=41001,
                          sequence=1, order_reason_code="sku_unknown",
                          order_reason="ShipHero does not know the SKU TEA-EARL.")  # fmt: skip
    sqlite_merchants.event(subject="7001", outcome="dead", settled_at=NOON)
    sqlite_merchants.keep(
        BulkAct(id=ACT, account_id=FERNLEAF, kind="retry", asked_by=EMAILS[FERNLEAF],
                asked_at=NOON, chosen_by="State: Needs you", asked=1200, taken=500, done=480,
                counts={"retried": 480, "in_progress": 20})
    )  # fmt: skip
    context = browser.new_context(
        base_url=address,
        timezone_id="Europe/London",
        viewport={"width": 1600, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/sync-log")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.get_by_role("heading", name="Sync logs")).to_be_visible()
    page.wait_for_load_state()  # a key that is pressed before its script is there does nothing
    yield page
    context.close()


def test_a_question_mark_lays_the_keys_over_the_page(page: Page, complaints: list[str]) -> None:  # noqa: F811 - the fixture
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog")
    expect_page(sheet.get_by_role("heading", name="Keyboard")).to_be_visible()

    page.keyboard.press("Escape")

    expect_page(sheet).to_have_count(0)
    expect_page(page).to_have_url(re.compile("/sync-log$"))
    assert complaints == []


def test_r_asks_about_a_retry_of_the_row_that_is_walked_to(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("r")

    expect_page(page).to_have_url(re.compile("/sync-log/7001/acts/retry$"))
    expect_page(page.get_by_role("heading", name="Retry now?")).to_be_visible()


def test_e_asks_about_the_evidence_of_the_note_in_the_drawer(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect_page(page.get_by_role("dialog").get_by_role("heading", name="SHOP-76")).to_be_visible()

    page.keyboard.press("e")

    expect_page(page).to_have_url(re.compile("/sync-log/7000/acts/evidence$"))


def test_a_letter_that_is_typed_is_no_command(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("rejk?")

    expect_page(page.get_by_role("searchbox")).to_have_value("rejk?")
    expect_page(page).to_have_url(re.compile("/sync-log$"))


def test_the_menu_of_a_row_opens_beside_it_and_gives_the_focus_back(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    more = page.get_by_label("More about SHOP-77")
    more.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect_page(sheet.get_by_role("link", name="Retry now…")).to_be_visible()
    expect_page(sheet.get_by_role("link", name="View", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect_page(sheet.get_by_role("link", name="Retry now…")).to_be_focused()
    sheet.get_by_role("link", name="Copy link").click()
    expect_page(sheet.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")

    page.keyboard.press("Escape")

    assert copied.endswith("/sync-log/7001")
    expect_page(more).to_be_focused()
    assert complaints == []


def test_a_filter_is_kept_as_a_view_and_found_again(page: Page, complaints: list[str]) -> None:  # noqa: F811 - the fixture
    page.goto("/sync-log?state=needs_you")
    page.get_by_role("link", name="Views").click()
    page.get_by_label("Keep the present filter as").fill("My morning")
    page.get_by_role("button", name="Keep").click()
    expect_page(page.get_by_text("“My morning” is kept under Views.")).to_be_visible()

    page.goto("/sync-log")
    page.get_by_role("link", name="Views").click()
    page.get_by_role("link", name="My morning 1").click()

    expect_page(page).to_have_url(re.compile(r"/sync-log\?state=needs_you$"))
    assert complaints == []


def test_columns_are_chosen_in_a_sheet_and_stay_through_a_refresh(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.get_by_role("link", name="Columns").click()
    page.get_by_label("Attempts").check()
    page.get_by_role("button", name="Save").click()
    expect_page(page.get_by_role("columnheader", name="Attempts")).to_be_visible()

    with page.expect_response("**/sync-log/live*"):
        page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('poll'))")

    expect_page(page.get_by_role("columnheader", name="Attempts")).to_be_visible()
    assert complaints == []


def test_progress_moves_by_itself_until_it_has_ended(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
) -> None:
    page.goto(f"/bulk-actions/{ACT}")
    expect_page(page.get_by_role("progressbar")).to_have_attribute("value", "500")
    with sqlite_merchants.open_session() as session:
        act = session.get_one(BulkAct, ACT)
        act.taken, act.done, act.ended_at = 1200, 1180, NOON + timedelta(minutes=1)
        act.counts = {"retried": 1180, "in_progress": 20}
        session.add(act)
        session.commit()

    page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('poll'))")

    expect_page(page.get_by_role("progressbar")).to_have_attribute("value", "1200")
    expect_page(page.get_by_text("Done", exact=True).first).to_be_visible()
    expect_page(page.get_by_role("button", name="Cancel the rest")).to_have_count(0)
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits_the_window(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    violations = Axe().run(page).response["violations"]
    whole = page.evaluate("document.documentElement.scrollWidth")

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert whole <= width


@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_list_with_every_column_is_accessible(page: Page, width: int, scheme: str) -> None:
    page.goto("/sync-log/columns")
    for box in page.get_by_role("group", name="Add to the list").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Save").click()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})

    violations = Axe().run(page).response["violations"]
    whole = page.evaluate("document.documentElement.scrollWidth")

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert whole <= width


def test_every_sheet_is_a_page_without_scripts(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    page: Page,
) -> None:
    context = browser.new_context(
        base_url=address, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/sync-log")

    titles = []
    for link in ("Views", "Columns", "More about SHOP-77, #41001 · note 41001/1", "Keyboard"):
        plain.goto("/sync-log")
        plain.get_by_role("link", name=link).first.click()
        titles.append(plain.locator("h1").inner_text())
    plain.goto("/sync-log/columns")
    plain.get_by_label("Tracking").check()
    plain.get_by_role("button", name="Save").click()

    assert titles == ["Views", "Columns", "SHOP-77", "Keyboard"]
    expect_page(plain.get_by_role("columnheader", name="Tracking")).to_be_visible()
    context.close()
