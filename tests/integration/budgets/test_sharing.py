"""Processes and threads that share one account's budget through its row."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import text

from shared.budgets.brightpearl_window import CAREFUL
from shared.budgets.counting import LONGEST_CALL
from shared.budgets.shiphero_credits import A_LOOK
from tests.integration.budgets.spenders import (
    SHIPHERO,
    SpenderProcess,
    Till,
    a_call,
    take_all,
)

Start = Callable[[UUID], SpenderProcess]
SURELY_LAPSED = LONGEST_CALL + 62


def test_threads_reserve_exactly_what_is_left(till: Till) -> None:
    till.learn(40)

    taken = take_all(till.allowance())

    assert len(taken) == 40


def test_threads_that_come_first_of_all_make_one_row_and_stay_careful(till: Till) -> None:
    taken = take_all(till.allowance())

    assert len(taken) == CAREFUL


def test_of_shipheros_credits_no_more_is_reserved_than_there_are(till: Till) -> None:
    allowance = till.allowance(SHIPHERO)
    allowance.reserve(10).spent(a_call(left=305, most=1001, refill=15, cost=1))

    taken = take_all(allowance, cost=10)

    assert len(taken) == 30


def test_processes_reserve_together_exactly_what_is_left(
    postgresql_till: Till, spender: Start
) -> None:
    postgresql_till.learn(100)
    processes = [spender(postgresql_till.books.account) for _ in range(3)]
    for process in processes:
        process.wait_until_ready()

    for process in processes:
        process.begin()
    reserved = [one.reserved() for one in processes]

    assert sum(reserved) == 100


def test_what_a_killed_process_held_comes_back_and_not_before_its_time(
    postgresql_till: Till, spender: Start
) -> None:
    till, clock = postgresql_till, postgresql_till.books.clock
    till.learn(20)
    process = spender(till.books.account)
    process.wait_until_ready()
    process.begin()
    held = process.reserved()

    process.kill()
    at_once = take_all(till.allowance())
    clock.pass_(seconds=65)  # a new window, of which the dead process's calls may have taken some
    next_window = take_all(till.allowance())
    clock.pass_(seconds=SURELY_LAPSED)

    assert (held, len(at_once)) == (20, 0)
    assert len(next_window) == 1
    assert len(take_all(till.allowance())) == 21


def test_a_process_killed_in_the_middle_of_a_reservation_leaves_no_lock(
    postgresql_till: Till, spender: Start
) -> None:
    postgresql_till.learn(199)
    process = spender(postgresql_till.books.account)
    process.wait_until_ready()

    process.begin()
    process.kill()

    assert take_all(postgresql_till.allowance())


def test_two_accounts_have_budgets_of_their_own(till: Till) -> None:
    other = till.books.open_account("other")
    till.learn(5)
    till.learn(50, account_id=other)

    with ThreadPoolExecutor(2) as pool:
        of_each = pool.map(
            lambda id_: len(take_all(till.allowance(account_id=id_))), (till.books.account, other)
        )

    assert list(of_each) == [5, 50]


def test_an_account_whose_row_is_locked_holds_up_no_other(postgresql_till: Till) -> None:
    other = postgresql_till.books.open_account("other")
    postgresql_till.learn(5)
    locked = text("SELECT 1 FROM vendor_budget WHERE account_id = :id FOR UPDATE")

    with postgresql_till.books.engine.begin() as holding:
        holding.execute(locked, {"id": postgresql_till.books.account})
        taken = take_all(postgresql_till.allowance(account_id=other))

    assert len(taken) == CAREFUL


def test_the_two_vendors_of_an_account_have_budgets_of_their_own(till: Till) -> None:
    till.learn(0)

    assert till.opens_at() is not None
    assert till.opens_at(vendor=SHIPHERO) is None


def test_a_window_that_opened_serves_whoever_comes_then(till: Till) -> None:
    till.learn(0)
    opens_at = till.opens_at()
    assert opens_at is not None

    till.books.clock.time = opens_at

    assert till.opens_at() is None


def test_a_first_call_that_never_ended_holds_the_next_for_a_moment_only(till: Till) -> None:
    till.allowance(SHIPHERO).reserve(10)

    assert till.opens_at(vendor=SHIPHERO) is not None
    till.books.clock.pass_(seconds=A_LOOK + 1)

    assert till.opens_at(vendor=SHIPHERO) is None
