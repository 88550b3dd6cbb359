"""Find the orders at ShipHero that stand for a note: the present one, and earlier ones gone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.shipment_return.announcement import Told
from services.shipment_return.calls_by_note import CallsByNote
from services.shipment_return.desk import Look, ReadsOrders
from services.shipment_return.parcels import Parcels, parcels_of
from services.shipment_return.reading import side_by_side
from services.shipment_return.records import Known
from shared.errors import GoodsoutError, Transient
from shared.notes.key import NoteKey
from shared.vendors.shiphero.models import ShipHeroOrder

# A vendor answers in a second, not in a millisecond; each order is a request of its own.
ORDERS_AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class OrdersOfNote:
    """A note's present order; `earlier` were replaced by a deliberate re-create and yet shipped."""

    key: NoteKey
    present: ShipHeroOrder
    earlier: tuple[ShipHeroOrder, ...] = ()

    @property
    def parcels(self) -> Parcels:
        """Everything that left for the note."""
        return parcels_of(self.present, *self.earlier)

    @property
    def is_canceled(self) -> bool:
        """Whether the order was cancelled before everything had left."""
        return self.present.canceled and not self.parcels.complete


Found = OrdersOfNote | GoodsoutError | None


def find_together(
    looks: Sequence[tuple[Look, Known]],
    shiphero: ReadsOrders,
    *,
    in_time: Callable[[], bool],
    calls: CallsByNote,
) -> dict[int, Found]:
    """Find the orders of many notes side by side.

    By note: the orders, what kept us from them, or None when its turn came too late to begin.
    """

    def find(one: tuple[Look, Known]) -> OrdersOfNote | None:
        look, known = one
        with calls.made_for([look.note_id]):
            return find_orders(look.told, known, shiphero) if in_time() else None

    found = side_by_side(find, looks, at_once=ORDERS_AT_ONCE)
    return {look.note_id: orders for (look, _), orders in zip(looks, found, strict=True)}


def find_orders(told: Told, known: Known, shiphero: ReadsOrders) -> OrdersOfNote:
    """Read from the API what was told: the webhook's body is only a hint.

    Raises Transient while ShipHero does not show the note's present order.
    """
    # An event of long ago may name an order that was replaced since.
    newest = max(told.key, known.key or told.key, key=lambda key: key.generation)
    hint = told.order_id if told.order_id and told.key == newest else known.shiphero_order_id
    present = _order(newest, hint, shiphero)
    if present is None:
        raise Transient(f"ShipHero does not show order {newest}.", code="order_not_found")
    before = [replace(newest, generation=one) for one in range(1, newest.generation)]
    earlier = [order for key in before if (order := _order(key, "", shiphero)) is not None]
    left = tuple(order for order in earlier if parcels_of(order).boxes)
    return OrdersOfNote(key=newest, present=present, earlier=left)


def _order(key: NoteKey, order_id: str, shiphero: ReadsOrders) -> ShipHeroOrder | None:
    """Give the live order with this key, the shipped one of several; else a cancelled one."""
    named = shiphero.order(order_id) if order_id else None
    if named is not None and named.partner_order_id == str(key) and not named.canceled:
        return named
    found = shiphero.orders_by_key(str(key))
    # False sorts first: what lives stands before what was cancelled, what shipped before the rest.
    return min(found, key=lambda one: (one.canceled, not one.shipments), default=None)
