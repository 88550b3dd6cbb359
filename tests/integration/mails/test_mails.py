"""A mail from the journal to a real mail server, and what stays of it."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from services.notifier.mails import Postbox, send_mails
from services.notifier.smtp import post, server_of
from shared.db.journal_tables import EventRow
from shared.events import MAIL_REQUESTED
from shared.mails import Attachment, Letter, Notice, Post, to_letter
from shared.messaging.units import Handler
from shared.secrets import SecretBox, new_key
from tests.integration.delivery.desk import Desk
from tests.integration.journal.books import MORNING, Books
from tests.integration.mails.server import mail_server

BOX = SecretBox(new_key())
SECRET = "https://portal.goodsout.example/confirm/very-secret"
NOTICE = Notice(
    subject="Confirm your e-mail address",
    heading="Confirm <your> address",
    paragraphs=("Nearly ready.",),
    label="Confirm",
    link=SECRET,
    small="Valid for 2 days.",
)


def test_a_mail_arrives_once_and_its_letter_is_erased(books: Books) -> None:
    id_ = ask(books)
    with mail_server() as (server, url):
        Desk(books).deliver(sending(url), name=MAIL_REQUESTED, follow=lambda *_: None)

    [mail] = server.kept
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert mail["Message-ID"] == f"<{id_}@goodsout.example>"
    assert (mail["To"], mail["Subject"]) == ("eve@orchard.example", NOTICE.subject)
    assert html is not None
    assert text is not None
    assert f'href="{SECRET}"' in html.get_content()
    assert "Confirm &lt;your&gt; address" in html.get_content()
    assert SECRET in text.get_content().splitlines()
    row = kept(books)
    assert row.outcome == "delivered"
    assert set(row.payload) == {"kind", "erased"}


def test_a_file_goes_along_and_is_sealed_like_the_rest(books: Books) -> None:
    table = "note,wé\r\n7001,synced\r\n"
    ask(books, attachments=(Attachment(name="day.csv", text=table, subtype="csv"),))
    told = str(kept(books).payload)
    with mail_server() as (server, url):
        Desk(books).deliver(sending(url), name=MAIL_REQUESTED, follow=lambda *_: None)

    [mail] = server.kept
    [file] = mail.iter_attachments()
    assert file.get_filename() == "day.csv"
    assert file.get_content_type() == "text/csv"
    assert file.get_content() == table
    assert mail.get_body(("html",)) is not None
    assert "7001" not in told


def test_nothing_secret_stands_in_the_journal_before_either(books: Books) -> None:
    ask(books)

    told = str(kept(books).payload)

    assert "very-secret" not in told
    assert "eve@" not in told


def test_one_cause_has_one_mail(books: Books) -> None:
    first, second = ask(books), ask(books)

    assert first is not None
    assert second is None


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        ("451 Try again later", (1, "retry", "mail_trouble")),
        ("554 This looks like spam", (1, "dead", "mail_refused")),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(
    books: Books, answer: str, end: tuple[int, str, str]
) -> None:
    id_ = ask(books)
    desk = Desk(books)
    with mail_server() as (server, url):
        server.answer = answer
        desk.deliver(sending(url), name=MAIL_REQUESTED, follow=lambda *_: None)

    assert id_ is not None
    assert desk.ends(id_) == [end]
    assert answer[4:] in kept(books).reason
    assert "letter" in kept(books).payload


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("smtp://127.0.0.1:1?starttls=off", (1, "retry", "mail_trouble")),
        ("", (1, "dead", "no_mail_server")),
    ],
)
def test_without_a_server_it_waits_or_says_what_is_missing(
    books: Books, url: str, end: tuple[int, str, str]
) -> None:
    id_ = ask(books)
    desk = Desk(books)

    desk.deliver(sending(url), name=MAIL_REQUESTED, follow=lambda *_: None)

    assert id_ is not None
    assert desk.ends(id_) == [end]


def ask(books: Books, **changed: Any) -> UUID | None:
    letter: Letter = replace(to_letter(NOTICE, to="eve@orchard.example"), **changed)
    with books.session() as session:
        return Post(account_id=books.account, code="acme", box=BOX).request(
            session, letter, kind="welcome", about="user 1", once_for="one", now=books.clock()
        )


def sending(url: str) -> Handler:
    postbox = Postbox(
        box=BOX,
        sender="Goodsout <portal@goodsout.example>",
        mailer=partial(post, server=server_of(url), timeout=5) if url else None,
        is_paused=lambda _account, _email: False,
        bounced=lambda _bounce, _event: None,
        now=lambda: MORNING,
    )
    return partial(send_mails, postbox=postbox)


def kept(books: Books) -> EventRow:
    with books.open_session() as session:
        return session.exec(select(EventRow).where(EventRow.name == MAIL_REQUESTED)).one()
