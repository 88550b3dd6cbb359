"""A person asked for something about a note's order: to cancel it, or to send the note anew.

Both are looked at afresh when their turn comes: what the person saw may have changed since.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from services.shiphero_push.cancelling import (
    cancel_for_deleted,
    cancel_live,
    end_cancel_alert,
    listed,
    orders_of,
)
from services.shiphero_push.desk import Desk
from shared.errors import Permanent, Transient
from shared.events import GOODS_OUT_NOTE_CHANGED, ORDER_CANCEL_REQUESTED, Event, NewEvent
from shared.messaging.units import Unit
from shared.notes.key import read_key
from shared.notes.known import Link
from shared.notes.links import raise_generation
from shared.notes.store import NoteLease
from shared.outcome import Busy, Delivered, Outcome, Skipped
from shared.vendors.shiphero.models import ShipHeroOrder

REASON = "Cancelled on request in Goodsout."
NOTHING_SENT = "nothing_sent"
REPLACED = "asked_of_replaced_order"

Act = Callable[[NoteLease, Link], Outcome]


def cancel_orders(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Make one unit of each request to cancel an order."""
    return [_unit(event, partial(_cancel, desk=desk), desk=desk) for event in events]


def send_anew(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Make one unit of each request to send a note once more."""
    return [_unit(event, partial(_resend, event, desk=desk), desk=desk) for event in events]


def _unit(event: Event, act: Act, *, desk: Desk) -> Unit:
    return Unit(events=(event,), run=partial(_act_on, event, act, desk=desk))


def _act_on(event: Event, act: Act, *, desk: Desk) -> Outcome:
    """Do it to the order that the person saw, while nobody else works on the note."""
    note_id = int(event.subject)
    with desk.notes.leased(note_id) as lease:
        if lease is None:
            return Busy(reason=f"Another delivery works on note {note_id}.")
        if desk.notes.deleted(note_id):
            asked = event.name == ORDER_CANCEL_REQUESTED
            return cancel_for_deleted(lease, desk=desk, asked=asked)
        known = desk.notes.link(note_id)
        if known is None or not known.is_intended:
            return Skipped(
                code=NOTHING_SENT, reason=f"Nothing of note {note_id} was sent to ShipHero yet."
            )
        if known.key != event.payload.get("key"):
            return Skipped(
                code=REPLACED, reason=f"Note {note_id} was sent anew since this was asked for."
            )
        return act(lease, known)


def _cancel(lease: NoteLease, known: Link, *, desk: Desk) -> Outcome:
    """Cancel the note's order, never by force. Safe to run twice.

    Raises Permanent where the warehouse has begun, Transient while ShipHero does not show it.
    """
    note_id = lease.note_id
    orders = orders_of(known, desk=desk)
    if not orders:
        raise Transient(
            f"ShipHero does not show order {known.order_number}.", code="order_not_found"
        )
    refused = cancel_live(lease, orders, desk=desk, reason=REASON)
    if refused:
        raise Permanent(
            f"The order was not cancelled as asked ({listed(refused)}). Nothing was forced: speak "
            "to the warehouse if it must not go out.",
            code="cancel_not_possible",
        )
    desk.notes.canceled(note_id, order_id=orders[0].id)
    return Delivered(
        reference=orders[0].id,
        summary=f"Order {_numbers(orders)} was cancelled in ShipHero, as a person asked.",
        code="canceled_on_request",
        keep=partial(end_cancel_alert, desk.settings.id, note_id),
    )


def _resend(event: Event, lease: NoteLease, known: Link, *, desk: Desk) -> Outcome:
    """Have the note made a new order under its next key, unless an order of it lives.

    The order itself is created like any other, by the look that follows. Safe to run twice.
    """
    note_id, key = lease.note_id, read_key(known.key)
    assert key is not None  # we wrote it
    orders = _at_shiphero(known, desk=desk)
    live = [order for order in orders if not order.canceled]
    if live:
        return Skipped(
            code="order_lives",
            reason=f"ShipHero has order {_numbers(live)} of note {note_id}, which is not "
            "cancelled: the note is not sent a second time.",
        )
    if not orders and not known.shiphero_order_id:
        return Skipped(
            code="order_looked_for",
            reason=f"Whether ShipHero has order {known.order_number} is still being looked for: "
            "the note is not sent a second time.",
        )
    newer = replace(key, generation=key.generation + 1)
    look = NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_CHANGED,
        subject=event.subject,
        dedupe_key=f"{desk.settings.code}:sent_anew:{newer}",
        traceparent=event.traceparent,
    )
    return Delivered(
        reference=known.shiphero_order_id,
        summary=f"A person has it sent anew, after order {known.order_number}.",
        code="sent_anew",
        follow_ons=(look,),
        keep=partial(raise_generation, desk.settings.id, note_id, newer),
    )


def _at_shiphero(known: Link, *, desk: Desk) -> list[ShipHeroOrder]:
    """Read the note's orders; one that ShipHero no longer knows by its id is gone for good."""
    if known.shiphero_order_id and desk.shiphero.order(known.shiphero_order_id) is None:
        return list(desk.shiphero.orders_by_key(known.key))
    return orders_of(known, desk=desk)


def _numbers(orders: Sequence[ShipHeroOrder]) -> str:
    return ", ".join(dict.fromkeys(order.order_number for order in orders))
