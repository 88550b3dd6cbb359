"""Brightpearl's consent in a real browser: out to the vendor and back, under the strict policy."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page
from werkzeug.serving import make_server

from deploy.embedded.free_ports import free_port
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.merchants import EMAILS, FERNLEAF, PASSWORD, Merchants
from tests.integration.portal.test_browser import browser  # noqa: F401 - a fixture


@pytest.fixture
def address(sqlite_merchants: Merchants, vendors: Vendors) -> Iterator[str]:
    """Serve a portal whose vendors are the sandbox."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    app = sqlite_merchants.portal(
        brightpearl_client_id="goodsout-sandbox",
        brightpearl_client_secret="sandbox-client-secret",
        brightpearl_dev_ref="goodsout-dev",
        brightpearl_oauth_url=f"{vendors.url}/oauth",
        brightpearl_hosts=vendors.host,
        shiphero_url=vendors.url,
        portal_url=address,
    )
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def said() -> list[str]:
    """Everything the browser's console said."""
    return []


@pytest.fixture
def page(browser: Browser, address: str, said: list[str]) -> Iterator[Page]:  # noqa: F811
    """Give a page on the connections of Fernleaf, logged in."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.on("console", lambda line: said.append(line.text))
    page.goto("/connections")
    page.get_by_label("E-mail address").fill(EMAILS[FERNLEAF])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    yield page
    context.close()


def test_a_person_connects_both_vendors(page: Page, said: list[str]) -> None:
    page.get_by_role("link", name="Connect Brightpearl").click()
    page.get_by_label("Account code").first.fill("demo")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Go to Brightpearl").click()
    page.get_by_text("Approve", exact=True).click()
    expect_page(page.get_by_text("Brightpearl account demo is connected")).to_be_visible()

    page.get_by_label("E-mail address of the user").fill("demo@sandbox.test")
    page.get_by_label("Password").fill("sandbox")
    page.get_by_role("button", name="Connect").click()
    expect_page(page.get_by_role("link", name="Go to the dashboard")).to_be_visible()

    page.goto("/connections")
    expect_page(page.get_by_role("button", name="Test connection")).to_have_count(2)
    assert [line for line in said if "Content Security Policy" in line] == []
