"""What the clock records, once for each account and period, whoever looks."""

from datetime import timedelta

import pytest

from services.notifier.clock_jobs import Job
from shared.errors import OurTrouble
from shared.events import BRIGHTPEARL_CHECK_REQUESTED, Lane
from tests.integration.clock.hall import BOTH, JOBS, a_clock, connect, done, recorded
from tests.integration.delivery.desk import FlakyDatabase
from tests.integration.journal.books import MORNING, Books

OFTEN, DAILY = JOBS["reconciliation"], JOBS["reference"]


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())
def test_a_connected_account_s_event_is_recorded(books: Books, job: Job) -> None:
    connect(books, books.account)

    a_clock(books).record_due(job)

    [row] = recorded(books, job)
    assert (row.account_id, row.subject, row.lane) == (books.account, "acme", job.lane)
    assert row.dedupe_key.startswith(f"acme:{job.name}:")


def test_checks_of_webhooks_wait_for_no_backlog(books: Books) -> None:
    connect(books, books.account)

    a_clock(books).record_due(JOBS["shiphero_check"])

    [row] = recorded(books, JOBS["shiphero_check"])
    assert row.lane == Lane.LIVE


def test_looking_often_records_once_a_period(books: Books) -> None:
    connect(books, books.account)
    clock = a_clock(books)

    new = []
    for _ in range(60):
        new.append(clock.record_due(OFTEN))
        done(books, OFTEN)
        books.clock.pass_(seconds=10)

    # Ten minutes touch three periods of five minutes, two of them whole or one and two parts.
    assert sum(new) == len(recorded(books, OFTEN))
    assert sum(new) in {2, 3}


def test_a_second_clock_records_nothing_new(books: Books) -> None:
    connect(books, books.account)
    first, second = a_clock(books), a_clock(books)

    for _ in range(60):
        first.record_due(OFTEN)
        assert second.record_due(OFTEN) == 0
        books.clock.pass_(seconds=10)


def test_when_one_of_two_clocks_is_killed_the_other_goes_on(books: Books) -> None:
    connect(books, books.account)
    a_clock(books).record_due(OFTEN)
    survivor = a_clock(books)
    done(books, OFTEN)

    books.clock.pass_(seconds=OFTEN.every.total_seconds())

    assert survivor.record_due(OFTEN) == 1
    assert len(recorded(books, OFTEN)) == 2


def test_a_day_without_a_clock_is_caught_up_once(books: Books) -> None:
    connect(books, books.account)
    a_clock(books).record_due(OFTEN)
    done(books, OFTEN)
    books.clock.pass_(days=1)

    started_again = a_clock(books)

    assert [started_again.record_due(OFTEN) for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS.keys())
def test_an_outage_of_several_periods_leaves_one_run_to_do(books: Books, job: Job) -> None:
    connect(books, books.account)
    first, second = a_clock(books), a_clock(books)

    for _ in range(12):
        first.record_due(job)
        second.record_due(job)
        books.clock.pass_(seconds=job.every.total_seconds() / 12)
    books.clock.pass_(seconds=job.every.total_seconds())
    last = a_clock(books).record_due(job)

    assert (last, len(recorded(books, job))) == (0, 1)


@pytest.mark.parametrize(
    "differs",
    [
        {"name": BRIGHTPEARL_CHECK_REQUESTED},
        {"claimed_by": "a consumer"},
        {"hold_cause": "warehouse_undecided"},
        {"due_at": MORNING + timedelta(hours=1)},
        {"recorded_at": MORNING - timedelta(days=4)},
        {"payload": {"because": "a webhook had stopped"}},
        {"subject": "page"},
        {"settled_at": MORNING},
    ],
    ids=lambda values: next(iter(values)),
)
def test_only_a_like_run_that_will_look_soon_stands_for_another(
    books: Books, differs: dict[str, object]
) -> None:
    connect(books, books.account)
    a_clock(books).record_due(OFTEN)
    [row] = recorded(books, OFTEN)
    books.rewrite(row.id, **differs)
    books.clock.pass_(seconds=OFTEN.every.total_seconds())

    assert a_clock(books).record_due(OFTEN) == 1


def test_one_account_s_waiting_run_stands_for_no_other_account_s(books: Books) -> None:
    connect(books, books.account)
    a_clock(books).record_due(OFTEN)
    other = books.open_account("other")
    connect(books, other)
    books.clock.pass_(seconds=OFTEN.every.total_seconds())

    a_clock(books).record_due(OFTEN)

    assert [row.subject for row in recorded(books, OFTEN)] == ["acme", "other"]


def test_a_clock_that_starts_again_within_the_period_records_nothing(books: Books) -> None:
    connect(books, books.account)
    a_clock(books).record_due(DAILY)

    assert a_clock(books).record_due(DAILY) == 0


@pytest.mark.parametrize(
    "connection",
    [{"broken": True}, {"credentials": ""}, {"go_live_at": None}],
    ids=["broken", "disconnected", "not live"],
)
def test_an_account_that_cannot_be_compared_is_left_out(
    books: Books, connection: dict[str, object]
) -> None:
    connect(books, books.account, **connection)  # type: ignore[arg-type]

    a_clock(books).record_due(OFTEN)

    assert recorded(books, OFTEN) == []


def test_before_go_live_webhooks_are_checked_already(books: Books) -> None:
    connect(books, books.account, go_live_at=None)

    assert a_clock(books).record_due(JOBS["brightpearl_check"]) == 1


def test_what_is_old_is_looked_after_without_a_connection_too(books: Books) -> None:
    assert a_clock(books).record_due(JOBS["retention"]) == 1


def test_a_job_waits_for_every_vendor_that_it_needs(books: Books) -> None:
    connect(books, books.account, "brightpearl")
    clock = a_clock(books)

    counts = {name: clock.record_due(job) for name, job in JOBS.items()}

    assert {name for name, count in counts.items() if count} == {
        "reconciliation", "brightpearl_check", "retention",
    }  # fmt: skip


def test_an_account_connected_later_is_found_at_the_next_look(books: Books) -> None:
    connect(books, books.account)
    clock = a_clock(books)
    clock.record_due(OFTEN)

    connect(books, books.open_account("later"), *BOTH)

    assert clock.record_due(OFTEN) == 1
    assert {row.subject for row in recorded(books, OFTEN)} == {"acme", "later"}


def test_what_the_database_did_not_take_is_recorded_at_the_next_look(books: Books) -> None:
    connect(books, books.account)
    clock = a_clock(books)
    clock._open_session = FlakyDatabase(books, fails=1)

    with pytest.raises(OurTrouble):
        clock.record_due(OFTEN)

    assert clock.record_due(OFTEN) == 1
