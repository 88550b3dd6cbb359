"""An address that a mail server refuses for good: noted, and after three times left alone."""

from functools import partial

import pytest

from services.notifier.consumer import handlers
from services.notifier.settings import NotifierSettings
from shared.bounces import PAUSED_AFTER, bounces, forget_bounces
from shared.connections import Connections
from shared.db.engine import reading_session_maker
from shared.events import MAIL_REQUESTED
from shared.mails import Notice, Post, to_letter
from shared.messaging.units import Handler
from shared.notifications import ORDERS_FAILING
from shared.process import ConsumerParts
from shared.secrets import SecretBox, new_key
from tests.integration.delivery.desk import Desk
from tests.integration.journal.books import Books
from tests.integration.mails.server import mail_server

KEY = new_key()
EVE = "Eve@orchard.example"
NO_SUCH = "550 5.1.1 No such person here"


def ask(books: Books, once_for: str, *, kind: str = ORDERS_FAILING) -> None:
    notice = Notice(subject="Orders need you", heading="1 order needs you", paragraphs=("Look.",))
    with books.session() as session:
        Post(account_id=books.account, code="acme", box=SecretBox(KEY)).request(
            session, to_letter(notice, to=EVE), kind=kind, about="x", once_for=once_for,
            now=books.clock(),
        )  # fmt: skip


def sending(books: Books, url: str) -> Handler:
    """Wire the notifier's own handler."""
    settings = NotifierSettings(
        database_url="sqlite://",
        broker_url="memory://",
        secret_keys=KEY,
        smtp_url=url,
        mail_from="portal@goodsout.example",
    )
    parts = ConsumerParts(
        settings=settings,
        open_session=books.open_session,
        open_reading=reading_session_maker(books.engine),
        connections=partial(Connections),  # type: ignore[arg-type]  # mails need no vendor
        now=books.clock,
        worker="one",
    )
    return handlers(parts)[MAIL_REQUESTED]


def deliver(books: Books, url: str) -> list[str]:
    """Deliver what is due; gives how each mail's last attempt ended."""
    Desk(books).deliver(sending(books, url), name=MAIL_REQUESTED, follow=lambda *_: None)
    return [row.outcome or row.reason_code for row in books.rows()]


def counted(books: Books) -> list[tuple[str, int, int]]:
    with books.session() as session:
        return [(one.email, one.code, one.count) for one in bounces(session, books.account)]


def test_a_refused_recipient_is_noted_with_what_the_server_said(books: Books) -> None:
    ask(books, "one")
    with mail_server() as (server, url):
        server.to[EVE] = NO_SUCH
        ends = deliver(books, url)

    assert ends == ["dead"]
    assert books.rows()[0].reason_code == "mail_bounced"
    assert counted(books) == [(EVE.lower(), 550, 1)]
    assert "No such person here" in books.rows()[0].reason


@pytest.mark.parametrize(
    ("to", "answer", "code"),
    [
        ("250 OK", "550 5.1.1 No such mailbox", "mail_bounced"),
        ("250 OK", "552 5.2.2 Mailbox full", "mail_bounced"),
        ("250 OK", "554 5.7.1 Looks like spam", "mail_refused"),
        ("550 5.7.1 Relaying denied", "", "mail_refused"),
        ("450 4.2.0 Greylisted, come back", "", "mail_trouble"),
    ],
)
def test_only_what_is_said_of_the_address_for_good_counts(
    sqlite_books: Books, to: str, answer: str, code: str
) -> None:
    ask(sqlite_books, "one")
    with mail_server() as (server, url):
        server.to[EVE] = to
        server.answer = answer or server.answer
        deliver(sqlite_books, url)

    assert sqlite_books.rows()[0].reason_code == code
    assert bool(counted(sqlite_books)) is (code == "mail_bounced")


def test_after_three_in_a_row_nothing_more_is_sent_until_a_person_says_again(
    books: Books,
) -> None:
    with mail_server() as (server, url):
        server.to[EVE] = NO_SUCH
        for number in range(PAUSED_AFTER):
            ask(books, str(number))
            deliver(books, url)
        server.to.clear()
        ask(books, "while it is paused")
        paused = deliver(books, url)
        with books.session() as session:
            forget_bounces(session, books.account, EVE)
        ask(books, "after")
        again = deliver(books, url)

    assert paused[-1] == "skipped"
    assert books.rows()[PAUSED_AFTER].reason_code == "mail_paused"
    assert again[-1] == "delivered"
    assert len(server.kept) == 1


def test_a_mail_that_arrives_ends_the_row(books: Books) -> None:
    with mail_server() as (server, url):
        server.to[EVE] = NO_SUCH
        ask(books, "one")
        deliver(books, url)
        server.to.clear()
        ask(books, "two")
        deliver(books, url)

    assert counted(books) == []


def test_what_a_person_asked_for_is_tried_even_so(books: Books) -> None:
    with mail_server() as (server, url):
        server.to[EVE] = NO_SUCH
        for number in range(PAUSED_AFTER):
            ask(books, str(number))
            deliver(books, url)
        server.to.clear()
        ask(books, "a new password", kind="reset_instructions")
        deliver(books, url)

    assert len(server.kept) == 1


def test_the_same_mail_refused_once_more_counts_once(books: Books) -> None:
    ask(books, "one")
    with mail_server() as (server, url):
        server.to[EVE] = NO_SUCH
        deliver(books, url)
        [row] = books.rows()
        # As if the process had died between the server's answer and the end of the attempt.
        books.rewrite(row.id, settled_at=None, outcome=None, published_at=None)
        deliver(books, url)

    assert counted(books) == [(EVE.lower(), 550, 1)]
