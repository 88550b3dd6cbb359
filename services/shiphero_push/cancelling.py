"""A goods-out note was deleted in Brightpearl: its ShipHero order is cancelled, while it can be.

Never by force: what the warehouse has begun is its own, and a person's to stop.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from services.shiphero_push.desk import Desk
from services.shiphero_push.lookup import bears_our_lines
from shared.accounts import DELETED_ASK
from shared.alerts import end_alert, order_canceled
from shared.errors import Permanent, Transient, UnknownOutcome
from shared.notes.known import Link
from shared.notes.store import NoteLease
from shared.outcome import Delivered, Outcome, Skipped
from shared.vendors.shiphero.models import ShipHeroOrder

CANCEL_REFUSED = "cancel_refused"
REASON = "The goods-out note was deleted in Brightpearl."


def cancel_for_deleted(lease: NoteLease, *, desk: Desk, asked: bool = False) -> Outcome:
    """See to it that a deleted note has no live order. Safe to run twice.

    Where the merchant wants it so, only once a person has `asked`.

    Raises Permanent where a person has to stop the parcel, UnknownOutcome while the answer to the
    note's create is still looked for.
    """
    note_id = lease.note_id
    known = desk.notes.link(note_id)
    if known is None:
        return Skipped(code="note_deleted", reason="The note was deleted before it was sent.")
    if known.is_canceled:
        return _canceled(note_id, known.shiphero_order_id, known.order_number, desk=desk)
    if not known.is_intended:
        return Skipped(code="note_deleted", reason="The note was deleted before it was sent anew.")
    orders = orders_of(known, desk=desk)
    if not orders:
        return _never_made(note_id, known, desk=desk)
    waits = desk.settings.deleted_policy == DELETED_ASK and not asked
    if waits and (live := [order.order_number for order in orders if not order.canceled]):
        raise _to_be_asked(live)
    refused = cancel_live(lease, orders, desk=desk, reason=REASON)
    if refused:
        raise _refused(refused)
    desk.notes.canceled(note_id, order_id=orders[0].id)
    numbers = ", ".join(dict.fromkeys(order.order_number for order in orders))
    return _canceled(note_id, orders[0].id, numbers, desk=desk)


def has_left(order: ShipHeroOrder) -> bool:
    """Say whether anything of the order has been shipped."""
    return order.fulfilled or any(not shipment.refunded for shipment in order.shipments)


def orders_of(known: Link, *, desk: Desk) -> list[ShipHeroOrder]:
    """Read the note's orders: the known one by its id, which no index is late for, then others."""
    found: dict[str, ShipHeroOrder] = {}
    if known.shiphero_order_id:
        order = desk.shiphero.order(known.shiphero_order_id)
        if order is None:
            raise Transient(
                f"ShipHero does not show order {known.order_number}.", code="order_not_found"
            )
        found[order.id] = order
    for order in desk.shiphero.orders_by_key(known.key):
        found.setdefault(order.id, order)
    if found:
        return list(found.values())
    # ShipHero may keep another key than ours, as when a lost answer is looked for (contract §6).
    numbered = desk.shiphero.orders_by_number(known.order_number)
    return [order for order in numbered if bears_our_lines(order, known.key)]


def _never_made(note_id: int, known: Link, *, desk: Desk) -> Outcome:
    link = desk.notes.count_empty_lookup(note_id)
    if not desk.has_looked_enough(link):
        raise UnknownOutcome(
            f"Note {note_id} was deleted; the answer to creating its order {known.order_number} "
            f"was lost, and ShipHero has not shown it in {link.empty_lookups} looks. It is "
            "cancelled as soon as it shows.",
        )
    return Skipped(
        code="note_deleted",
        reason=f"The note was deleted, and order {known.order_number} was never made.",
    )


def cancel_live(
    lease: NoteLease, orders: Sequence[ShipHeroOrder], *, desk: Desk, reason: str
) -> dict[str, str]:
    """Cancel each that lives and can be; gives why for those that a person has to stop."""
    live = [order for order in orders if not order.canceled]
    why = {order.order_number: _cancel(lease, order, desk=desk, reason=reason) for order in live}
    return {number: words for number, words in why.items() if words}


def listed(why: Mapping[str, str]) -> str:
    """Name the orders that could not be cancelled, each with its reason."""
    return "; ".join(f"{number}: {words}" for number, words in why.items())


def _cancel(lease: NoteLease, order: ShipHeroOrder, *, desk: Desk, reason: str) -> str:
    """Cancel one order; gives why it could not be, "" when it is cancelled."""
    if has_left(order):
        return "something of it has been shipped"
    lease.renew()
    try:
        answered = desk.shiphero.cancel_order(order.id, reason=reason)
    except Permanent as refusal:
        return f"ShipHero refuses to cancel it: {refusal}"
    if answered.canceled:
        return ""
    after = desk.shiphero.order(order.id)
    is_canceled = after is not None and after.canceled
    return "" if is_canceled else "ShipHero does not show it as cancelled"


def _canceled(note_id: int, order_id: str, numbers: str, *, desk: Desk) -> Delivered:
    return Delivered(
        reference=order_id,
        summary=f"The note was deleted in Brightpearl; order {numbers} is cancelled in ShipHero.",
        code="order_canceled_for_deleted_note",
        keep=partial(end_cancel_alert, desk.settings.id, note_id),
    )


def end_cancel_alert(account_id: UUID, note_id: int, session: Session, now: datetime) -> None:
    """End the alert that the warehouse cancelled the note's order: nothing waits for it now."""
    end_alert(session, order_canceled(account_id, note_id), now=now)


def _to_be_asked(numbers: Sequence[str]) -> Permanent:
    return Permanent(
        f"The note was deleted in Brightpearl, and its ShipHero order {', '.join(numbers)} stays, "
        "as the settings want it. Press “Cancel in ShipHero” on the note's page if it is not to go "
        "out.",
        code=CANCEL_REFUSED,
    )


def _refused(why: Mapping[str, str]) -> Permanent:
    return Permanent(
        f"The note was deleted in Brightpearl, but its ShipHero order stays ({listed(why)}). Stop "
        "or recall the parcel with the warehouse, or cancel the order in ShipHero yourself; the "
        "goods are no longer on a note in Brightpearl.",
        code=CANCEL_REFUSED,
    )
