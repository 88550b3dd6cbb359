"""Map the demo account's warehouses and shipping methods, and choose who ships."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, SQLModel

from shared.accounts import UNDECIDED
from shared.audit import COMMAND_LINE
from shared.clock import utc_now
from shared.configuring.change import LEFT_OUT, MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.saving import save
from shared.connecting.staff import event_owner
from shared.connecting.stored import lock_account
from shared.connections import Connections
from shared.db.account_tables import ShippingMethodMapping, WarehouseMapping
from shared.db.engine import insert_for
from shared.db.vendor_tables import ShipHeroWarehouse
from shared.vendors.brightpearl.account_models import ShippingMethod, Warehouse
from shared.vendors.shiphero import account_models as shiphero_models


def map_demo(connections: Connections, account_id: UUID) -> None:
    """Map warehouses in their order, and tell ShipHero each shipping method's own code."""
    brightpearl = connections.brightpearl(account_id)
    first = brightpearl.staff_contacts()[0]
    ours, methods = brightpearl.warehouses(), brightpearl.shipping_methods()
    theirs = connections.shiphero(account_id).account().warehouses
    change = SettingsChange(
        event_owner=event_owner(connections, account_id, contact_id=first.contact_id),
        warehouses={one.id: _choice(place, theirs) for place, one in enumerate(ours)},
        # A stable name that the warehouse's own rules turn into carrier and method.
        methods={one.id: MethodChoice(title=one.code or one.name) for one in methods},
    )
    with connections.open_session() as session:
        lock_account(session, account_id)
        for row in _fetched(account_id, ours, methods, theirs):
            _add(session, row)
        save(session, account_id, change, by=COMMAND_LINE, now=utc_now())
        session.commit()


def _choice(place: int, theirs: Sequence[shiphero_models.Warehouse]) -> WarehouseChoice:
    return WarehouseChoice.to(theirs[place].id) if place < len(theirs) else LEFT_OUT


def _fetched(
    account_id: UUID,
    ours: Sequence[Warehouse],
    methods: Sequence[ShippingMethod],
    theirs: Sequence[shiphero_models.Warehouse],
) -> list[SQLModel]:
    """Give the rows that the first fetch makes, which may not have come that far."""
    rows: list[SQLModel] = [
        WarehouseMapping(
            account_id=account_id,
            brightpearl_warehouse_id=one.id,
            brightpearl_name=one.name,
            decision=UNDECIDED,
        )
        for one in ours
    ]
    rows += [
        ShippingMethodMapping(
            account_id=account_id, brightpearl_method_id=one.id, brightpearl_name=one.name
        )
        for one in methods
    ]
    rows += [
        ShipHeroWarehouse(account_id=account_id, warehouse_id=one.id, name=one.identifier)
        for one in theirs
    ]
    return rows


def _add(session: Session, row: SQLModel) -> None:
    """Add a row, unless the first fetch wrote it in this very moment."""
    new = insert_for(session)(type(row)).values(row.model_dump())
    session.execute(new.on_conflict_do_nothing())
