"""Each mail that Goodsout sends of its own accord: as it is received, and as it is looked at."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from services.notifier.mails import to_message
from services.notifier.smtp import post, server_of
from shared.mails import Letter
from shared.notifications import DAILY_REPORT, KINDS
from tests.integration.journal.books import MORNING
from tests.integration.mails.every_mail import LOOKS, every_mail
from tests.integration.mails.server import MailServer, mail_server
from tests.integration.portal.test_browser import browser  # noqa: F401 - the fixture

MAILS = every_mail()


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[MailServer, str]]:
    """Run one mail server for all."""
    with mail_server() as running:
        yield running


def received(receiver: tuple[MailServer, str], letter: Letter) -> EmailMessage:
    """Hand a letter in, and give it as the server has it."""
    server, url = receiver
    message = to_message(
        letter, event_id=UUID(int=1), sender="Goodsout <mail@goodsout.example>", at=MORNING
    )
    post(message, server=server_of(url), timeout=5)
    return server.kept[-1]


def part(mail: EmailMessage, subtype: str) -> str:
    found = mail.get_body((subtype,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize("name", MAILS)
def test_both_parts_arrive_as_they_were_written(
    receiver: tuple[MailServer, str], name: str
) -> None:
    letter = MAILS[name]

    mail = received(receiver, letter)

    assert mail["Subject"] == letter.subject
    assert part(mail, "plain").split() == letter.text.split()
    assert part(mail, "html").split() == letter.html.split()
    assert mail["List-Unsubscribe"] == f"<{letter.unsubscribe}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", MAILS)
def test_the_plain_text_says_everything_that_the_page_says(name: str) -> None:
    letter = MAILS[name]

    assert letter.unsubscribe in letter.text
    assert "{{" not in letter.text + letter.html
    assert "\n\n\n" not in letter.text
    assert len(letter.subject) < 100


def test_later_mails_answer_the_first_of_their_thread(receiver: tuple[MailServer, str]) -> None:
    letter = replace(MAILS["orders-first"], thread="0195.7", number=1)

    first = received(receiver, letter)
    second = received(receiver, replace(letter, number=2))
    third = received(receiver, replace(letter, number=3))

    ids = [str(mail["Message-ID"]) for mail in (first, second, third)]
    assert len(set(ids)) == 3
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == third["References"] == ids[0]


def test_a_letter_without_a_choice_offers_none(receiver: tuple[MailServer, str]) -> None:
    mail = received(receiver, Letter(to="a@b.example", subject="x", text="x", html="x"))

    assert mail["List-Unsubscribe"] is None


def test_each_kind_that_people_choose_is_among_them() -> None:
    labels = {kind.label for kind in KINDS.values()}
    shown = {label for label in labels for one in MAILS.values() if f"“{label}”" in one.html}

    assert labels - shown == {KINDS[DAILY_REPORT].label}


@pytest.mark.parametrize("look", LOOKS)
def test_every_mail_fits_and_can_be_read(
    browser: Browser,  # noqa: F811 - the fixture
    look: str,
) -> None:
    page = browser.new_page(**LOOKS[look])
    faults = {name: faults_of(page, letter) for name, letter in MAILS.items()}
    page.close()

    assert {name: found for name, found in faults.items() if found} == {}


def faults_of(page: Page, letter: Letter) -> list[str]:
    """Say what nobody could read, and what is wider than the window."""
    page.set_content(letter.html)
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = Axe().run(page, options={"runOnly": ["color-contrast", "link-name"]})
    wide = [f"{width} too wide"] if width > 0 else []
    return [one["id"] for one in found.response["violations"]] + wide
