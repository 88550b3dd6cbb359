"""A claim: the attempt is kept before the work, and whatever is stale is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from shared.events import Event
from shared.journal.claim import RowVersion
from shared.journal.record import new_id
from shared.journal.settle import hold, kill, retry, settle
from shared.journal.verdict import Dead
from shared.outcome import Delivered, Held
from tests.integration.journal.books import CRASH_LIMIT, LEASE, MORNING, Books

DONE = Delivered(reference="SH-1")


def crash(books: Books, times: int) -> None:
    """Let the one event be claimed and its process die, so many times."""
    for _ in range(times):
        books.claim(books.publish())
        books.clock.pass_(minutes=3)
        books.sweep()


def end_with_a_retry(books: Books, event: Event) -> None:
    with books.session() as session:
        retry(session, event, due_at=books.clock(), counts=True, code="x", reason="y",
              now=books.clock())  # fmt: skip


def test_a_claim_hands_out_the_event_as_recorded(books: Books) -> None:
    id_ = books.announce("501", payload={"full": "event"}, traceparent="00-trace")

    [event] = books.claim(books.publish()).events

    assert event == Event(
        id=id_, account_id=books.account, name="goods_out_note.changed", subject="501",
        payload={"full": "event"}, generation=1, attempt=1, failures=0, recorded_at=MORNING,
        traceparent="00-trace",
    )  # fmt: skip


def test_the_attempt_is_there_before_the_work(books: Books) -> None:
    event = books.a_claim()

    [attempt] = books.attempts(event.id)

    assert (attempt.number, attempt.worker, attempt.started_at) == (1, "one", MORNING)
    assert (attempt.ended_at, attempt.result) == (None, "")


def test_a_claim_that_is_not_committed_leaves_no_trace(books: Books) -> None:
    id_ = books.announce()
    rows = books.publish()

    with books.open_session() as session:
        from_rows = [RowVersion(event_id=row.id, generation=row.generation) for row in rows]
        books.claim_in(session, from_rows)
        session.rollback()

    assert books.attempts(id_) == []
    assert len(books.claim(rows).events) == 1


def test_a_message_of_an_older_generation_is_refused(books: Books) -> None:
    event = books.a_claim()
    end_with_a_retry(books, event)

    assert books.claim([RowVersion(event_id=event.id, generation=1)]).events == ()
    assert len(books.claim([RowVersion(event_id=event.id, generation=2)]).events) == 1


def test_a_settled_event_is_refused(books: Books) -> None:
    event = books.a_claim()
    with books.session() as session:
        settle(session, event, DONE, now=MORNING)

    assert books.claim([RowVersion(event_id=event.id, generation=1)]).events == ()


def test_a_held_event_is_refused_whatever_the_generation(books: Books) -> None:
    event = books.a_claim()
    held = Held(cause="order_sync_off", reason="Order sync is off.", settings_version=1)
    with books.session() as session:
        hold(session, event, held, code="order_sync_off", now=MORNING)

    versions = [RowVersion(event_id=event.id, generation=number) for number in (1, 2, 3)]

    assert books.claim(versions).events == ()


def test_an_event_that_is_not_there_is_refused(books: Books) -> None:
    assert books.claim([RowVersion(event_id=new_id(), generation=1)]).events == ()


def test_a_second_consumer_is_refused_while_the_claim_runs(books: Books) -> None:
    books.announce()
    rows = books.publish()
    books.claim(rows, worker="one")
    books.clock.pass_(seconds=LEASE.total_seconds())

    assert books.claim(rows, worker="two").events == ()


def test_a_second_consumer_is_accepted_when_the_claim_ran_out(books: Books) -> None:
    id_ = books.announce()
    rows = books.publish()
    books.claim(rows, worker="one")
    books.clock.pass_(seconds=LEASE.total_seconds() + 1)

    [event] = books.claim(rows, worker="two").events

    assert (event.attempt, event.generation) == (2, 1)
    assert books.row(id_).claimed_by == "two"


@pytest.mark.parametrize("end", ["settle", "kill", "retry", "hold"])
def test_the_first_consumer_cannot_end_what_a_second_has_claimed_since(
    books: Books, end: str
) -> None:
    books.announce()
    rows = books.publish()
    [slow] = books.claim(rows, worker="one").events
    books.clock.pass_(minutes=3)
    [quick] = books.claim(rows, worker="two").events

    with books.session() as session:
        ends = {
            "settle": lambda: settle(session, slow, DONE, now=MORNING),
            "kill": lambda: kill(session, slow, Dead(code="x", reason="y"), now=MORNING),
            "retry": lambda: retry(session, slow, due_at=MORNING, counts=True, code="x",
                                   reason="y", now=MORNING),
            "hold": lambda: hold(session, slow, Held(cause="c", reason="r", settings_version=1),
                                 code="c", now=MORNING),
        }  # fmt: skip
        written = ends[end]()

    assert written is False
    row = books.row(slow.id)
    assert (row.claimed_by, row.generation, row.settled_at) == ("two", 1, None)
    with books.session() as session:
        assert settle(session, quick, DONE, now=MORNING)


def test_a_consumer_may_be_quicker_than_the_relays_stamp(books: Books) -> None:
    id_ = books.announce()
    rows = books.take_due()

    [event] = books.claim(rows).events

    assert event.id == id_
    assert (books.row(id_).published_at, books.row(id_).publishing_until) == (MORNING, None)
    assert books.take_due() == []


def test_events_come_in_the_order_they_were_recorded(books: Books) -> None:
    ids = [books.announce(str(note)) for note in range(20)]

    claimed = books.claim(books.publish()[::-1])

    assert [event.id for event in claimed.events] == ids


def test_an_event_whose_attempts_never_end_is_given_up(books: Books) -> None:
    id_ = books.announce()
    crash(books, CRASH_LIMIT)

    claimed = books.claim(books.publish())

    assert [event.id for event in claimed.crashed] == [id_]
    assert claimed.events == []


def test_an_event_is_not_given_up_one_crash_too_soon(books: Books) -> None:
    id_ = books.announce()
    crash(books, CRASH_LIMIT - 1)

    claimed = books.claim(books.publish())

    assert [event.id for event in claimed.events] == [id_]
    assert claimed.crashed == []


def test_an_attempt_that_ended_well_wipes_earlier_crashes_away(books: Books) -> None:
    id_ = books.announce()
    crash(books, CRASH_LIMIT - 1)
    [event] = books.claim(books.publish()).events
    end_with_a_retry(books, event)
    crash(books, CRASH_LIMIT - 1)

    claimed = books.claim(books.publish())

    assert [event.id for event in claimed.events] == [id_]


def test_a_crashing_event_does_not_take_its_neighbours_along(books: Books) -> None:
    books.announce("1")
    crash(books, CRASH_LIMIT)
    neighbour = books.announce("2")

    claimed = books.claim(books.publish())

    assert [event.id for event in claimed.events] == [neighbour]


def test_consumers_with_overlapping_batches_claim_each_event_once(books: Books) -> None:
    [books.announce(str(note)) for note in range(120)]
    rows = books.publish()
    batches = [rows, rows[::-1], rows[40:] + rows[:40], rows[::2] + rows[1::2]]

    def claim_all(number: int) -> list[UUID]:
        return [event.id for event in books.claim(batches[number], worker=str(number)).events]

    with ThreadPoolExecutor(4) as threads:
        claimed = [id_ for ids in threads.map(claim_all, range(4)) for id_ in ids]

    assert sorted(claimed) == sorted(row.id for row in rows)


def test_a_claim_lasts_as_long_as_its_lease(books: Books) -> None:
    event = books.a_claim()

    assert books.row(event.id).claimed_until == MORNING + timedelta(minutes=2)
