"""What the relay may take: who is admitted, in which order, and what it may write back."""

from collections import Counter
from datetime import timedelta

import pytest

from shared.events import GOODS_OUT_NOTE_CHANGED, SYNC_LOG_CHANGED, Lane
from shared.journal.due import put_back, stamp_published
from shared.journal.settle import retry, settle
from shared.outcome import Delivered
from tests.integration.journal.books import MORNING, Books

DONE = Delivered(reference="SH-1")


def test_nothing_due_is_nothing_taken(books: Books) -> None:
    assert books.take_due() == []


def test_a_row_is_taken_with_everything_its_message_says(books: Books) -> None:
    id_ = books.announce("501", traceparent="00-trace")

    [row] = books.take_due()

    assert (row.id, row.account_id, row.generation) == (id_, books.account, 1)
    assert (row.queue, row.name, row.subject, row.traceparent) == (
        "shiphero_push",
        GOODS_OUT_NOTE_CHANGED,
        "501",
        "00-trace",
    )


def test_at_most_the_window_of_one_account_and_queue_is_out(books: Books) -> None:
    ids = {books.announce(str(note)) for note in range(5)}

    first, second = books.publish(window=3), books.publish(window=3)

    assert (len(first), second) == (3, [])
    assert {row.id for row in first} < ids


def test_what_a_relay_is_just_publishing_fills_the_window_too(books: Books) -> None:
    [books.announce(str(note)) for note in range(5)]

    first, second = books.take_due(window=3), books.take_due(window=3)

    assert (len(first), len(second)) == (3, 0)


def test_a_settled_event_makes_room_in_the_window(books: Books) -> None:
    event = books.a_claim("1")
    books.announce("2")
    before = books.publish(window=1)

    with books.session() as session:
        settle(session, event, DONE, now=MORNING)

    assert (len(before), len(books.publish(window=1))) == (0, 1)


def test_queues_of_one_account_have_windows_of_their_own(books: Books) -> None:
    [books.announce(str(note)) for note in range(2)]
    [books.announce(str(note), name=SYNC_LOG_CHANGED) for note in range(2)]

    taken = books.take_due(window=1)

    assert Counter(row.queue for row in taken) == {"shiphero_push": 1, "notifier": 1}


@pytest.mark.parametrize("accounts", [1, 2, 7, 40])
def test_every_account_and_queue_with_due_rows_is_found(books: Books, accounts: int) -> None:
    others = [books.open_account(f"merchant-{number}") for number in range(accounts)]
    names = (GOODS_OUT_NOTE_CHANGED, SYNC_LOG_CHANGED)
    ids = {books.announce(account_id=other, name=name) for other in others for name in names}

    taken = {row.id for row in books.take_due()}

    assert taken == ids


def test_a_flood_does_not_stand_in_front_of_another_accounts_single_order(books: Books) -> None:
    flood, single = books.open_account("flood"), books.open_account("single")
    [books.announce(str(note), account_id=flood) for note in range(30)]
    only = books.announce("1", account_id=single)

    taken = books.take_due(limit=2)

    assert {row.account_id for row in taken} == {flood, single}
    assert only in {row.id for row in taken}


def test_accounts_take_turns(books: Books) -> None:
    accounts = [books.open_account(f"merchant-{number}") for number in range(3)]
    [books.announce(account_id=account) for account in accounts for _ in range(10)]

    taken = books.take_due(limit=9)

    assert Counter(row.account_id for row in taken) == dict.fromkeys(accounts, 3)


def test_with_more_accounts_than_fit_nobody_is_last_for_ever(books: Books) -> None:
    accounts = [books.open_account(f"merchant-{number}") for number in range(4)]
    [books.announce(account_id=account) for account in accounts for _ in range(40)]

    served = {row.account_id for _ in range(40) for row in books.publish(limit=2)}

    assert served == set(accounts)


def test_live_work_goes_before_backfill(books: Books) -> None:
    books.announce("1", lane=Lane.BACKFILL)
    books.clock.pass_(minutes=1)
    live = books.announce("2", lane=Lane.LIVE)

    [taken] = books.take_due(limit=1)

    assert taken.id == live


def test_within_a_lane_the_oldest_goes_first(books: Books) -> None:
    first = books.announce("2")
    books.clock.pass_(seconds=1)
    books.announce("1")

    [taken] = books.take_due(limit=1)

    assert taken.id == first


def test_a_planned_retry_is_not_taken_before_its_time(books: Books) -> None:
    event = books.a_claim()
    with books.session() as session:
        retry(session, event, due_at=MORNING + timedelta(minutes=5), counts=True, code="x",
              reason="y", now=MORNING)  # fmt: skip

    early = books.take_due()
    books.clock.pass_(minutes=5)

    assert early == []
    assert [row.generation for row in books.take_due()] == [2]


def test_a_row_in_one_relays_hands_is_not_taken_by_another(books: Books) -> None:
    books.announce()

    assert [len(books.take_due()), len(books.take_due())] == [1, 0]


def test_what_a_dead_relay_held_is_taken_when_its_lease_ran_out(books: Books) -> None:
    books.announce()
    first = books.take_due()
    books.clock.pass_(seconds=21)

    assert books.take_due() == first


def test_a_stamp_marks_what_was_confirmed_once(books: Books) -> None:
    id_ = books.announce()
    rows = books.publish()
    books.clock.pass_(seconds=9)

    with books.session() as session:
        stamp_published(session, rows, now=books.clock())

    assert (books.row(id_).published_at, books.row(id_).publishing_until) == (MORNING, None)


def test_a_stamp_of_an_older_generation_writes_nothing(books: Books) -> None:
    id_ = books.announce()
    old = books.take_due()
    [event] = books.claim(old).events
    with books.session() as session:
        retry(session, event, due_at=MORNING, counts=True, code="x", reason="y", now=MORNING)

    with books.session() as session:
        stamp_published(session, old, now=MORNING)

    assert books.row(id_).published_at is None
    assert [row.generation for row in books.take_due()] == [2]


def test_a_stamp_after_the_event_was_settled_writes_nothing(books: Books) -> None:
    id_ = books.announce()
    rows = books.take_due()
    [event] = books.claim(rows).events
    with books.session() as session:
        settle(session, event, DONE, now=MORNING)
    before = books.row(id_)
    books.clock.pass_(seconds=1)

    with books.session() as session:
        stamp_published(session, rows, now=books.clock())

    assert books.row(id_) == before


def test_what_the_broker_did_not_take_is_due_at_the_time_given(books: Books) -> None:
    books.announce()
    rows = books.take_due()

    with books.session() as session:
        put_back(session, rows, due_at=MORNING + timedelta(seconds=30))

    assert books.take_due() == []
    books.clock.pass_(seconds=30)
    assert books.take_due() == rows


def test_a_row_that_a_consumer_already_has_is_not_put_back(books: Books) -> None:
    id_ = books.announce()
    rows = books.take_due()
    books.claim(rows)

    with books.session() as session:
        put_back(session, rows, due_at=MORNING)

    assert books.row(id_).published_at == MORNING
    assert books.take_due() == []
