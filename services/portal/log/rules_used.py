"""By which settings a note was judged: the version of then, what it said, and what is so today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.portal.log.note_story import NoteStory
from shared.accounts import account_settings
from shared.configuring.change import SettingsChange, WarehouseChoice
from shared.configuring.fields import LABELS, method_words, readable, warehouse_words
from shared.configuring.history import as_they_stand, read_kept
from shared.db.account_tables import Account, SavedSettings, ShippingMethodMapping, WarehouseMapping
from shared.db.journal_tables import AttemptRow
from shared.db.vendor_tables import ShipHeroWarehouse
from shared.events import GOODS_OUT_NOTE_CHANGED

# What decides how a note is sent, in the order in which it is read.
DECIDING: Final = (
    "order_sync_on", "go_live_at", "order_number_template", "channel_as", "release_policy",
    "hold_minutes", "packing_note_field", "gift_note_field", "create_products", "deleted_policy",
    "shipped_when",
)  # fmt: skip
UNKNOWN: Final = "not known"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """When the note was looked at, and by which version of the settings.

    `saved_by` is "" for how everything stood before the first saving.
    """

    what: str
    at: datetime
    version: int
    saved_at: datetime | None
    saved_by: str
    is_in_force: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One setting or mapping as it was then; `today` is "" where it is so still."""

    label: str
    then: str
    today: str = ""

    @property
    def is_otherwise(self) -> bool:
        """Whether it is known to have changed since."""
        return bool(self.today) and UNKNOWN not in {self.then, self.today}


@dataclass(frozen=True, kw_only=True)
class RulesUsed:
    """The looks, newest first, and the rules of the newest; both empty before the first look."""

    looked: Sequence[Looked] = ()
    rules: Sequence[Rule] = ()


def rules_used(session: Session, account_id: UUID, story: NoteStory) -> RulesUsed:
    """Find out by which settings a note was looked at last, and sent."""
    account = session.get_one(Account, account_id)
    attempts = _on_the_way(story)
    if not attempts:
        return RulesUsed()
    stands = as_they_stand(account, account_settings(session, account_id))
    last = _saving_before(session, account, attempts[-1].started_at)
    sent = next((one for one in reversed(attempts) if one.result == "delivered"), None)
    looked = [_looked("Looked at last", attempts[-1], last, account)]
    if sent is not None and sent is not attempts[-1]:
        saving = _saving_before(session, account, sent.started_at)
        looked.append(_looked("Told to ShipHero last", sent, saving, account))
    then = read_kept(last.settings) if last else stands
    words = _Words(session, account, story)
    return RulesUsed(looked=looked, rules=list(words.rules(then, stands)))


def _on_the_way(story: NoteStory) -> Sequence[AttemptRow]:
    events = {one.id for one in story.events if one.name == GOODS_OUT_NOTE_CHANGED}
    return [one for one in story.attempts if one.event_id in events]


def _saving_before(session: Session, account: Account, at: datetime) -> SavedSettings | None:
    """Give the saving that was in force then; None where nothing was ever saved.

    How everything stood before the first saving is kept with that saving, under its own version.
    """
    of_account = select(SavedSettings).where(col(SavedSettings.account_id) == account.id)
    newest = of_account.where(col(SavedSettings.saved_at) <= at)
    found = session.exec(newest.order_by(col(SavedSettings.version).desc()).limit(1)).first()
    return found or session.exec(of_account.order_by(col(SavedSettings.version)).limit(1)).first()


def _looked(
    what: str, attempt: AttemptRow, saving: SavedSettings | None, account: Account
) -> Looked:
    version = saving.version if saving else account.settings_version
    is_first = saving is not None and not saving.saved_by
    return Looked(
        what=what,
        at=attempt.started_at,
        version=version,
        saved_at=None if saving is None or is_first else saving.saved_at,
        saved_by=saving.saved_by if saving else "",
        is_in_force=version == account.settings_version,
    )


class _Words:
    """Says what settings mean for one note: its warehouse, its shipping method, and the rest."""

    def __init__(self, session: Session, account: Account, story: NoteStory) -> None:
        self._zone = account.time_zone
        self._row = story.row
        mine = col(ShippingMethodMapping.account_id) == account.id
        named = col(ShippingMethodMapping.brightpearl_name) == story.row.brightpearl_method
        self._methods = session.exec(select(ShippingMethodMapping).where(mine, named)).all()
        self._warehouse = story.row.warehouse_id and session.get(
            WarehouseMapping, (account.id, story.row.warehouse_id)
        )
        theirs = select(ShipHeroWarehouse).where(ShipHeroWarehouse.account_id == account.id)
        self._theirs = {one.warehouse_id: one.name for one in session.exec(theirs)}

    def rules(self, then: SettingsChange, today: SettingsChange) -> Iterator[Rule]:
        """Write what was so then, and beside it what is otherwise today."""
        before, after = self._words(then), self._words(today)
        for label, words in before.items():
            is_same = after.get(label, UNKNOWN) == words
            yield Rule(label=label, then=words, today="" if is_same else after.get(label, UNKNOWN))

    def _words(self, settings: SettingsChange) -> Mapping[str, str]:
        return dict(self._mappings(settings)) | dict(self._settings(settings))

    def _mappings(self, settings: SettingsChange) -> Iterator[tuple[str, str]]:
        if self._warehouse:
            choice = settings.warehouses.get(self._warehouse.brightpearl_warehouse_id)
            name = self._warehouse.brightpearl_name
            yield f"Warehouse {name}", _told(choice, self._theirs)
        for method in self._methods if self._row.brightpearl_method else ():
            sent_as = settings.methods.get(method.brightpearl_method_id)
            label = f"Shipping method {method.brightpearl_name}"
            yield label, method_words(sent_as) if sent_as else UNKNOWN

    def _settings(self, settings: SettingsChange) -> Iterator[tuple[str, str]]:
        for name in DECIDING:
            # A setting that came later than the version says nothing about it.
            value: Any = getattr(settings, name)
            known = name in settings.model_fields_set
            yield LABELS[name], readable(name, value, zone=self._zone) if known else UNKNOWN


def _told(choice: WarehouseChoice | None, theirs: Mapping[str, str]) -> str:
    return warehouse_words(choice, theirs) if choice else UNKNOWN
