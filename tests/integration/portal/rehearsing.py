"""A merchant with both sandboxes connected and settings made, before going live."""

from typing import Any

from flask.testing import FlaskClient
from sqlmodel import SQLModel, col, select

from shared.accounts import MAPPED
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.portal_tables import AuditEntry, ShadowNote
from shared.db.vendor_tables import ShipHeroWarehouse
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.connecting import connect_brightpearl, connect_shiphero
from tests.integration.portal.merchants import FERNLEAF, NOON, Merchants, token_on

# What reading from a vendor leaves behind: how much of its allowance was used.
COUNTED = frozenset({"vendor_budget"})


def ready(portal: Merchants, vendors: Vendors) -> FlaskClient:
    """Connect both and map warehouse 2 and method 5; gives the owner's client."""
    client = portal.viewer()
    connect_brightpearl(client, vendors)
    connect_shiphero(client, password="sandbox")
    keep(
        portal,
        WarehouseMapping(
            account_id=FERNLEAF,
            brightpearl_warehouse_id=2,
            brightpearl_name="Main",
            decision=MAPPED,
            shiphero_warehouse_id="PLACE-1",
        ),
        ShipHeroWarehouse(account_id=FERNLEAF, warehouse_id="PLACE-1", name="Primary"),
        ShippingMethodMapping(
            account_id=FERNLEAF, brightpearl_method_id=5, brightpearl_name="Royal", title="Standard"
        ),
    )
    return client


def a_note(vendors: Vendors, **terms: Any) -> int:
    """Have a sales order with one note made; gives the note's id."""
    wish = {"lines": 1, "warehouseId": 2, "shippingMethodId": 5, **terms}
    [made] = vendors.control("sales-orders", **wish)["orders"]
    note_id: int = made["noteIds"][0]
    return note_id


def keep(portal: Merchants, *rows: SQLModel) -> None:
    with portal.open_session() as session:
        session.add_all(rows)
        session.commit()


def choose(portal: Merchants, **settings: Any) -> None:
    """Change the account's row as a saving would."""
    with portal.open_session() as session:
        session.get_one(Account, FERNLEAF).sqlmodel_update(settings)
        session.commit()


def shadow_note(note_id: int, **fields: Any) -> ShadowNote:
    given = {"outcome": "would_send", "made_at": NOON, "looked_at": NOON, "settings_version": 1}
    return ShadowNote(account_id=FERNLEAF, note_id=note_id, **{**given, **fields})


def audited(portal: Merchants) -> list[tuple[str, str, str]]:
    with portal.open_session() as session:
        found = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(one.act, one.before, one.after) for one in found]


def everything(portal: Merchants) -> dict[str, list[Any]]:
    """Read every row there is, but for what counts calls and log-ins."""
    with portal.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select())]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in COUNTED
        }


def send(client: FlaskClient, path: str, *, page: str, **form: str) -> Any:
    """Send a form with the token of the page that it stands on."""
    token = token_on(client.get(page))
    return client.post(path, data={"csrf_token": token, **form}, follow_redirects=True)
