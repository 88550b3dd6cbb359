"""What is kept of a note: one row, one worker at a time, an intent before a create."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.db.engine import reading_session_maker
from shared.db.note_tables import SyncLogRow
from shared.errors import (
    ConnectionBroken,
    OurTrouble,
    Permanent,
    Throttled,
    Transient,
    UnknownOutcome,
)
from shared.notes.known import NoteFacts
from shared.notes.progress import Standing, move, row_of
from shared.notes.state import DONE, ORDER, SHIPMENT
from shared.notes.store import NoteStore
from tests.integration.journal.books import MORNING, Books

AT_SHIPHERO = Standing(stage=DONE, reason="Order WEB-4001 at ShipHero.")


def a_store(books: Books, worker: str = "one") -> NoteStore:
    return NoteStore(
        books.open_session,
        reading_session_maker(books.engine),
        books.account,
        now=books.clock,
        worker=worker,
        lease=timedelta(seconds=60),
    )


@contextmanager
def intending(store: NoteStore) -> Iterator[None]:
    """Intend an order for note 501 under a lease, as the handler does."""
    with store.leased(501) as lease:
        assert lease is not None
        with store.intent(lease, key="GO-acme-501", order_number="W"):
            yield


def shown(books: Books, note_id: int = 501) -> SyncLogRow:
    with books.open_session() as session:
        return session.get_one(SyncLogRow, (books.account, note_id))


def test_a_note_is_leased_to_one_worker_at_a_time(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")

    with one.leased(501) as first, two.leased(501) as second, one.leased(501) as same_process:
        held = (first, second, same_process)

    assert [lease is not None for lease in held] == [True, False, False]


def test_of_several_notes_those_that_are_free_are_leased(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")

    with one.leased(502), two.leased_together([503, 501, 502]) as leases:
        assert sorted(leases) == [501, 503]
        with one.leased(501) as taken:
            assert taken is None
    with one.leased(503) as again:
        assert again


def test_a_renewal_says_which_leases_are_still_ours(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")
    with one.leased_together([501, 502]) as leases:
        books.rewrite_note(502, leased_until=books.clock())
        books.clock.pass_(seconds=1)
        with two.leased(502) as taken:
            assert taken

            assert one.renew(list(leases.values())) == {501}


def test_a_lease_is_given_back_at_the_end_whatever_happened(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")

    with pytest.raises(ValueError, match="a bug"), one.leased(501):
        raise ValueError("a bug")

    with two.leased(501) as mine:
        assert mine


def test_a_lease_runs_out_when_its_worker_died(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")
    dead = one.leased(501)
    dead.__enter__()
    books.clock.pass_(seconds=61)

    with two.leased(501) as mine:
        assert mine
        dead.__exit__(None, None, None)
        with one.leased(501) as again:
            assert not again


def test_other_notes_and_other_accounts_are_not_leased_along(books: Books) -> None:
    store = a_store(books)
    books.account = books.open_account("other")
    other = a_store(books)

    with store.leased(501), store.leased(502) as second, other.leased(501) as foreign:
        assert second is not None
        assert foreign is not None


def test_of_eight_threads_one_gets_the_lease(books: Books) -> None:
    store = a_store(books)
    all_have_tried = threading.Barrier(8)

    def try_to_lease(_: int) -> bool:
        with store.leased(501) as mine:
            all_have_tried.wait(timeout=20)
            return mine is not None

    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(try_to_lease, range(8)))

    assert got.count(True) == 1


@pytest.mark.parametrize(
    "error",
    [
        Transient("x"),
        Permanent("x"),
        Throttled("x", until=MORNING),
        ConnectionBroken("x", vendor="shiphero"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_intent_is_taken_back_when_the_vendor_says_that_nothing_happened(
    books: Books, error: Exception
) -> None:
    store = a_store(books)

    with pytest.raises(type(error)), intending(store):
        raise error

    assert store.link(501) is None


@pytest.mark.parametrize(
    "error", [UnknownOutcome("x"), ValueError("a bug"), KeyboardInterrupt()], ids=repr
)
def test_an_intent_stays_when_nobody_knows_what_happened(
    books: Books, error: BaseException
) -> None:
    store = a_store(books)

    with pytest.raises(type(error)), intending(store):
        raise error

    link = store.link(501)
    assert link is not None
    assert (link.key, link.shiphero_order_id, link.intended_at) == ("GO-acme-501", "", MORNING)


def test_an_intent_is_committed_before_the_create(books: Books) -> None:
    store = a_store(books)

    with intending(store):
        seen = a_store(books, "two").link(501)

    assert seen is not None


def test_a_definite_error_does_not_take_an_earlier_intent_back(books: Books) -> None:
    store = a_store(books)
    with pytest.raises(UnknownOutcome), intending(store):
        raise UnknownOutcome("x")

    with pytest.raises(Permanent), intending(store):
        raise Permanent("x")

    assert store.link(501) is not None


def test_empty_lookups_are_counted_until_the_order_is_linked(books: Books) -> None:
    store = a_store(books)
    with intending(store):
        pass

    counts = [store.count_empty_lookup(501).empty_lookups for _ in range(2)]
    store.linked(501, order_id="SH-1", adopted=True, method_sent="Standard")

    link = store.link(501)
    assert counts == [1, 2]
    assert link is not None
    assert (link.shiphero_order_id, shown(books).shiphero_order_id) == ("SH-1", "SH-1")


def test_a_worker_that_outlived_its_lease_may_not_create(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")
    with one.leased(501) as frozen:
        assert frozen is not None
        books.clock.pass_(seconds=61)
        with intending(two):
            two.linked(501, order_id="SH-1", adopted=False, method_sent="Standard")

        with (
            pytest.raises(OurTrouble, match="taken over"),
            one.intent(frozen, key="GO-acme-501", order_number="W"),
        ):
            pytest.fail("a second order was about to be created")

    link = one.link(501)
    assert link is not None
    assert link.shiphero_order_id == "SH-1"


def test_a_renewed_lease_keeps_others_off_for_its_whole_length(books: Books) -> None:
    one, two = a_store(books), a_store(books, "two")

    with one.leased(501) as lease:
        assert lease is not None
        books.clock.pass_(seconds=50)
        lease.renew()
        books.clock.pass_(seconds=50)
        with two.leased(501) as second:
            assert second is None


def test_a_lease_that_ran_out_cannot_be_renewed(books: Books) -> None:
    with a_store(books).leased(501) as lease:
        assert lease is not None
        books.clock.pass_(seconds=61)

        with pytest.raises(OurTrouble, match="taken over"):
            lease.renew()


def test_one_row_is_made_of_a_note_however_many_ask_at_once(books: Books) -> None:
    def ask(_: int) -> int:
        with books.session() as session:
            return row_of(session, books.account, 501, now=MORNING).note_id

    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(ask, range(8)))

    assert asked == [501] * 8
    assert shown(books).order_stage == "queued"


def test_groups_with_the_same_notes_in_opposite_order_do_not_deadlock(books: Books) -> None:
    store = a_store(books)
    notes = list(range(100))

    def describe(order: int) -> None:
        facts = {note: NoteFacts(order_id=note, sequence=1) for note in notes[::order]}
        store.describe(facts)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(describe, [1, -1, 1, -1]))

    assert shown(books, 99).order_id == 99


def test_odd_characters_of_one_sales_order_do_not_stop_the_others(books: Books) -> None:
    odd = NoteFacts(order_id=1, sequence=1, customer_reference="a\x00b\ud800", total=Decimal("1.5"))

    a_store(books).describe({501: odd, 502: NoteFacts(order_id=2, sequence=1)})

    assert shown(books, 501).customer_reference == "a\ufffdb\ufffd"
    assert shown(books, 502).order_id == 2


def test_only_notes_whose_shipment_is_done_were_shipped_by_us(books: Books) -> None:
    event = books.a_claim()
    with books.session() as session:
        move(session, event, 501, SHIPMENT, AT_SHIPHERO, now=MORNING)
        move(session, event, 502, ORDER, AT_SHIPHERO, now=MORNING)

    assert a_store(books).shipped_by_us({501, 502, 503}) == {501}
