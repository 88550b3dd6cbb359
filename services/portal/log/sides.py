"""Read a note in Brightpearl and its order in ShipHero as they are now, side by side.

Each vendor answers or does not by itself: what one of them keeps from us leaves the other readable.
The requests come out of the account's own budget.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from shared.connections import Connections
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.errors import GoodsoutError
from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.models import ShipHeroOrder

NOT_SENT = "Nothing of this note was sent to ShipHero, so there is no order to read."
NO_SUCH_NOTE = "Brightpearl does not show the note; its absence alone does not prove it deleted."
NO_SUCH_ORDER = "ShipHero shows no order under our key."

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class BrightpearlSide:
    """What Brightpearl showed; `trouble` says why something is missing."""

    note: GoodsOutNote | None = None
    order: SalesOrder | None = None
    # The order's other notes, and the products of rows that did not travel.
    others: Mapping[int, GoodsOutNote] = field(default_factory=dict)
    products: Mapping[int, Product] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class ShipHeroSide:
    """What ShipHero showed: the note's order, and every other that bears our key."""

    order: ShipHeroOrder | None = None
    more: tuple[ShipHeroOrder, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Both."""

    brightpearl: BrightpearlSide
    shiphero: ShipHeroSide


def read_sides(
    connections: Connections,
    account_id: UUID,
    row: SyncLogRow,
    link: OrderLink | None,
    *,
    with_left: bool = False,
) -> Sides:
    """Read both within the portal's deadline for each request; never raises a vendor's trouble.

    `with_left` reads as well what tells of rows that did not travel: two requests more.
    """
    return Sides(
        brightpearl=_asked(
            lambda: _read_note(connections.brightpearl(account_id), row, with_left=with_left),
            lambda why: BrightpearlSide(trouble=why),
        ),
        shiphero=read_shiphero(connections, account_id, link),
    )  # fmt: skip


def read_shiphero(
    connections: Connections, account_id: UUID, link: OrderLink | None
) -> ShipHeroSide:
    """Read ShipHero's side alone."""
    return _asked(
        lambda: _read_order(connections.shiphero(account_id), link),
        lambda why: ShipHeroSide(trouble=why),
    )


def orders_of_link(
    connections: Connections, account_id: UUID, link: OrderLink
) -> tuple[ShipHeroOrder, ...]:
    """Read every order that is this note's: by its id, and by our key. Raises GoodsoutError."""
    shiphero = connections.shiphero(account_id)
    found = {order.id: order for order in shiphero.orders_by_key(link.key)}
    if link.shiphero_order_id and link.shiphero_order_id not in found:
        order = shiphero.order(link.shiphero_order_id)
        if order is not None:
            found[order.id] = order
    return tuple(found.values())


def _asked(read: Callable[[], T], without: Callable[[str], T]) -> T:
    try:
        return read()
    except GoodsoutError as error:
        return without(str(error))


def _read_note(brightpearl: Brightpearl, row: SyncLogRow, *, with_left: bool) -> BrightpearlSide:
    note = brightpearl.goods_out_notes([row.note_id]).get(row.note_id)
    order_id = note.order_id if note else row.order_id
    order = brightpearl.sales_orders([order_id]).get(order_id) if order_id else None
    if note is None:
        return BrightpearlSide(order=order, trouble=NO_SUCH_NOTE)
    if order is None:
        return BrightpearlSide(note=note, trouble="Brightpearl does not show its sales order.")
    rows = order.order_rows.values() if with_left else ()
    left = {one.product_id for one in rows if one.id not in note.quantities and one.product_id}
    if not left:
        return BrightpearlSide(note=note, order=order)
    return BrightpearlSide(
        note=note,
        order=order,
        others={
            number: other
            for number, other in brightpearl.goods_out_notes_of_order(order.id).items()
            if number != note.id
        },
        products=brightpearl.products(left),
    )


def _read_order(shiphero: ShipHero, link: OrderLink | None) -> ShipHeroSide:
    if link is None or not link.order_number:
        return ShipHeroSide(trouble=NOT_SENT)
    found = {order.id: order for order in shiphero.orders_by_key(link.key)}
    own = found.pop(link.shiphero_order_id, None)
    if own is None and link.shiphero_order_id:
        own = shiphero.order(link.shiphero_order_id)
    if own is None and found:
        own = found.pop(next(iter(found)))
    trouble = "" if own else NO_SUCH_ORDER
    return ShipHeroSide(order=own, more=tuple(found.values()), trouble=trouble)
