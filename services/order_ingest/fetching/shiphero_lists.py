"""What ShipHero has: the warehouses of the account, and its SKUs page by page.

A cursor of ShipHero's is an offset (contract §5): while rows move, one may come twice or be
missed. So a SKU that is not kept proves nothing, and the next run finds it.
"""

from collections.abc import Mapping

from sqlalchemy import update
from sqlmodel import Session, col

from services.order_ingest.fetching.fetched import Desk, Fetched
from services.order_ingest.fetching.keeping import put, storable
from shared.db.account_tables import WarehouseMapping
from shared.db.vendor_tables import FetchProgress, ShipHeroProduct, ShipHeroWarehouse


def fetch_warehouses(desk: Desk, _cursor: str) -> Fetched:
    """Read the buildings that a Brightpearl warehouse can be mapped to."""
    names = {one.id: one.identifier for one in desk.shiphero().account().warehouses}

    def write(session: Session, _row: FetchProgress) -> None:
        rows = [
            {"account_id": desk.account_id, "warehouse_id": storable(session, one), "name": name}
            for one, name in names.items()
        ]
        keys = ["account_id", "warehouse_id"]
        put(session, ShipHeroWarehouse, rows, keys=keys, changing=["name"])
        _rename_mapped(session, desk, names)

    return Fetched(done=len(names), left=0, write=write)


def fetch_products(desk: Desk, cursor: str) -> Fetched:
    """Read one page of SKUs."""
    began = desk.now()
    page = desk.shiphero().products_page(after=cursor or None)

    def write(session: Session, _row: FetchProgress) -> None:
        rows = [
            {
                "account_id": desk.account_id,
                "sku": storable(session, one.sku),
                "name": one.name,
                "fetched_at": began,
            }
            for one in page.rows
        ]
        keys = ["account_id", "sku"]
        put(session, ShipHeroProduct, rows, keys=keys, changing=["name", "fetched_at"])

    # A page that leads to itself would never end.
    more = page.cursor is not None and page.cursor != cursor
    return Fetched(
        done=len(page.rows), left=None, write=write, cursor=page.cursor or cursor, more=more
    )


def _rename_mapped(session: Session, desk: Desk, names: Mapping[str, str]) -> None:
    for warehouse_id, name in sorted(names.items()):
        mapped = (
            col(WarehouseMapping.account_id) == desk.account_id,
            col(WarehouseMapping.shiphero_warehouse_id) == warehouse_id,
        )
        said = storable(session, name)
        session.execute(update(WarehouseMapping).where(*mapped).values(shiphero_name=said))
