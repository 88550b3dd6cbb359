"""API tokens, the API's page and reports in a real browser, under the strict policy."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.programs import Program, a_token
from tests.integration.portal.test_browser import (  # noqa: F401 - fixtures
    address,
    browser,
    complaints,
)
from tests.integration.portal.test_reports import a_report

REPORT = UUID(int=7)
# What a mail may hold at worst, and what it may lead to.
MAIL = """
<html lang="en"><head><title>Report</title></head><body><main>
<h1 style="color: #123">Sync report</h1><a href="/reports">All reports</a>
<script>document.querySelector("h1").textContent = "It ran";</script>
</main></body></html>
"""
PAGES = ("/api", "/api-tokens", "/reports", f"/reports/{REPORT}?part=text", f"/reports/{REPORT}")


@pytest.fixture
def page(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    complaints: list[str],  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
) -> Iterator[Page]:
    """Give the page of API tokens on a phone; there is a token in use, and a report."""
    Program(sqlite_merchants, a_token(sqlite_merchants)).get("/health")
    a_report(sqlite_merchants, id=REPORT, html=MAIL)
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/api-tokens")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect_page(page.get_by_role("heading", name="API tokens")).to_be_visible()
    yield page
    context.close()


def faults_of(page: Page) -> list[object]:
    """Say what is not accessible on a page with everything unfolded, or wider than a phone."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{width} wide"] if width > 360 else [])]


def test_the_pages_are_accessible_and_fit_a_phone(page: Page) -> None:
    faults = {}
    for path in PAGES:
        page.goto(path)
        faults[path] = faults_of(page)

    assert {path: found for path, found in faults.items() if found} == {}


def test_a_token_is_made_copied_and_revoked(
    page: Page,
    complaints: list[str],  # noqa: F811 - the fixture
) -> None:
    page.get_by_label("Name", exact=True).fill("Night job")
    page.get_by_label("Have a note tried again").check()
    page.get_by_role("button", name="Make the token").click()
    shown = page.get_by_role("textbox", name="The token")
    expect_page(shown).to_have_value(re.compile("go_.{43}"))
    assert faults_of(page) == []

    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name="Revoke Night job").click()
    assert faults_of(page) == []
    page.get_by_role("button", name="Revoke Night job").click()

    expect_page(page.get_by_text("The token Night job is revoked")).to_be_visible()
    assert complaints == []


def test_a_reports_script_does_not_run_and_its_links_open_beside_it(page: Page) -> None:
    page.goto(f"/reports/{REPORT}")
    mail = page.frame_locator(".report-frame")
    expect_page(mail.get_by_role("heading", name="Sync report")).to_be_visible()

    with page.expect_popup() as opened:
        mail.get_by_role("link", name="All reports").click()

    expect_page(opened.value.get_by_role("heading", name="Reports")).to_be_visible()
    expect_page(mail.get_by_text("It ran")).to_have_count(0)
