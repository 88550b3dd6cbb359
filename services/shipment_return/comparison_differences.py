"""What a comparison with ShipHero's orders shows that does not mend itself, and what is gone of it.

Pure but for `keep`, `keep_standing`, which write in the transaction that settles the event.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.shipment_return.comparison_looks import Ours
from services.shipment_return.parcels import parcels_of
from services.shipment_return.records import Known
from shared.db.journal_tables import EVENT
from shared.db.note_tables import SYNC_LOG, SyncLogRow
from shared.differences import (
    CANCELED_THERE,
    DOUBLED,
    NOT_CANCELED,
    NOT_WRITTEN_BACK,
    WITHOUT_NOTE,
    end,
    of_order,
    replace,
    see,
)
from shared.events import SHIPMENT_SUSPECTED, NewEvent
from shared.journal.record import SKIPPED
from shared.journal.settle import DELIVERED
from shared.notes.key import read_key
from shared.notes.state import AT_SHIPHERO, CANCEL_REFUSED, CANCELED, DONE, NOT_BEGUN, WAITING
from shared.settled_differences import end_settled
from shared.vendors.shiphero.models import ShipHeroOrder

# What stands on the sync log for long is no news; the newest of it is shown.
STANDS_FOR = timedelta(days=60)
STANDING_AT_MOST: Final = 1000

_E = EVENT.c
_STATE = SYNC_LOG.c.state


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a page of orders shows: a sentence each, by the subject of the difference.

    `looks` are those recorded with the page; a note in `untold`, by its id, differs if it was
    looked at before, and nothing came of that. `orders` are all of ours on the page.
    """

    strays: Mapping[str, str]
    doubles: Mapping[str, str]
    untold: Mapping[str, str]
    orders: AbstractSet[str]
    looks: Sequence[NewEvent] = field(default=())


def all_ours(orders: Iterable[ShipHeroOrder], code: str) -> Mapping[int, Sequence[Ours]]:
    """Give every order of this account's by note, the newest key first."""
    ours: dict[int, list[Ours]] = defaultdict(list)
    for order in orders:
        key = read_key(order.partner_order_id)
        if key is not None and key.account == code:
            ours[key.note_id].append(Ours(key=key, order=order))
    return {
        note_id: sorted(some, key=lambda one: -one.key.generation) for note_id, some in ours.items()
    }


def seen_on(
    ours: Mapping[int, Sequence[Ours]], known: Mapping[int, Known], looks: Sequence[NewEvent]
) -> Seen:
    """Tell what one page shows, from the orders on it and what we know of their notes."""
    strays: dict[str, str] = {}
    doubles: dict[str, str] = {}
    untold: dict[str, str] = {}
    for note_id, some in ours.items():
        others, has_live = _beside(some, known[note_id])
        stray, extra = ((), others) if has_live else (others[:1], others[1:])
        strays |= {of_order(note_id, one.order.id): _stray(one) for one in stray}
        doubles |= {
            of_order(note_id, one.order.id): _double(one, known[note_id], some) for one in extra
        }
        if any(_is_untold(one, known[note_id]) for one in some):
            untold[str(note_id)] = (
                f"ShipHero has shipped order {_number(some[0])} of note {note_id}; Brightpearl was "
                "not told, although Goodsout has looked at it."
            )
    every = {of_order(note_id, one.order.id) for note_id, some in ours.items() for one in some}
    return Seen(strays=strays, doubles=doubles, untold=untold, orders=every, looks=looks)


def keep(session: Session, account_id: UUID, seen: Seen, *, now: datetime) -> None:
    """Write down what a page showed; what is not so any more of its own orders ends."""
    for kind, found in ((WITHOUT_NOTE, seen.strays), (DOUBLED, seen.doubles)):
        see(session, account_id, kind, found, now=now)
        end(session, account_id, kind, seen.orders - found.keys(), now=now)
    in_vain = _looked_in_vain(session, account_id, seen.looks)
    untold = {note: words for note, words in seen.untold.items() if note in in_vain}
    see(session, account_id, NOT_WRITTEN_BACK, untold, now=now)


def keep_standing(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Write down what is cancelled on one side only, and end what is settled, by our own books."""
    canceled = (
        _STATE.in_(["cancelled"]),
        col(SyncLogRow.order_stage) == CANCELED,
        col(SyncLogRow.order_reason_code) == "canceled_at_shiphero",
        col(SyncLogRow.shipment_stage) != DONE,
        col(SyncLogRow.deleted_at).is_(None),
    )
    refused = (_STATE.in_(["needs_you"]), col(SyncLogRow.order_stage) == CANCEL_REFUSED)
    for kind, conditions in ((CANCELED_THERE, canceled), (NOT_CANCELED, refused)):
        standing = select(SyncLogRow).where(
            SyncLogRow.account_id == account_id,
            *conditions,
            col(SyncLogRow.inserted_at) >= now - STANDS_FOR,
        )
        rows = session.exec(
            standing.order_by(col(SyncLogRow.inserted_at).desc()).limit(STANDING_AT_MOST)
        )
        found = {str(row.note_id): row.order_reason for row in rows}
        replace(session, account_id, kind, found, now=now)
    end_settled(session, account_id, now=now)


def _beside(some: Sequence[Ours], known: Known) -> tuple[list[Ours], bool]:
    """Give the live orders that are not the known one, and whether that one lives."""
    linked = next((one for one in some if one.order.id == known.shiphero_order_id), None)
    if linked is not None:
        has_live = not linked.order.canceled
    else:
        has_live = bool(known.shiphero_order_id) and known.order_stage in AT_SHIPHERO
    if known.key is not None and not known.shiphero_order_id:
        return [], False  # it is just being made, or its lost answer looked for
    others = [one for one in some if one is not linked and not one.order.canceled]
    if known.key is None:
        # What has left the warehouse is taken as the note's by the look at its shipment.
        others = [one for one in others if not parcels_of(one.order).boxes]
    return others, has_live


def _is_untold(one: Ours, known: Known) -> bool:
    """Say whether Brightpearl should show the note as shipped, and nothing says why it does not."""
    parcels = parcels_of(one.order)
    is_part = known.shipment_stage == WAITING and not parcels.complete
    silent = known.shipment_stage in {NOT_BEGUN, WAITING} and not is_part
    return bool(parcels.boxes) and known.told is None and not known.is_deleted and silent


def _stray(one: Ours) -> str:
    return (
        f"ShipHero order {_number(one)} bears the key of note {one.key.note_id} ({one.key}), and "
        "we know of no live order of that note."
    )


def _double(one: Ours, known: Known, some: Sequence[Ours]) -> str:
    first = known.order_number or _number(some[0])
    return (
        f"Note {one.key.note_id} has order {first} at ShipHero and beside it {_number(one)} "
        f"({one.order.legacy_id or one.order.id}); neither is cancelled."
    )


def _number(one: Ours) -> str:
    return one.order.order_number or str(one.order.legacy_id or one.order.id)


def _looked_in_vain(
    session: Session, account_id: UUID, looks: Sequence[NewEvent]
) -> AbstractSet[str]:
    """Pick the notes whose look was made already; this page asked for the very same once more."""
    keys = [
        look.dedupe_key
        for look in looks
        if look.name == SHIPMENT_SUSPECTED and not look.payload.get("canceled")
    ]
    made = select(_E.subject).where(
        _E.account_id == account_id,
        _E.dedupe_key.in_(keys),
        _E.outcome.in_([DELIVERED, SKIPPED]),
    )
    return set(session.execute(made).scalars())
