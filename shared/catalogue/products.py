"""The product cache: what Brightpearl told of a product, so that no request is spent on it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from shared.catalogue.skus import forget_skus, keep_skus, known_skus, skus_like
from shared.clock import Now
from shared.db.engine import OpenSession, insert_for, our_trouble
from shared.db.vendor_tables import Product as ProductRow
from shared.vendors.brightpearl.account_models import Product
from shared.watermarks import watermark

# Up to then every change of a product was looked for: what was fetched before is still true.
PRODUCTS_WATERMARK = "brightpearl:products"
FRESH_FOR = timedelta(days=1)
# What the table's columns hold; Brightpearl's ids are Java's ints.
LARGEST_ID = 2**31 - 1
LARGEST_WEIGHT = Decimal(10) ** 14
# Both databases bound the values of one statement; a row has ten.
ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class KnownProduct:
    """A product as it is kept; `weight` of one piece, in the account's unit."""

    id: int
    sku: str = ""
    name: str = ""
    barcode: str = ""
    weight: Decimal = Decimal(0)
    stock_tracked: bool = False
    bundle: bool = False


@dataclass(frozen=True)
class Catalogue:
    """One account's products, whichever process fetched them."""

    open_session: OpenSession
    open_reading: OpenSession
    account_id: UUID
    now: Now

    def products(self, ids: Iterable[int]) -> Mapping[int, KnownProduct]:
        """Give those that are known to be as they were within the last day, by id."""
        wanted = sorted({one for one in ids if 0 < one <= LARGEST_ID})
        with our_trouble(), self.open_reading() as session:
            compared = watermark(session, self.account_id, PRODUCTS_WATERMARK)
            rows = [row for some in _chunks(wanted) for row in self._rows(session, some)]
        oldest = self.now() - FRESH_FOR
        unchanged_since = compared is not None and compared.reached >= oldest
        return {
            row.product_id: _known(row)
            for row in rows
            if unchanged_since or row.fetched_at >= oldest
        }

    def remember(self, products: Iterable[Product], *, fetched_at: datetime) -> None:
        """Keep what a handler had to read; `fetched_at` is when it began to."""
        with our_trouble(), self.open_session() as session:
            put_products(session, self.account_id, products, fetched_at=fetched_at)
            session.commit()

    def shiphero_skus(self, skus: Collection[str]) -> set[str]:
        """Pick those SKUs that ShipHero is known to have."""
        with our_trouble(), self.open_reading() as session:
            return known_skus(session, self.account_id, skus)

    def shiphero_skus_like(self, sku: str) -> list[str]:
        """Name those of ShipHero's that differ from `sku` by case or outer spaces alone."""
        with our_trouble(), self.open_reading() as session:
            return skus_like(session, self.account_id, sku)

    def remember_skus(self, skus: Collection[str], *, fetched_at: datetime) -> None:
        """Keep that ShipHero has them; `fetched_at` is when it was asked."""
        with our_trouble(), self.open_session() as session:
            keep_skus(session, self.account_id, skus, fetched_at=fetched_at)
            session.commit()

    def forget_skus(self, skus: Collection[str]) -> None:
        """Have them looked up before they are relied upon again."""
        with our_trouble(), self.open_session() as session:
            forget_skus(session, self.account_id, skus)
            session.commit()

    def _rows(self, session: Session, ids: list[int]) -> Iterable[ProductRow]:
        return session.exec(
            select(ProductRow).where(
                ProductRow.account_id == self.account_id, col(ProductRow.product_id).in_(ids)
            )
        )


def known_product(product: Product) -> KnownProduct:
    """Keep of a product what Goodsout asks about."""
    weight = product.stock.weight.magnitude
    return KnownProduct(
        id=product.id,
        sku=product.sku,
        name=product.name,
        barcode=product.identity.barcode,
        # Nobody's product weighs this much: a column that overflows would stop all others too.
        weight=weight if weight.is_finite() and abs(weight) < LARGEST_WEIGHT else Decimal(0),
        stock_tracked=product.stock.stock_tracked,
        bundle=product.composition.bundle,
    )


def put_products(
    session: Session, account_id: UUID, products: Iterable[Product], *, fetched_at: datetime
) -> None:
    """Keep products, unless what is kept was read later; the caller commits."""
    known = {one.id: known_product(one) for one in products if 0 < one.id <= LARGEST_ID}
    # In the order of their ids, so that two writers of the same products cannot deadlock.
    for some in _chunks(sorted(known)):
        rows = [_row(account_id, known[one], fetched_at) for one in some]
        insert = insert_for(session)(ProductRow).values(rows)
        told = {name: insert.excluded[name] for name in rows[0] if name not in _KEYS}
        session.execute(
            insert.on_conflict_do_update(
                index_elements=_KEYS,
                set_=told,
                where=col(ProductRow.fetched_at) <= insert.excluded.fetched_at,
            )
        )


_KEYS = ["account_id", "product_id"]


def _row(account_id: UUID, known: KnownProduct, fetched_at: datetime) -> dict[str, object]:
    return {
        "account_id": account_id,
        "product_id": known.id,
        "sku": known.sku,
        "name": known.name,
        "barcode": known.barcode,
        "weight": known.weight,
        "stock_tracked": known.stock_tracked,
        "bundle": known.bundle,
        "fetched_at": fetched_at,
    }


def _known(row: ProductRow) -> KnownProduct:
    return KnownProduct(
        id=row.product_id,
        sku=row.sku,
        name=row.name,
        barcode=row.barcode,
        weight=row.weight,
        stock_tracked=row.stock_tracked,
        bundle=row.bundle,
    )


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + ROWS_AT_ONCE] for start in range(0, len(ids), ROWS_AT_ONCE))
