"""Our own trouble, a slow consumer and a stop: nothing is lost, and no patience is used."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from shared.db.note_tables import SyncLogRow
from shared.errors import OurTrouble
from shared.events import Event
from shared.journal.claim import MOST_OVERRUNS
from shared.journal.verdict import Dead
from shared.messaging.delivery import Unit
from shared.messaging.result import Result
from shared.outcome import Outcome
from tests.integration.delivery.desk import (
    DONE,
    Desk,
    delivering,
    failing,
    follow_order,
    message_about,
    one_by_one,
)
from tests.integration.journal.books import CRASH_LIMIT, MORNING, Books
from tests.waiting import until

SHORT = timedelta(seconds=0.3)


@pytest.fixture
def desk(books: Books) -> Desk:
    return Desk(books)


def test_a_database_that_is_away_at_the_end_is_waited_for(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    def push(_event: Event) -> Outcome:
        desk.database.fails = 2
        return DONE

    messages = desk.deliver(one_by_one(push))

    assert desk.database.refused == 2
    assert desk.ends(id_) == [(1, "delivered", "")]
    assert desk.consumer.acked == messages


def test_a_database_that_is_away_at_the_claim_is_waited_for(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    desk.database.fails = 2

    desk.deliver(one_by_one(lambda _event: DONE))

    assert desk.ends(id_) == [(1, "delivered", "")]


def test_nothing_is_acked_while_the_database_is_away(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    acks_while_away: list[int] = []

    def push(_event: Event) -> Outcome:
        desk.database.fails = 1
        return DONE

    desk.consumer.on_ack = lambda _message: acks_while_away.append(desk.database.fails)
    desk.deliver(one_by_one(push))

    assert acks_while_away == [0]
    assert desk.books.row(id_).outcome == "delivered"


@pytest.mark.parametrize("where", ["in the group read", "in the unit"])
def test_our_trouble_in_a_handler_uses_no_patience_and_settles_nothing(
    desk: Desk, where: str
) -> None:
    ids = [desk.books.announce(note_id) for note_id in ("501", "502")]
    fail = failing(OurTrouble("our database did not take it"))

    desk.deliver(fail if where == "in the group read" else one_by_one(fail))

    rows = [desk.books.row(id_) for id_ in ids]
    assert [(row.failures, row.settled_at, row.reason_code) for row in rows] == [
        (0, None, "our_trouble")
    ] * 2
    assert {row.due_at for row in rows} == {MORNING + timedelta(seconds=2)}
    assert [desk.ends(id_) for id_ in ids] == [[(1, "retry", "our_trouble")]] * 2


def test_trouble_that_only_the_operator_ends_comes_back_later(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    refused = OurTrouble("our app is refused", code="brightpearl_app_refused", retry_after=120)

    desk.deliver(one_by_one(failing(refused)))

    row = desk.books.row(id_)
    assert (row.failures, row.settled_at, row.reason_code) == (0, None, "brightpearl_app_refused")
    assert row.due_at == MORNING + timedelta(seconds=120)


def test_trouble_of_ours_is_no_crash_however_often(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    fail = one_by_one(failing(OurTrouble("the disk is full")))

    for _ in range(CRASH_LIMIT + 2):
        Desk(desk.books).deliver(fail)
        desk.books.clock.pass_(seconds=3)
    desk.deliver(one_by_one(lambda _event: DONE))

    assert desk.books.row(id_).outcome == "delivered"


def test_an_end_is_still_written_when_we_are_told_to_stop_meanwhile(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    def push(_event: Event) -> Outcome:
        desk.database.fails = 2
        desk.stop.set()
        return DONE

    messages = desk.deliver(one_by_one(push))

    assert desk.ends(id_) == [(1, "delivered", "")]
    assert desk.consumer.acked == messages


def test_a_stop_does_not_wait_for_a_dead_database_for_ever(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    def push(_event: Event) -> Outcome:
        desk.database.fails = 1_000_000
        desk.stop.set()
        return DONE

    desk.deliver(one_by_one(push), stop_grace=0.1)

    assert (desk.ends(id_), desk.consumer.acked) == ([], [])
    assert desk.books.row(id_).settled_at is None


def test_a_message_that_was_not_begun_when_we_stop_stays_with_the_broker(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    desk.stop.set()

    desk.deliver(one_by_one(lambda _event: DONE))

    assert desk.consumer.acked == []
    assert desk.books.attempts(id_) == []


def test_a_unit_that_waited_until_its_claim_is_half_over_is_given_back(desk: Desk) -> None:
    ids = [desk.books.announce(note_id) for note_id in ("501", "502")]

    def push(_event: Event) -> Outcome:
        desk.books.clock.pass_(seconds=61)
        return DONE

    messages = desk.deliver(one_by_one(push), units=1)

    assert [desk.ends(id_) for id_ in ids] == [[(1, "delivered", "")], [(1, "retry", "busy")]]
    assert desk.consumer.acked == messages


def test_a_bug_in_what_follows_a_delivery_shows_and_does_not_repeat_it(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    runs: list[Event] = []

    with capture_logs() as logs:
        messages = desk.deliver(delivering(runs), follow=failing(ValueError("bug")))

    row = desk.books.row(id_)
    assert (row.outcome, row.reason_code, len(runs)) == ("dead", "bug", 1)
    assert desk.consumer.acked == messages
    assert "delivery.bug" in {line["event"] for line in logs}


def test_a_bug_in_what_follows_a_delivery_still_shows_on_the_sync_log(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    def follow(session: Session, event: Event, result: Result, now: datetime) -> None:
        if not isinstance(result, Dead):
            raise TypeError("bug")
        follow_order(session, event, result, now)

    desk.deliver(delivering([]), follow=follow)

    with desk.books.session() as session:
        log = session.exec(select(SyncLogRow)).one()
    assert (desk.books.row(id_).outcome, log.order_stage) == ("dead", "failed")


def test_an_event_that_keeps_killing_its_process_becomes_a_dead_letter(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    for _ in range(CRASH_LIMIT):
        desk.books.claim(desk.books.publish())
        desk.books.clock.pass_(minutes=3)
        desk.books.sweep()
    handled: list[Event] = []

    messages = desk.deliver(delivering(handled))

    row = desk.books.row(id_)
    assert (row.outcome, row.reason_code, handled) == ("dead", "crashes_worker", [])
    assert desk.ends(id_) == [(CRASH_LIMIT + 1, "dead", "crashes_worker")]
    assert desk.consumer.acked == messages


def overrun(desk: Desk, times: int) -> None:
    """Have the one event delivered so often by a process too slow for its claim."""

    def too_slow(_event: Event) -> Outcome:
        desk.books.clock.pass_(minutes=10)
        desk.books.sweep()
        return DONE

    for _ in range(times):
        Desk(desk.books).deliver(one_by_one(too_slow))


def test_an_attempt_that_ends_too_late_is_no_crash(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    overrun(desk, CRASH_LIMIT + 1)

    desk.deliver(one_by_one(lambda _event: DONE))

    assert desk.books.row(id_).outcome == "delivered"


def test_an_event_whose_attempts_end_too_late_for_hours_is_given_up(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    overrun(desk, MOST_OVERRUNS + 1)

    assert desk.books.row(id_).reason_code == "crashes_worker"


def test_slow_work_keeps_its_claim_while_it_goes_on(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    def slow(_event: Event) -> Outcome:
        desk.books.clock.pass_(seconds=0.2)
        until(lambda: lasts_until(desk, id_) > MORNING + SHORT, what="the claim extended")
        desk.books.clock.pass_(seconds=0.2)
        desk.books.sweep()
        return DONE

    desk.consumer.waiting = [message_about(row) for row in desk.books.publish()]
    desk.consumer.on_ack = lambda _message: desk.stop.set()
    with desk.delivery(one_by_one(slow), claim_lease=SHORT.total_seconds()) as delivery:
        delivery.run()

    assert desk.ends(id_) == [(1, "delivered", "")]


def lasts_until(desk: Desk, id_: UUID) -> datetime:
    """Read when an event's claim runs out."""
    claimed_until = desk.books.row(id_).claimed_until
    assert claimed_until is not None
    return claimed_until


