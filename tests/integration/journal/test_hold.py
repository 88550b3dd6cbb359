"""Holding and releasing: what waits is never forgotten, and goes on exactly when it should."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from shared.db.account_tables import Account
from shared.events import Event
from shared.journal.release import release
from shared.journal.settle import hold
from shared.outcome import ANY_VERSION, Held
from tests.integration.journal.books import MORNING, Books
from tests.waiting import until

SYNC_OFF = Held(cause="order_sync_off", reason="Order sync is off.", settings_version=1)


def put_on_hold(books: Books, event: Event, held: Held = SYNC_OFF) -> bool:
    with books.session() as session:
        return hold(session, event, held, code="order_sync_off", now=books.clock())


def test_a_held_event_waits_and_uses_no_patience(books: Books) -> None:
    event = books.a_claim()

    held = put_on_hold(books, event)

    row, [attempt] = books.row(event.id), books.attempts(event.id)
    assert held
    assert (row.hold_cause, row.hold_version, row.settled_at) == ("order_sync_off", 1, None)
    assert (row.failures, row.generation, row.reason) == (0, 2, SYNC_OFF.reason)
    assert (attempt.result, attempt.ended_at) == ("held", MORNING)
    assert books.take_due() == []


def test_a_hold_judged_by_older_settings_is_due_at_once(books: Books) -> None:
    event = books.a_claim()
    books.change_settings(order_sync_on=True)

    put_on_hold(books, event)

    row = books.row(event.id)
    assert (row.hold_cause, row.reason_code, row.failures) == (None, "settings_changed", 0)
    assert [due.id for due in books.take_due()] == [event.id]


def test_a_hold_that_no_setting_caused_is_judged_by_no_version(books: Books) -> None:
    event = books.a_claim()
    version = books.change_settings(order_sync_on=True)

    put_on_hold(books, event, Held(cause="connection_broken:shiphero", reason="Refused.",
                                   settings_version=ANY_VERSION))  # fmt: skip

    row = books.row(event.id)
    assert (row.hold_cause, row.hold_version) == ("connection_broken:shiphero", version)


def test_a_hold_after_the_row_moved_on_writes_nothing(books: Books) -> None:
    event = books.a_claim()
    books.rewrite(event.id, generation=2)
    before = books.row(event.id)

    assert put_on_hold(books, event) is False
    assert books.row(event.id) == before
    assert [attempt.ended_at for attempt in books.attempts(event.id)] == [None]


def test_a_release_frees_exactly_what_waits_for_its_cause(books: Books) -> None:
    other_account = books.open_account("other")
    causes = [
        (books.account, "warehouse_undecided:5"),
        (books.account, "warehouse_undecided:6"),
        (other_account, "warehouse_undecided:5"),
    ]
    freed, *kept = [books.announce(account_id=account) for account, _ in causes]
    for id_, (_, cause) in zip((freed, *kept), causes, strict=True):
        books.rewrite(id_, hold_cause=cause, hold_version=1)

    with books.session() as session:
        count = release(session, books.account, "warehouse_undecided:5", now=MORNING)

    assert count == 1
    assert (books.row(freed).hold_cause, books.row(freed).generation) == (None, 2)
    assert [books.row(id_).hold_cause for id_ in kept] == [
        "warehouse_undecided:6",
        "warehouse_undecided:5",
    ]


def test_a_released_event_is_due_at_once(books: Books) -> None:
    event = books.a_claim()
    put_on_hold(books, event)
    books.clock.pass_(hours=5)

    with books.session() as session:
        release(session, books.account, "order_sync_off", now=books.clock())

    assert [(due.id, due.generation) for due in books.take_due()] == [(event.id, 3)]


def test_a_settled_event_is_not_released(books: Books) -> None:
    id_ = books.announce()
    books.rewrite(id_, hold_cause="order_sync_off", settled_at=MORNING, outcome="superseded")

    with books.session() as session:
        assert release(session, books.account, "order_sync_off", now=MORNING) == 0

    assert books.row(id_).generation == 1


def test_a_setting_saved_while_a_hold_is_written_is_never_missed(books: Books) -> None:
    events = [books.a_claim(str(note)) for note in range(20)]
    both_ready = threading.Barrier(2)

    def hold_all() -> None:
        both_ready.wait(timeout=10)
        for event in events:
            put_on_hold(books, event)

    def switch_on() -> None:
        both_ready.wait(timeout=10)
        with books.session() as session:
            release(session, books.account, "order_sync_off", now=MORNING)
            account = session.get_one(Account, books.account, with_for_update=True)
            account.order_sync_on, account.settings_version = True, 2
            session.add(account)

    with ThreadPoolExecutor(2) as threads:
        [future.result() for future in (threads.submit(hold_all), threads.submit(switch_on))]

    assert [row.hold_cause for row in books.rows()] == [None] * 20


def test_a_release_waits_for_a_hold_that_is_just_written(postgresql_books: Books) -> None:
    books = postgresql_books
    event = books.a_claim()
    begun = threading.Event()

    def free() -> int:
        with books.session() as session:
            begun.set()
            return release(session, books.account, "order_sync_off", now=MORNING)

    with ThreadPoolExecutor(1) as threads:
        with books.session() as session:
            hold(session, event, SYNC_OFF, code="order_sync_off", now=MORNING)
            freeing = threads.submit(free)
            assert begun.wait(10)
            assert _waits_for_a_lock(books)
        freed = freeing.result(timeout=10)

    assert freed == 1


def _waits_for_a_lock(books: Books) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def look() -> bool:
        with books.open_session() as session:
            return bool(session.execute(waiting).scalar_one())

    return until(look, within=5, what="the release waits for the hold")
