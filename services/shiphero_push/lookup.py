"""Whether ShipHero has a note's order although we were not told so: looked for before a create."""

from collections.abc import Sequence
from datetime import timedelta

from services.shiphero_push.desk import Desk
from shared.errors import Permanent, UnknownOutcome
from shared.events import Event, Lane
from shared.notes.key import NoteKey
from shared.notes.known import Link
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.shiphero.models import ShipHeroOrder

# An older note may have been sent by what a restored backup no longer knows.
FRESH = timedelta(minutes=10)


def is_fresh(note: GoodsOutNote, event: Event) -> bool:
    """Say whether nobody can have sent the note before: it was announced as soon as it was made."""
    return event.lane is Lane.LIVE and event.recorded_at - note.created_on <= FRESH


def known_before(note_id: int, key: NoteKey, *, desk: Desk) -> ShipHeroOrder | None:
    """Find the order of a note of which we know nothing; None when there is none.

    Raises Permanent as `look_up` does.
    """
    # Nearly always there is none, and to be told so costs little (contract §3).
    if not desk.shiphero.has_order(str(key)):
        return None
    return _the_one(note_id, desk.shiphero.orders_by_key(str(key)))


def look_up(note_id: int, known: Link, *, desk: Desk) -> ShipHeroOrder | None:
    """Find the order of an earlier create whose answer was lost; None when it may be repeated.

    Raises UnknownOutcome until it has been looked for often enough, and Permanent where a person
    decides: more than one order is the note's, only cancelled ones are, or another's order with
    the same number is all that ShipHero shows.
    """
    found = _the_one(note_id, desk.shiphero.orders_by_key(known.key))
    if found is not None:
        return found
    # ShipHero may keep another key than ours: its lists are late or its own (contract §6).
    numbered = desk.shiphero.orders_by_number(known.order_number)
    ours = [order for order in numbered if bears_our_lines(order, known.key)]
    found = _the_one(note_id, ours)
    if found is not None:
        return found
    link = desk.notes.count_empty_lookup(note_id)
    if not desk.has_looked_enough(link):
        raise UnknownOutcome(
            f"The answer to creating order {link.order_number} was lost; ShipHero has not shown "
            f"it in {link.empty_lookups} looks.",
        )
    foreign = [order for order in numbered if not order.canceled]
    if foreign:
        raise Permanent(
            f"The answer to creating order {link.order_number} was lost, and ShipHero has an order "
            f"of that number which is not ours ({_numbers(foreign)}). Look at it there: cancel it "
            "if it is the same delivery, then retry; if it is not, delete the note in Brightpearl "
            "and make it again.",
            code="same_number_there",
        )
    return None


def _the_one(note_id: int, found: Sequence[ShipHeroOrder]) -> ShipHeroOrder | None:
    live = [order for order in found if not order.canceled]
    if len(live) > 1:
        raise Permanent(
            f"ShipHero has {len(live)} orders for note {note_id} ({_numbers(live)}); cancel all "
            "but one there, then retry.",
            code="several_orders",
        )
    if live:
        return live[0]
    if found:
        raise Permanent(
            f"ShipHero order {found[0].order_number} of note {note_id} was cancelled there; it is "
            "not sent a second time by itself.",
            code="order_canceled",
        )
    return None


def bears_our_lines(order: ShipHeroOrder, key: str) -> bool:
    """Tell by the lines' ids, which are made of our key and of rows that no other note has."""
    before = f"{key}-"
    ids = (line.partner_line_item_id for line in order.line_items)
    return any(one.startswith(before) and one.removeprefix(before).isdecimal() for one in ids)


def _numbers(orders: Sequence[ShipHeroOrder]) -> str:
    return ", ".join(str(order.legacy_id or order.id) for order in orders)
