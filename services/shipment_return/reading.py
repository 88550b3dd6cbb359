"""Read for many notes at once: notes by ID set around an unreadable one, orders side by side."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TypeVar

from services.shipment_return.announcement import Told
from services.shipment_return.calls_by_note import CallsByNote
from services.shipment_return.desk import ReadsOrders, WritesNotes
from shared.errors import GoodsoutError, Transient
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.shiphero.models import ShipHeroOrder

# One note that cannot be read spoils a whole ID set; halving finds it among 100 in 14 reads. More
# than that means that all of Brightpearl's answers are spoiled.
READS_AT_MOST = 16
UNREADABLE = "brightpearl_unreadable"
# A vendor answers in a second, not in a millisecond; each order is a request of its own.
ORDERS_AT_ONCE = 8

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class NotesRead:
    """What an ID set brought; a note that Brightpearl does not show is in neither map."""

    notes: Mapping[int, GoodsOutNote]
    unreadable: Mapping[int, GoodsoutError] = field(default_factory=dict)

    def note(self, note_id: int) -> GoodsOutNote:
        """Give a note; raises what kept it from being read, Transient when it is not shown."""
        if note_id in self.unreadable:
            raise self.unreadable[note_id]
        if note_id not in self.notes:
            raise Transient(f"Brightpearl does not show note {note_id}.", code="note_not_found")
        return self.notes[note_id]


def read_notes(ids: Collection[int], brightpearl: WritesNotes) -> NotesRead:
    """Read notes by ID set; one that cannot be read leaves the others readable.

    Raises what befell the whole: Transient, Throttled, ConnectionBroken, Permanent.
    """
    found: dict[int, GoodsOutNote] = {}
    spoiled: dict[int, GoodsoutError] = {}
    sets, reads = [sorted(ids)] if ids else [], 0
    while sets:
        some = sets.pop()
        try:
            found |= brightpearl.goods_out_notes(some)
        except Transient as error:
            if error.code != UNREADABLE:
                raise
            half = len(some) // 2
            if half and reads < READS_AT_MOST:
                sets += [some[:half], some[half:]]
            else:
                spoiled |= dict.fromkeys(some, error)
        reads += 1
    return NotesRead(notes=found, unreadable=spoiled)


def read_orders(
    told: Sequence[Told],
    shiphero: ReadsOrders,
    *,
    in_time: Callable[[], bool],
    calls: CallsByNote,
) -> dict[int, ShipHeroOrder | GoodsoutError | None]:
    """Read the orders of many notes side by side.

    By note: the order, what kept us from it, or None when its turn came too late to begin.
    """

    def read(one: Told) -> ShipHeroOrder | None:
        with calls.made_for([one.key.note_id]):
            return read_order(one, shiphero=shiphero) if in_time() else None

    orders = side_by_side(read, told, at_once=ORDERS_AT_ONCE)
    return {one.key.note_id: order for one, order in zip(told, orders, strict=True)}


def read_order(told: Told, *, shiphero: ReadsOrders) -> ShipHeroOrder:
    """Read the order from the API: the webhook's body is only a hint."""
    key = str(told.key)
    order = shiphero.order(told.order_id) if told.order_id else None
    if order is None or order.partner_order_id != key:
        order = next((one for one in shiphero.orders_by_key(key) if not one.canceled), None)
    if order is None:
        raise Transient(f"ShipHero does not show order {key}.", code="order_not_found")
    return order


def side_by_side(
    work: Callable[[T], R], things: Iterable[T], *, at_once: int
) -> list[R | GoodsoutError]:
    """Do `work` for each thing on a few threads; in order, each result or its own error."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="orders") as pool:
        # The recording of calls and the lane they are spent on go along into the thread.
        running = [pool.submit(copy_context().run, work, thing) for thing in things]
    came: list[R | GoodsoutError] = []
    for one in running:
        try:
            came.append(one.result())
        except GoodsoutError as error:
            came.append(error)
    return came
