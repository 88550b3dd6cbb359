"""The scheduler looks again and again, whatever happens to a single look."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from services.notifier.clock import look_at_webhooks, scheduler_for
from services.notifier.clock_rounds import Rounds
from services.notifier.settings import ClockSettings
from shared.clock import utc_now
from shared.db.engine import OpenSession, reading_session_maker
from tests.integration.clock.hall import JOBS, a_clock, connect, done, recorded
from tests.integration.delivery.desk import FlakyDatabase
from tests.integration.journal.books import Books
from tests.waiting import until

OFTEN = JOBS["reconciliation"]


def the_settings(**fields: Any) -> ClockSettings:
    """Build settings by which everything comes about once a second, or faster."""
    given: dict[str, Any] = {
        "database_url": "sqlite://",
        "broker_url": "memory://",
        "secret_keys": SecretStr(""),
        "reconcile_every": 1.0,
        "time_scale": 0.5,
    }
    return ClockSettings(**{**given, **fields})


def rounds_of(books: Books, *, open_session: OpenSession | None = None) -> Rounds:
    """Look by the machine's own clock."""
    return Rounds(
        open_session=open_session or books.open_session,
        open_reading=reading_session_maker(books.engine),
        now=utc_now,
    )


@contextmanager
def running(rounds: Rounds, refresh: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Run a scheduler."""
    scheduler = scheduler_for(the_settings(), rounds, refresh=refresh)
    scheduler.start()
    yield
    scheduler.shutdown(wait=True)


def test_every_job_comes_about_and_often_ones_again(books: Books) -> None:
    connect(books, books.account)

    with running(rounds_of(books)):
        until(lambda: len(done(books, OFTEN)) >= 3)
        until(lambda: all(recorded(books, job) for job in JOBS.values()))


def test_tokens_are_renewed_at_once(books: Books) -> None:
    refreshed = threading.Event()

    with running(rounds_of(books), refresh=refreshed.set):
        until(refreshed.is_set)


def test_a_database_that_was_away_is_looked_at_again(
    books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(books, books.account)
    away = FlakyDatabase(books, fails=20)

    with running(rounds_of(books, open_session=away)):
        until(lambda: recorded(books, OFTEN))

    assert away.refused == 20
    told = capsys.readouterr().out
    assert "clock.our_trouble" in told
    assert "clock.bug" not in told


def test_a_bug_in_one_job_stops_no_other(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    connect(books, books.account)

    def refresh() -> None:
        raise LookupError("a bug")

    with running(rounds_of(books), refresh=refresh):
        until(lambda: len(done(books, OFTEN)) >= 2)

    assert "clock.bug" in capsys.readouterr().out


def test_a_start_has_webhooks_checked_once_for_one_address(books: Books) -> None:
    connect(books, books.account)
    addresses = {"webhooks_url_brightpearl": "https://hooks.example.com"}

    for given in ({}, {}, addresses):
        clock = Rounds(
            open_session=FlakyDatabase(books, fails=1),
            open_reading=reading_session_maker(books.engine),
            now=books.clock,
        )
        look_at_webhooks(the_settings(**given), clock, threading.Event())
        done(books, OFTEN)

    assert len(recorded(books, JOBS["brightpearl_check"])) == 2
    assert len(recorded(books, JOBS["shiphero_check"])) == 2


def test_a_start_for_a_new_address_leaves_it_to_the_check_that_waits(books: Books) -> None:
    connect(books, books.account)
    addresses = {"webhooks_url_brightpearl": "https://hooks.example.com"}

    for given in ({}, addresses):
        look_at_webhooks(the_settings(**given), a_clock(books), threading.Event())

    assert len(recorded(books, JOBS["brightpearl_check"])) == 1


def test_a_start_that_is_stopped_waits_for_no_database(books: Books) -> None:
    connect(books, books.account)
    stop = threading.Event()
    stop.set()

    look_at_webhooks(the_settings(), rounds_of(books), stop)

    assert recorded(books, JOBS["brightpearl_check"]) == []
