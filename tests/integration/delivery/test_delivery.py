"""A delivery's ends: one attempt row, one acknowledgement after the commit, whatever happened."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.db.note_tables import SyncLogRow
from shared.errors import ConnectionBroken, Permanent, Throttled, Transient, UnknownOutcome
from shared.events import SYNC_LOG_CHANGED, Event
from shared.messaging.delivery import Unit
from shared.messaging.protocol import Incoming
from shared.outcome import Busy, Delivered, Held, Outcome, Skipped
from shared.vendors.calls import Budget, Call, note
from tests.integration.delivery.desk import (
    DONE,
    Desk,
    delivering,
    failing,
    message_about,
    one_by_one,
)
from tests.integration.journal.books import MORNING, Books


@pytest.fixture
def desk(books: Books) -> Desk:
    return Desk(books)


def a_call(request_id: str) -> Call:
    return Call(vendor="shiphero", operation="order_create", status=200, request_id=request_id,
                started=MORNING, seconds=0.2, budget=Budget(left=9))  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "result", "code", "settled"),
    [
        (DONE, "delivered", "", "delivered"),
        (Skipped(code="echo", reason="Ours."), "skipped", "echo", "skipped"),
        (Held(cause="order_sync_off", reason="Off.", settings_version=1), "held",
         "order_sync_off", None),
        (Held(cause="warehouse_undecided:5", reason="Which?", settings_version=1), "held",
         "warehouse_undecided", None),
        (Busy(reason="Another works on it."), "retry", "busy", None),
        (Permanent("No such address."), "dead", "refused", "dead"),
        (ValueError("a bug"), "dead", "bug", "dead"),
        (Transient("ShipHero had trouble."), "retry", "vendor_trouble", None),
        (UnknownOutcome("No answer came."), "retry", "checking", None),
        (Throttled("Full.", until=MORNING + timedelta(minutes=1)), "retry", "out_of_budget", None),
        (ConnectionBroken("Refused.", vendor="shiphero"), "held", "connection_broken", None),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_every_end_leaves_one_attempt_and_one_ack(
    desk: Desk, outcome: Outcome | Exception, result: str, code: str, settled: str | None
) -> None:
    id_ = desk.books.announce("501")
    answer = failing(outcome) if isinstance(outcome, Exception) else lambda _event: outcome

    messages = desk.deliver(one_by_one(answer))

    assert desk.ends(id_) == [(1, result, code)]
    assert (desk.consumer.acked, desk.books.row(id_).outcome) == (messages, settled)


@pytest.mark.parametrize(
    ("came", "seconds", "failures"),
    [
        (failing(Transient("x", retry_after=90)), 90.0, 1),
        (failing(UnknownOutcome("x")), 5.0, 1),
        (failing(Throttled("x", until=MORNING + timedelta(seconds=61))), 61.0, 0),
        (lambda _event: Busy(reason="x"), 2.0, 0),
    ],
    ids=["transient", "unknown", "throttled", "busy"],
)
def test_what_comes_again_comes_when_its_verdict_says(
    desk: Desk, came: object, seconds: float, failures: int
) -> None:
    id_ = desk.books.announce("501")

    desk.deliver(one_by_one(came))  # type: ignore[arg-type]  # a function of an event

    row = desk.books.row(id_)
    assert row.due_at == MORNING + timedelta(seconds=seconds)
    assert row.failures == failures


def test_the_ack_comes_after_the_commit(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    outcomes: list[str | None] = []
    desk.consumer.on_ack = lambda _message: outcomes.append(desk.books.row(id_).outcome)

    desk.deliver(one_by_one(lambda _event: DONE))

    assert outcomes == ["delivered"]


def test_one_notes_failure_is_only_its_own(desk: Desk) -> None:
    ids = {note_id: desk.books.announce(note_id) for note_id in ("501", "502", "503")}

    def push(event: Event) -> Outcome:
        if event.subject == "502":
            raise Permanent("ShipHero refused note 502.")
        return DONE

    desk.deliver(one_by_one(push))

    ends = {note_id: desk.books.row(id_).outcome for note_id, id_ in ids.items()}
    assert ends == {"501": "delivered", "502": "dead", "503": "delivered"}


@pytest.mark.parametrize(
    ("error", "result"), [(Transient("Brightpearl had trouble."), "retry"), (OSError("x"), "dead")]
)
def test_a_failed_group_read_gives_every_event_its_verdict(
    desk: Desk, error: Exception, result: str
) -> None:
    ids = [desk.books.announce(note_id) for note_id in ("501", "502", "503")]

    messages = desk.deliver(failing(error))

    assert [[end[:2] for end in desk.ends(id_)] for id_ in ids] == [[(1, result)]] * 3
    assert set(map(id, desk.consumer.acked)) == set(map(id, messages))


def test_one_event_that_breaks_the_group_read_does_not_take_the_others_along(desk: Desk) -> None:
    good, odd = desk.books.announce("501"), desk.books.announce("502")

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        if any(event.subject == "502" for event in events):
            raise ValueError("note 502 is odd")
        return one_by_one(lambda _event: DONE)(events)

    desk.deliver(handle)

    assert [desk.books.row(id_).outcome for id_ in (good, odd)] == ["delivered", "dead"]
    assert [len(desk.books.attempts(id_)) for id_ in (good, odd)] == [1, 1]


def test_an_event_that_the_handler_forgot_is_a_bug_that_shows(desk: Desk) -> None:
    first, forgotten = desk.books.announce("501"), desk.books.announce("502")

    desk.deliver(lambda events: [Unit(events=(events[0],), run=lambda: DONE)])

    assert desk.books.row(first).outcome == "delivered"
    assert desk.books.row(forgotten).reason_code == "bug"
    assert len(desk.consumer.acked) == 2


def test_an_event_name_without_a_handler_is_a_bug_that_shows(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    desk.deliver(one_by_one(lambda _event: DONE), name="another.name")

    row = desk.books.row(id_)
    assert (row.outcome, row.reason_code) == ("dead", "bug")
    assert "KeyError" in row.reason


def test_an_unreadable_message_is_rejected_and_the_rest_delivered(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    unreadable = Incoming(body=b"{", message_id="?", redelivered=False, handle=None)
    good = [message_about(row) for row in desk.books.publish()]

    with desk.delivery(one_by_one(lambda _event: DONE)) as delivery:
        delivery.deliver([unreadable, *good])

    assert (desk.consumer.rejected, desk.consumer.acked) == ([unreadable], good)
    assert desk.books.row(id_).outcome == "delivered"


def test_a_stale_message_is_acked_and_nothing_is_done(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    [stale] = [message_about(row) for row in desk.books.publish()]
    desk.books.clock.pass_(minutes=6)
    desk.books.sweep()
    handled: list[Event] = []

    with desk.delivery(delivering(handled)) as delivery:
        delivery.deliver([stale])

    assert (handled, desk.consumer.acked) == ([], [stale])
    assert desk.books.attempts(id_) == []


def test_the_same_message_twice_in_a_batch_is_handled_once_and_acked_twice(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    [row] = desk.books.publish()
    twice = [message_about(row), message_about(row)]

    with desk.delivery(one_by_one(lambda _event: DONE)) as delivery:
        delivery.deliver(twice)

    assert desk.ends(id_) == [(1, "delivered", "")]
    assert set(map(id, desk.consumer.acked)) == set(map(id, twice))


def test_two_generations_in_a_batch_are_both_acked_and_the_newer_is_handled(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    [old] = desk.books.publish()
    desk.books.clock.pass_(minutes=6)
    desk.books.sweep()
    [new] = desk.books.publish()
    both = [message_about(new), message_about(old)]

    with desk.delivery(one_by_one(lambda _event: DONE)) as delivery:
        delivery.deliver(both)

    assert desk.books.row(id_).outcome == "delivered"
    assert set(map(id, desk.consumer.acked)) == set(map(id, both))


def test_a_coalesced_unit_settles_all_its_events(desk: Desk) -> None:
    ids = [desk.books.announce("501") for _ in range(3)]
    runs: list[int] = []

    def look() -> Outcome:
        runs.append(1)
        return DONE

    desk.deliver(lambda events: [Unit(events=tuple(events), run=look)])

    assert [desk.books.row(id_).outcome for id_ in ids] == ["delivered"] * 3
    assert (runs, len(desk.consumer.acked)) == ([1], 3)


def test_no_transaction_is_open_while_the_handler_runs(desk: Desk) -> None:
    desk.books.announce("501")
    written: list[object] = []

    def write_something_else(_event: Event) -> Outcome:
        with desk.books.session() as session:
            session.execute(text("UPDATE account SET name = 'written meanwhile'"))
        written.append(desk.books.announce("999"))
        return DONE

    desk.deliver(one_by_one(write_something_else))

    assert len(written) == 1


def test_vendor_calls_are_kept_with_the_attempt(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    def push() -> Outcome:
        note(a_call("create-1"))
        return DONE

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        note(a_call("read-1"))
        yield Unit(events=tuple(events), run=push)

    desk.deliver(handle)

    [attempt] = desk.books.attempts(id_)
    assert [call["request_id"] for call in attempt.vendor_calls] == ["read-1", "create-1"]
    assert attempt.vendor_calls[0]["started"] == MORNING.isoformat()
    assert attempt.result == "delivered"


def test_the_sync_log_changes_in_the_settling_transaction(desk: Desk) -> None:
    id_ = desk.books.announce("501")

    desk.deliver(one_by_one(lambda _event: DONE))

    with desk.books.open_session() as session:
        shown = session.get_one(SyncLogRow, (desk.books.account, 501))
    [changed] = [row for row in desk.books.rows() if row.name == SYNC_LOG_CHANGED]
    assert (shown.order_stage, desk.books.row(id_).outcome) == ("done", "delivered")
    assert (changed.subject, changed.payload["stage"]) == ("501", "done")


def test_a_stale_end_changes_no_sync_log_and_records_no_follow_on(desk: Desk) -> None:
    id_ = desk.books.announce("501")
    follow_on = desk.books.an_event("501", name=SYNC_LOG_CHANGED)

    def too_slow(_event: Event) -> Outcome:
        desk.books.clock.pass_(minutes=10)
        desk.books.sweep()
        return Delivered(reference="SH-1", follow_ons=(follow_on,))

    messages = desk.deliver(one_by_one(too_slow))

    row = desk.books.row(id_)
    assert (row.settled_at, row.generation) == (None, 2)
    assert desk.ends(id_) == [(1, "overran", "")]
    assert (desk.books.count(), desk.consumer.acked) == (1, messages)


def test_an_order_that_is_there_stays_synced_when_a_change_of_it_fails(desk: Desk) -> None:
    desk.books.announce("501")
    desk.deliver(one_by_one(lambda _event: DONE))
    desk.books.announce("501")

    Desk(desk.books).deliver(one_by_one(failing(Permanent("No."))))

    with desk.books.open_session() as session:
        assert (
            session.get_one(SyncLogRow, (desk.books.account, 501)).order_stage == "change_refused"
        )
