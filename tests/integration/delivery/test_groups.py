"""A group's events: apart where they ended apart, by lane, and no worse for one bad neighbour."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

import pytest
from sqlmodel import Session

from shared.budgets.lane import present_lane
from shared.errors import Permanent, Transient
from shared.events import GOODS_OUT_NOTE_CHANGED, Event, Lane
from shared.messaging.result import Result
from shared.messaging.units import Handler, Unit
from shared.outcome import Outcome, Parted, Skipped
from tests.integration.delivery.desk import DONE, Desk, message_about, one_by_one
from tests.integration.journal.books import Books


@pytest.fixture
def desk(books: Books) -> Desk:
    return Desk(books)


def test_a_batch_gives_each_event_its_own_end(desk: Desk) -> None:
    ids = {note_id: desk.books.announce(note_id) for note_id in ("501", "502", "503")}
    came: dict[str, Outcome | Exception] = {
        "501": DONE,
        "502": Permanent("Brightpearl refused note 502."),
        "503": Skipped(code="echo", reason="Ours."),
    }

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        parted = Parted(ends={event.id: came[event.subject] for event in events})
        return [Unit(events=tuple(events), run=lambda: parted)]

    desk.deliver(handle)

    ends = [desk.books.row(id_).outcome for id_ in ids.values()]
    assert ends == ["delivered", "dead", "skipped"]


def test_an_event_that_a_batch_forgot_is_a_bug_that_shows(desk: Desk) -> None:
    first, forgotten = desk.books.announce("501"), desk.books.announce("502")

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        return [Unit(events=tuple(events), run=lambda: Parted(ends={first: DONE}))]

    desk.deliver(handle)

    assert desk.books.row(first).outcome == "delivered"
    assert desk.books.row(forgotten).reason_code == "bug"


def test_one_unreadable_note_is_found_by_halving_and_the_others_go_on(desk: Desk) -> None:
    ids = {str(number): desk.books.announce(str(number)) for number in range(501, 517)}
    asked: list[int] = []

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        asked.append(len(events))
        if any(event.subject == "509" for event in events):
            raise Transient("Note 509 cannot be read.", code="brightpearl_unreadable")
        return one_by_one(lambda _event: DONE)(events)

    desk.deliver(handle)

    open_rows = [note_id for note_id, id_ in ids.items() if desk.books.row(id_).outcome is None]
    assert open_rows == ["509"]
    assert len(asked) == 9  # 16, then twice 8, 4, 2, 1
    assert [len(desk.books.attempts(id_)) for id_ in ids.values()] == [1] * 16


def test_live_and_backfill_are_handled_apart_each_on_its_lane(desk: Desk) -> None:
    desk.books.announce("501", lane=Lane.BACKFILL)
    desk.books.announce("502")
    read_on: list[tuple[Lane, list[str]]] = []
    written_on: dict[str, Lane] = {}

    def write(event: Event) -> Outcome:
        written_on[event.subject] = present_lane()
        return DONE

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        read_on.append((present_lane(), [event.subject for event in events]))
        return one_by_one(write)(events)

    desk.deliver(handle)

    assert read_on == [(Lane.LIVE, ["502"]), (Lane.BACKFILL, ["501"])]
    assert written_on == {"501": Lane.BACKFILL, "502": Lane.LIVE}


def test_an_event_that_kills_its_process_takes_no_other_along_a_second_time(desk: Desk) -> None:
    ids = {note_id: desk.books.announce(note_id) for note_id in ("501", "502", "503")}
    desk.books.claim(desk.books.publish())  # and the process dies
    desk.books.clock.pass_(minutes=3)
    desk.books.sweep()
    groups: list[list[str]] = []

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        groups.append([event.subject for event in events])
        return one_by_one(lambda _event: DONE)(events)

    desk.deliver(handle)

    assert groups == [["501"], ["502"], ["503"]]
    assert {desk.books.row(id_).outcome for id_ in ids.values()} == {"delivered"}


def test_one_message_brings_its_neighbours_and_theirs_end_as_stale(desk: Desk) -> None:
    for note_id in ("501", "502", "503"):
        desk.books.announce(note_id)
    first, *rest = [message_about(row) for row in desk.books.publish()]
    groups: list[int] = []

    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        groups.append(len(events))
        return one_by_one(lambda _event: DONE)(events)

    with desk.delivery(handle) as delivery:
        delivery.deliver([first])
        delivery.deliver(rest)

    assert groups == [3]
    assert len(desk.consumer.acked) == 3


def test_ends_that_came_together_are_written_in_one_transaction(desk: Desk) -> None:
    for note_id in ("501", "502", "503"):
        desk.books.announce(note_id)
    transactions: set[int] = set()

    def follow(session: Session, _event: Event, _result: Result, _now: datetime) -> None:
        transactions.add(id(session.get_transaction()))

    desk.deliver(quickly(lambda _event: DONE), follow=follow)

    assert len(transactions) == 1
    assert {row.outcome for row in desk.books.rows()} == {"delivered"}


def test_an_end_that_cannot_be_written_leaves_the_others_of_its_transaction(desk: Desk) -> None:
    ids = {note_id: desk.books.announce(note_id) for note_id in ("501", "502", "503")}

    def follow(_session: Session, event: Event, _result: Result, _now: datetime) -> None:
        if event.subject == "502":
            raise TypeError("bug")

    messages = desk.deliver(quickly(lambda _event: DONE), follow=follow)

    rows = [desk.books.row(id_) for id_ in ids.values()]
    assert [row.outcome for row in rows] == ["delivered", "dead", "delivered"]
    assert sorted(desk.consumer.acked, key=id) == sorted(messages, key=id)


def test_one_quick_unit_that_fails_is_its_own_failure(desk: Desk) -> None:
    ids = {note_id: desk.books.announce(note_id) for note_id in ("501", "502")}

    def answer(event: Event) -> Outcome:
        if event.subject == "501":
            raise Permanent("Nobody can read it.", code="webhook_unreadable")
        return DONE

    desk.deliver(quickly(answer))

    assert [desk.books.row(id_).outcome for id_ in ids.values()] == ["dead", "delivered"]


def quickly(run: Callable[[Event], Outcome]) -> Handler:
    def handle(events: Sequence[Event]) -> Iterable[Unit]:
        return [Unit(events=(event,), run=partial(run, event), quick=True) for event in events]

    return handle


def test_one_accounts_hundred_never_stand_before_anothers_one(desk: Desk) -> None:
    for number in range(501, 511):
        desk.books.announce(str(number))
    other = desk.books.announce("7", account_id=desk.books.open_account("globex"))
    is_done = threading.Event()

    def answer(event: Event) -> Outcome:
        if event.id == other:
            is_done.set()
        # None of the ten ends before the other account's only one.
        assert is_done.wait(30)
        return DONE

    desk.deliver(one_by_one(answer), groups=2, units=4)

    done = [row.outcome for row in desk.books.rows() if row.name == GOODS_OUT_NOTE_CHANGED]
    assert done == ["delivered"] * 11
