"""What ShipHero's webhooks say, read leniently: a hint whose truth is read from the API (§10).

Every field may be missing; the keys that name the order are what a handler needs.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from shared.vendors.shiphero.models import Reading

SHIPMENT_UPDATE = "Shipment Update"
ORDER_CANCELED = "Order Canceled"
ORDER_ALLOCATED = "Order Allocated"
ORDER_DEALLOCATED = "Order Deallocated"
PACKAGE_ADDED = "Package Added"
RETURN_UPDATE = "Return Update"
INVENTORY_UPDATE = "Inventory Update"
INVENTORY_CHANGE = "Inventory Change"


def _only_mappings(value: Any) -> Any:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else ()


class ShippedLine(Reading):
    """A line of a shipment; `id` is our partner_line_item_id (contract §10)."""

    id: str = ""
    shiphero_id: int | None = None
    quantity: int | None = None
    sku: str = ""
    package: str = ""


class PackageLabel(Reading):
    """The label of a package."""

    tracking_number: str = ""
    tracking_url: str = ""


class Package(Reading):
    """One package of a shipment: newer and more exact than the fields beside it (contract §10).

    Its full shape is not known, so only what is documented is read.
    """

    name: str = ""
    tracking_number: str = ""
    shipping_label: PackageLabel = PackageLabel()
    line_items: Annotated[tuple[ShippedLine, ...], BeforeValidator(_only_mappings)] = ()


class Fulfillment(Reading):
    """The shipment inside Shipment Update and Package Added."""

    webhook_type: str = ""
    shipment_uuid: str = ""
    shipment_id: int | None = None
    order_uuid: str = ""
    partner_order_id: str = ""
    order_number: str = ""
    tracking_number: str = ""  # may be "Pickup" or ""
    shipping_method: str = ""
    shipping_carrier: str = ""
    completed: bool | None = None
    line_items: Annotated[tuple[ShippedLine, ...], BeforeValidator(_only_mappings)] = ()
    packages: Annotated[tuple[Package, ...], BeforeValidator(_only_mappings)] = ()


class ShipmentUpdate(Reading):
    """A shipment was made or changed."""

    webhook_type: str = ""
    fulfillment: Fulfillment = Fulfillment()
    total_packages: int | None = None
    packages: Annotated[tuple[Package, ...], BeforeValidator(_only_mappings)] = ()

    @property
    def tracking_numbers(self) -> tuple[str, ...]:
        """The numbers it names, packages before the legacy field; each once, none empty."""
        # The full shape of `packages` is not known (contract §12.7): both places are looked at.
        packages = self.packages or self.fulfillment.packages
        of_packages = [
            one.tracking_number or one.shipping_label.tracking_number for one in packages
        ]
        named = of_packages if any(of_packages) else [self.fulfillment.tracking_number]
        return tuple(dict.fromkeys(number for number in named if number))


class OrderCanceled(Reading):
    """An order was cancelled."""

    order_uuid: str = ""
    order_id: int | None = None
    partner_order_id: str = ""
    order_number: str = ""
    shop_name: str = ""
    # The only key of all with a hyphen (contract §10).
    fulfillment_status: str = Field(default="", alias="fulfillment-status")


class AllocatedLine(Reading):
    """A line that got its stock."""

    item_uuid: str = ""
    partner_line_item_id: str = ""
    quantity: int | None = None
    sku: str = ""


class OrderAllocated(Reading):
    """An order got its stock, or lost it (then without lines)."""

    order_uuid: str = ""
    order_id: int | None = None
    partner_order_id: str = ""
    order_number: str = ""
    warehouse_uuid: str = ""
    ready_to_ship: bool = False  # 1 or 0
    line_items: Annotated[tuple[AllocatedLine, ...], BeforeValidator(_only_mappings)] = ()


class ReturnUpdate(Reading):
    """A return was made or changed."""

    order_uuid: str = ""
    return_uuid: str = ""
    partner_order_id: str = ""
    order_number: str = ""
    status: str = ""


class InventoryLine(Reading):
    """Stock of one product; the amounts come as text (contract §10)."""

    sku: str = ""
    inventory: int | None = None
    on_hand: int | None = None
    backorder_quantity: int | None = None


class InventoryUpdate(Reading):
    """Stock changed, several products at once."""

    account_uuid: str = ""
    inventory: Annotated[tuple[InventoryLine, ...], BeforeValidator(_only_mappings)] = ()


class InventoryChange(Reading):
    """Stock changed in one bin: `quantity` is the difference."""

    account_uuid: str = ""
    warehouse_uuid: str = ""
    sku: str = ""
    quantity: int | None = None
    previous_on_hand: int | None = None


class Announcement(Reading):
    """The type and the order's keys of any webhook, wherever the type keeps them."""

    webhook_type: str = ""
    order_uuid: str = ""
    partner_order_id: str = ""
    order_number: str = ""
    shipment_uuid: str = ""

    @model_validator(mode="before")
    @classmethod
    def _lift_from_fulfillment(cls, given: Any) -> Any:
        # Package Added keeps even its type inside `fulfillment` (contract §10).
        if not isinstance(given, Mapping):
            return given
        inner = given.get("fulfillment")
        return {**(inner if isinstance(inner, Mapping) else {}), **given}
