"""Map the demo account's warehouses and shipping methods, and choose who ships."""

from uuid import UUID

from sqlalchemy import inspect
from sqlmodel import Session

from shared.accounts import MAPPED, NOT_SENT, SHIPPING_METHOD_UNMAPPED, WAREHOUSE_UNDECIDED
from shared.clock import utc_now
from shared.connecting.staff import choose_staff_contact
from shared.connecting.stored import lock_account
from shared.connections import Connections
from shared.db.account_tables import ShippingMethodMapping, WarehouseMapping
from shared.db.engine import insert_for
from shared.journal.release import release
from shared.vendors.brightpearl import account_models as brightpearl_models
from shared.vendors.shiphero import account_models as shiphero_models


def map_demo(connections: Connections, account_id: UUID) -> None:
    """Map warehouses in their order, and tell ShipHero each shipping method's own code."""
    brightpearl = connections.brightpearl(account_id)
    theirs = connections.shiphero(account_id).account().warehouses
    first = brightpearl.staff_contacts()[0]
    choose_staff_contact(connections, account_id, contact_id=first.contact_id)
    rows: list[WarehouseMapping | ShippingMethodMapping] = [
        _warehouse(account_id, warehouse, theirs[index] if index < len(theirs) else None)
        for index, warehouse in enumerate(brightpearl.warehouses())
    ]
    rows += [_method(account_id, method) for method in brightpearl.shipping_methods()]
    with connections.open_session() as session:
        account = lock_account(session, account_id)
        # What was judged by the settings before is judged again.
        account.settings_version += 1
        session.add(account)
        for row in rows:
            _keep(session, row)
            release(session, account_id, _cause(row), now=utc_now())
        session.commit()


def _warehouse(
    account_id: UUID, ours: brightpearl_models.Warehouse, match: shiphero_models.Warehouse | None
) -> WarehouseMapping:
    return WarehouseMapping(
        account_id=account_id,
        brightpearl_warehouse_id=ours.id,
        brightpearl_name=ours.name,
        decision=MAPPED if match else NOT_SENT,
        shiphero_warehouse_id=match.id if match else "",
        shiphero_name=match.identifier if match else "",
    )


def _method(account_id: UUID, method: brightpearl_models.ShippingMethod) -> ShippingMethodMapping:
    return ShippingMethodMapping(
        account_id=account_id,
        brightpearl_method_id=method.id,
        brightpearl_name=method.name,
        # A stable name that the warehouse's own rules turn into carrier and method.
        title=method.code or method.name,
    )


def _keep(session: Session, row: WarehouseMapping | ShippingMethodMapping) -> None:
    """Write a row over what the first fetch may be writing in this very moment."""
    table, values = type(row), row.model_dump()
    keys = [column.name for column in inspect(table).primary_key]
    new = insert_for(session)(table).values(values)
    rest = {name: value for name, value in values.items() if name not in keys}
    session.execute(new.on_conflict_do_update(index_elements=keys, set_=rest))


def _cause(row: WarehouseMapping | ShippingMethodMapping) -> str:
    if isinstance(row, WarehouseMapping):
        return f"{WAREHOUSE_UNDECIDED}:{row.brightpearl_warehouse_id}"
    return f"{SHIPPING_METHOD_UNMAPPED}:{row.brightpearl_method_id}"
