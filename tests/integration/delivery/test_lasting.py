"""A claim is extended while its work goes on, and no longer than that."""

import pytest

from shared.events import Event
from shared.journal.settle import settle
from shared.messaging.lasting import MOST_LEASES, PARTS, Lasting
from tests.integration.delivery.desk import DONE
from tests.integration.journal.books import LEASE, Books


@pytest.fixture
def event(books: Books) -> Event:
    return books.a_claim()


@pytest.fixture
def lasting(books: Books) -> Lasting:
    return Lasting(open_session=books.open_session, now=books.clock, lease=LEASE.total_seconds())


def seconds_left(books: Books, event: Event) -> float:
    claimed_until = books.row(event.id).claimed_until
    assert claimed_until is not None
    return (claimed_until - books.clock()).total_seconds()


def test_a_claim_is_extended_from_the_second_look_on(
    books: Books, event: Event, lasting: Lasting
) -> None:
    left = []
    with lasting.work_on([event]):
        for _ in range(3):
            books.clock.pass_(seconds=40)
            lasting.extend()
            left.append(seconds_left(books, event))

    assert left == [80, 120, 120]


def test_what_is_not_worked_on_any_more_is_not_extended(
    books: Books, event: Event, lasting: Lasting
) -> None:
    with lasting.work_on([event]):
        lasting.extend()

    books.clock.pass_(seconds=40)
    lasting.extend()

    assert seconds_left(books, event) == 80


def test_work_that_hangs_loses_its_claim(books: Books, event: Event, lasting: Lasting) -> None:
    with lasting.work_on([event]):
        for _ in range(PARTS * MOST_LEASES + 5):
            books.clock.pass_(seconds=40)
            lasting.extend()

        swept = books.sweep()

    assert swept.abandoned == 1


def test_a_claim_that_another_has_taken_since_is_left_alone(
    books: Books, event: Event, lasting: Lasting
) -> None:
    books.clock.pass_(minutes=3)
    books.sweep()
    [theirs] = books.claim(books.publish(), worker="two").events
    with lasting.work_on([event]):
        lasting.extend()
        books.clock.pass_(seconds=40)

        lasting.extend()

    assert (theirs.id, seconds_left(books, theirs)) == (event.id, 80)


def test_what_is_settled_already_stays_settled(
    books: Books, event: Event, lasting: Lasting
) -> None:
    with lasting.work_on([event]):
        lasting.extend()
        with books.session() as session:
            assert settle(session, event, DONE, now=books.clock())

        lasting.extend()

    row = books.row(event.id)
    assert (row.outcome, row.claimed_until) == ("delivered", None)
