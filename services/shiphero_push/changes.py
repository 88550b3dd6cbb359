"""A note that is at ShipHero already was looked at again: find what changed since.

Rows of a note never change; what can is the order's header. It is compared with what ShipHero was
told last, not with what ShipHero shows: addresses come back normalised, and the warehouse may have
put something right itself.
"""

from dataclasses import dataclass, replace
from functools import partial

from services.shiphero_push.desk import Desk
from services.shiphero_push.header import by_hand, changed_fields, header_of
from services.shiphero_push.telling import Change, only_by_hand, tell_change
from services.shiphero_push.words import delivered
from shared.errors import GoodsoutError, Permanent, Transient
from shared.events import SHIPMENT_SUSPECTED, Event, NewEvent
from shared.messaging.units import Unit
from shared.notes.key import NoteKey, read_key
from shared.notes.known import Link
from shared.notes.links import keep_first_sent
from shared.outcome import Outcome, Skipped
from shared.pushing.judgement import judge
from shared.pushing.transform import to_new_order
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.new_order import NewOrder


@dataclass(frozen=True, kw_only=True)
class Again:
    """A note that became an order, as both are read now; None where Brightpearl did not show it."""

    note_id: int
    events: tuple[Event, ...]
    note: GoodsOutNote | None
    order: SalesOrder | None
    known: Link


def look_again(again: Again, *, desk: Desk) -> Unit:
    """Make the unit of a note at ShipHero: quick, and without a vendor call, unless it changed."""
    note = again.note
    if note is None:
        # Absence is a suspicion, not a fact: a page or an ID set can miss a note.
        return _raising(again, _not_shown(f"note {again.note_id}", "note_not_found"))
    if note.shipped:
        return _quick(again, _shipped_there(again, note, desk=desk))
    stopped = judge(note, desk.settings)
    if stopped is not None:
        # What was sent stays sent; only its change waits, like a note that was not sent.
        return _quick(again, stopped)
    if again.order is None:
        return _raising(again, _not_shown(f"sales order {note.order_id}", "order_not_found"))
    try:
        new = _as_now(note, again.order, again.known, desk=desk)
    except Permanent as unfit:
        return _raising(again, _cannot_be_told(again.known, unfit))
    return _compare(again, note, new, desk=desk)


def _compare(again: Again, note: GoodsOutNote, new: NewOrder, *, desk: Desk) -> Unit:
    known, header = again.known, header_of(new)
    here = delivered(known.shiphero_order_id, known.order_number)
    if not known.sent:
        # What it was sent with is not known: what it would be sent with now is what counts later.
        keep = partial(keep_first_sent, desk.settings.id, note.id, header)
        return _quick(again, replace(here, keep=keep))
    change = Change(
        note=note,
        new=new,
        known=known,
        fields=changed_fields(known.sent, header, now=desk.now()),
        by_hand=by_hand(known.sent, header),
    )
    if change.fields:
        tell = partial(tell_change, change, again.events[0], desk=desk)
        return Unit(events=again.events, run=tell)
    return _quick(again, only_by_hand(change) if change.by_hand else here)


def _as_now(note: GoodsOutNote, order: SalesOrder, known: Link, *, desk: Desk) -> NewOrder:
    key = read_key(known.key) or NoteKey(account=desk.settings.code, note_id=note.id)
    return to_new_order(note, order, key=key, settings=desk.settings, now=desk.now())


def _quick(again: Again, outcome: Outcome) -> Unit:
    return Unit(events=again.events, run=lambda: outcome, quick=True)


def _raising(again: Again, error: GoodsoutError) -> Unit:
    def run() -> Outcome:
        raise error

    return Unit(events=again.events, run=run, quick=True)


def _not_shown(what: str, code: str) -> Transient:
    return Transient(f"Brightpearl does not show {what}.", code=code)


def _cannot_be_told(known: Link, unfit: Permanent) -> Permanent:
    return Permanent(
        f"Order {known.order_number} is at ShipHero as it was sent; the note cannot be told anew: "
        f"{unfit}",
        code=unfit.code,
    )


def _shipped_there(again: Again, note: GoodsOutNote, *, desk: Desk) -> Skipped:
    """Have the shipment side look at a note that somebody shipped in Brightpearl."""
    event = again.events[0]
    suspected = NewEvent(
        account_id=event.account_id,
        name=SHIPMENT_SUSPECTED,
        subject=str(note.id),
        dedupe_key=f"{desk.settings.code}:shipped_by_hand:{note.id}:{desk.now():%Y%m%d}",
        lane=event.lane,
        traceparent=event.traceparent,
    )
    return Skipped(
        code="already_shipped",
        reason=f"Note {note.id} is shipped in Brightpearl: order {again.known.order_number} at "
        "ShipHero stays as it was sent.",
        follow_ons=(suspected,),
    )
