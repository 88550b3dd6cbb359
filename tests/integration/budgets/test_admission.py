"""How much the relay lets out for an account: no more than its vendors' budgets can take."""

import threading
from datetime import timedelta

import pytest

from shared.budgets.admission import AT_LEAST, Admitted, admitted
from shared.budgets.brightpearl_window import CLOCKS_APART
from shared.budgets.lane import spending_as
from shared.events import SYNC_LOG_CHANGED, Event, Lane, Queue
from shared.outcome import Outcome
from tests.integration.budgets.spenders import SHIPHERO, Till, a_call, take_all
from tests.integration.delivery.desk import DONE, Desk, one_by_one
from tests.integration.journal.books import MORNING
from tests.unit.budgets.vendors_counting import CountingBrightpearl

COUNTING = threading.Lock()
PUSH = Queue.SHIPHERO_PUSH.value
OPENS = MORNING + timedelta(seconds=60 + CLOCKS_APART)


def may_be_out(till: Till, *, window: int = 500) -> Admitted:
    """Say what of the account's pushes may be out just now."""
    pair = (PUSH, till.books.account)
    with till.books.session() as session:
        return admitted(session, [pair], window=window, now=till.books.clock())[pair]


def use_up(till: Till, lane: Lane = Lane.LIVE) -> None:
    """Let Brightpearl's window be used up on a lane, until a call is put off."""
    till.learn(20)
    with spending_as(lane):
        take_all(till.allowance(), threads=1)


def learn_credits(till: Till, left: int) -> None:
    """Make a call to ShipHero whose answer tells of a bucket."""
    told = a_call(left=left, most=4004, refill=60, cost=1)
    till.allowance(SHIPHERO).reserve(1).spent(told)


def test_an_account_that_has_called_nobody_yet_may_fill_the_window(till: Till) -> None:
    assert may_be_out(till) == Admitted(window=500)


def test_a_closed_budget_lets_nothing_out_until_it_opens(till: Till) -> None:
    use_up(till)

    closed = may_be_out(till)
    till.books.clock.time = OPENS + timedelta(seconds=3)

    assert closed == Admitted(window=0)
    assert may_be_out(till) == Admitted(window=500)


def test_a_budget_that_is_closed_for_backfill_still_lets_live_work_out(till: Till) -> None:
    use_up(till, Lane.BACKFILL)

    assert may_be_out(till) == Admitted(window=500, live_only=True)


def test_live_work_that_was_put_off_is_let_out_before_backfill(till: Till) -> None:
    use_up(till)

    till.books.clock.time = OPENS

    assert may_be_out(till) == Admitted(window=500, live_only=True)


@pytest.mark.parametrize(("left", "window"), [(4004, 333), (1600, 133), (100, AT_LEAST)])
def test_no_more_pushes_are_out_than_there_are_credits_for(
    till: Till, left: int, window: int
) -> None:
    learn_credits(till, left)

    assert may_be_out(till).window == window


def test_the_narrower_of_both_vendors_bounds(till: Till) -> None:
    learn_credits(till, 1600)
    use_up(till, Lane.BACKFILL)

    assert may_be_out(till) == Admitted(window=133, live_only=True)


def test_queues_that_call_no_vendor_are_not_bounded(till: Till) -> None:
    use_up(till)
    till.books.announce("1", name=SYNC_LOG_CHANGED)
    till.books.announce("2")

    assert [row.subject for row in till.books.take_due()] == ["1"]


def test_an_account_that_waits_holds_up_no_other(till: Till) -> None:
    other = till.books.open_account("other")
    use_up(till)
    till.books.announce("1")
    till.books.announce("2", account_id=other)

    assert [row.subject for row in till.books.take_due()] == ["2"]


def test_waiting_for_a_budget_holds_no_worker_and_uses_no_attempt(till: Till) -> None:
    desk, clock = Desk(till.books), till.books.clock
    vendor = CountingBrightpearl(limit=20, begun=MORNING.timestamp())
    ids = [till.books.announce(str(note)) for note in range(25)]

    def push(_event: Event) -> Outcome:
        call(till, vendor)
        return DONE

    call(till, vendor)
    desk.deliver(one_by_one(push))
    answered = len(desk.consumer.acked)
    waiting = [row for row in map(till.books.row, ids) if row.outcome is None]
    before = [row for row in till.books.take_due() if row.queue == PUSH]
    clock.time = OPENS
    Desk(till.books).deliver(one_by_one(push))

    # Each message was answered at once though no time passed, and not all calls had room.
    assert answered == 25
    assert len(waiting) >= 6
    assert {(row.failures, row.due_at) for row in waiting} == {(0, OPENS)}
    assert before == []
    assert {till.books.row(id_).outcome for id_ in ids} == {"delivered"}
    assert vendor.refused == 0


def call(till: Till, vendor: CountingBrightpearl) -> None:
    """Make one call to a Brightpearl that only counts."""
    reservation = till.allowance().reserve(1)
    with COUNTING:
        counted = vendor.count(till.books.clock().timestamp())
    reservation.spent(a_call(left=counted.left, resets_in=counted.resets_in or 0.0))
