"""A new merchant's whole way through the portal, in a browser: from registering to repairing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from deploy.embedded.smoke import SmokeRun
from tests.end_to_end.conftest import NEVER, PAIRS, servers
from tests.end_to_end.forged import start
from tests.end_to_end.room import Room
from tests.servers.browser import executable
from tests.waiting import until

EMAIL, PASSWORD = "nora@quay.example", "seven lanterns by the quay"
SOON = 30_000.0  # milliseconds
LINK = re.compile(r"https?://\S+/confirm/\S+")


@pytest.fixture(params=PAIRS)
def new_system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmokeRun]:
    """Give a running system in which nobody is registered."""
    run = start(tmp_path, servers(request), ship_after=NEVER)
    with run.supervisor:
        yield run


@pytest.fixture
def page(new_system: SmokeRun) -> Iterator[Page]:
    """Give a browser on its portal."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=["--no-sandbox", "--disable-gpu"]
        )
        base = f"http://127.0.0.1:{new_system.ports.portal}"
        page = browser.new_context(base_url=base).new_page()
        page.set_default_timeout(SOON)
        yield page
        browser.close()


@pytest.mark.timeout(300)
def test_a_new_merchant_registers_connects_sends_ships_and_repairs(
    new_system: SmokeRun, page: Page
) -> None:
    room = Room(new_system)
    register(page, new_system)
    connect(page)
    configure(page)

    note_id = room.made()
    see(page, note_id, "Synced")
    ship(new_system, note_id)
    see(page, note_id, "Shipped")

    broken = room.made(countryIsoCode="")
    see(page, broken, "Failed")
    repair(page, room, broken)
    see(page, broken, "Synced")


def see(page: Page, note_id: int, word: str) -> None:
    """Look at the sync log until a note's row has a word; new rows wait behind a bar there."""

    def seen() -> bool:
        page.goto("/sync-log")
        row = page.locator(f"#note-{note_id}")
        return row.count() == 1 and word in str(row.text_content())

    until(seen, within=60, what=f"note {note_id} as {word}")


def register(page: Page, run: SmokeRun) -> None:
    """Register, follow the link of the mail, and log in."""
    page.goto("/register")
    page.get_by_label("Company").fill("Quay Lanterns Ltd")
    page.get_by_label("Your name").fill("Nora Quay")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    until(lambda: LINK.search(str(run.control("mail"))), within=30, what="the mail")
    found = LINK.findall(str(run.control("mail")))
    page.goto(found[0].split("\\")[0].rstrip("'\","))
    page.goto("/login")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def connect(page: Page) -> None:
    """Go through the three steps, and watch the first fetch end."""
    page.get_by_label("Account code").first.fill("demo")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="Go to Brightpearl").click()
    page.get_by_text("Approve", exact=True).click()
    page.get_by_label("E-mail address of the user").fill("demo@sandbox.test")
    page.get_by_label("Password").fill("sandbox")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Shipping methods").first).to_be_visible()
    page.goto("/connections/staff")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Choose").click()
    page.goto("/connections")
    expect(page.get_by_text("under way")).to_have_count(0, timeout=2 * SOON)


def configure(page: Page) -> None:
    """Switch both syncs on, go live, and map every warehouse and shipping method."""
    page.goto("/configuration")
    page.get_by_role("switch", name="Order sync").check()
    page.get_by_role("switch", name="Shipment sync").check()
    page.get_by_label("Date and time").fill("2026-01-01T00:00")
    for one in page.locator("select[name^='warehouse-']").all():
        one.select_option(index=2)
    for one in page.locator("input[name^='method-'][name$='-title']").all():
        one.fill("Standard")
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("heading", name="What saving does")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_be_visible()


def ship(run: SmokeRun, note_id: int) -> None:
    """Ship the order that bears the note's key, at the warehouse."""
    key = re.compile(rf"^GO-\w+-{note_id}(-|$)")
    [order] = [
        one for one in run.control("shiphero-orders") if key.match(str(one["partner_order_id"]))
    ]
    run.control(f"shiphero-orders/{order['legacy_id']}/ship", {})


def repair(page: Page, room: Room, note_id: int) -> None:
    """Put the cause right in Brightpearl, and retry the note on its page."""
    row = room.row(note_id)
    room.press("address", number=row.order_id, country="GB")
    page.goto(f"/sync-log/{note_id}")
    expect(page.get_by_text("Whose turn")).to_be_visible()
    page.get_by_role("link", name="Retry now").or_(
        page.get_by_role("button", name="Retry now")
    ).first.click()
    page.get_by_role("button", name=re.compile("Retry")).first.click()
