"""Hours are counted once they are over; what falls silent is an alert until it is heard again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import col, delete, select

from services.notifier.silence.counting import count_hours
from services.notifier.silence.handler import Desk, check_silence, tell_one
from shared.db.engine import reading_session_maker
from shared.db.history_tables import HourCount
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.db.vendor_tables import Alert
from shared.events import (
    GOODS_OUT_NOTES_ANNOUNCED,
    SHIPMENT_ANNOUNCED,
    SILENCE_CHECK_REQUESTED,
    SILENCE_ENDED,
    SILENCE_NOTICED,
)
from shared.journal.settle import settle
from shared.outcome import Delivered
from shared.signals import (
    BRIGHTPEARL_WEBHOOKS,
    NOTES,
    SHIPHERO_WEBHOOKS,
    SHIPMENTS,
)
from tests.integration.journal.books import MORNING, Books

HOUR = timedelta(hours=1)
AN_HOUR_OVER = 3  # minutes


def notes(books: Books, *moments: datetime, shipped: bool = False) -> None:
    """Have notes come in at these moments, shipped at once or not."""
    with books.session() as session:
        first = len(session.exec(select(SyncLogRow.note_id)).all())
        session.add_all(
            SyncLogRow(
                account_id=books.account,
                note_id=first + number,
                inserted_at=moment,
                shipped_at=moment if shipped else None,
            )
            for number, moment in enumerate(moments, start=1)
        )


def usual(books: Books, count: int, *, shipped: bool = False) -> None:
    """Have so many notes come in each of the hours that the next checks look at, for five weeks."""
    moments = [
        MORNING - timedelta(weeks=week) + timedelta(hours=hour, minutes=10 + number)
        for week in range(1, 6)
        for hour in (-1, 0, 1)
        for number in range(count)
    ]
    notes(books, *moments, shipped=shipped)


def check(books: Books) -> Delivered:
    """Do one check and settle it."""
    asked = books.announce("acme", name=SILENCE_CHECK_REQUESTED)
    [event] = books.claim([due for due in books.publish() if due.id == asked]).events
    desk = Desk(code="acme", open_reading=reading_session_maker(books.engine), now=books.clock)
    [unit] = check_silence([event], desk_of=lambda _event: desk)
    came = unit.run()
    assert isinstance(came, Delivered)
    with books.session() as session:
        settle(session, event, came, now=books.clock())
    return came


def alerts(books: Books, *, is_open: bool = True) -> list[str]:
    """Give the subjects of alerts."""
    with books.session() as session:
        rows = session.exec(select(Alert).order_by(col(Alert.raised_at))).all()
        return [row.subject for row in rows if (row.ended_at is None) is is_open]


def told(books: Books) -> Sequence[tuple[str, str]]:
    """Give what was recorded about silence, in order."""
    names = (SILENCE_NOTICED, SILENCE_ENDED)
    return [(row.name, row.subject) for row in books.rows() if row.name in names]


def kept(books: Books, signal: str) -> dict[datetime, int]:
    """Give the hours that were kept and brought something."""
    with books.session() as session:
        rows = session.exec(select(HourCount).where(HourCount.signal == signal)).all()
        return {
            MORNING.replace(
                year=row.day.year, month=row.day.month, day=row.day.day, hour=hour
            ): count
            for row in rows
            for hour, count in enumerate(row.hours)
            if count
        }


def at(books: Books, **past: float) -> None:
    """Let it be so long after MORNING, and some minutes more."""
    books.clock.time = MORNING + timedelta(**past, minutes=AN_HOUR_OVER)


def test_silence_is_noticed_once_and_ends_when_it_is_heard_again(books: Books) -> None:
    usual(books, 30)
    at(books, hours=0)
    check(books)
    at(books, hours=1)
    check(books)
    assert alerts(books) == [NOTES]
    notes(books, *[MORNING + HOUR + timedelta(minutes=number) for number in range(20)])

    at(books, hours=2)
    check(books)

    assert (alerts(books), alerts(books, is_open=False)) == ([], [NOTES])
    assert told(books) == [(SILENCE_NOTICED, NOTES), (SILENCE_ENDED, NOTES)]


def test_the_alert_says_the_usual_and_the_seen(books: Books) -> None:
    usual(books, 30)
    at(books, hours=0)

    came = check(books)

    with books.session() as session:
        sentence = session.exec(select(Alert.sentence)).one()
    assert "30 usually come between Mon 08:00 and 09:00, this time none." in sentence
    assert came.summary == sentence


@pytest.mark.parametrize(
    ("switched", "heard"),
    [({}, [SHIPMENTS]), ({"shipment_sync_on": False}, []), ({"shadow_on": True}, [])],
    ids=["on", "off", "shadow"],
)
def test_shipments_that_a_person_has_stopped_are_not_missed(
    books: Books, switched: dict[str, bool], heard: list[str]
) -> None:
    books.change_settings(**{"order_sync_on": True, "shipment_sync_on": True, **switched})
    usual(books, 30, shipped=True)
    notes(books, *[MORNING - timedelta(minutes=number) for number in range(1, 31)])
    at(books, hours=0)

    check(books)

    assert alerts(books) == heard


def test_each_signal_is_counted_by_the_hour_it_came_in(books: Books) -> None:
    notes(books, MORNING - timedelta(hours=5), MORNING - HOUR, MORNING - HOUR / 2, shipped=True)
    for name in (GOODS_OUT_NOTES_ANNOUNCED, GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED):
        books.clock.time = MORNING - timedelta(hours=3)
        books.announce(name=name)
        books.clock.time = MORNING - timedelta(minutes=30)
        books.announce(name=name)
    at(books, hours=0)

    check(books)

    eight = MORNING - HOUR
    assert kept(books, NOTES) == kept(books, SHIPMENTS) == {eight: 2}
    assert kept(books, BRIGHTPEARL_WEBHOOKS) == {eight: 2}
    assert kept(books, SHIPHERO_WEBHOOKS) == {eight: 1}


def test_hours_without_a_clock_are_counted_when_it_is_back(books: Books) -> None:
    notes(books, MORNING - timedelta(hours=2))
    at(books, hours=0)
    check(books)
    notes(books, *[MORNING + number * HOUR for number in range(30)])
    at(books, hours=30)

    check(books)

    assert kept(books, NOTES) == {MORNING + number * HOUR: 1 for number in range(30)}


def test_an_hour_that_goes_on_is_not_counted(books: Books) -> None:
    notes(books, MORNING - timedelta(hours=2), MORNING)
    books.clock.time = MORNING + timedelta(minutes=59)

    check(books)

    assert MORNING not in kept(books, NOTES)


def test_what_was_counted_outlives_the_journal_s_rows(books: Books) -> None:
    books.clock.time = MORNING - timedelta(hours=5)
    books.announce(name=SHIPMENT_ANNOUNCED)
    books.clock.time = MORNING - timedelta(hours=3)
    books.announce(name=SHIPMENT_ANNOUNCED)
    at(books, hours=0)
    check(books)
    before = kept(books, SHIPHERO_WEBHOOKS)
    with books.session() as session:
        session.execute(delete(EventRow).where(col(EventRow.name) == SHIPMENT_ANNOUNCED))
    at(books, hours=2)

    check(books)

    assert before == kept(books, SHIPHERO_WEBHOOKS) == {MORNING - timedelta(hours=3): 1}


def test_another_account_s_notes_are_not_counted(books: Books) -> None:
    usual(books, 30)
    at(books, hours=0)
    other = books.open_account("other")

    with books.session() as session:
        counted = count_hours(session, other, now=books.clock())

    assert {signal: days for signal, days in counted.days.items() if days} == {}


def test_a_notice_says_what_is_so_when_it_is_told(books: Books) -> None:
    usual(books, 30)
    at(books, hours=0)
    check(books)
    tell = partial(tell_one, open_reading=reading_session_maker(books.engine))
    [event] = books.claim(books.publish()).events

    while_silent = tell(event)
    with books.session() as session:
        session.execute(delete(Alert))

    assert isinstance(while_silent, Delivered)
    assert while_silent.summary.startswith("Unusually few goods-out notes")
    assert tell(event) == Delivered(reference=NOTES, summary="What was silent is heard again.")
