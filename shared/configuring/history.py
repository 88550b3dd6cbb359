"""The settings as each saving left them: kept with it, looked back at, and gone back to.

Shadow mode and who ships are not gone back to: each is decided on a page of its own, the one with
what it takes in, the other by asking Brightpearl whether there is such a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from shared.accounts import AccountSettings
from shared.configuring.change import MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.differences import Difference
from shared.configuring.faults import Known, faults_of
from shared.db.account_tables import Account, SavedSettings

DECIDED_ELSEWHERE: Final = frozenset({"event_owner", "shadow_on"})
MAPPINGS: Final = ("warehouses", "methods")
PAGE_SIZE: Final = 20


@dataclass(frozen=True, kw_only=True)
class Restorable:
    """What going back to a version changes, and a sentence for each part that cannot go back."""

    change: SettingsChange
    left_out: Sequence[str]


def as_they_stand(account: Account, settings: AccountSettings) -> SettingsChange:
    """Write everything that can be gone back to as a change."""
    names = SettingsChange.model_fields.keys() - DECIDED_ELSEWHERE - {*MAPPINGS}
    return SettingsChange(
        **{name: getattr(account, name) for name in sorted(names)},
        warehouses={
            one: WarehouseChoice(decision=its.decision, shiphero_id=its.shiphero_id)
            for one, its in settings.warehouses.items()
        },
        methods={
            one: MethodChoice(title=its.title, carrier=its.carrier, method=its.method)
            for one, its in settings.methods.items()
        },
    )


def keep_first(session: Session, account: Account, stood: SettingsChange, *, now: datetime) -> None:
    """Keep how the settings stood before the first saving, under the version of then."""
    kept = select(SavedSettings).where(col(SavedSettings.account_id) == account.id).limit(1)
    if session.exec(kept).first() is None:
        _keep(session, account, stood, changes=(), by="", now=now)


def keep_saved(
    session: Session,
    account: Account,
    settings: AccountSettings,
    *,
    changes: Sequence[Difference],
    by: str,
    now: datetime,
) -> None:
    """Keep how a saving left the settings, under its version; the caller commits."""
    _keep(session, account, as_they_stand(account, settings), changes=changes, by=by, now=now)


def saved_before(
    session: Session, account_id: UUID, version: int | None = None
) -> Sequence[SavedSettings]:
    """Give the savings before `version`, or the last ones: newest first, one more than a page."""
    query = select(SavedSettings).where(col(SavedSettings.account_id) == account_id)
    if version is not None:
        query = query.where(col(SavedSettings.version) < version)
    newest = query.order_by(col(SavedSettings.version).desc()).limit(PAGE_SIZE + 1)
    return session.exec(newest).all()


def restorable(kept: SavedSettings, account: Account, known: Known) -> Restorable:
    """Say what is to be changed for the settings to be as they were then.

    What is so already is left out, and so is what cannot be saved any more, with its sentence.
    """
    stands = as_they_stand(account, known.settings)
    wanted = dict(_otherwise(read_kept(kept.settings), stands))
    faults = faults_of(SettingsChange(**wanted), known)
    for field in faults:
        part, _, one = field.partition(".")
        if one:
            wanted[part] = {key: value for key, value in wanted[part].items() if key != int(one)}
        else:
            del wanted[part]
    return Restorable(
        change=SettingsChange(**{name: value for name, value in wanted.items() if value != {}}),
        left_out=tuple(faults.values()),
    )


def read_kept(settings: Mapping[str, Any]) -> SettingsChange:
    """Read what a saving was kept as."""
    # A setting that there is no more says nothing; one that came later is not named.
    known = SettingsChange.model_fields.keys() - DECIDED_ELSEWHERE
    return SettingsChange.model_validate(
        {name: value for name, value in settings.items() if name in known}
    )


def _otherwise(then: SettingsChange, stands: SettingsChange) -> Iterator[tuple[str, Any]]:
    for name in sorted(then.model_fields_set):
        was, now = getattr(then, name), getattr(stands, name)
        if name in MAPPINGS:
            yield name, {one: choice for one, choice in was.items() if now.get(one) != choice}
        elif was != now:
            yield name, was


def _keep(
    session: Session,
    account: Account,
    settings: SettingsChange,
    *,
    changes: Sequence[Difference],
    by: str,
    now: datetime,
) -> None:
    session.add(
        SavedSettings(
            account_id=account.id,
            version=account.settings_version,
            saved_at=now,
            saved_by=by,
            settings=settings.model_dump(mode="json"),
            changes=[
                {"subject": one.subject, "before": one.before, "after": one.after}
                for one in changes
            ],
        )
    )
