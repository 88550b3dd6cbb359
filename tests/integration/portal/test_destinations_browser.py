"""Webhooks and chat in a real browser: with scripts and without, and for everybody."""

from collections.abc import Iterator
from typing import Any, Literal
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from shared.db.destination_tables import Destination
from shared.destinations import GONE
from tests.integration.portal.merchants import EMAILS, FERNLEAF, NOON, PASSWORD, Merchants
from tests.integration.portal.test_browser import address, browser, complaints  # noqa: F401 - fixtures


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,  # noqa: F811
    address: str,  # noqa: F811
    complaints: list[str],  # noqa: F811
) -> Iterator[Page]:
    """Give the page of an owner who has nothing set up."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/destinations")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.get_by_role("heading", name="Webhooks and chat")).to_be_visible()
    yield page
    context.close()


def test_a_webhook_is_added_tested_switched_off_and_removed(
    page: Page,
    complaints: list[str],  # noqa: F811
) -> None:
    page.get_by_label("Name", exact=True).fill("Warehouse screen")
    page.get_by_label("Address").fill("https://screen.fernleaf.example/in")
    page.get_by_role("button", name="Add it").click()
    assert page.get_by_label("The secret").input_value().startswith("whsec_")
    page.get_by_role("link", name="I have copied it").click()

    page.get_by_role("button", name="Send a test").click()
    expect_page(page.get_by_role("link", name="A test from Goodsout for Fernleaf")).to_be_visible()
    page.get_by_role("button", name="Switch it off").click()
    expect_page(page.locator("#live .chip").first).to_contain_text("Switched off")
    page.get_by_role("link", name="Remove…").click()
    page.get_by_role("button", name="Remove Warehouse screen").click()

    expect_page(page.get_by_role("heading", name="Notices go by mail only")).to_be_visible()
    assert complaints == []


def test_what_is_wrong_is_said_and_what_was_chosen_stays(page: Page) -> None:
    page.get_by_label("Slack").check()
    page.get_by_label("Name", exact=True).fill("Ops room")
    page.get_by_label("Address").fill("https://10.0.0.7/hook")
    page.get_by_role("button", name="Add it").click()

    expect_page(page.get_by_role("alert")).to_contain_text("private or reserved network")
    expect_page(page.get_by_label("Slack")).to_be_checked()
    expect_page(page.get_by_label("Name", exact=True)).to_have_value("Ops room")


@pytest.mark.parametrize("page", [True], indirect=True, ids=["scripts"])
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_use_both_pages(
    page: Page, sqlite_merchants: Merchants, width: int, scheme: Literal["light", "dark"]
) -> None:
    failing = a_destination("Ops room", way="slack", failing_since=NOON, told_at=NOON,
                            told_sentence="Ops room answered 500: broken")  # fmt: skip
    off = a_destination("Old screen", off_since=NOON, off_because=GONE)
    sqlite_merchants.keep(failing, off)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    for path in ("/destinations", f"/destinations/{failing.id}", f"/destinations/{off.id}"):
        page.goto(path)
        found = Axe().run(page).response["violations"]

        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def a_destination(name: str, **fields: Any) -> Destination:
    usual: dict[str, Any] = {
        "id": uuid4(),
        "account_id": FERNLEAF,
        "name": name,
        "way": "webhook",
        "address": "sealed",
        "shown_address": "https://hooks.fernleaf.example/\u2026",
        "kinds": ["orders_failing", "connection_broken"],
        "made_by": EMAILS[FERNLEAF],
        "made_at": NOON,
    }
    return Destination(**{**usual, **fields})
