"""The sync configuration by the API: read, and changed all at once or not at all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.portal.api.configuration_shapes import (
    Changed,
    ChangeQuery,
    ChangeTold,
    Configuration,
    ConfigurationChange,
    EffectTold,
    MethodTold,
    WarehouseTold,
)
from services.portal.api.operation import unfit
from services.portal.api.shapes import Nothing
from services.portal.configuration.counts import methods_progress
from services.portal.frame.access import viewer_account, viewer_name
from services.portal.frame.problem_documents import Problem
from services.portal.frame.tenants import Tenants
from shared.accounts import AccountSettings, account_settings
from shared.catalogue.progress import PartProgress
from shared.configuring.change import EventOwner, MethodChoice, SettingsChange, WarehouseChoice
from shared.configuring.faults import Unfit
from shared.configuring.saving import Preview, Saved, preview_of, save
from shared.configuring.words import was_done, will_do, will_wait
from shared.connecting.refusal import Refused
from shared.connecting.staff import event_owner
from shared.connections import Connections
from shared.db.account_tables import Account
from shared.errors import ConnectionBroken, GoodsoutError

OWNER = "event_owner_contact_id"


class ConfigurationCalls:
    """Reads and changes what the account whose token was shown decided."""

    def __init__(self, tenants: Tenants, connections: Connections) -> None:
        self._tenants = tenants
        self._connections = connections

    def get_configuration(self, *, query: Nothing) -> Configuration:  # noqa: ARG002 - every call has one
        """Tell the sync configuration, mappings included."""
        with self._tenants.open_reading() as session:
            settings = account_settings(session, viewer_account())
            account = session.get_one(Account, viewer_account())
            fetched = methods_progress(session, viewer_account())
        return _configuration(account, settings, fetched)

    def change_configuration(self, *, query: ChangeQuery, body: ConfigurationChange) -> Changed:
        """Change what is given, all of it or nothing, and set free what waited for it.

        With `dry_run=true` nothing is saved, and the effect is what it would be.
        """
        owner = self._owner(body)
        change, account_id = _settings_change(body, owner), viewer_account()
        now, is_dry = self._connections.now(), query.dry_run == "true"
        try:
            with self._tenants.open_session() as session:
                if is_dry:
                    return _foreseen(preview_of(session, account_id, change, now=now))
                saved = _save(session, account_id, change, self._connections)
                session.commit()
        except Unfit as wrong:
            raise unfit(wrong.faults) from wrong
        return _saved(saved)

    def _owner(self, body: ConfigurationChange) -> EventOwner | None:
        """Ask Brightpearl who the contact is, before a transaction begins."""
        if body.event_owner_contact_id is None:
            return None
        contact_id = body.event_owner_contact_id
        try:
            return event_owner(self._connections, viewer_account(), contact_id=contact_id)
        except Refused as refused:
            raise unfit({OWNER: str(refused)}) from refused
        except ConnectionBroken as broken:
            raise Problem(409, "Brightpearl is not connected", str(broken)) from broken
        except GoodsoutError as trouble:
            raise Problem(
                503, "Brightpearl could not be asked", f"{trouble} Nothing was changed."
            ) from trouble


def _save(
    session: Session, account_id: UUID, change: SettingsChange, connections: Connections
) -> Saved:
    return save(session, account_id, change, by=viewer_name(), now=connections.now())


def _settings_change(body: ConfigurationChange, owner: EventOwner | None) -> SettingsChange:
    """Put the mappings by their ids; raises a Problem where one stands there twice."""
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if OWNER in given:
        del given[OWNER]
        given["event_owner"] = owner
    twice = dict(_twice(body))
    if twice:
        raise unfit(twice)
    if "warehouses" in given:
        given["warehouses"] = {
            one.id: WarehouseChoice(decision=one.decision, shiphero_id=one.shiphero_warehouse_id)
            for one in body.warehouses
        }
    if "methods" in given:
        given["methods"] = {
            one.id: MethodChoice(title=one.title, carrier=one.carrier, method=one.method)
            for one in body.methods
        }
    return SettingsChange.model_validate(given)


def _twice(body: ConfigurationChange) -> Iterator[tuple[str, str]]:
    for name, ids in (
        ("warehouses", [one.id for one in body.warehouses]),
        ("methods", [one.id for one in body.methods]),
    ):
        for one, times in Counter(ids).items():
            if times > 1:
                yield f"{name}.{one}", f"{name}: {one} is given more than once."


def _configuration(
    account: Account, settings: AccountSettings, fetched: PartProgress | None
) -> Configuration:
    names = Configuration.model_fields.keys()
    own: Mapping[str, Any] = {
        name: getattr(account, name) for name in names if hasattr(account, name)
    }
    warehouses = [
        WarehouseTold.model_validate(
            {"id": one, "name": its.name, "decision": its.decision,
             "shiphero_warehouse_id": its.shiphero_id}
        )
        for one, its in sorted(settings.warehouses.items())
    ]  # fmt: skip
    methods = [
        MethodTold(
            id=one, name=its.name, title=its.title, carrier=its.carrier, method=its.method,
            is_new=its.is_new,
        )
        for one, its in sorted(settings.methods.items())
    ]  # fmt: skip
    mappings = {
        "warehouses": warehouses, "methods": methods, "methods_fetched": _fetched(fetched),
    }  # fmt: skip
    return Configuration.model_validate({**own, "version": settings.version, **mappings})


def _fetched(told: PartProgress | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "state": told.state, "ended_at": told.ended_at, "fetched": told.done, "added": told.added,
    }  # fmt: skip


def _foreseen(preview: Preview) -> Changed:
    words = will_do(preview.effect, preview.after, zone=preview.time_zone)
    return Changed(dry_run=True, changed=None, version=None, **_told(preview, words))


def _saved(saved: Saved) -> Changed:
    words = was_done(saved.effect, saved.after, zone=saved.time_zone)
    return Changed(
        dry_run=False, changed=saved.is_new, version=saved.version, **_told(saved, words)
    )


def _told(preview: Preview, words: Iterable[str]) -> dict[str, Any]:
    effect = preview.effect
    return {
        "changes": [
            ChangeTold(field=one.field, subject=one.subject, before=one.before, after=one.after)
            for one in preview.differences
        ],
        "effect": EffectTold(
            sentences=list(words),
            stops=list(will_wait(preview.before, preview.after)),
            released=effect.released,
            looked_at_again=effect.looked_at_again,
            compared_from=effect.compared_from,
        ),
    }
