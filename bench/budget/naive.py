"""A client as one would write it in an afternoon: one call a step, one note after the other."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from services.shipment_return.parcels import parcels_of
from services.shipment_return.transform import to_note_details
from shared.accounts import MAPPED, AccountSettings, Warehouse
from shared.errors import Throttled, Transient
from shared.notes.key import NoteKey
from shared.pushing.transform import NO_METHOD, to_new_order
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.shiphero.client import ShipHero

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Naive:
    """Both clients, without a budget, and what the merchant chose."""

    brightpearl: Brightpearl
    shiphero: ShipHero
    account: str
    shiphero_warehouse: str
    event_owner: int

    def push(self, note_id: int) -> None:
        """Read the note, its order and each product; make the ShipHero order."""
        note = patiently(lambda: self.brightpearl.goods_out_notes([note_id]))[note_id]
        orders = patiently(lambda: self.brightpearl.sales_orders([note.order_id]))
        order = orders[note.order_id]
        for row in order.order_rows.values():
            patiently(partial(self.brightpearl.products, [row.product_id]))
        key = NoteKey(account=self.account, note_id=note_id)
        new = to_new_order(
            note, order, key=key, settings=self._settings(note), now=datetime.now(UTC)
        )
        patiently(lambda: self.shiphero.create_order(new))

    def _settings(self, note: GoodsOutNote) -> AccountSettings:
        warehouse = Warehouse(name="", decision=MAPPED, shiphero_id=self.shiphero_warehouse)
        return AccountSettings(
            id=UUID(int=0),
            code=self.account,
            version=1,
            order_sync_on=True,
            shipment_sync_on=True,
            go_live_at=None,
            event_owner_contact_id=self.event_owner,
            warehouses={note.warehouse_id: warehouse},
            methods={note.shipping.shipping_method_id: NO_METHOD},
        )

    def ship_back(self, note_id: int) -> bool:
        """Read order and note, write tracking, ship, and look; False when it is not shipped yet."""
        key = str(NoteKey(account=self.account, note_id=note_id))
        [order] = patiently(lambda: self.shiphero.orders_by_key(key))
        parcels = parcels_of(order)
        if not parcels.complete:
            return False
        note = patiently(lambda: self.brightpearl.goods_out_notes([note_id]))[note_id]
        details = to_note_details(note, parcels, weight_unit="")
        patiently(lambda: self.brightpearl.write_details(note_id, details))
        version = patiently(lambda: self.brightpearl.goods_out_notes([note_id]))[note_id]
        patiently(
            lambda: self.brightpearl.add_shipped_event(
                note_id,
                occurred=datetime.now(UTC),
                event_owner_id=self.event_owner,
                if_match=version.last_event_version,
            )
        )
        patiently(lambda: self.brightpearl.goods_out_notes([note_id]))
        return True


def patiently(call: Callable[[], T]) -> T:
    """Call, and when there were too many calls wait as told and call again."""
    while True:
        try:
            return call()
        except Throttled as full:
            time.sleep(max(0.05, (full.until - datetime.now(UTC)).total_seconds()))
        except Transient:
            time.sleep(1)
