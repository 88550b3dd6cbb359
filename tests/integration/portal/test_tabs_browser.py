"""A note's tabs in a real browser: by mouse and keyboard, in the drawer, without scripts."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from services.portal.log.tabs import TABS
from shared.db.note_tables import SyncLogRow
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.notes import NOTE, attempted, sent
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)


@pytest.fixture
def page(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    complaints: list[str],  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
) -> Iterator[Page]:
    """Give a page of Fernleaf, of whose notes one was sent and another was not."""
    sent(sqlite_merchants)
    attempted(sqlite_merchants)
    sqlite_merchants.note(7000, customer_reference="SHOP-76", order_stage="failed")
    context = browser.new_context(base_url=address, viewport={"width": 1500, "height": 900})
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


def test_a_tab_opens_in_its_place_and_has_its_own_address(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.goto(f"/sync-log/{NOTE}")

    page.get_by_role("tab", name="Sent vs answer").click()

    expect_page(page.get_by_role("tab", name="Sent vs answer")).to_be_focused()
    expect_page(page.get_by_role("tabpanel", name="Sent vs answer")).to_contain_text("order_create")
    expect_page(page).to_have_url(re.compile(f"/sync-log/{NOTE}/sent$"))
    page.reload()
    expect_page(page.get_by_role("tab", name="Sent vs answer")).to_have_attribute(
        "aria-selected", "true"
    )
    assert complaints == []


def test_arrows_move_along_the_tabs_and_only_enter_opens_one(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.goto(f"/sync-log/{NOTE}")
    page.get_by_role("tab", name="Timeline").focus()

    page.keyboard.press("ArrowLeft")
    expect_page(page.get_by_role("tab", name="Comments & people")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect_page(page.get_by_role("tab", name="Rules used")).to_be_focused()
    expect_page(page).to_have_url(re.compile(f"/sync-log/{NOTE}$"))
    page.keyboard.press("Space")

    expect_page(page.get_by_role("tabpanel")).to_contain_text("Rules used")
    expect_page(page).to_have_url(re.compile(f"/sync-log/{NOTE}/rules$"))
    assert complaints == []


def test_one_tab_alone_is_reached_by_the_tab_key(page: Page) -> None:
    page.goto(f"/sync-log/{NOTE}/rules")

    reached = page.get_by_role("tab").evaluate_all("all => all.map(one => one.tabIndex)")

    assert reached == [0 if code == "rules" else -1 for code in TABS]


def test_what_a_tab_shows_stays_through_a_refresh_of_the_head(
    page: Page,
    sqlite_merchants: Merchants,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.goto(f"/sync-log/{NOTE}/people")
    page.get_by_role("textbox", name="Comment").fill("half a sen")
    with sqlite_merchants.open_session() as session:
        row = session.get_one(SyncLogRow, (FERNLEAF, NOTE))
        row.order_stage = "canceled"
        session.add(row)
        session.commit()

    with page.expect_response("**/live?tab=people"):
        page.evaluate("document.querySelector('[data-live]').dispatchEvent(new Event('poll'))")

    expect_page(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    expect_page(page.get_by_role("textbox", name="Comment")).to_have_value("half a sen")
    assert complaints == []


def test_in_the_drawer_tabs_open_rows_are_walked_and_escape_closes(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.get_by_label("View SHOP-77").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("tab", name="Rules used").click()
    expect_page(drawer.get_by_role("tabpanel")).to_contain_text("by version")
    expect_page(page).to_have_url(re.compile(f"/sync-log/{NOTE}/rules$"))

    page.keyboard.press("ArrowDown")

    expect_page(drawer.get_by_role("heading", name="SHOP-76")).to_be_visible()
    expect_page(drawer.get_by_role("tab", name="Timeline")).to_have_attribute(
        "aria-selected", "true"
    )
    expect_page(page).to_have_url(re.compile("/sync-log/7000$"))
    page.keyboard.press("Escape")
    expect_page(drawer).to_have_count(0)
    expect_page(page).to_have_url(re.compile("/sync-log$"))
    assert complaints == []


def test_names_are_shown_within_the_drawer(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.get_by_label("View SHOP-77").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("tab", name="Sent vs answer").click()
    expect_page(drawer.get_by_text("J… S…")).to_be_visible()

    drawer.get_by_role("button", name="Show", exact=True).click()

    expect_page(drawer.get_by_text("Jane Smith")).to_be_visible()
    expect_page(page.get_by_role("dialog")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1500])
@pytest.mark.parametrize("tab", TABS)
def test_a_tab_is_accessible_and_fits_the_window(
    page: Page, tab: str, width: int, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/sync-log/{NOTE}" if tab == "timeline" else f"/sync-log/{NOTE}/{tab}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    violations = Axe().run(page).response["violations"]
    whole = page.evaluate("document.documentElement.scrollWidth")

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert whole <= width


def test_without_scripts_each_tab_is_a_link_to_its_page(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    page: Page,
) -> None:
    context = browser.new_context(
        base_url=address, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    told = {}
    for name in TABS.values():
        plain.goto(f"/sync-log/{NOTE}")
        plain.get_by_role("tab", name=name).click()
        told[name] = plain.locator("#note-panel h2").first.inner_text()
    context.close()

    assert told == {
        "Timeline": "Timeline oldest first",
        "Lines": "Lines",
        "Sent vs answer": "What was asked and answered",
        "Both sides": "Both sides as they are now",
        "Parcels": "Parcels",
        "Rules used": "Rules used",
        "Comments & people": "Comments and people",
    }
