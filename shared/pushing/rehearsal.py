"""What would become of a goods-out note were it sent now: found out without sending it; pure.

The decisions and the order are the very ones of the way to ShipHero. A handler stops at the first
thing in its way; a rehearsal names them all.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from shared.accounts import SHIPPING_METHOD_UNMAPPED, AccountSettings, Method
from shared.errors import Permanent
from shared.notes.key import NoteKey
from shared.outcome import Held, Later, Skipped
from shared.pushing.judgement import kept_back, obstacles
from shared.pushing.transform import faults, to_new_order
from shared.pushing.unknown_skus import LET_US_OR_YOU, Nearly, unknown
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.new_order import NewLineItem, NewOrder

WOULD_SEND: Final = "would_send"
HELD: Final = "held"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"
OUTCOMES: Final = (WOULD_SEND, HELD, FAILED, SKIPPED)

# Shown for the title of a shipping method that is not mapped yet; never sent.
NOT_MAPPED: Final = "(not mapped yet)"
# Before any note: what is rehearsed "as if live" is never too old.
LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing that stands in a note's way; `cause` is a hold's, else ""."""

    outcome: str
    code: str
    reason: str
    cause: str = ""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """All that stands in a note's way, and the order that it would become.

    `new` is None where no order can be made of it; where there is one beside obstacles, it is what
    would be sent without them, NOT_MAPPED standing in for an unmapped method. `later` says until
    when it would stay with us, `creates` which SKUs would be made at ShipHero first.
    """

    obstacles: tuple[Obstacle, ...] = ()
    new: NewOrder | None = None
    later: Later | None = None
    creates: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """What would become of the note: the first obstacle decides, as it does for a handler."""
        return self.obstacles[0].outcome if self.obstacles else WOULD_SEND

    @property
    def code(self) -> str:
        """Why, in a reason code; "" where it would simply go."""
        first: Obstacle | Later | None = next(iter(self.obstacles), self.later)
        return first.code if first else ""

    @property
    def reason(self) -> str:
        """Why, in words."""
        first: Obstacle | Later | None = next(iter(self.obstacles), self.later)
        return first.reason if first else ""


@dataclass(frozen=True, kw_only=True)
class KnownSkus:
    """Which SKUs ShipHero is known to have, and how those that it lacks are nearly spelt there."""

    has: Collection[str]
    nearly: Nearly = field(default_factory=dict)

    def lacks(self, new: NewOrder) -> list[NewLineItem]:
        """Name one line for each SKU that is not there."""
        lines = {line.sku: line for line in new.line_items}
        return [line for sku, line in lines.items() if sku not in self.has]


def as_if_live(settings: AccountSettings) -> AccountSettings:
    """Give the settings as they will be on the day: switched on, and gone live."""
    return replace(settings, shadow_on=False, order_sync_on=True, go_live_at=LONG_AGO)


def rehearse(
    note: GoodsOutNote,
    order: SalesOrder | None,
    *,
    key: NoteKey,
    settings: AccountSettings,
    skus: KnownSkus,
    now: datetime,
) -> Rehearsal:
    """Judge and transform `note` as it would be pushed; `order` is None where there is none."""
    judged = [_stopped(end) for end in obstacles(note, settings)]
    if order is None:
        return Rehearsal(obstacles=(*judged, *_no_order(note)))
    unfit = [_failed(fault) for fault in faults(note, order, key=key, settings=settings)]
    # What a setting holds for cannot be transformed either: one of both is enough.
    known = {one.code for one in judged}
    stopped = (*judged, *(one for one in unfit if one.code not in known))
    if any(one.code != SHIPPING_METHOD_UNMAPPED for one in unfit):
        return Rehearsal(obstacles=stopped)
    shown_by = _as_if_mapped(settings, note) if unfit else settings
    new = to_new_order(note, order, key=key, settings=shown_by, now=now)
    missing = skus.lacks(new)
    if missing and not settings.create_products:
        fault = unknown(missing, skus.nearly, what_to_do=LET_US_OR_YOU)
        return Rehearsal(obstacles=(*stopped, _failed(fault)), new=new)
    return Rehearsal(
        obstacles=stopped,
        new=new,
        later=kept_back(note, settings, now=now),
        creates=tuple(line.sku for line in missing),
    )


def _as_if_mapped(settings: AccountSettings, note: GoodsOutNote) -> AccountSettings:
    """Have a title stand in for an unmapped method, so that all else can be seen."""
    method_id = note.shipping.shipping_method_id
    known = settings.methods.get(method_id, Method(name=f"number {method_id}"))
    mapped = replace(known, title=NOT_MAPPED)
    return replace(settings, methods={**settings.methods, method_id: mapped})


def _stopped(end: Skipped | Held) -> Obstacle:
    if isinstance(end, Held):
        code = end.cause.partition(":")[0]
        return Obstacle(outcome=HELD, code=code, reason=end.reason, cause=end.cause)
    return Obstacle(outcome=SKIPPED, code=end.code, reason=end.reason)


def _failed(fault: Permanent) -> Obstacle:
    return Obstacle(outcome=FAILED, code=fault.code, reason=str(fault))


def _no_order(note: GoodsOutNote) -> Iterator[Obstacle]:
    if note.order_id:
        reason = f"Brightpearl does not show sales order {note.order_id}."
        yield Obstacle(outcome=FAILED, code="order_not_found", reason=reason)
