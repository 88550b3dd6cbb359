"""Whether sending a note would send it twice: said beforehand, from what ShipHero shows; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.vendors.shiphero.models import ShipHeroOrder

LOOKS_AGAIN: Final = "Goodsout looks once more right before it acts."


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a person is told before the click; `is_safe` says whether the click makes sense."""

    is_safe: bool
    colour: str
    icon: str
    title: str
    sentence: str


def _safe(title: str, sentence: str) -> Verdict:
    return Verdict(
        is_safe=True, colour="green", icon="shield-check", title=title, sentence=sentence
    )


def _careful(title: str, sentence: str, *, is_safe: bool = True) -> Verdict:
    return Verdict(
        is_safe=is_safe, colour="amber", icon="alert-circle", title=title, sentence=sentence
    )


def _unsafe(title: str, sentence: str) -> Verdict:
    return Verdict(
        is_safe=False, colour="red", icon="alert-triangle", title=title, sentence=sentence
    )


def could_not_look(why: str) -> Verdict:
    """Say that ShipHero did not tell how it stands."""
    return _careful(
        "ShipHero could not be asked", f"{why} Nothing is sent twice for that: {LOOKS_AGAIN}"
    )


def verdict_on_retry(orders: Sequence[ShipHeroOrder]) -> Verdict:
    """Judge a further attempt at a note that is not known to be at ShipHero."""
    live, ended = _parted(orders)
    if len(live) > 1:
        return _unsafe(
            f"Two or more orders: {numbers(live)}",
            "ShipHero has several orders of this note. A retry sends nothing, and fails until all "
            "but one of them are cancelled there.",
        )
    if live:
        return _safe(
            f"Safe: it will attach to order {numbers(live)}",
            "ShipHero has this note's order already. A retry takes it as it is; no second one is "
            "made.",
        )
    if ended:
        return _careful(
            f"Order {numbers(ended)} was cancelled there",
            "A retry does not send the note a second time. Use “Send again” if it is to go after "
            "all.",
        )
    return _safe(
        "Safe: nothing is there under our key",
        f"ShipHero has no order of this note. {LOOKS_AGAIN}",
    )


def verdict_on_resend(orders: Sequence[ShipHeroOrder]) -> Verdict:
    """Judge a deliberate second order of a note that was sent."""
    live, ended = _parted(orders)
    if len(live) > 1:
        return _unsafe(
            f"Not safe: {len(live)} orders are live ({numbers(live)})",
            "Cancel all of them first, or the note goes out more than once.",
        )
    if live:
        return _unsafe(
            f"Not safe: order {numbers(live)} is live",
            "ShipHero would ship both. Cancel that order first, then send the note again.",
        )
    if ended:
        return _safe(
            f"Safe: order {numbers(ended)} is cancelled there",
            f"The note becomes a new order under a key of its own. {LOOKS_AGAIN}",
        )
    return _safe(
        "Safe: nothing is there under our key",
        "ShipHero shows no order of this note any more. It becomes a new one under a key of its "
        f"own. {LOOKS_AGAIN}",
    )


def verdict_on_cancel(orders: Sequence[ShipHeroOrder]) -> Verdict:
    """Judge whether the note's order can still be cancelled."""
    live, ended = _parted(orders)
    begun = [order for order in live if order.fulfilled or order.shipments]
    if begun:
        return _careful(
            f"Too late: something of order {numbers(begun)} has shipped",
            "ShipHero does not cancel what has left, and nothing is forced. Speak to the "
            "warehouse or the carrier.",
            is_safe=False,
        )
    if live:
        return _safe(
            f"Order {numbers(live)} has not shipped",
            "ShipHero is asked to cancel it. If the warehouse has begun to pick it, ShipHero may "
            "refuse; nothing is forced.",
        )
    if ended:
        return _careful(
            f"Order {numbers(ended)} is cancelled there already", "Goodsout takes note of it."
        )
    return _careful(
        "ShipHero does not show the order", "There is nothing to cancel just now.", is_safe=False
    )


def numbers(orders: Sequence[ShipHeroOrder]) -> str:
    """Name orders as people know them, each with the number that ShipHero's pages bear."""
    names = (
        f"{order.order_number} ({order.legacy_id})" if order.legacy_id else order.order_number
        for order in orders
    )
    return ", ".join(names)


def _parted(
    orders: Sequence[ShipHeroOrder],
) -> tuple[list[ShipHeroOrder], list[ShipHeroOrder]]:
    live = [order for order in orders if not order.canceled]
    return live, [order for order in orders if order.canceled]
