"""A notice is recorded once for each destination that wants its kind."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from shared.db.destination_tables import Destination
from shared.db.journal_tables import EventRow
from shared.destinations import BY_PERSON, request, told_by
from shared.events import NOTICE_REQUESTED
from shared.journal.record import new_id
from shared.mails import Notice
from shared.notifications import DAILY_REPORT, DEAD_LETTERS
from tests.integration.journal.books import MORNING, Books

NOTICE = Notice(subject="3 failed", heading="3 orders failed", paragraphs=("One.", "Two."))


def test_each_destination_that_wants_the_kind_gets_one_event(books: Books) -> None:
    ops, quiet = a_destination(books), a_destination(books, kinds=[DAILY_REPORT])
    off = a_destination(books, off_since=MORNING, off_because=BY_PERSON)

    count = ask(books)

    [event] = notices(books)
    assert count == 1
    assert event.subject == str(ops)
    assert {str(quiet), str(off)}.isdisjoint({event.subject})


def test_one_cause_is_told_once(books: Books) -> None:
    a_destination(books)
    a_destination(books)

    counts = ask(books), ask(books), ask(books, once_for="another")

    assert counts == (2, 0, 2)
    assert len({event.payload["message"] for event in notices(books)}) == 4


def test_what_another_account_has_set_up_gets_nothing(books: Books) -> None:
    a_destination(books, account_id=books.open_account("other"))

    assert ask(books) == 0


def test_what_was_recorded_is_read_back(books: Books) -> None:
    a_destination(books)
    ask(books)

    told = told_by(notices(books)[0].payload)

    assert (told.kind, told.about, told.notice) == (DEAD_LETTERS, "sku_unknown", NOTICE)
    assert told.message.startswith("msg_")


def a_destination(books: Books, **fields: Any) -> UUID:
    usual: dict[str, Any] = {
        "id": new_id(),
        "account_id": books.account,
        "name": "Ops",
        "way": "webhook",
        "address": "sealed",
        "shown_address": "https://ops.example/…",
        "kinds": [DEAD_LETTERS],
        "made_by": "ann@acme.example",
        "made_at": MORNING,
    }
    row = Destination(**(usual | fields))
    with books.session() as session:
        session.add(row)
    return row.id


def ask(books: Books, *, once_for: str = "one") -> int:
    with books.session() as session:
        return request(
            session,
            books.account,
            kind=DEAD_LETTERS,
            notice=NOTICE,
            about="sku_unknown",
            once_for=once_for,
            now=MORNING,
        )


def notices(books: Books) -> list[EventRow]:
    with books.open_session() as session:
        query = select(EventRow).where(EventRow.name == NOTICE_REQUESTED)
        return list(session.exec(query))
