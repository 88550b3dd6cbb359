"""What an order and its lines cost: exact decimals, net, in the sales order's own currency."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import OrderRow, SalesOrder

PENNY = Decimal("0.01")
# Brightpearl's own precision of what a row costs (contract §5).
FINEST = Decimal("0.0001")
NOTHING = Decimal("0.00")


def unit_price(row: OrderRow, order: SalesOrder) -> Decimal:
    """Give the net price of one piece after discount; a row's value is for all its pieces.

    Where a bundle bears the price, its components share it, so that the lines are worth what was
    paid; a customs form made of them would else say nothing.
    """
    ordered = row.quantity.magnitude
    if not ordered:
        return NOTHING
    return money((_worth(row, order) / ordered).quantize(FINEST, rounding=ROUND_HALF_UP))


def shipping_price(order: SalesOrder, note: GoodsOutNote, *, nominal: str) -> Decimal:
    """Give the net of the rows that are postage: on the account's shipping nominal, and no goods.

    It was charged once, so an order's first note bears all of it and the later ones none. Nothing
    where the nominal is not known: a guess could take a service for postage.
    """
    if not nominal or (note.sequence or 1) > 1:
        return NOTHING
    nets = (
        row.row_value.row_net.value
        for row in order.order_rows.values()
        if row.nominal_code == nominal and row.id not in note.order_rows
    )
    return money(sum(nets, start=Decimal(0)))


def money(value: Decimal) -> Decimal:
    """Write an amount exactly, with two decimals at least: a dinar has three, a row's net four."""
    pennies = value.quantize(PENNY, rounding=ROUND_HALF_UP)
    return pennies if pennies == value else value.normalize()


def _worth(row: OrderRow, order: SalesOrder, seen: frozenset[int] = frozenset()) -> Decimal:
    """Give a row's net, or its share of the bundle's where only the bundle is priced."""
    own = row.row_value.row_net.value
    parent = order.row(row.composition.parent_order_row_id)
    if own or not row.composition.bundle_child or parent is None or parent.id in seen:
        return own
    weights = _weights(parent, order)
    whole = sum(weights.values(), start=Decimal(0))
    if not whole:
        return own
    return _worth(parent, order, seen | {row.id}) * weights.get(row.id, Decimal(0)) / whole


def _weights(parent: OrderRow, order: SalesOrder) -> Mapping[int, Decimal]:
    """Weigh the components that bear no price: by their list prices, else by their pieces."""
    unpriced = [
        row
        for row in order.order_rows.values()
        if row.composition.parent_order_row_id == parent.id and not row.row_value.row_net.value
    ]
    listed = {row.id: _list_price(row) * row.quantity.magnitude for row in unpriced}
    # One that has no list price may still be worth something: then pieces are the fairer measure.
    if all(listed.values()):
        return listed
    return {row.id: row.quantity.magnitude for row in unpriced}


def _list_price(row: OrderRow) -> Decimal:
    return row.product_price.value if row.product_price else Decimal(0)
