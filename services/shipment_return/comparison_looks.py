"""What of a page of ShipHero's orders has not reached Brightpearl: an event for each. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from services.shipment_return.announcement import Told, suspicion_of
from services.shipment_return.parcels import Parcels, parcels_of
from services.shipment_return.records import Known
from shared.events import GOODS_OUT_NOTE_DESTROYED, SHIPMENT_SUSPECTED, Event, Lane, NewEvent
from shared.notes.key import NoteKey, read_key
from shared.notes.state import CANCEL_REFUSED, CANCELED, DONE
from shared.vendors.shiphero.models import ShipHeroOrder

# Order stages in which nothing more is done about a cancelled, or a deleted note's, order.
SETTLED = frozenset({CANCELED, CANCEL_REFUSED})


@dataclass(frozen=True, kw_only=True)
class Ours:
    """An order of this account's, with the key that it bears."""

    key: NoteKey
    order: ShipHeroOrder


def ours_among(orders: Iterable[ShipHeroOrder], code: str) -> Mapping[int, Ours]:
    """Give this account's orders by note: the newest, one that is not cancelled before others."""
    ours: dict[int, Ours] = {}
    for order in orders:
        key = read_key(order.partner_order_id)
        if key is None or key.account != code:
            continue
        one, known = Ours(key=key, order=order), ours.get(key.note_id)
        if known is None or _rank(one) > _rank(known):
            ours[key.note_id] = one
    return ours


def looks_for(
    ours: Mapping[int, Ours], known: Mapping[int, Known], event: Event, *, code: str
) -> tuple[NewEvent, ...]:
    """Ask for a look at each note of which something may not have been told."""
    looks = (_look(one, known[note_id], event, code) for note_id, one in sorted(ours.items()))
    return tuple(look for look in looks if look is not None)


def _rank(one: Ours) -> tuple[int, bool]:
    return one.key.generation, not one.order.canceled


def _look(one: Ours, known: Known, event: Event, code: str) -> NewEvent | None:
    order, parcels = one.order, parcels_of(one.order)
    if known.key is not None and known.key.generation > one.key.generation and not parcels.boxes:
        return None  # replaced on purpose
    if order.canceled and not parcels.complete:
        return None if _is_settled(known) else _suspicion(one, known, event, code)
    if known.is_deleted and not parcels.boxes:
        return None if known.order_stage in SETTLED else _destroyed(one, event, code)
    if _is_told(known, parcels) or not (parcels.boxes or known.told):
        return None
    return _suspicion(one, known, event, code)


def _is_settled(known: Known) -> bool:
    return known.is_canceled or known.order_stage == CANCELED


def _is_told(known: Known, parcels: Parcels) -> bool:
    """Say whether Brightpearl knows these parcels; of long ago we only know that it was told."""
    return known.told == parcels.tally if known.told else known.shipment_stage == DONE


def _suspicion(one: Ours, known: Known, event: Event, code: str) -> NewEvent:
    """Ask for a look, once for what became of the order until now."""
    order = one.order
    is_cancel = order.canceled and not parcels_of(order).complete
    told = Told(key=one.key, order_id=order.id, is_cancel=is_cancel)
    return NewEvent(
        account_id=event.account_id,
        name=SHIPMENT_SUSPECTED,
        subject=str(one.key.note_id),
        dedupe_key=f"{code}:shipped:{order.id}:{_digest(order, known)}",
        payload=suspicion_of(told),
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )


def _destroyed(one: Ours, event: Event, code: str) -> NewEvent:
    """Have a deleted note's order cancelled: it is still there, whatever came in between."""
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_DESTROYED,
        subject=str(one.key.note_id),
        dedupe_key=f"{code}:destroyed:{one.key.note_id}:{one.order.id}",
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )


def _digest(order: ShipHeroOrder, known: Known) -> str:
    standing = [f"{one.id} {one.refunded}" for one in order.shipments]
    standing += [
        f"{label.id} {label.status} {label.refunded} {label.tracking_number}"
        for shipment in order.shipments
        for label in shipment.shipping_labels
    ]
    if known.told is not None:
        # What was told once may become true again: then the order has changed in between.
        standing.append(str(order.updated_at))
    text = "\n".join([str(order.canceled), *sorted(standing)])
    return sha256(text.encode()).hexdigest()[:16]
