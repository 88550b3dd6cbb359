"""Products that ShipHero must have before it can have an order of them.

Which it has is known from our own table, without a request. One that is not there is looked for,
and made where the merchant allows it: in this order, for others make products at ShipHero too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from services.shiphero_push.desk import Desk
from services.shiphero_push.new_product import to_new_product
from shared.catalogue.products import KnownProduct, known_product
from shared.errors import Permanent, Transient, UnknownOutcome
from shared.pushing.unknown_skus import LET_US_OR_YOU, unknown
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.account_models import StockedProduct
from shared.vendors.shiphero.faults import AlreadyThere
from shared.vendors.shiphero.new_order import NewLineItem, NewOrder


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What is known of ShipHero's SKUs while one group of notes is worked on, by its threads.

    `has` are those that it has; `nearly` says of a SKU that it lacks how others there are spelt.
    Each is asked for once, however many notes of the group need it.
    """

    desk: Desk
    has: set[str]
    nearly: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def stock(self, new: NewOrder, order: SalesOrder) -> None:
        """See to it that ShipHero has every SKU of the order.

        Raises Permanent, naming all that are missing, where a person has to make them.
        """
        if all(line.sku in self.has for line in new.line_items):
            return
        # One at a time: what one note's look-up finds, or has made, the next one need not.
        with self.lock:
            missing = self._missing(new)
            if not missing:
                return
            if not self.desk.settings.create_products:
                raise unknown(missing, self.nearly, what_to_do=LET_US_OR_YOU)
            self._make(order, missing)

    @contextmanager
    def doubted_when_refused(self, new: NewOrder) -> Iterator[None]:
        """Have the order's SKUs looked up at the next try when ShipHero refuses it.

        What it says of a SKU that it lacks is not known (contract §6), so any refusal will do.
        """
        try:
            yield
        except Permanent:
            skus = {line.sku for line in new.line_items}
            with self.lock:
                self.has.difference_update(skus)
                self.desk.catalogue.forget_skus(skus)
            raise

    def _missing(self, new: NewOrder) -> list[NewLineItem]:
        lines = {line.sku: line for line in new.line_items if line.sku not in self.has}
        for sku in sorted(lines.keys() - self.nearly.keys()):
            began = self.desk.now()
            alike = {product.sku for product in self.desk.shiphero.products_like(sku)}
            if sku in alike:
                self._has_now(sku, began)
            else:
                alike.update(self.desk.catalogue.shiphero_skus_like(sku))
                self.nearly[sku] = tuple(sorted(alike))
        return [line for sku, line in lines.items() if sku not in self.has]

    def _has_now(self, sku: str, began: datetime) -> None:
        self.desk.catalogue.remember_skus({sku}, fetched_at=began)
        self.nearly.pop(sku, None)
        self.has.add(sku)

    def _make(self, order: SalesOrder, missing: Sequence[NewLineItem]) -> None:
        ids = {row.product_sku.strip(): row.product_id for row in order.order_rows.values()}
        products = _products({ids[line.sku] for line in missing}, desk=self.desk)
        gone = [line for line in missing if ids[line.sku] not in products]
        if gone:
            way = "Brightpearl does not tell what they are. Create them in"
            raise unknown(gone, self.nearly, what_to_do=way)
        for line in missing:
            began = self.desk.now()
            self._make_one(line, products[ids[line.sku]])
            self._has_now(line.sku, began)

    def _make_one(self, line: NewLineItem, product: KnownProduct) -> None:
        wanted = to_new_product(
            product,
            line,
            warehouse_id=line.warehouse_id or "",
            weight_unit=self.desk.settings.weight_unit,
        )
        try:
            self.desk.shiphero.create_product(wanted)
        except AlreadyThere:
            self._make_room(line)
        except UnknownOutcome as lost:
            if self._find(line.sku) is None:
                raise Transient(
                    f"ShipHero did not say whether it made product {line.sku}, and does not show "
                    "it yet; it is looked for again."
                ) from lost
        except Permanent as refusal:
            why = f"Goodsout cannot create it: {str(refusal).rstrip('.')}. Create it in"
            raise unknown([line], self.nearly, what_to_do=why) from refusal

    def _make_room(self, line: NewLineItem) -> None:
        """Give a product that another made meanwhile its row in the note's warehouse too."""
        found, place = self._find(line.sku), line.warehouse_id or ""
        rows = found.warehouse_products if found else ()
        if all(row.warehouse_id != place for row in rows):
            self.desk.shiphero.add_product_to_warehouse(line.sku, warehouse_id=place)

    def _find(self, sku: str) -> StockedProduct | None:
        found = self.desk.shiphero.products_like(sku)
        return next((product for product in found if product.sku == sku), None)


def shelf_of(orders: Iterable[SalesOrder], *, desk: Desk) -> Shelf:
    """Stand before what ShipHero is known to have of all that the orders name."""
    skus = {row.product_sku.strip() for order in orders for row in order.order_rows.values()}
    return Shelf(desk=desk, has=desk.catalogue.shiphero_skus(skus - {""}) if skus else set())


def _products(ids: set[int], *, desk: Desk) -> Mapping[int, KnownProduct]:
    known = dict(desk.catalogue.products(ids))
    if lacking := ids - known.keys():
        began = desk.now()
        read = desk.brightpearl.products(lacking)
        desk.catalogue.remember(read.values(), fetched_at=began)
        known |= {one: known_product(product) for one, product in read.items()}
    return known
