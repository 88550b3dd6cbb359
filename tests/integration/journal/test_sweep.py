"""The sweep, try-now and replay: what brings a row back, and what must be left alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.journal.planned import try_now
from shared.journal.record import new_id
from shared.journal.release import Swept, replay
from shared.journal.settle import kill, retry, settle
from shared.journal.verdict import Dead
from shared.outcome import Delivered
from tests.integration.journal.books import MORNING, Books

NOTHING = Swept(lost=0, abandoned=0, forgotten=0)
LATER = MORNING + timedelta(minutes=1)
REFUSED = Dead(code="refused", reason="No.")


def a_dead_letter(books: Books) -> UUID:
    event = books.a_claim("501", payload={"a": 1}, dedupe_key="acme:501")
    with books.session() as session:
        kill(session, event, REFUSED, now=books.clock())
    return event.id


def replayed(books: Books, id_: UUID) -> UUID | None:
    with books.session() as session:
        return replay(session, id_, now=books.clock())


def test_what_the_broker_lost_is_sent_again(books: Books) -> None:
    id_ = books.announce()
    books.publish()
    books.clock.pass_(minutes=5, seconds=1)

    swept = books.sweep()

    assert swept == Swept(lost=1, abandoned=0, forgotten=0)
    assert [(due.id, due.generation) for due in books.take_due()] == [(id_, 2)]


def test_what_a_dead_process_held_is_sent_again_and_counted_once(books: Books) -> None:
    event = books.a_claim()
    books.clock.pass_(minutes=10)

    swept = [books.sweep(), books.sweep()]

    assert swept == [Swept(lost=0, abandoned=1, forgotten=0), NOTHING]
    assert [(due.id, due.generation) for due in books.take_due()] == [(event.id, 2)]


def test_a_hold_whose_cause_is_gone_is_released_and_counted(books: Books) -> None:
    id_ = books.announce()
    books.rewrite(id_, hold_cause="order_sync_off", hold_version=1)
    books.change_settings(order_sync_on=True)

    swept = books.sweep()

    assert swept == Swept(lost=0, abandoned=0, forgotten=1)
    assert [due.id for due in books.take_due()] == [id_]


@pytest.mark.parametrize(
    "cause",
    [
        "order_sync_off", "shipment_sync_off", "go_live_unset", "event_owner_unset",
        "warehouse_undecided:5", "warehouse_undecided:five", "warehouse_undecided:",
        "shipping_method_unmapped:9", "connection_broken:shiphero", "moon_full",
    ],
)  # fmt: skip
def test_a_hold_whose_cause_is_present_stays(books: Books, cause: str) -> None:
    id_ = books.announce()
    books.rewrite(id_, hold_cause=cause, hold_version=1)

    assert books.sweep() == NOTHING
    assert books.row(id_).hold_cause == cause


@pytest.mark.parametrize(
    "state",
    [
        {"reason": ""},
        {"due_at": LATER},
        {"publishing_until": LATER},
        {"published_at": MORNING},
        {"published_at": MORNING - timedelta(hours=1), "claimed_until": MORNING},
        {"published_at": MORNING - timedelta(hours=1), "claimed_until": LATER},
        {"published_at": MORNING - timedelta(hours=1), "settled_at": MORNING, "outcome": "dead"},
    ],
    ids=[
        "due", "a planned retry", "just being published", "just published",
        "a claim at its last moment", "a long claim", "settled",
    ],
)  # fmt: skip
def test_the_sweep_leaves_alone(books: Books, state: dict[str, Any]) -> None:
    id_ = books.announce()
    books.rewrite(id_, **state)
    before = books.row(id_)

    assert books.sweep() == NOTHING
    assert books.row(id_) == before


def test_the_sweep_does_not_wait_for_a_row_that_is_being_worked_on(postgresql_books: Books) -> None:
    books = postgresql_books
    worked_on, other = books.a_claim("1"), books.a_claim("2")
    books.clock.pass_(minutes=10)

    with books.session() as session:
        settle(session, worked_on, Delivered(reference="x"), now=books.clock())
        swept = books.sweep()

    assert swept == Swept(lost=0, abandoned=1, forgotten=0)
    assert [books.row(event.id).generation for event in (worked_on, other)] == [1, 2]


def test_two_sweeps_at_once_bring_each_row_back_once(books: Books) -> None:
    ids = [books.announce(str(note)) for note in range(50)]
    books.publish()
    books.clock.pass_(minutes=6)

    with ThreadPoolExecutor(2) as threads:
        swept = list(threads.map(lambda _: books.sweep().lost, range(2)))

    assert sum(swept) == 50
    assert {books.row(id_).generation for id_ in ids} == {2}


def test_a_planned_retry_can_be_brought_forward(books: Books) -> None:
    event = books.a_claim()
    with books.session() as session:
        retry(session, event, due_at=LATER, counts=True, code="", reason="", now=MORNING)

    with books.session() as session:
        brought = try_now(session, event.id, now=MORNING)

    assert brought
    assert [(due.id, due.generation) for due in books.take_due()] == [(event.id, 3)]


@pytest.mark.parametrize(
    "state",
    [
        {"due_at": MORNING},
        {"due_at": LATER, "published_at": MORNING},
        {"due_at": LATER, "settled_at": MORNING, "outcome": "dead"},
        {"due_at": LATER, "hold_cause": "order_sync_off", "hold_version": 1},
    ],
    ids=["due already", "out", "settled", "held"],
)
def test_only_a_planned_retry_can_be_brought_forward(books: Books, state: dict[str, Any]) -> None:
    id_ = books.announce()
    books.rewrite(id_, **state)
    before = books.row(id_)

    with books.session() as session:
        brought = try_now(session, id_, now=MORNING)

    assert brought is False
    assert books.row(id_) == before


def test_a_replay_is_a_new_row_and_the_dead_letter_stays(books: Books) -> None:
    dead = a_dead_letter(books)
    before = books.row(dead)

    again = replayed(books, dead)

    assert again is not None
    row = books.row(again)
    assert (row.replay_of, row.subject, row.payload) == (dead, "501", {"a": 1})
    assert (row.failures, row.settled_at) == (0, None)
    assert books.row(dead) == before


def test_a_replay_is_refused_while_an_earlier_one_is_open(books: Books) -> None:
    dead = a_dead_letter(books)

    assert replayed(books, dead) is not None
    assert replayed(books, dead) is None


def test_two_clicks_at_once_replay_once(books: Books) -> None:
    dead = a_dead_letter(books)

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: replayed(books, dead), range(4)))

    assert made.count(None) == 3
    assert books.count() == 2


def test_a_replay_that_failed_too_can_be_followed_by_another(books: Books) -> None:
    dead = a_dead_letter(books)
    replayed(books, dead)
    [event] = books.claim(books.publish()).events
    with books.session() as session:
        kill(session, event, REFUSED, now=MORNING)

    again = replayed(books, dead)

    assert again is not None
    assert books.row(again).dedupe_key == "acme:501#replay-2"


def test_a_replay_that_succeeds_supersedes_the_dead_letter(books: Books) -> None:
    dead = a_dead_letter(books)
    books.clock.pass_(hours=1)
    replayed(books, dead)
    [event] = books.claim(books.publish()).events

    with books.session() as session:
        settle(session, event, Delivered(reference="SH-1"), now=books.clock())

    assert books.row(dead).outcome == "superseded"
    assert replayed(books, dead) is None


def test_only_a_dead_letter_can_be_replayed(books: Books) -> None:
    open_one = books.announce()

    assert replayed(books, open_one) is None
    assert replayed(books, new_id()) is None
    assert books.count() == 1
