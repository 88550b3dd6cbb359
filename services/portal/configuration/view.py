"""The page Sync configuration as its template draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.portal.configuration.counts import (
    GoLiveCounts,
    InUse,
    example_parts,
    go_live_counts,
    methods_progress,
)
from services.portal.configuration.form import TO, Texts, texts_of
from services.portal.frame.mode import Mode, mode_of
from shared.accounts import (
    MAPPED,
    NOT_SENT,
    SHIPPING_METHOD_UNMAPPED,
    UNDECIDED,
    WAREHOUSE_UNDECIDED,
    AccountSettings,
    account_settings,
)
from shared.catalogue.progress import PartProgress
from shared.configuring.fields import named
from shared.db.account_tables import Account
from shared.db.vendor_tables import ShipHeroWarehouse
from shared.journal.release import held_by_cause
from shared.order_number import NumberParts, UnfitTemplate, check_template, number


@dataclass(frozen=True, kw_only=True)
class Example:
    """What a template makes of a note and of the same order's second one, or why it cannot."""

    parts: NumberParts
    first: str = ""
    second: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class WarehouseLine:
    """A Brightpearl warehouse.

    `open` counts its notes that have not left yet, `waiting` those that wait for the decision.
    """

    id: int
    name: str
    decision: str
    open: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class MethodLine:
    """A Brightpearl shipping method, and how many notes of the last 30 days have it."""

    id: int
    name: str
    is_mapped: bool
    is_new: bool
    waiting: int
    used: int


@dataclass(frozen=True, kw_only=True)
class View:
    """All that the page shows. `texts` are what the fields hold, `faults` sentences by field.

    `changed` are the fields that are typed otherwise than they stand, `mail` says which kinds of
    mail the person gets who looks.
    """

    account: Account
    mode: Mode
    settings: AccountSettings
    texts: Texts
    warehouses: Sequence[WarehouseLine]
    methods: Sequence[MethodLine]
    shiphero_warehouses: Mapping[str, str]
    go_live: GoLiveCounts
    example: Example
    fetched: PartProgress | None
    held: Mapping[str, int]
    mail: Mapping[str, bool]
    faults: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)

    @property
    def undecided(self) -> int:
        """How many warehouses wait for a decision."""
        return sum(one.decision == UNDECIDED for one in self.warehouses)

    @property
    def unmapped(self) -> int:
        """How many shipping methods have no title for ShipHero."""
        return sum(not one.is_mapped for one in self.methods)

    def typed(self, given: Texts, faults: Mapping[str, str] | None = None) -> "View":
        """Show what a person typed, and what is wrong with it."""
        texts = {**self.texts, **given}
        example = example_of(texts["order_number_template"], self.example.parts)
        return replace(self, texts=texts, faults=faults or {}, changed=given, example=example)


GONE: Final = "not in ShipHero any more"


def read_view(
    session: Session, account_id: UUID, used: InUse, *, mail: Mapping[str, bool], now: datetime
) -> View:
    """Read the page's content."""
    settings = account_settings(session, account_id)
    account = session.get_one(Account, account_id)
    held = held_by_cause(session, account_id)
    texts = texts_of(account, settings)
    parts = example_parts(session, settings)
    return View(
        account=account,
        mode=mode_of(account, now=now),
        settings=settings,
        texts=texts,
        warehouses=_warehouses(settings, held, used.warehouses),
        methods=_methods(settings, held, used.methods),
        shiphero_warehouses=_shiphero_warehouses(session, account_id, settings),
        go_live=go_live_counts(session, account_id, settings.go_live_at),
        example=example_of(texts["order_number_template"], parts),
        fetched=methods_progress(session, account_id),
        held=held,
        mail=mail,
    )


def example_of(template: str, parts: NumberParts) -> Example:
    """Fill a template in for a note, and for the second note of the same order."""
    try:
        check_template(template)
        return Example(
            parts=parts,
            first=number(template, parts),
            second=number(template, replace(parts, note_id=parts.note_id + 1, sequence=2)),
        )
    except UnfitTemplate as unfit:
        return Example(parts=parts, problem=str(unfit))


def _warehouses(
    settings: AccountSettings, held: Mapping[str, int], still_open: Mapping[int, int]
) -> list[WarehouseLine]:
    """Give the undecided ones first, those that most notes wait for on top."""
    lines = [
        WarehouseLine(
            id=one,
            name=warehouse.name,
            decision=warehouse.decision,
            open=still_open.get(one, 0),
            waiting=held.get(f"{WAREHOUSE_UNDECIDED}:{one}", 0),
        )
        for one, warehouse in settings.warehouses.items()
    ]
    order = {UNDECIDED: 0, MAPPED: 1, NOT_SENT: 2}
    return sorted(
        lines, key=lambda one: (order.get(one.decision, 0), -one.waiting, one.name.lower())
    )


def _methods(
    settings: AccountSettings, held: Mapping[str, int], used: Mapping[str, int]
) -> list[MethodLine]:
    """Give the unmapped ones first: those that most notes wait for, new ones, the most used."""
    lines = [
        MethodLine(
            id=one,
            name=method.name,
            is_mapped=bool(method.title),
            is_new=method.is_new,
            waiting=held.get(f"{SHIPPING_METHOD_UNMAPPED}:{one}", 0),
            used=used.get(method.name, 0),
        )
        for one, method in settings.methods.items()
    ]
    return sorted(
        lines,
        key=lambda one: (
            one.is_mapped, -one.waiting, not one.is_new, -one.used, one.name.lower(),
        ),
    )  # fmt: skip


def _shiphero_warehouses(
    session: Session, account_id: UUID, settings: AccountSettings
) -> dict[str, str]:
    """Give what can be chosen, by the field's text; also what is chosen and is there no more."""
    found = session.exec(
        select(ShipHeroWarehouse)
        .where(ShipHeroWarehouse.account_id == account_id)
        .order_by(col(ShipHeroWarehouse.name), col(ShipHeroWarehouse.warehouse_id))
    )
    theirs = {f"{TO}{row.warehouse_id}": row.name or row.warehouse_id for row in found}
    chosen = {one.shiphero_id for one in settings.warehouses.values() if one.decision == MAPPED}
    gone = {f"{TO}{one}": named(GONE, one) for one in sorted(chosen) if f"{TO}{one}" not in theirs}
    return {**theirs, **gone}
