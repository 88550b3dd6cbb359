"""What a sales order's remarks say of parcels, in plain words. Pure."""

from collections.abc import Collection

from services.shipment_return.parcels import Parcels, Tally
from shared.number_words import counted


def told_of_change(before: Tally, after: Tally) -> str:
    """Say what became of the parcels since Brightpearl was told of them."""
    if not after.boxes:
        return f"no parcel is left, {_named(before.tracking) or 'its label'} was voided"
    new, gone = after.tracking - before.tracking, before.tracking - after.tracking
    parts = []
    if new:
        parts.append(f"new: {_named(new)}")
    if gone:
        parts.append(f"no longer valid: {_named(gone)}")
    if after.boxes != before.boxes:
        parts.append(f"{counted(after.boxes, 'parcel')} instead of {before.boxes}")
    return "; ".join(parts)


def told_of_cancel(order_number: str, note_number: str, parcels: Parcels) -> str:
    """Say that the warehouse cancelled a note's order, and what had left before."""
    if not parcels.boxes:
        return (
            f"ShipHero order {order_number} of note {note_number} was cancelled in the warehouse; "
            "nothing was shipped."
        )
    tracking = _named(parcels.tracking)
    return (
        f"ShipHero order {order_number} of note {note_number} was cancelled in the warehouse after "
        f"{parcels.shipped} of {parcels.ordered} pieces had shipped"
        f"{f' ({tracking})' if tracking else ''}; the rest will not come."
    )


def told_of_earlier(left: str, present: str, note_number: str) -> str:
    """Warn that an order left although another had been made in its place."""
    return (
        f"Note {note_number} left with ShipHero order {left}, although order {present} had been "
        f"made in its place: cancel {present} in ShipHero unless both are to go."
    )


def _named(numbers: Collection[str]) -> str:
    return ", ".join(sorted(numbers))
