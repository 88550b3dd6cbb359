"""Reports by the clock: each account's at its hour in its zone, once for each of its days."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from services.notifier.clock_reports import ReportRounds
from shared.db.account_tables import Account
from shared.db.engine import reading_session_maker
from shared.db.journal_tables import EventRow
from shared.errors import OurTrouble
from shared.events import REPORT_REQUESTED
from tests.integration.clock.hall import connect
from tests.integration.delivery.desk import FlakyDatabase
from tests.integration.journal.books import Books

LIVE_SINCE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_clock(books: Books) -> ReportRounds:
    """Start one more clock, which knows nothing yet."""
    reading = reading_session_maker(books.engine)
    return ReportRounds(open_session=books.open_session, open_reading=reading, now=books.clock)


def live(books: Books, code: str, zone: str, *, at: str = "07:00") -> UUID:
    """Give an account that is connected and live."""
    id_ = books.account if code == "acme" else books.open_account(code)
    connect(books, id_, go_live_at=LIVE_SINCE)
    with books.session() as session:
        account = session.get_one(Account, id_)
        account.time_zone, account.report_at = zone, at
        session.add(account)
    return id_


def asked(books: Books) -> list[tuple[str, str, datetime]]:
    """Give account, day and time of each report that was asked for, in the order of asking."""
    with books.open_session() as session:
        rows = session.exec(
            select(EventRow)
            .where(EventRow.name == REPORT_REQUESTED)
            .order_by(col(EventRow.recorded_at), col(EventRow.id))
        ).all()
    return [(row.subject, str(row.payload["day"]), row.recorded_at) for row in rows]


def run(books: Books, start: datetime, *clocks: ReportRounds, hours: int) -> None:
    """Have clocks look every half hour."""
    books.clock.time = start
    for _ in range(2 * hours + 1):
        for clock in clocks:
            clock.record_due()
        books.clock.pass_(minutes=30)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_three_accounts_in_three_zones_get_it_at_their_own_hour(books: Books) -> None:
    live(books, "acme", "Europe/London")
    live(books, "york", "America/New_York", at="06:30")
    live(books, "kiwi", "Pacific/Auckland", at="08:00")
    clock = a_clock(books)
    run(books, utc("2026-11-23T12:00"), clock, hours=0)

    run(books, utc("2026-11-23T18:00"), clock, hours=18)

    assert asked(books)[3:] == [
        ("kiwi", "2026-11-23", utc("2026-11-23T19:00")),
        ("acme", "2026-11-23", utc("2026-11-24T07:00")),
        ("york", "2026-11-23", utc("2026-11-24T11:30")),
    ]


@pytest.mark.parametrize(
    ("start", "times"),
    [
        ("2026-03-28T00:00", ["2026-03-28T07:00", "2026-03-29T06:00", "2026-03-30T06:00"]),
        ("2026-10-24T00:00", ["2026-10-24T06:00", "2026-10-25T07:00", "2026-10-26T07:00"]),
    ],
)
def test_it_stays_at_seven_over_a_change_of_the_clocks(
    books: Books, start: str, times: list[str]
) -> None:
    live(books, "acme", "Europe/London")

    run(books, utc(start), a_clock(books), hours=72)

    assert [at for _, _, at in asked(books)][1:] == [utc(one) for one in times]


def test_an_hour_that_comes_twice_brings_one_report(books: Books) -> None:
    live(books, "acme", "Europe/London", at="01:30")

    run(books, utc("2026-10-24T20:00"), a_clock(books), hours=10)

    assert [day for _, day, _ in asked(books)] == ["2026-10-23", "2026-10-24"]


def test_two_clocks_ask_once_for_each_day(books: Books) -> None:
    live(books, "acme", "Europe/London")

    run(books, utc("2026-11-20T00:00"), a_clock(books), a_clock(books), hours=72)

    assert [day for _, day, _ in asked(books)] == [
        "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21",
    ]  # fmt: skip


def test_after_a_standstill_of_days_yesterday_s_alone_is_made_up_for(books: Books) -> None:
    live(books, "acme", "Europe/London")
    run(books, utc("2026-11-20T08:00"), a_clock(books), hours=0)

    run(books, utc("2026-11-24T15:00"), a_clock(books), hours=1)

    assert [day for _, day, _ in asked(books)] == ["2026-11-19", "2026-11-23"]


def test_the_first_report_is_of_the_day_of_go_live(books: Books) -> None:
    live(books, "acme", "Europe/London")

    run(books, LIVE_SINCE - timedelta(hours=3), a_clock(books), hours=50)

    assert [day for _, day, _ in asked(books)] == ["2026-03-02", "2026-03-03"]


def test_another_hour_brings_no_second_report_of_a_day(books: Books) -> None:
    account = live(books, "acme", "Europe/London")
    clock = a_clock(books)
    run(books, utc("2026-11-24T07:30"), clock, hours=1)
    with books.session() as session:
        session.get_one(Account, account).report_at = "12:00"

    run(books, utc("2026-11-24T09:00"), clock, hours=6)

    assert [day for _, day, _ in asked(books)] == ["2026-11-23", "2026-11-22"]


def test_a_broken_connection_is_reported_on(books: Books) -> None:
    live(books, "acme", "Europe/London")
    connect(books, books.account, broken=True, go_live_at=LIVE_SINCE)

    run(books, utc("2026-11-24T07:30"), a_clock(books), hours=0)

    assert len(asked(books)) == 1


@pytest.mark.parametrize("without", [{"credentials": ""}, {"go_live_at": None}])
def test_an_account_that_is_not_live_is_not_reported_on(
    books: Books, without: dict[str, object]
) -> None:
    connect(books, books.account, **without)  # type: ignore[arg-type]

    run(books, utc("2026-11-24T07:30"), a_clock(books), hours=48)

    assert asked(books) == []


def test_what_the_database_did_not_take_is_recorded_at_the_next_look(books: Books) -> None:
    live(books, "acme", "Europe/London")
    books.clock.time = utc("2026-11-24T07:30")
    clock = a_clock(books)
    clock._open_session = FlakyDatabase(books, fails=1)

    with pytest.raises(OurTrouble):
        clock.record_due()

    assert clock.record_due() == 1
