"""Of two checks of one account's webhooks, one goes first."""

from typing import Any

from shared.events import BRIGHTPEARL_CHECK_REQUESTED, SHIPHERO_CHECK_REQUESTED, Event
from shared.webhooks.under_way import is_another_under_way
from tests.integration.journal.books import LEASE, Books


def a_check(books: Books, **fields: Any) -> Event:
    return books.a_claim("acme", **{"name": SHIPHERO_CHECK_REQUESTED, **fields})


def waits(books: Books, *events: Event) -> bool:
    with books.session() as session:
        return is_another_under_way(session, events, now=books.clock())


def test_a_check_alone_goes_on(books: Books) -> None:
    assert not waits(books, a_check(books))


def test_the_later_one_waits_and_the_earlier_one_goes_on(books: Books) -> None:
    earlier = a_check(books)
    books.clock.pass_(seconds=1)
    later = a_check(books)

    assert waits(books, later)
    assert not waits(books, earlier)


def test_of_two_in_the_same_moment_one_goes_on(books: Books) -> None:
    checks = [a_check(books), a_check(books)]

    assert sorted(waits(books, one) for one in checks) == [False, True]


def test_those_that_are_handled_together_do_not_wait_for_each_other(books: Books) -> None:
    together = (a_check(books), a_check(books))

    assert not waits(books, *together)


def test_one_whose_process_died_is_waited_for_until_its_claim_runs_out(books: Books) -> None:
    a_check(books)
    books.clock.pass_(seconds=LEASE.total_seconds() - 1)
    later = a_check(books)
    assert waits(books, later)

    books.clock.pass_(seconds=2)

    assert not waits(books, later)


def test_what_is_about_another_account_or_vendor_is_no_reason(books: Books) -> None:
    a_check(books, account_id=books.open_account("other"))
    a_check(books, name=BRIGHTPEARL_CHECK_REQUESTED)
    books.clock.pass_(seconds=1)

    assert not waits(books, a_check(books))