def test_a_running_consumer_delivers_what_comes_and_closes_when_stopped(desk: Desk) -> None:
    ids = [desk.books.announce(str(note_id)) for note_id in range(501, 521)]
    desk.consumer.waiting = [message_about(row) for row in desk.books.publish()]

    def stop_at_the_last(_message: object) -> None:
        if len(desk.consumer.acked) == len(ids) - 1:
            desk.stop.set()

    desk.consumer.on_ack = stop_at_the_last
    with desk.delivery(one_by_one(lambda _event: DONE), batch=3, units=1, groups=1) as delivery:
        delivery.run()

    assert {desk.books.row(id_).outcome for id_ in ids} == {"delivered"}
    assert (len(desk.consumer.acked), desk.consumer.closed) == (20, True)


def test_two_consumers_of_one_queue_deliver_each_event_once(books: Books) -> None:
    ids = [books.announce(str(note_id)) for note_id in range(501, 541)]
    rows = books.publish()
    handled: list[str] = []
    lock = threading.Lock()

    def push(event: Event) -> Outcome:
        with lock:
            handled.append(event.subject)
        return DONE

    def consume(order: int) -> None:
        desk = Desk(books)
        with desk.delivery(one_by_one(push)) as delivery:
            delivery.deliver([message_about(row) for row in rows[::order]])

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(consume, (1, -1)))

    assert sorted(handled) == [str(note_id) for note_id in range(501, 541)]
    assert {books.row(id_).outcome for id_ in ids} == {"delivered"}


def test_accounts_are_handled_in_groups_of_their_own(desk: Desk) -> None:
    other = desk.books.open_account("other")
    desk.books.announce("501")
    desk.books.announce("501", account_id=other)
    groups: list[set[object]] = []

    def handle(events: object) -> list[Unit]:
        listed = list(events)  # type: ignore[call-overload]  # a sequence of events
        groups.append({event.account_id for event in listed})
        return [Unit(events=tuple(listed), run=lambda: DONE)]

    desk.deliver(handle)

    assert sorted(groups, key=str) == sorted([{desk.books.account}, {other}], key=str)
