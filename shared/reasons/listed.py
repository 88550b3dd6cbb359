"""The list itself: every code that anything may be raised, answered or held with."""

from collections.abc import Mapping
from typing import Final

from shared.reasons.of_goodsout import OF_GOODSOUT
from shared.reasons.of_orders import OF_ORDERS
from shared.reasons.of_shipments import OF_SHIPMENTS
from shared.reasons.of_vendors import OF_VENDORS
from shared.reasons.reason import NOBODY, Reason

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


def reason_for_person(code: str) -> Reason:
    """Give what a code means where a person is waited for.

    What passes by itself did not, then: only the operator can look into that.
    """
    reason = reason_of(code)
    return REASONS[UNLISTED] if reason.whose_turn == NOBODY else reason
