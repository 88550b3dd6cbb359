"""Orders at ShipHero: make, find by our key, read whole, change, cancel (contract §6, §7, §8)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.vendors.exchange import Effect
from shared.vendors.shiphero.api import Api, Page, next_page, nodes_of
from shared.vendors.shiphero.documents import (
    CHANGED_AT_ONCE,
    LINES_OF_ONE,
    LINES_OF_SEVERAL,
    ORDERS_AT_ONCE,
    Document,
)
from shared.vendors.shiphero.faults import NotFound
from shared.vendors.shiphero.models import OrderRef, ShipHeroOrder
from shared.vendors.shiphero.new_order import NewOrder, OrderChange
from shared.vendors.shiphero.order_documents import (
    CHANGED_ORDERS,
    KEYS,
    MORE_LINES,
    MORE_SHIPPED_LINES,
    ORDER,
    ORDER_CANCEL,
    ORDER_CREATE,
    ORDER_UPDATE,
    ORDERS,
)
from shared.vendors.shiphero.times import as_shiphero_time


class Orders(Api):
    """The calls about orders."""

    def create_order(self, new: NewOrder) -> OrderRef:
        """Make an order; twice makes two, so look with `orders_by_key` before a repeat.

        Raises UnknownOutcome when it may or may not be there.
        """
        made = self._mutate(ORDER_CREATE, new.model_dump(mode="json", exclude_none=True))
        return self._made(OrderRef, made, "order")

    def orders_by_key(self, partner_order_id: str) -> tuple[ShipHeroOrder, ...]:
        """Find the orders that bear exactly this key of ours, cancelled ones too."""
        # Whether ShipHero matches exactly is not known (contract §12.2): compared here.
        found = self._orders({"partner_order_id": partner_order_id})
        return tuple(one for one in found if one.partner_order_id == partner_order_id)

    def has_order(self, partner_order_id: str) -> bool:
        """Say whether any order bears exactly this key of ours, cancelled ones too."""
        variables = {
            "partner_order_id": partner_order_id,
            "customer_account_id": self._customer_account_id,
            "first": ORDERS_AT_ONCE,
        }
        found = self._pages(KEYS, variables, "data")
        return any(one.get("partner_order_id") == partner_order_id for one in found)

    def orders_by_number(self, order_number: str) -> tuple[ShipHeroOrder, ...]:
        """Find the orders with exactly this number, whoever made them."""
        found = self._orders({"order_number": order_number})
        return tuple(one for one in found if one.order_number == order_number)

    def order(self, order_id: str) -> ShipHeroOrder | None:
        """Read one order with all its lines and shipments; None when ShipHero knows none."""
        try:
            given = self._query(ORDER, {"id": order_id, "lines": LINES_OF_ONE}).get("data")
        except NotFound:
            return None
        return None if given is None else self._whole(given)

    def orders_page(
        self, *, updated_from: datetime, updated_to: datetime, after: str | None = None
    ) -> Page[ShipHeroOrder]:
        """Read up to 25 orders changed in a closed window, whole, shipments included.

        Times zoned. A cursor is an offset (contract §5): rows may repeat or be missed, so windows
        are to overlap.
        """
        variables = {
            "updated_from": as_shiphero_time(updated_from),
            "updated_to": as_shiphero_time(updated_to),
            "customer_account_id": self._customer_account_id,
            "first": CHANGED_AT_ONCE,
            "lines": LINES_OF_SEVERAL,
            "after": after,
        }
        found = self._query(CHANGED_ORDERS, variables).get("data") or {}
        return Page(
            rows=tuple(self._whole(node) for node in nodes_of(found)), cursor=next_page(found)
        )

    def update_order(self, change: OrderChange) -> OrderRef:
        """Change an order's header; doing it again does no harm.

        Whether ShipHero still takes a change of an order that is picked is not known (contract §7).
        """
        data = change.model_dump(mode="json", exclude_none=True)
        made = self._mutate(ORDER_UPDATE, data, Effect.REPEATABLE_WRITE)
        return self._made(OrderRef, made, "order")

    def cancel_order(self, order_id: str, *, reason: str) -> OrderRef:
        """Cancel an order; never by force, never in a sales channel (contract §7).

        Look at `canceled` of what comes back. Raises UnknownOutcome and NotFound beside the usual.
        """
        data = {"order_id": order_id, "reason": reason, "void_on_platform": False, "force": False}
        return self._made(OrderRef, self._mutate(ORDER_CANCEL, data), "order")

    def _orders(self, filters: Mapping[str, str]) -> tuple[ShipHeroOrder, ...]:
        variables = {
            **filters,
            "customer_account_id": self._customer_account_id,
            "first": ORDERS_AT_ONCE,
            "lines": LINES_OF_SEVERAL,
        }
        found = {node["id"]: node for node in self._pages(ORDERS, variables, "data")}
        return tuple(self._whole(node) for node in found.values())

    def _whole(self, given: Mapping[str, Any]) -> ShipHeroOrder:
        """Fetch the lines that one page did not hold: more than `first` are cut silently (§5)."""
        return self._read(
            ShipHeroOrder,
            {
                **given,
                "line_items": self._all_lines(MORE_LINES, given),
                "shipments": [
                    {**shipment, "line_items": self._all_lines(MORE_SHIPPED_LINES, shipment)}
                    for shipment in given.get("shipments") or ()
                    if shipment
                ],
            },
            "order",
        )

    def _all_lines(self, document: Document, owner: Mapping[str, Any]) -> list[Any]:
        connection = owner.get("line_items") or {}
        if next_page(connection) is None:
            return nodes_of(connection)
        # From the first page again: a cursor is an offset, and pages may have moved (§5).
        variables = {"id": owner["id"], "lines": LINES_OF_ONE}
        nodes = self._pages(document, variables, "data.line_items")
        return list({node["id"]: node for node in nodes}.values())
