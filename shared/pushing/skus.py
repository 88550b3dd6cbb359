"""SKUs that a sales order does not tell: the product tells them, from our cache where it can."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from shared.catalogue.products import KnownProduct
from shared.clock import Now
from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import OrderRow, SalesOrder

Orders = Mapping[int, SalesOrder]


class ReadsProducts(Protocol):
    """What is asked of Brightpearl."""

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Read products by ID set."""
        ...


class RemembersProducts(Protocol):
    """What is known of Brightpearl's products without a request."""

    def products(self, ids: Iterable[int]) -> Mapping[int, KnownProduct]:
        """Give those that are known to be as they were within the last day."""
        ...

    def remember(self, products: Iterable[Product], *, fetched_at: datetime) -> None:
        """Keep what had to be read."""
        ...


class ProductDesk(Protocol):
    """What SKUs are found with."""

    @property
    def brightpearl(self) -> ReadsProducts:
        """Where products are read."""
        ...

    @property
    def catalogue(self) -> RemembersProducts:
        """Where they are remembered."""
        ...

    @property
    def now(self) -> Now:
        """The clock."""
        ...


def with_skus(orders: Orders, notes: Iterable[GoodsOutNote], *, desk: ProductDesk) -> Orders:
    """Give the orders with the SKUs of the rows that notes take from, as far as there are any.

    A row may lack its SKU although the product has one by now, as when a person entered it after
    the order was placed. So a product that is known to have none is read again.
    """
    lacking = {row.product_id for row in _rows_of(notes, orders) if not row.product_sku.strip()}
    if not lacking:
        return orders
    skus = _known(lacking, desk=desk)
    if lacking - skus.keys():
        skus |= _read(lacking - skus.keys(), desk=desk)
    return {order.id: _completed(order, skus) for order in orders.values()}


def skus_of(note: GoodsOutNote, order: SalesOrder) -> frozenset[str]:
    """Give the SKUs that a note takes of its sales order, as far as they are known."""
    skus = (row.product_sku.strip() for row in _rows_of([note], {order.id: order}))
    return frozenset(sku for sku in skus if sku)


def _rows_of(notes: Iterable[GoodsOutNote], orders: Orders) -> Iterable[OrderRow]:
    found = (
        orders[note.order_id].row(row_id)
        for note in notes
        if note.order_id in orders
        for row_id in note.quantities
    )
    return (row for row in found if row is not None and row.product_id)


def _known(ids: set[int], *, desk: ProductDesk) -> dict[int, str]:
    known = desk.catalogue.products(ids)
    return {one: product.sku for one, product in known.items() if product.sku.strip()}


def _read(ids: set[int], *, desk: ProductDesk) -> dict[int, str]:
    began = desk.now()
    products = desk.brightpearl.products(ids)
    desk.catalogue.remember(products.values(), fetched_at=began)
    return {one: product.sku for one, product in products.items() if product.sku.strip()}


def _completed(order: SalesOrder, skus: Mapping[int, str]) -> SalesOrder:
    lacking = {
        row.id: row.model_copy(update={"product_sku": skus[row.product_id]})
        for row in order.order_rows.values()
        if row.product_id in skus and not row.product_sku.strip()
    }
    if not lacking:
        return order
    return order.model_copy(update={"order_rows": {**order.order_rows, **lacking}})
