"""What a mail's “Switch it off” leads to, and whose mail comes back, in a real browser."""

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from shared.bounces import PAUSED_AFTER
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.test_api_browser import faults_of
from tests.integration.portal.test_browser import address, browser  # noqa: F401 - fixtures
from tests.integration.portal.test_mail_back import come_back
from tests.integration.portal.test_unsubscribing import LABEL, link_of, wanting


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_mail_is_switched_off_and_on_again_without_javascript(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
    look: str,
) -> None:
    phone = ViewportSize(width=360, height=780)
    scripted = browser.new_page(base_url=address, viewport=phone, color_scheme=look)  # type: ignore[arg-type]
    scripted.goto(link_of(sqlite_merchants))
    faults = faults_of(scripted)
    context = browser.new_context(base_url=address, viewport=phone, java_script_enabled=False)
    page = context.new_page()

    page.goto(link_of(sqlite_merchants))
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_role("heading", name=f"“{LABEL}” is switched off")).to_be_visible()
    without = wanting(sqlite_merchants)
    page.get_by_role("button", name="Switch it on again").click()
    expect(page.get_by_role("heading", name=f"“{LABEL}” is switched on")).to_be_visible()
    context.close()
    scripted.close()

    assert faults == []
    assert without == []
    assert wanting(sqlite_merchants) == [EMAILS[FERNLEAF]]


def test_the_team_page_with_returned_mail_is_accessible_on_a_phone(
    browser: Browser,  # noqa: F811 - the fixture
    address: str,  # noqa: F811 - the fixture
    sqlite_merchants: Merchants,
) -> None:
    come_back(sqlite_merchants, PAUSED_AFTER)
    page = browser.new_page(base_url=address, viewport={"width": 360, "height": 780})
    page.goto("/team")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Mail that came back")).to_be_visible()

    faults = faults_of(page)
    page.get_by_role("button", name=f"Send mail to {EMAILS[FERNLEAF]} again").click()
    expect(page.get_by_text("gets mail again from now on")).to_be_visible()
    page.close()

    assert faults == []
