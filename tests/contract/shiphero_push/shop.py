"""A merchant at the sandbox whose notes our handler pushes, over HTTP to both vendors."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.seed import APP_REF, STAFF_TOKEN
from sandbox.shiphero.seed import ACCESS_TOKEN
from services.shiphero_push.desk import Desk
from services.shiphero_push.handler import push_goods_out_notes
from shared.accounts import MAPPED, Method, Warehouse
from shared.catalogue.products import Catalogue
from shared.clock import utc_now
from shared.notes.correcting import CorrectionBook
from shared.notes.persons import PersonDigests
from shared.notes.shadow import ShadowBook
from shared.outcome import Outcome
from shared.secrets import SecretBox, new_key
from shared.vendors.brightpearl.authentication import StaffApp
from shared.vendors.brightpearl.client import Brightpearl, brightpearl_http
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.tokens import BearerToken, ShipHeroTokens
from tests.contract.sandbox.served import Served
from tests.unit.core.notebook import ACCOUNT, Notebook, an_event, settings
from tests.unit.shiphero_push.pushing import alike

METHODS = {one: Method(name="Any", title="Tracked") for one in (5, 6, 7, 8)}


class Shop:
    """Makes notes as the merchant does and gives what ShipHero was told of each."""

    def __init__(self, served: Served, book: Notebook) -> None:
        self._served = served
        self._book = book
        book.now = utc_now()
        http = shiphero_http()
        tokens = ShipHeroTokens(http, base_url=served.url)
        bearer = BearerToken(access_token=ACCESS_TOKEN, refresh_token="unused", tokens=tokens)
        shiphero = ShipHero(http, bearer, base_url=served.url)
        place = shiphero.account().warehouses[0].id
        brightpearl = Brightpearl(
            brightpearl_http(),
            StaffApp(app_ref=APP_REF, staff_token=STAFF_TOKEN),
            base_url=f"{served.url}/public-api/demo",
        )
        self.desk = Desk(
            settings=settings(
                methods=METHODS,
                warehouses={2: Warehouse(name="Main", decision=MAPPED, shiphero_id=place)},
                channels={one.id: one.name for one in brightpearl.channels()},
                shipping_nominal=brightpearl.account_configuration().shipping_nominal_code,
            ),
            notes=book.notes,
            shadow=ShadowBook(book.open_session, book.open_reading, ACCOUNT, lambda: book.now),
            brightpearl=brightpearl,
            shiphero=shiphero,
            catalogue=Catalogue(book.open_session, book.open_reading, ACCOUNT, lambda: book.now),
            persons=PersonDigests(new_key()),
            corrections=CorrectionBook(
                book.open_session, book.open_reading, ACCOUNT, SecretBox(new_key())
            ),
            now=lambda: book.now,
            patience=timedelta(minutes=15),
        )

    def choose(self, **settings_of: Any) -> None:
        """Change settings of the account."""
        self.desk = replace(self.desk, settings=replace(self.desk.settings, **settings_of))

    def note_ids(self, **terms: Any) -> list[int]:
        """Make a sales order of one line with its notes."""
        wish = {"lines": 1, "warehouseId": 2, "shippingMethodId": 5, **terms}
        [made] = self._served.control("sales-orders", **wish)["orders"]
        numbers: list[int] = made["noteIds"]
        return numbers

    def sends(self, **terms: Any) -> dict[str, Any]:
        """Make a sales order with one note, push it, and give the order that ShipHero has."""
        [note_id] = self.note_ids(**terms)
        self.push(note_id)
        return self.order(note_id)

    def push(self, note_id: int) -> Outcome:
        """Push one note; raises what the handler raises."""
        [unit] = push_goods_out_notes([an_event(subject=str(note_id))], desk=self.desk)
        return alike(unit.run())

    def order(self, note_id: int) -> dict[str, Any]:
        """Give the one order of a note, as the control room shows it: `told` and `lines`."""
        [order] = self.orders(note_id)
        return order

    def orders(self, note_id: int) -> list[dict[str, Any]]:
        """Give every order that bears a note's key."""
        found: list[dict[str, Any]] = self._served.read(
            f"shiphero-orders?partner_order_id=GO-demo-{note_id}"
        )
        return found
