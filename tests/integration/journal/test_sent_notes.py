"""What is kept of a note that became an order: what it was told, and how it ended."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from shared.db.note_tables import OrderLink
from shared.notes.known import Link
from shared.notes.links import keep_first_sent
from shared.notes.store import NoteStore
from tests.integration.journal.books import Books
from tests.integration.journal.test_notes import a_store, shown

SENT = {"priority_flag": "true", "shipping_address": "d1"}


@contextmanager
def intending(store: NoteStore, sent: Mapping[str, str]) -> Iterator[None]:
    """Intend an order for note 501 that is told `sent`."""
    with store.leased(501) as lease:
        assert lease is not None
        with store.intent(lease, key="GO-acme-501", order_number="W", sent=sent):
            yield


def an_order(books: Books, sent: Mapping[str, str]) -> NoteStore:
    """Give the store once note 501 became an order."""
    store = a_store(books)
    with intending(store, sent):
        pass
    store.linked(501, order_id="SH-1", adopted=False, method_sent="Standard")
    return store


def known(store: NoteStore) -> Link:
    link = store.link(501)
    assert link is not None
    return link


def keep_first(books: Books, sent: Mapping[str, str]) -> None:
    with books.open_session() as session:
        keep_first_sent(books.account, 501, sent, session, books.clock())
        session.commit()


def test_what_an_order_is_told_is_kept_with_the_intent(books: Books) -> None:
    store = a_store(books)

    with intending(store, SENT):
        during = known(store)

    assert (during.shiphero_order_id, during.sent) == ("", SENT)


def test_what_it_was_told_last_is_what_counts(books: Books) -> None:
    store = an_order(books, SENT)

    store.told(501, sent={"tags": "Web"}, method_sent="Express")

    assert known(store).sent == {"tags": "Web"}
    assert shown(books).shipping_method_sent == "Express"


def test_what_would_be_sent_is_kept_only_where_nothing_is_known(books: Books) -> None:
    store = an_order(books, {})

    keep_first(books, SENT)
    keep_first(books, {"tags": "late"})

    assert known(store).sent == SENT


def test_of_a_note_that_never_became_an_order_nothing_is_kept(books: Books) -> None:
    keep_first(books, SENT)

    assert a_store(books).link(501) is None


def test_the_end_of_an_order_found_just_now_is_kept_with_its_id(books: Books) -> None:
    store = a_store(books)
    with intending(store, SENT):
        pass

    store.canceled(501, order_id="SH-9")
    books.clock.pass_(minutes=5)
    store.canceled(501, order_id="SH-10")

    with books.open_session() as session:
        row = session.get_one(OrderLink, (books.account, 501, 1))
    assert (row.shiphero_order_id, row.canceled_at) == ("SH-9", known(store).intended_at)
    assert known(store).is_canceled


def test_notes_that_somebody_works_on_are_told_apart(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")

    with one.leased(501), one.leased(502):
        books.clock.pass_(seconds=30)
        during = two.leased_among({501, 502, 503})
        books.clock.pass_(minutes=2)
        run_out = two.leased_among({501, 502, 503})

    assert (during, run_out, two.leased_among(set())) == ({501, 502}, set(), set())
