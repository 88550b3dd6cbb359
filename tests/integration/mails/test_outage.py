"""The mail server is away for an hour: every mail arrives afterwards, each once."""

from collections import Counter

from shared.events import MAIL_REQUESTED
from tests.integration.delivery.desk import Desk
from tests.integration.journal.books import Books
from tests.integration.mails.server import MailServer, mail_server
from tests.integration.mails.test_bounces import ask, sending

MAILS = 30


def test_an_outage_of_an_hour_loses_and_doubles_nothing(books: Books) -> None:
    server = MailServer()
    with mail_server(server) as (_, url):
        send(books, url, first=0, minutes=5)
    port = int(url.rpartition(":")[2].partition("?")[0])
    send(books, url, first=10, minutes=60)
    away = len(server.kept)
    with mail_server(server, port=port):
        send(books, url, first=20, minutes=180)

    arrived = Counter(str(mail["Message-ID"]) for mail in server.kept)
    assert 0 < away < MAILS
    assert len(arrived) == MAILS
    assert set(arrived.values()) == {1}
    assert {row.outcome for row in books.rows()} == {"delivered"}
    assert max(len(books.attempts(row.id)) for row in books.rows()) > 1


def send(books: Books, url: str, *, first: int, minutes: int) -> None:
    """Ask for ten mails, and let a minute at a time go by."""
    for number in range(first, first + 10):
        ask(books, str(number))
    for _ in range(minutes):
        Desk(books).deliver(sending(books, url), name=MAIL_REQUESTED, follow=lambda *_: None)
        books.clock.pass_(minutes=1)
