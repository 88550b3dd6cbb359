"""Sales orders, their notes, and products (contract §8, §9)."""

from collections.abc import Iterable, Mapping

from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.api import Api
from shared.vendors.brightpearl.custom_fields import WITH_CUSTOM_FIELDS
from shared.vendors.brightpearl.order_models import NewOrderNote, OrderNote, SalesOrder


class Orders(Api):
    """The calls about sales orders and what is on them."""

    def sales_orders(
        self, ids: Iterable[int], *, custom_fields: bool = False
    ) -> Mapping[int, SalesOrder]:
        """Read orders by id in the nested form; one that is missing is simply not there.

        With `custom_fields` they are read too, in the same requests.
        """
        asked = WITH_CUSTOM_FIELDS if custom_fields else {}
        path = "/order-service/order/{ids}"
        # The list comes back in another order than asked (contract §5): by id, never by place.
        return {
            order.id: order
            for chunk in self._get_set("sales_orders", path, ids, asked)
            for order in self._read_all(SalesOrder, chunk, "sales_orders")
        }

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Read products by id; one that is missing is simply not there."""
        return {
            product.id: product
            for chunk in self._get_set("products", "/product-service/product/{ids}", ids)
            for product in self._read_all(Product, chunk, "products")
        }

    def order_notes(self, order_id: int) -> tuple[OrderNote, ...]:
        """Read the remarks on a sales order."""
        given = self._get("order_notes", f"/order-service/order/{order_id}/note")
        return self._read_all(OrderNote, given, "order_notes")

    def add_order_note(self, order_id: int, new: NewOrderNote) -> int:
        """Add a remark and answer its id; not repeatable: look with `order_notes` first.

        Raises UnknownOutcome when it may or may not be there.
        """
        return self._create("add_order_note", f"/order-service/order/{order_id}/note", new)
