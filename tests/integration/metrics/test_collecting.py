"""A scrape reads what is old, waits for a bounded time, and never tells what is too old."""

import threading
from collections.abc import Sequence
from uuid import UUID

from prometheus_client.core import Metric
from sqlalchemy import text
from sqlmodel import Session

from services.notifier.figures.collector import Figures
from services.notifier.figures.families import Moment, Reading, gauge
from shared.clock import Pace
from shared.db.engine import reading_session_maker
from shared.metrics.accounts import LATEST, OTHERS, SOONEST, AccountLabels
from tests.integration.clock.hall import connect
from tests.integration.delivery.desk import FlakyDatabase
from tests.integration.journal.books import Books
from tests.integration.metrics.gauges import figures_of, scrape


class Watch:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Read it."""
        return self.seconds


class Counting:
    """Figures that say how often they were read."""

    def __init__(self, *, every: float = 10.0) -> None:
        self.times = 0
        self.reading = Reading(name="counting", every=every, read=self._read)

    def _read(self, _session: Session, _at: Moment) -> Sequence[Metric]:
        self.times += 1
        return [gauge("times", "How often.", [], {(): self.times})]


def test_figures_are_read_anew_when_they_are_old(books: Books) -> None:
    counting, watch = Counting(every=10), Watch()
    figures = figures_of(books, readings=[counting.reading], elapsed=watch)

    seen = []
    for seconds in (0, 9, 10, 11, 20):
        watch.seconds = seconds
        seen.append(scrape(figures)["times"][()])

    assert seen == [1, 1, 2, 2, 3]


def test_all_figures_are_up_on_both_databases(books: Books) -> None:
    connect(books, books.account)

    told = scrape(figures_of(books))

    assert told["goodsout_reading_up"] == dict.fromkeys(
        ("journal", "budgets", "standing", "flow", "ledger"), 1
    )


def test_figures_that_cannot_be_read_are_told_for_a_while_and_then_left_out(books: Books) -> None:
    counting, watch = Counting(), Watch()
    database = FlakyDatabase(books)
    figures = Figures(
        database,
        now=books.clock,
        most=1,
        pace=Pace(),
        readings=[counting.reading],
        elapsed=watch,
    )
    scrape(figures)
    database.fails = 99

    told = {}
    for seconds in (30, 60, 61):
        watch.seconds = seconds
        told[seconds] = scrape(figures)

    assert [("times" in one) for one in told.values()] == [True, True, False]
    assert [one["goodsout_reading_up"]["counting"] for one in told.values()] == [1, 1, 0]


def test_a_database_that_hangs_holds_no_scrape_up(books: Books) -> None:
    over, counting = threading.Event(), Counting()

    def hang(_session: Session, _at: Moment) -> Sequence[Metric]:
        over.wait(30)
        return []

    hanging = Reading(name="hanging", every=1, read=hang)
    figures = figures_of(books, readings=[counting.reading, hanging], waits=0.3)

    told = scrape(figures)
    over.set()
    scrape(figures)  # in the same thread: the one that hung has given its connection back

    assert told["goodsout_reading_up"] == {"counting": 1, "hanging": 0}


def test_postgresql_itself_ends_a_query_that_takes_too_long(postgresql_books: Books) -> None:
    def sleep(session: Session, _at: Moment) -> Sequence[Metric]:
        session.execute(text("SELECT pg_sleep(20)"))
        return []

    figures = figures_of(
        postgresql_books, readings=[Reading(name="slow", every=1, read=sleep)], waits=10
    )

    assert scrape(figures)["goodsout_reading_up"] == {"slow": 0}


def test_an_account_is_labelled_by_its_code(books: Books) -> None:
    connect(books, books.account)
    strange = UUID(int=7)
    label = AccountLabels(reading_session_maker(books.engine), most=5)

    assert (label(books.account), label(strange)) == ("acme", OTHERS)


def test_an_account_that_is_new_is_noticed_soon_and_one_that_left_late(books: Books) -> None:
    watch = Watch()
    label = AccountLabels(reading_session_maker(books.engine), most=5, elapsed=watch)
    before = label(books.account)
    connect(books, books.account)
    at_once = label(books.account)
    watch.seconds = SOONEST
    soon = label(books.account)
    connect(books, books.account, go_live_at=None)
    watch.seconds = LATEST
    still = label(books.account)
    watch.seconds = LATEST + SOONEST

    assert (before, at_once, soon, still) == (OTHERS, OTHERS, "acme", "acme")
    assert label(books.account) == OTHERS


def test_labels_stay_while_the_database_is_away(books: Books) -> None:
    connect(books, books.account)
    database, watch = FlakyDatabase(books), Watch()
    label = AccountLabels(database, most=5, elapsed=watch)
    label(books.account)
    database.fails, watch.seconds = 1, LATEST

    assert label(books.account) == "acme"


def test_accounts_beyond_the_bound_share_a_label(books: Books) -> None:
    other = books.open_account("zenith")
    connect(books, books.account)
    connect(books, other)
    label = AccountLabels(reading_session_maker(books.engine), most=1)

    assert [label(books.account), label(other)] == ["acme", OTHERS]
