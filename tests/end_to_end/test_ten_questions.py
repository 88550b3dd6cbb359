"""The ten questions that the portal has to answer, each in at most three clicks from its start."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from deploy.embedded.demo import EMAIL, PASSWORD
from tests.end_to_end.room import Room
from tests.servers.browser import executable

AT_MOST = 3


@dataclass
class Person:
    """Somebody with a browser, whose clicks are counted from the dashboard on."""

    page: Page
    good: int
    bad: int
    clicks: int = 0

    def click(self, what: Locator) -> None:
        """Click once more."""
        self.clicks += 1
        what.click()

    def menu(self, name: str) -> None:
        """Go to a page of the menu."""
        self.click(self.page.get_by_role("link", name=name, exact=True))

    def open(self, note_id: int) -> None:
        """Open a note from the sync log."""
        self.menu("Sync logs")
        self.click(self.page.locator(f"#note-{note_id} [data-open]"))

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Find the answer on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=20_000)


def where_is_it(person: Person) -> None:
    person.menu("Sync logs")
    person.page.get_by_role("searchbox").fill(str(person.good))
    person.page.keyboard.press("Enter")
    expect(person.page.locator(f"#note-{person.good}")).to_contain_text("At ShipHero")


def why_is_it_not_at_the_warehouse(person: Person) -> None:
    person.open(person.bad)
    person.sees("What happened")


def who_must_act(person: Person) -> None:
    person.open(person.bad)
    turn = person.page.locator("dt", has_text="Whose turn").locator("xpath=following-sibling::dd")
    expect(turn).to_have_text("You")


def what_exactly_did_we_send(person: Person) -> None:
    person.open(person.good)
    person.click(person.page.get_by_role("link", name="What was asked and answered").last)
    person.sees("order_create")


def did_it_arrive_there(person: Person) -> None:
    person.open(person.good)
    person.click(person.page.get_by_role("tab", name="Both sides"))
    expect(person.page.get_by_role("heading", name="Both sides as they are now")).to_be_visible()
    person.sees(re.compile("No field differs in meaning|differences?\\."))


def will_a_retry_send_it_twice(person: Person) -> None:
    person.open(person.bad)
    person.click(person.page.get_by_role("link", name="Retry now"))
    verdict = person.page.get_by_role("region", name="Is it safe?")
    expect(verdict).to_contain_text("Safe", timeout=20_000)


def is_anything_missing(person: Person) -> None:
    person.menu("Dashboard")
    person.sees(re.compile("unexplained"))


def when_will_the_backlog_be_gone(person: Person) -> None:
    person.menu("Dashboard")
    person.sees(re.compile("Nothing waits|Done in about|at the pace of"))


def what_changed_and_who_changed_it(person: Person) -> None:
    person.menu("Audit trail")
    person.sees("command line")


def can_the_warehouse_have_proof(person: Person) -> None:
    person.open(person.good)
    person.click(person.page.get_by_role("link", name=re.compile("Evidence pack")))
    person.sees(re.compile("evidence", re.IGNORECASE))


QUESTIONS: tuple[Callable[[Person], None], ...] = (
    where_is_it,
    why_is_it_not_at_the_warehouse,
    who_must_act,
    what_exactly_did_we_send,
    did_it_arrive_there,
    will_a_retry_send_it_twice,
    is_anything_missing,
    when_will_the_backlog_be_gone,
    what_changed_and_who_changed_it,
    can_the_warehouse_have_proof,
)


@pytest.fixture
def page(room: Room) -> Iterator[Page]:
    """Give a browser in which the demo's owner is logged in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=["--no-sandbox", "--disable-gpu"]
        )
        base = f"http://127.0.0.1:{room.run.ports.portal}"
        page = browser.new_context(
            base_url=base, viewport={"width": 1400, "height": 900}
        ).new_page()
        page.goto("/login")
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        yield page
        browser.close()


@pytest.mark.timeout(240)
def test_each_question_is_answered_in_three_clicks(room: Room, page: Page) -> None:
    good, bad = room.note(), room.made(countryIsoCode="")
    room.wait(bad, order_stage="failed")
    counted = {}

    for question in QUESTIONS:
        page.goto("/dashboard")
        person = Person(page, good=good, bad=bad)
        question(person)
        counted[question.__name__] = person.clicks

    assert {name: clicks for name, clicks in counted.items() if clicks > AT_MOST} == {}
