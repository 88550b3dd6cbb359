"""What is said before a click, by what ShipHero shows of the note."""

import pytest

from services.portal.log.deep_links import VendorPages
from services.portal.log.verdicts import (
    could_not_look,
    verdict_on_cancel,
    verdict_on_resend,
    verdict_on_retry,
)
from shared.vendors.shiphero.models import ShipHeroOrder
from tests.builders import a_shiphero_order, a_shipment

LIVE = a_shiphero_order()
OTHER = a_shiphero_order(id="SH-502", legacy_id=7502)
ENDED = a_shiphero_order(fulfillment_status="canceled")
BEGUN = a_shiphero_order(shipments=(a_shipment(),))


@pytest.mark.parametrize(
    ("orders", "is_safe", "title"),
    [
        ((), True, "Safe: nothing is there"),
        ((LIVE,), True, "Safe: it will attach to order WEB-4001/1 (7501)"),
        ((LIVE, ENDED), True, "Safe: it will attach"),
        ((LIVE, OTHER), False, "Two or more orders"),
        ((ENDED,), True, "was cancelled there"),
    ],
)
def test_a_retry(orders: tuple[ShipHeroOrder, ...], is_safe: bool, title: str) -> None:  # noqa: FBT001 - a case's value
    verdict = verdict_on_retry(orders)

    assert verdict.is_safe is is_safe
    assert title in verdict.title


@pytest.mark.parametrize(
    ("orders", "is_safe", "title"),
    [
        ((), True, "Safe: nothing is there"),
        ((ENDED,), True, "is cancelled there"),
        ((LIVE,), False, "Not safe: order WEB-4001/1 (7501) is live"),
        ((LIVE, OTHER, ENDED), False, "Not safe: 2 orders are live"),
    ],
)
def test_sending_again(orders: tuple[ShipHeroOrder, ...], is_safe: bool, title: str) -> None:  # noqa: FBT001 - as above
    verdict = verdict_on_resend(orders)

    assert verdict.is_safe is is_safe
    assert title in verdict.title


@pytest.mark.parametrize(
    ("orders", "is_safe", "title"),
    [
        ((LIVE,), True, "has not shipped"),
        ((BEGUN,), False, "Too late"),
        ((ENDED,), True, "is cancelled there already"),
        ((), False, "does not show the order"),
    ],
)
def test_cancelling(orders: tuple[ShipHeroOrder, ...], is_safe: bool, title: str) -> None:  # noqa: FBT001 - as above
    verdict = verdict_on_cancel(orders)

    assert verdict.is_safe is is_safe
    assert title in verdict.title


def test_a_vendor_that_cannot_be_asked_forbids_nothing() -> None:
    verdict = could_not_look("ShipHero was silent.")

    assert verdict.is_safe
    assert "ShipHero was silent." in verdict.sentence


def test_only_a_vendor_that_we_reach_at_its_own_address_gets_a_link() -> None:
    known, unknown = VendorPages(data_centre="euw1", is_shiphero=True), VendorPages()

    links = [known.sales_order(4001), known.order(7501)]

    assert [link.address.rpartition("=")[2] for link in links if link][:1] == ["4001"]
    assert all(link and link.leaves and link.hint for link in links)
    assert [unknown.sales_order(4001), unknown.order(7501), known.order(None)] == [None] * 3
