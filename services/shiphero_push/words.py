"""What the sync log says of an order at ShipHero."""

from shared.outcome import Delivered
from shared.vendors.shiphero.models import ShippingLines
from shared.vendors.shiphero.new_order import NewShippingLines


def delivered(order_id: str, order_number: str, *, adopted: bool = False) -> Delivered:
    """Say that ShipHero has the order."""
    how = "found there and adopted, not sent twice" if adopted else "at ShipHero"
    return Delivered(reference=order_id, summary=f"Order {order_number} {how}.")


def sent_words(lines: NewShippingLines | ShippingLines) -> str:
    """Name the shipping method as ShipHero was told it."""
    return " / ".join(filter(None, (lines.title, lines.carrier, lines.method)))
