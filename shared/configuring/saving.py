"""Save what a person decided, and set free what waited for it: all of it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, SQLModel, select

from shared.accounts import account_settings
from shared.configuring.change import SettingsChange
from shared.configuring.effect import Effect, foresee, take
from shared.configuring.faults import Known, refuse_faults
from shared.connecting.stored import lock_account
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.vendor_tables import ShipHeroWarehouse


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The version that the settings have now, and what went on by it.

    `is_new` is False where all was so before: then nothing was written.
    """

    version: int
    is_new: bool
    effect: Effect


def save(session: Session, account_id: UUID, change: SettingsChange, *, now: datetime) -> Saved:
    """Write `change`, raise the version once and release exactly what it frees; the caller commits.

    Holds are judged by the version: one that is being written meanwhile is waited for, and one
    that is written afterwards by older settings is judged anew. Raises Unfit, with a sentence for
    each field that is wrong, before anything is written.
    """
    account = lock_account(session, account_id)
    known = _known(session, account_id, now=now)
    refuse_faults(change, known)
    rows = _rows(session, account, change)
    _write(rows, change, known)
    if not any(session.is_modified(row) for row in rows):
        return Saved(version=account.settings_version, is_new=False, effect=Effect())
    account.settings_version += 1
    session.add_all(rows)
    session.flush()  # the sweeper must not find a cause present after its release
    after = replace(change.applied_to(known.settings), version=account.settings_version)
    effect = take(session, known.settings, after, now=now)
    return Saved(version=account.settings_version, is_new=True, effect=effect)


def effect_of(
    session: Session, account_id: UUID, change: SettingsChange, *, now: datetime
) -> Effect:
    """Count what saving `change` would set free; nothing is written.

    Raises Unfit where it could not be saved.
    """
    known = _known(session, account_id, now=now)
    refuse_faults(change, known)
    return foresee(session, known.settings, change.applied_to(known.settings), now=now)


def _known(session: Session, account_id: UUID, *, now: datetime) -> Known:
    theirs = session.exec(
        select(ShipHeroWarehouse).where(ShipHeroWarehouse.account_id == account_id)
    )
    return Known(
        settings=account_settings(session, account_id),
        shiphero_warehouses={row.warehouse_id: row.name for row in theirs},
        now=now,
    )


def _rows(session: Session, account: Account, change: SettingsChange) -> Sequence[SQLModel]:
    """Read every row that the change touches, the account's first."""
    warehouses = [
        session.get_one(WarehouseMapping, (account.id, one)) for one in sorted(change.warehouses)
    ]
    methods = [
        session.get_one(ShippingMethodMapping, (account.id, one)) for one in sorted(change.methods)
    ]
    return (account, *warehouses, *methods)


def _write(rows: Sequence[SQLModel], change: SettingsChange, known: Known) -> None:
    for row in rows:
        match row:
            case Account():
                row.sqlmodel_update(change.columns())
            case WarehouseMapping():
                choice = change.warehouses[row.brightpearl_warehouse_id]
                row.decision, row.shiphero_warehouse_id = choice.decision, choice.shiphero_id
                row.shiphero_name = known.shiphero_warehouses.get(choice.shiphero_id, "")
            case ShippingMethodMapping():
                row.sqlmodel_update(change.methods[row.brightpearl_method_id].model_dump())
