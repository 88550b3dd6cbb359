"""Where in the portal a cause or a reason is put right: one table for all pages; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.accounts import (
    CONNECTION_BROKEN,
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHADOW_MODE,
    SHIPMENT_SYNC_OFF,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
)

CONFIGURATION: Final = "configuration.show"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page and its anchor, in which `{}` is what the cause names.

    `act` is written on a button, `field` where the place itself is named.
    """

    endpoint: str = CONFIGURATION
    anchor: str = ""
    act: str
    field: str

    def anchor_of(self, detail: str) -> str:
        """Give the anchor for what a cause names; the page's top where it names nothing."""
        return self.anchor.format(detail) if detail or "{}" not in self.anchor else ""


PLACES: Final[Mapping[str, Place]] = {
    ORDER_SYNC_OFF: Place(
        anchor="order-sync", act="Switch order sync on", field="Order sync switch"
    ),
    SHIPMENT_SYNC_OFF: Place(
        anchor="shipment-sync", act="Switch shipment sync on", field="Shipment sync switch"
    ),
    GO_LIVE_UNSET: Place(
        anchor="go-live", act="Set the go-live time", field="Go-live date and time"
    ),
    WAREHOUSE_UNDECIDED: Place(
        anchor="warehouse-{}", act="Decide about the warehouse", field="This warehouse's mapping"
    ),
    SHIPPING_METHOD_UNMAPPED: Place(
        anchor="method-{}", act="Map the shipping method", field="This shipping method's mapping"
    ),
    "sku_unknown": Place(
        anchor="products", act="Create missing products", field="Create missing products"
    ),
    EVENT_OWNER_UNSET: Place(
        endpoint="connections.search_staff",
        act="Choose who ships",
        field="Choose the staff contact",
    ),
    SHADOW_MODE: Place(
        endpoint="dry_run.show_shadow", act="See the shadow run", field="Shadow mode"
    ),
    CONNECTION_BROKEN: Place(endpoint="connections.show", act="Reconnect", field="Connections"),
}
