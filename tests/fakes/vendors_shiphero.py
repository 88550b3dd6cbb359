"""A ShipHero in memory, with the client's own signatures; tests play its warehouse."""

from datetime import UTC, datetime
from itertools import count

from shared.clock import Now, utc_now
from shared.errors import GoodsoutError, Permanent, UnknownOutcome
from shared.vendors.shiphero.account_models import (
    Account,
    CreatedWebhook,
    CustomerAccount,
    Product,
    Warehouse,
)
from shared.vendors.shiphero.api import Page
from shared.vendors.shiphero.faults import NotFound
from shared.vendors.shiphero.models import (
    LineItem,
    OrderRef,
    ShipHeroOrder,
    Shipment,
    ShipmentLineItem,
    ShippedLine,
    ShippingLabel,
    ShippingLines,
)
from shared.vendors.shiphero.new_order import NewOrder, OrderChange
from tests.fakes.shiphero_products import FakeProducts
from tests.fakes.shiphero_webhooks import FakeWebhooks

SHIPPED_AT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


class FakeShipHero(FakeProducts, FakeWebhooks):
    """Holds orders and makes a new one for every `create_order`, as ShipHero may.

    `asked` keeps what was asked for. `fails_with` is raised by every call before anything happens,
    `fails_on` by the call it names; with `loses_answers` a mutation happens and then raises
    UnknownOutcome. `calls` names every call in order.
    """

    def __init__(self, *orders: ShipHeroOrder) -> None:
        self.orders = list(orders)
        self.asked: list[NewOrder] = []
        self.changes: list[OrderChange] = []
        self.hooks: list[CreatedWebhook] = []
        self.products: list[Product] = []
        self.made = []
        self.page_size = 25
        self.now: Now = utc_now
        self.who = Account(
            id="ACCOUNT-1", warehouses=(Warehouse(id="WAREHOUSE-1", identifier="Primary"),)
        )
        self.fails_with: GoodsoutError | None = None
        self.fails_on: dict[str, GoodsoutError] = {}
        self.loses_answers = False
        self.calls: list[str] = []
        self._numbers = count(1)

    def create_order(self, new: NewOrder) -> OrderRef:
        """Make an order, and another one when asked twice."""
        self._called("create_order")
        self.asked.append(new)
        order = self._make(new)
        self.orders.append(order)
        self._perhaps_lose("create_order")
        return _ref(order)

    def orders_by_key(self, partner_order_id: str) -> tuple[ShipHeroOrder, ...]:
        """Find by our key."""
        self._called("orders_by_key")
        return tuple(one for one in self.orders if one.partner_order_id == partner_order_id)

    def has_order(self, partner_order_id: str) -> bool:
        """Say whether any bears our key."""
        self._called("has_order")
        return any(one.partner_order_id == partner_order_id for one in self.orders)

    def orders_by_number(self, order_number: str) -> tuple[ShipHeroOrder, ...]:
        """Find by number."""
        self._called("orders_by_number")
        return tuple(one for one in self.orders if one.order_number == order_number)

    def order(self, order_id: str) -> ShipHeroOrder | None:
        """Find by id."""
        self._called("order")
        return next((one for one in self.orders if one.id == order_id), None)

    def update_order(self, change: OrderChange) -> OrderRef:
        """Change what is named, unless the order has ended; `changes` keeps what was asked for."""
        self._called("update_order")
        self.changes.append(change)
        if any(
            one.id == change.order_id and (one.canceled or one.fulfilled) for one in self.orders
        ):
            raise Permanent("the order has ended", code="shiphero_invalid_argument")
        named = change.model_fields_set & {"priority_flag", "hold_until_date", "tags"}
        fields: dict[str, object] = {name: getattr(change, name) for name in named}
        if change.shipping_lines is not None:
            told = change.shipping_lines.model_dump(exclude_none=True)
            fields["shipping_lines"] = ShippingLines(**told)
        changed = self._change(change.order_id, **fields)
        self._perhaps_lose("update_order")
        return _ref(changed)

    def cancel_order(self, order_id: str, *, reason: str) -> OrderRef:
        """Cancel, whatever the reason."""
        del reason
        self._called("cancel_order")
        changed = self._change(order_id, fulfillment_status="canceled")
        self._perhaps_lose("cancel_order")
        return _ref(changed)

    def account(self) -> Account:
        """Hand out `who`."""
        self._called("account")
        return self.who

    def customers(self) -> tuple[CustomerAccount, ...]:
        """Hand out the customers of `who`."""
        self._called("customers")
        return self.who.customers

    def orders_page(
        self, *, updated_from: datetime, updated_to: datetime, after: str | None = None
    ) -> Page[ShipHeroOrder]:
        """Hand out orders changed in a window, `page_size` at a time."""
        self._called("orders_page")
        found = [
            one
            for one in self.orders
            if one.updated_at is not None and updated_from <= one.updated_at <= updated_to
        ]
        start = int(after or 0)
        end = start + self.page_size
        return Page(rows=tuple(found[start:end]), cursor=str(end) if end < len(found) else None)

    def ship(self, order_id: str, *trackings: str) -> Shipment:
        """Play the warehouse: ship the whole order, one parcel for each tracking number."""
        order = next(one for one in self.orders if one.id == order_id)
        labels = tuple(
            ShippingLabel(
                id=f"LABEL-{next(self._numbers)}",
                status="valid",
                tracking_number=one,
                carrier="ups",
                shipping_method="UPS Ground",
                created_date=SHIPPED_AT,
            )
            for one in trackings or ("1Z-TEST-0001",)
        )
        shipment = Shipment(
            id=f"SHIPMENT-{next(self._numbers)}",
            order_id=order_id,
            created_date=SHIPPED_AT,
            completed=True,
            total_packages=len(labels),
            line_items=tuple(_packed(line, labels[0].id) for line in order.line_items),
            shipping_labels=labels,
        )
        self._change(
            order_id,
            fulfillment_status="fulfilled",
            shipments=(*order.shipments, shipment),
            line_items=tuple(
                line.model_copy(update={"quantity_shipped": line.quantity})
                for line in order.line_items
            ),
        )
        return shipment

    def _make(self, new: NewOrder) -> ShipHeroOrder:
        twins = sum(one.partner_order_id == new.partner_order_id for one in self.orders)
        name = f"SH-{new.partner_order_id}" + (f"-{twins + 1}" if twins else "")
        return ShipHeroOrder(
            id=name,
            order_number=new.order_number,
            partner_order_id=new.partner_order_id,
            fulfillment_status=new.fulfillment_status,
            hold_until_date=new.hold_until_date,
            total_price=new.total_price,
            currency=new.currency or "",
            priority_flag=new.priority_flag or False,
            tags=new.tags or (),
            shop_name=new.shop_name or "",
            updated_at=self.now(),
            shipping_lines=ShippingLines(**new.shipping_lines.model_dump()),
            line_items=tuple(
                LineItem(
                    id=f"{name}-LINE-{place}",
                    sku=line.sku,
                    partner_line_item_id=line.partner_line_item_id,
                    quantity=line.quantity,
                    price=line.price,
                )
                for place, line in enumerate(new.line_items, start=1)
            ),
        )

    def _change(self, order_id: str, **fields: object) -> ShipHeroOrder:
        for place, one in enumerate(self.orders):
            if one.id == order_id:
                self.orders[place] = one.model_copy(update={"updated_at": self.now(), **fields})
                return self.orders[place]
        raise NotFound(f"order {order_id} is not there")

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        error = self.fails_with or self.fails_on.get(operation)
        if error is not None:
            raise error

    def _perhaps_lose(self, operation: str) -> None:
        if self.loses_answers:
            raise UnknownOutcome(f"the answer of {operation} was lost")


def _ref(order: ShipHeroOrder) -> OrderRef:
    return OrderRef(**order.model_dump(include=set(OrderRef.model_fields)))


def _packed(line: LineItem, label_id: str) -> ShipmentLineItem:
    return ShipmentLineItem(
        id=f"SHIPPED-{line.id}",
        line_item_id=line.id,
        shipping_label_id=label_id,
        quantity=line.quantity,
        line_item=ShippedLine(partner_line_item_id=line.partner_line_item_id, sku=line.sku),
    )
