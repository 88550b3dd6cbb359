"""What a change alters, one line a setting or mapping: for previews and for the audit trail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.accounts import AccountSettings, Method, Warehouse
from shared.configuring.change import EventOwner, MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.fields import (
    EVENT_OWNER,
    LABELS,
    method_words,
    named,
    readable,
    warehouse_words,
)
from shared.db.account_tables import Account

# A warehouse or method that was there when the change was written; faults refuse all others.
NO_WAREHOUSE: Final = Warehouse(name="", decision="")
NO_METHOD: Final = Method(name="")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that becomes otherwise, in words.

    `field` is named as in `Unfit.faults`, such as "go_live_at" or "warehouses.3"; `act` is the
    audit trail's code.
    """

    field: str
    act: str
    subject: str
    before: str
    after: str


def differences(
    account: Account,
    settings: AccountSettings,
    change: SettingsChange,
    *,
    shiphero_warehouses: Mapping[str, str],
) -> tuple[Difference, ...]:
    """Compare a change with how things are; what stays as it is, is left out."""
    return (
        *_of_account(account, change),
        *_of_warehouses(settings, change, shiphero_warehouses),
        *_of_methods(settings, change),
    )


def _of_account(account: Account, change: SettingsChange) -> Iterator[Difference]:
    for field in LABELS:
        if field not in change.model_fields_set:
            continue
        if field == EVENT_OWNER:
            before, after = _owner_of(account), change.event_owner
            if before != after:
                yield _difference(field, "staff_chosen", _who(before), _who(after))
            continue
        was, will_be = getattr(account, field), getattr(change, field)
        if was != will_be:
            yield _difference(
                field,
                "settings_saved",
                readable(field, was, zone=account.time_zone),
                readable(field, will_be, zone=account.time_zone),
            )


def _difference(field: str, act: str, before: str, after: str) -> Difference:
    return Difference(field=field, act=act, subject=LABELS[field], before=before, after=after)


def _owner_of(account: Account) -> EventOwner | None:
    if account.event_owner_contact_id is None:
        return None
    return EventOwner(contact_id=account.event_owner_contact_id, name=account.event_owner_name)


def _who(owner: EventOwner | None) -> str:
    return "nobody" if owner is None else named(owner.name, owner.contact_id)


def _of_warehouses(
    settings: AccountSettings, change: SettingsChange, theirs: Mapping[str, str]
) -> Iterator[Difference]:
    for one, choice in sorted(change.warehouses.items()):
        known = settings.warehouses.get(one, NO_WAREHOUSE)
        was = WarehouseChoice(decision=known.decision, shiphero_id=known.shiphero_id)
        if was != choice:
            yield Difference(
                field=f"warehouses.{one}",
                act="mapping_saved",
                subject=f"Warehouse {named(known.name, one)}",
                before=warehouse_words(was, theirs),
                after=warehouse_words(choice, theirs),
            )


def _of_methods(settings: AccountSettings, change: SettingsChange) -> Iterator[Difference]:
    for one, choice in sorted(change.methods.items()):
        known = settings.methods.get(one, NO_METHOD)
        was = MethodChoice(title=known.title, carrier=known.carrier, method=known.method)
        if was != choice:
            yield Difference(
                field=f"methods.{one}",
                act="mapping_saved",
                subject=f"Shipping method {named(known.name, one)}",
                before=method_words(was),
                after=method_words(choice),
            )
