"""Brightpearl's standing lists, each one request: settings, warehouses, methods, channels.

What a person decided stays: a new warehouse is undecided, a new method unmapped.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, case, update
from sqlmodel import Session, col, select

from services.order_ingest.fetching.fetched import Desk, Fetched
from services.order_ingest.fetching.keeping import is_id, put, storable
from shared.accounts import UNDECIDED
from shared.alerts import raise_alert, warehouse_new
from shared.connecting.stored import lock_account
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.engine import our_trouble
from shared.db.vendor_tables import Channel, FetchProgress
from shared.vendors.brightpearl.account_models import AccountConfiguration

Names = Mapping[int, str]

DEFAULT_ZONE = Account.model_fields["time_zone"].default


def fetch_configuration(desk: Desk, _cursor: str) -> Fetched:
    """Read zone, units and postage's code; what Brightpearl does not tell stays as it was.

    A zone that is not our default any more stays too: somebody chose it.
    """
    told = desk.brightpearl().account_configuration()
    values = _settings(told)

    def write(session: Session, _row: FetchProgress) -> None:
        if values:
            of_account = col(Account.id) == desk.account_id
            session.execute(update(Account).where(of_account).values(**values))

    unknown = f" Its time zone {told.time_zone!r} is not one we know." if told.time_zone else ""
    summary = "fetched." + ("" if "time_zone" in values else unknown)
    return Fetched(done=1, left=0, write=write, summary=summary)


def fetch_warehouses(desk: Desk, _cursor: str) -> Fetched:
    """Read the warehouses; one that is new is undecided, and announced after the first fetch."""
    names = {one.id: one.name for one in desk.brightpearl().warehouses() if is_id(one.id)}
    kept = _kept(desk, _warehouse_names)

    def write(session: Session, _row: FetchProgress) -> None:
        rows = [
            {
                "account_id": desk.account_id,
                "brightpearl_warehouse_id": one,
                "brightpearl_name": storable(session, name),
                "decision": UNDECIDED,
                "shiphero_warehouse_id": "",
                "shiphero_name": "",
            }
            for one, name in names.items()
        ]
        keys = ["account_id", "brightpearl_warehouse_id"]
        # As a change of settings locks it: each would else wait for rows that the other has.
        lock_account(session, desk.account_id)
        before = _warehouse_names(session, desk.account_id)
        put(session, WarehouseMapping, rows, keys=keys, changing=["brightpearl_name"])
        _tell_of_new(session, desk.account_id, names, before)
        if before:
            _announce(session, desk, {one: names[one] for one in names.keys() - before.keys()})

    return Fetched(done=len(names), left=0, write=write, summary=_compared(names, kept))


def fetch_shipping_methods(desk: Desk, _cursor: str) -> Fetched:
    """Read the shipping methods; one that is new is unmapped, and told apart after the first."""
    names = {one.id: one.name for one in desk.brightpearl().shipping_methods() if is_id(one.id)}
    kept = _kept(desk, _method_names)

    def write(session: Session, run: FetchProgress) -> None:
        lock_account(session, desk.account_id)
        before = _method_names(session, desk.account_id)
        rows = [
            {
                "account_id": desk.account_id,
                "brightpearl_method_id": one,
                "brightpearl_name": storable(session, name),
                "title": "",
                "carrier": "",
                "method": "",
                "came_at": desk.now() if before else None,
            }
            for one, name in names.items()
        ]
        keys = ["account_id", "brightpearl_method_id"]
        put(session, ShippingMethodMapping, rows, keys=keys, changing=["brightpearl_name"])
        run.added = len(names.keys() - before.keys()) if before else None
        _tell_of_new(session, desk.account_id, names, before)

    return Fetched(done=len(names), left=0, write=write, summary=_compared(names, kept))


def fetch_channels(desk: Desk, _cursor: str) -> Fetched:
    """Read the sales channels."""
    names = {one.id: one.name for one in desk.brightpearl().channels() if is_id(one.id)}

    def write(session: Session, _row: FetchProgress) -> None:
        rows = [
            {"account_id": desk.account_id, "channel_id": one, "name": name}
            for one, name in names.items()
        ]
        put(session, Channel, rows, keys=["account_id", "channel_id"], changing=["name"])

    return Fetched(done=len(names), left=0, write=write)


def _settings(told: AccountConfiguration) -> dict[str, Any]:
    zone = told.time_zone
    values = {
        "weight_unit": told.product_weight_unit,
        "base_currency": told.base_currency_code,
        "shipping_nominal": told.shipping_nominal_code,
        "time_zone": _unless_chosen(zone) if zone in _zones() else "",
    }
    return {name: value for name, value in values.items() if value != ""}


def _unless_chosen(zone: str) -> ColumnElement[str]:
    present = col(Account.time_zone)
    return case((present == DEFAULT_ZONE, zone), else_=present)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _tell_of_new(session: Session, account_id: UUID, names: Names, before: Names) -> None:
    """Raise the version of the settings when a row was added: what is judged now is judged anew."""
    if names.keys() <= before.keys():
        return
    version = col(Account.settings_version)
    raised = (
        update(Account).where(col(Account.id) == account_id).values(settings_version=version + 1)
    )
    session.execute(raised)


def _announce(session: Session, desk: Desk, new: Names) -> None:
    """Raise an alert for each new warehouse; the saving that decides where it belongs ends it."""
    for one, name in sorted(new.items()):
        raise_alert(
            session,
            warehouse_new(desk.account_id, one),
            sentence=f"Brightpearl has a new warehouse, {name} ({one}). Its notes wait until you "
            "decide which ShipHero warehouse they go to, or that they are not sent.",
            raised_at=desk.now(),
        )


def _kept(desk: Desk, names_of: Callable[[Session, UUID], Names]) -> Names:
    with our_trouble(), desk.open_reading() as session:
        return names_of(session, desk.account_id)


def _warehouse_names(session: Session, account_id: UUID) -> Names:
    found = select(WarehouseMapping).where(WarehouseMapping.account_id == account_id)
    return {row.brightpearl_warehouse_id: row.brightpearl_name for row in session.exec(found)}


def _method_names(session: Session, account_id: UUID) -> Names:
    found = select(ShippingMethodMapping).where(ShippingMethodMapping.account_id == account_id)
    return {row.brightpearl_method_id: row.brightpearl_name for row in session.exec(found)}


def _compared(names: Names, kept: Names) -> str:
    """Say what was fetched, and what Brightpearl does not show any more: it stays as decided."""
    said = f"{len(names)} fetched, {len(names.keys() - kept.keys())} of them new."
    gone = [f"{kept[one]} ({one})" for one in sorted(kept.keys() - names.keys())]
    return f"{said} Not in Brightpearl any more, but kept: {', '.join(gone)}." if gone else said
