"""How doctor compares our table of webhooks with the vendors' lists."""

from collections.abc import Collection
from functools import partial

from shared.cli.registered import ListUrls, Registered, compare
from shared.connections import BRIGHTPEARL, SHIPHERO
from shared.errors import Transient

OURS = (
    Registered(vendor=BRIGHTPEARL, topic="goods-out-note.created", path_secret="one"),
    Registered(vendor=SHIPHERO, topic="Shipment Update", path_secret="two"),
)


def test_webhooks_that_both_vendors_list_are_fine() -> None:
    wrong, compared = compare(OURS, {BRIGHTPEARL: _lists("one"), SHIPHERO: _lists("two")})

    assert wrong == []
    assert compared == "in our table and in both vendors' lists"


def test_a_webhook_that_the_vendor_lost_is_named_without_its_secret() -> None:
    [wrong], _ = compare(OURS, {BRIGHTPEARL: _lists("one"), SHIPHERO: _lists("other")})

    assert wrong == "ShipHero does not list, or has switched off: Shipment Update"


def test_a_vendor_without_a_webhook_in_our_table_is_named() -> None:
    [wrong], _ = compare(OURS[:1], {BRIGHTPEARL: _lists("one"), SHIPHERO: _lists("two")})

    assert wrong == "our table has none for ShipHero"


def test_a_list_that_cannot_be_read_is_not_claimed_to_be_compared() -> None:
    wrong, compared = compare(OURS, {BRIGHTPEARL: _lists("one"), SHIPHERO: _silent})

    assert wrong == []
    assert compared == "in our table; not compared with the list of ShipHero"


def _lists(*secrets: str) -> ListUrls:
    return partial(tuple, [f"https://edge.test/webhooks/{secret}" for secret in secrets])


def _silent() -> Collection[str]:
    raise Transient("ShipHero could not be reached.")
