"""The list itself: every code that anything may be raised, answered or held with."""

from collections.abc import Mapping
from typing import Final

from shared.reasons.of_goodsout import OF_GOODSOUT
from shared.reasons.of_orders import OF_ORDERS
from shared.reasons.of_shipments import OF_SHIPMENTS
from shared.reasons.of_vendors import OF_VENDORS
from shared.reasons.reason import Reason

REASONS: Final[Mapping[str, Reason]] = {
    **OF_ORDERS,
    **OF_SHIPMENTS,
    **OF_VENDORS,
    **OF_GOODSOUT,
}
# What a code that is not listed means.
UNLISTED: Final = "unexpected"


def reason_of(code: str) -> Reason:
    """Give what a code means; one that is not listed means something unexpected."""
    return REASONS.get(code) or REASONS[UNLISTED]
