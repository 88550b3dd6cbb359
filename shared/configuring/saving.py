"""Save what a person decided, and set free what waited for it: all of it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, SQLModel, select

from shared.accounts import UNDECIDED, AccountSettings, account_settings
from shared.alerts import end_alert, warehouse_new
from shared.audit import record_act
from shared.configuring.change import SettingsChange
from shared.configuring.differences import Difference, differences
from shared.configuring.effect import Effect, foresee, take
from shared.configuring.faults import Known, refuse_faults
from shared.configuring.history import as_they_stand, keep_first, keep_saved
from shared.connecting.stored import lock_account
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.vendor_tables import ShipHeroWarehouse


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What saving a change alters and sets free; `after` are the settings as they will be."""

    differences: Sequence[Difference]
    effect: Effect
    before: AccountSettings
    after: AccountSettings
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Saved(Preview):
    """The same, and it was done; `is_new` is False where all was so before: nothing was written."""

    is_new: bool

    @property
    def version(self) -> int:
        """The version that the settings have now."""
        return self.after.version


def save(
    session: Session, account_id: UUID, change: SettingsChange, *, by: str, now: datetime
) -> Saved:
    """Write `change`, raise the version once and release exactly what it frees; the caller commits.

    The audit trail has an entry for each thing that became otherwise, in the name of `by`: an
    e-mail address, "token <name>" or "command line". Holds are judged by the version: one that is
    being written meanwhile is waited for, and one that is written afterwards by older settings is
    judged anew. Raises Unfit, with a sentence for each field that is wrong, before anything is
    written.
    """
    account = lock_account(session, account_id)
    known = read_known(session, account_id, now=now)
    refuse_faults(change, known)
    altered = _altered(account, known, change)
    stood = as_they_stand(account, known.settings)
    rows = _rows(session, account, change)
    _write(rows, change, known)
    if not any(session.is_modified(row) for row in rows):
        return _as_before(known.settings, account)
    keep_first(session, account, stood, now=now)
    account.settings_version += 1
    session.add_all(rows)
    session.flush()  # the sweeper must not find a cause present after its release
    after = replace(change.applied_to(known.settings), version=account.settings_version)
    keep_saved(session, account, after, changes=altered, by=by, now=now)
    _keep_trail(session, account_id, altered, by=by, now=now)
    _end_alerts(session, account_id, change, now=now)
    effect = take(session, known.settings, after, now=now)
    return Saved(
        differences=altered,
        effect=effect,
        before=known.settings,
        after=after,
        time_zone=account.time_zone,
        is_new=True,
    )


def _as_before(settings: AccountSettings, account: Account) -> Saved:
    return Saved(
        differences=(),
        effect=Effect(),
        before=settings,
        after=settings,
        time_zone=account.time_zone,
        is_new=False,
    )


def effect_of(
    session: Session, account_id: UUID, change: SettingsChange, *, now: datetime
) -> Effect:
    """Count what saving `change` would set free; nothing is written.

    Raises Unfit where it could not be saved.
    """
    return preview_of(session, account_id, change, now=now).effect


def preview_of(
    session: Session, account_id: UUID, change: SettingsChange, *, now: datetime
) -> Preview:
    """Say what saving `change` would alter and set free; nothing is written.

    Raises Unfit where it could not be saved.
    """
    account = session.get_one(Account, account_id)
    known = read_known(session, account_id, now=now)
    refuse_faults(change, known)
    after = change.applied_to(known.settings)
    return Preview(
        differences=_altered(account, known, change),
        effect=foresee(session, known.settings, after, now=now),
        before=known.settings,
        after=after,
        time_zone=account.time_zone,
    )


def read_known(session: Session, account_id: UUID, *, now: datetime) -> Known:
    """Read what a change is held against."""
    theirs = session.exec(
        select(ShipHeroWarehouse).where(ShipHeroWarehouse.account_id == account_id)
    )
    return Known(
        settings=account_settings(session, account_id),
        shiphero_warehouses={row.warehouse_id: row.name for row in theirs},
        now=now,
    )


def _altered(account: Account, known: Known, change: SettingsChange) -> Sequence[Difference]:
    theirs = known.shiphero_warehouses
    return differences(account, known.settings, change, shiphero_warehouses=theirs)


def _keep_trail(
    session: Session, account_id: UUID, altered: Sequence[Difference], *, by: str, now: datetime
) -> None:
    for one in altered:
        record_act(
            session,
            account_id,
            who=by,
            act=one.act,
            subject=one.subject,
            before=one.before,
            after=one.after,
            now=now,
        )


def _end_alerts(
    session: Session, account_id: UUID, change: SettingsChange, *, now: datetime
) -> None:
    for one, choice in change.warehouses.items():
        if choice.decision != UNDECIDED:
            end_alert(session, warehouse_new(account_id, one), now=now)


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
                told = change.methods[row.brightpearl_method_id]
                row.sqlmodel_update(told.model_dump())
                row.came_at = None if told.title else row.came_at
