"""Correct and retry in a real browser: asked, filled in, reviewed, saved."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.correcting import Failed
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)


@pytest.fixture
def note(sqlite_portal: Merchants, vendors: Vendors) -> Failed:
    return Failed(sqlite_portal, vendors)


@pytest.fixture
def page(
    note: Failed,
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    complaints: list[str],  # noqa: F811 - the fixture
) -> Iterator[Page]:
    """Give the page of the note that failed, to its merchant's owner."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/login")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.locator("#menu")).to_be_attached()
    page.goto(note.path)
    yield page
    context.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1500, "light"), (1500, "dark"), (360, "light"), (360, "dark")]
)
def test_each_step_is_accessible_and_leads_to_the_next(
    page: Page,
    note: Failed,
    complaints: list[str],  # noqa: F811 - the fixture
    width: int,
    scheme: str,
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    faults = []

    page.get_by_role("link", name="Correct and retry…").click()
    faults += faults_of(page, width)
    page.get_by_role("button", name="Open the form").click()
    page.get_by_label("Address line 1").fill("7 Quay Street")
    page.get_by_label("E-mail").fill("nowhere@else")
    page.get_by_label("Why").fill("as the customer wrote")
    page.get_by_role("button", name="Review").click()
    expect_page(page.get_by_role("alert")).to_contain_text("E-mail looks like name@example.com")
    faults += faults_of(page, width)
    page.get_by_label("E-mail").fill("rosa@example.com")
    page.get_by_role("button", name="Review").click()
    expect_page(page.get_by_role("heading", name="Send it so?")).to_be_visible()
    faults += faults_of(page, width)
    page.get_by_role("button", name="Save and retry").click()

    expect_page(page.get_by_text("Corrected, and tried again")).to_be_visible()
    expect_page(page.get_by_text("Corrected by hand: Address line 1, E-mail")).to_be_visible()
    faults += faults_of(page, width)
    assert faults == []
    assert note.values["email"] == "rosa@example.com"
    assert [said for said in complaints if "400" not in said] == []


def test_what_was_typed_is_still_there_when_a_person_goes_back(page: Page, note: Failed) -> None:
    page.goto(note.form)
    page.get_by_role("button", name="Open the form").click()
    page.get_by_label("Town").fill("Bath")
    page.get_by_label("Why").fill("as the customer wrote")
    page.get_by_role("button", name="Review").click()

    page.get_by_role("button", name="Change it once more").click()

    expect_page(page.get_by_label("Town")).to_have_value("Bath")
    expect_page(page.get_by_label("Why")).to_have_value("as the customer wrote")


def faults_of(page: Page, width: int) -> list[str]:
    """Say what axe finds, and whether the page is wider than the window."""
    violations = Axe().run(page).response["violations"]
    whole = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations]
    return [*found, *([f"{whole} px wide"] if whole > width else [])]
