"""When notes are not written together, or no longer, and what keeps a batch within its time."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from services.shipment_return.finding import ORDERS_AT_ONCE
from shared.errors import OurTrouble, Permanent, Transient
from shared.outcome import Delivered, Held
from shared.vendors.shiphero.models import ShipHeroOrder
from tests.unit.core.notebook import Notebook
from tests.unit.shipment_return.batching import Batching

REFUSED = Permanent("Brightpearl refused: no such resource", code="brightpearl_refused")


def test_single_calls_are_used_when_batches_are_switched_off(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.settings = replace(batching.settings, batch_writes=False)

    assert batching.kinds() == ["Delivered"] * 3
    assert batching.troubled.sent == []
    assert batching.troubled.calls.count("add_shipped_event") == 3


def test_a_note_alone_in_its_group_goes_by_single_calls(book: Notebook) -> None:
    batching = Batching(book, notes=1)

    assert batching.kinds() == ["Delivered"]
    assert batching.troubled.calls == [
        "goods_out_notes", "write_details", "goods_out_notes", "add_shipped_event",
        "goods_out_notes",
    ]  # fmt: skip


def test_several_events_about_one_note_are_one_note(book: Notebook) -> None:
    batching = Batching(book, notes=1)
    [event] = batching.events()

    batching.handle(event, *batching.events())

    assert batching.troubled.sent == []


def test_a_held_group_asks_no_vendor(book: Notebook) -> None:
    batching = Batching(book, notes=5)
    batching.settings = replace(batching.settings, shipment_sync_on=False)

    ends = batching.ends()

    assert {type(end) for end in ends.values()} == {Held}
    assert batching.troubled.calls == batching.shiphero.calls == []


def test_a_vendor_that_refuses_two_batches_as_such_is_sent_no_more(book: Notebook) -> None:
    batching = Batching(book, notes=20)
    batching.troubled.troubles.extend([(REFUSED, False)] * 4)

    ends = list(batching.ends().values())

    assert [type(end).__name__ for end in ends] == ["Transient"] * 10 + ["Busy"] * 10
    assert {end.code for end in ends[:10] if isinstance(end, Transient)} == {"refused_in_batch"}
    [reason] = batching.batches.given_up
    assert reason.endswith("Its words: Brightpearl refused: no such resource")


def test_one_batch_refused_as_such_is_no_reason_to_give_up(book: Notebook) -> None:
    batching = Batching(book, notes=15)
    batching.troubled.troubles.extend([(REFUSED, False)])

    assert batching.kinds() == ["Transient"] * 5 + ["Delivered"] * 10
    assert batching.batches.given_up == []


def test_batches_that_were_taken_are_not_given_up_for_later_refusals(book: Notebook) -> None:
    batching = Batching(book, notes=20)
    batching.troubled.troubles.extend([None, (REFUSED, False), (REFUSED, False)])

    assert batching.kinds()[:5] == ["Delivered"] * 5
    assert batching.batches.given_up == []


def test_tracking_that_does_not_fit_is_kept_by_single_calls_within_the_batch(
    book: Notebook,
) -> None:
    batching = Batching(book, notes=3)
    many = [f"1Z-LONG-NUMBER-{number:04}" for number in range(8)]
    batching.ship(502, *many)

    assert batching.kinds() == ["Delivered"] * 3
    assert batching.troubled.sent == [(501, 503)]
    [remark] = batching.troubled.remarks
    assert (remark.order_id, many[-1] in remark.text) == (4502, True)


def test_a_cancelled_order_among_others_is_told_by_itself(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    canceled = {"fulfillment_status": "canceled", "shipments": ()}
    batching.shiphero.orders[1] = batching.shiphero.orders[1].model_copy(update=canceled)

    end = batching.ends()[502]

    assert isinstance(end, Delivered)
    assert end.code == "canceled_at_shiphero"
    assert batching.troubled.sent == [(501, 503)]
    assert [remark.order_id for remark in batching.troubled.remarks] == [4502]


def test_every_note_of_a_batch_is_leased_while_it_is_written(book: Notebook) -> None:
    batching = Batching(book, notes=7)
    taken: list[bool] = []

    def try_to_lease() -> None:
        for note_id in batching.note_ids:
            with book.notes_of("another").leased(note_id) as lease:
                taken.append(lease is not None)

    batching.troubled.before = try_to_lease

    batching.ends()

    assert (len(taken), any(taken)) == (14, False)


def test_leases_are_given_back_whatever_happened(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    batching.troubled.fails_on = {"goods_out_notes": Transient("down")}
    assert batching.kinds() == ["Transient"] * 3
    batching.troubled.fails_on = {}

    assert batching.kinds() == ["Delivered"] * 3


def test_a_note_whose_lease_was_lost_is_not_written(book: Notebook) -> None:
    batching = Batching(book, notes=7)
    batching.troubled.before = once(lambda: take_over(book, 506))

    ends = batching.ends()

    assert isinstance(ends[506], OurTrouble)
    assert batching.troubled.sent == [(501, 502, 503, 504, 505), (507,)]


def test_leases_are_renewed_before_each_request(book: Notebook) -> None:
    batching = Batching(book, notes=15)
    left: list[timedelta] = []
    batching.troubled.before = lambda: left.append(time_left(book, 511))
    batching.troubled.after = lambda: book.wait(seconds=20)

    batching.ends()

    assert left == [timedelta(seconds=60), timedelta(seconds=40), timedelta(seconds=60)]


def test_a_slow_vendor_leaves_the_rest_for_later(book: Notebook) -> None:
    batching = Batching(book, notes=20)
    batching.troubled.after = lambda: book.wait(seconds=23)

    kinds = batching.kinds()

    assert kinds == ["Delivered"] * 10 + ["Busy"] * 10
    assert len(batching.troubled.sent) == 2


def test_orders_whose_turn_comes_too_late_are_read_later(book: Notebook) -> None:
    batching = Batching(book, notes=40)
    read = batching.shiphero.order
    wait, only_one = once(lambda: book.wait(seconds=31)), threading.Lock()

    def slow(order_id: str) -> ShipHeroOrder | None:
        with only_one:
            wait()
        return read(order_id)

    batching.shiphero.order = slow  # type: ignore[method-assign]

    kinds = Counter(batching.kinds())

    assert kinds["Delivered"] == batching.shiphero.calls.count("order") <= ORDERS_AT_ONCE
    assert kinds["Busy"] == 40 - kinds["Delivered"]


def test_what_brightpearl_cannot_hold_is_that_notes_own_trouble(book: Notebook) -> None:
    batching = Batching(book, notes=3)
    note = batching.troubled.notes[502]
    too_long = note.shipping.model_copy(update={"reference": "x" * 65})
    batching.troubled.notes[502] = note.model_copy(update={"shipping": too_long})
    batching.ship(502, "Pickup")

    ends = batching.ends()

    assert isinstance(ends[502], ValueError)
    assert isinstance(ends[501], Delivered)


def take_over(book: Notebook, note_id: int) -> None:
    """Have another worker take a note whose lease ran out."""
    with book.session() as session:
        row = book.row(note_id)
        row.leased_by = "another"
        session.add(row)
        session.commit()


def time_left(book: Notebook, note_id: int) -> timedelta:
    """Say how long a note's lease still runs."""
    until = book.row(note_id).leased_until
    assert until is not None
    return until - book.now


def once(act: Callable[[], object]) -> Callable[[], object]:
    """Make a function that acts at its first call only."""
    acts = [act]
    return lambda: acts.pop()() if acts else None
