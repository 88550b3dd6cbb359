"""Recording: one row for one dedupe key, whoever records, however many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from shared.events import SYNC_LOG_CHANGED, Lane, Queue
from shared.journal.record import record, record_all
from tests.integration.journal.books import MORNING, Books


def test_the_same_dedupe_key_twice_makes_one_row(books: Books) -> None:
    event = books.an_event(dedupe_key="acme:501:created")

    with books.session() as session:
        first = record(session, event, now=MORNING)
        second = record(session, event, now=MORNING)

    assert second is None
    assert [row.id for row in books.rows()] == [first]


def test_the_same_dedupe_key_from_eight_threads_makes_one_row(books: Books) -> None:
    event = books.an_event(dedupe_key="acme:501:created")

    def keep(_: int) -> UUID | None:
        with books.session() as session:
            return record(session, event, now=MORNING)

    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(keep, range(8)))

    assert books.count() == 1
    assert len(kept) - kept.count(None) == 1


def test_a_new_row_is_due_at_once_in_the_queue_of_its_name(books: Books) -> None:
    id_ = books.announce("501", name=SYNC_LOG_CHANGED, lane=Lane.BACKFILL, payload={"side": "x"})

    row = books.row(id_)

    assert (row.queue, row.lane, row.due_at, row.generation) == (
        Queue.NOTIFIER,
        Lane.BACKFILL,
        MORNING,
        1,
    )
    assert (row.published_at, row.settled_at, row.payload) == (None, None, {"side": "x"})


def test_a_batch_keeps_only_what_is_new(books: Books) -> None:
    books.announce(dedupe_key="acme:known")
    batch = [books.an_event(dedupe_key=key) for key in ("acme:a", "acme:known", "acme:b", "acme:a")]

    with books.session() as session:
        new = record_all(session, batch, now=MORNING)

    assert len(new) == 2
    assert {row.dedupe_key for row in books.rows()} == {"acme:known", "acme:a", "acme:b"}


def test_an_empty_batch_records_nothing(books: Books) -> None:
    with books.session() as session:
        new = record_all(session, [], now=MORNING)

    assert (new, books.count()) == ([], 0)


def test_ten_thousand_events_go_into_one_transaction(books: Books) -> None:
    batch = [books.an_event(str(note), dedupe_key=f"acme:{note}") for note in range(10_000)]

    with books.session() as session:
        new = record_all(session, batch, now=MORNING)

    assert (len(set(new)), books.count()) == (10_000, 10_000)


def test_writers_with_the_same_keys_in_opposite_order_do_not_deadlock(books: Books) -> None:
    batch = [books.an_event(dedupe_key=f"acme:{note}") for note in range(1500)]

    def keep(backwards: bool) -> int:  # noqa: FBT001 - the argument of a map
        with books.session() as session:
            return len(record_all(session, batch[::-1] if backwards else batch, now=MORNING))

    with ThreadPoolExecutor(4) as threads:
        new = list(threads.map(keep, [False, True, False, True]))

    assert sum(new) == books.count() == 1500


def test_a_name_without_a_queue_is_refused(books: Books) -> None:
    with books.session() as session, pytest.raises(KeyError, match=r"note\.sung"):
        record(session, books.an_event(name="note.sung"), now=MORNING)

    assert books.count() == 0


@pytest.mark.parametrize(
    "body",
    ["a\x00b", "\ud800 alone", "😀 \u2028", '{"raw": "\\u0000"}', "", "é" * 100_000],
    ids=["nul", "half a surrogate pair", "odd", "escaped nul", "empty", "long"],
)
def test_a_payload_comes_back_as_it_came(books: Books, body: str) -> None:
    id_ = books.announce(payload={"body": body})

    assert books.row(id_).payload == {"body": body}


def test_a_subject_that_the_database_refuses_is_kept_without_its_odd_characters(
    books: Books,
) -> None:
    id_ = books.announce("5\x0001\udfff", dedupe_key="acme:5\x0001")

    row = books.row(id_)

    assert (row.subject, row.dedupe_key) == ("5\ufffd01\ufffd", "acme:5\ufffd01")


def test_what_is_rolled_back_was_never_recorded(books: Books) -> None:
    with books.open_session() as session:
        record(session, books.an_event(), now=MORNING)
        session.rollback()

    assert books.count() == 0


def test_an_event_for_later_is_due_then_and_one_for_earlier_at_once(books: Books) -> None:
    later = books.an_event("501", not_before=MORNING + timedelta(minutes=1))
    earlier = books.an_event("502", not_before=MORNING - timedelta(minutes=1))

    with books.session() as session:
        record_all(session, [later, earlier], now=MORNING)

    due = {row.subject: row.due_at for row in books.rows()}
    assert due == {"501": MORNING + timedelta(minutes=1), "502": MORNING}
