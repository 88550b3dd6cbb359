"""Notes at the sandbox whose orders its warehouse has shipped, and our handler at work on them."""

from collections import Counter
from typing import Any

from sandbox.seed import APP_REF, STAFF_TOKEN
from sandbox.shiphero.seed import ACCESS_TOKEN
from services.shipment_return.desk import Desk
from services.shipment_return.handler import return_shipments
from services.shipment_return.memory import BatchMemory
from services.shipment_return.records import Records
from shared.outcome import Outcome, Parted
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.http import Patience
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.contract.sandbox.served import Served
from tests.unit.core.notebook import ACCOUNT, Notebook, settings
from tests.unit.shipment_return.returning import a_shipment_update, a_webhook


class Floor:
    """The sandbox and a desk to return its shipments from."""

    def __init__(self, served: Served, book: Notebook) -> None:
        self._served = served
        self.orders: dict[int, int] = {}
        http = shiphero_http()
        tokens = ShipHeroTokens(http, base_url=served.url)
        bearer = BearerToken(access_token=ACCESS_TOKEN, refresh_token="unused", tokens=tokens)
        self._brightpearl = Brightpearl(
            brightpearl_http(patience=Patience(tries=1)),
            StaffApp(app_ref=APP_REF, staff_token=STAFF_TOKEN),
            base_url=f"{served.url}/public-api/demo",
        )
        self.desk = Desk(
            settings=settings(weight_unit="GRAM"),
            notes=book.notes,
            records=Records(book.open_session, book.open_reading, ACCOUNT, now=lambda: book.now),
            brightpearl=self._brightpearl,
            shiphero=ShipHero(http, bearer, base_url=served.url),
            batches=BatchMemory(book.open_session, book.open_reading, ACCOUNT),
            now=lambda: book.now,
        )

    def shipped_notes(self, count: int) -> list[int]:
        """Make notes, and ship an order for each at ShipHero."""
        made = self._served.control("sales-orders", count=count, notes=1, lines=1)
        note_ids = [note_id for order in made["orders"] for note_id in order["noteIds"]]
        for note_id in note_ids:
            number = self._served.make_order(f"GO-demo-{note_id}")
            self._served.control(f"shiphero-orders/{number}/ship", parcels=1)
        return note_ids

    def note_at_shiphero(self) -> int:
        """Make one note with its order, not shipped yet; two pieces of one product."""
        made = self._served.control("sales-orders", count=1, notes=1, lines=1)
        [note_id] = made["orders"][0]["noteIds"]
        self.orders[note_id] = self._served.make_order(f"GO-demo-{note_id}")
        return int(note_id)

    def ship(self, note_id: int, **how: Any) -> None:
        """Ship a note's order on the warehouse floor."""
        self._served.control(f"shiphero-orders/{self.orders[note_id]}/ship", **how)

    def cancel(self, note_id: int) -> None:
        """Cancel a note's order at ShipHero's desk."""
        self._served.control(f"shiphero-orders/{self.orders[note_id]}/cancel")

    def void(self, voided: str, **how: Any) -> None:
        """Void the label with this number."""
        [number] = [
            label["legacy_id"]
            for shipment in self._served.world.store.all("sh_shipment")
            for label in shipment["labels"]
            if label["tracking_number"] == voided
        ]
        self._served.control(f"shiphero/labels/{number}/void", **how)

    def turn(self, **switches: Any) -> None:
        """Turn switches of the sandbox."""
        self._served.control("switches", **switches)

    def make_kit(self, sku: str, **parts: int) -> None:
        """Let a product be a kit at ShipHero."""
        named = {part.replace("_", "-"): each for part, each in parts.items()}
        self._served.control("shiphero/kits", sku=sku, parts=named)

    def ship_by_hand(self, note_id: int) -> None:
        """Ship a note at the desk in Brightpearl."""
        self._served.control(f"goods-out-notes/{note_id}/events", codes=["SHW"])

    def look(self, note_id: int, *, topic: str = "Shipment Update") -> Outcome:
        """Handle one webhook about a note."""
        key = {"partner_order_id": f"GO-demo-{note_id}", "order_uuid": ""}
        told = a_webhook({"webhook_type": topic, **key})
        [unit] = return_shipments([told], desk=self.desk)
        came = unit.run()
        assert not isinstance(came, Parted)
        return came

    def remarks(self, note_id: int) -> list[str]:
        """Read the remarks on a note's sales order."""
        [note] = self.notes(note_id)
        return [one.text for one in self._brightpearl.order_notes(note.order_id)]

    def break_next(self, kind: str, **more: Any) -> None:
        """Have Brightpearl make trouble at the next multi-message."""
        fault = {"vendor": "brightpearl", "operation": "post-multi-message", "kind": kind}
        self._served.control("faults", **fault, **more)

    def give_back(self, *note_ids: int) -> dict[int, Outcome | Exception]:
        """Handle one webhook a note, all in one group; how each note ended."""
        told = {
            one: a_shipment_update(partner_order_id=f"GO-demo-{one}", order_uuid="")
            for one in note_ids
        }
        ends: dict[object, Outcome | Exception] = {}
        for unit in return_shipments(list(told.values()), desk=self.desk):
            came = unit.run()
            # What was written back before is looked at by itself.
            parted = came.ends if isinstance(came, Parted) else {unit.events[0].id: came}
            ends.update(parted.items())
        return {note_id: ends[event.id] for note_id, event in told.items()}

    def kinds(self, *note_ids: int) -> list[str]:
        """Handle the notes as one group; the class of each one's end."""
        return [type(end).__name__ for end in self.give_back(*note_ids).values()]

    def notes(self, *note_ids: int) -> list[GoodsOutNote]:
        """Read notes as Brightpearl has them."""
        found = self._brightpearl.goods_out_notes(note_ids)
        return [found[note_id] for note_id in note_ids]

    def shipped_events(self, *note_ids: int) -> set[int]:
        """Say how often the notes were shipped: each number that occurs."""
        return {
            Counter(event.event_code for event in note.events)["SHW"]
            for note in self.notes(*note_ids)
        }

    def requests(self) -> int:
        """Count the requests that Brightpearl counted since the last `forget`."""
        windows: dict[str, int] = self._served.read("accounts/demo/counts")["requests_by_window"]
        return sum(windows.values())

    def forget(self) -> None:
        """Count afresh."""
        self._served.control("accounts/demo/counts/reset")
