"""What shipment_return makes of a check of ShipHero's webhooks."""

from datetime import datetime, timedelta
from uuid import UUID

from services.shipment_return.webhook_check import check_shiphero_webhooks, check_webhooks
from shared.events import SHIPHERO_CHECK_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED
from shared.outcome import Busy, Delivered, Skipped
from shared.webhooks.book import Row
from shared.webhooks.checked import Checked, Topic
from tests.builders import MORNING
from tests.unit.core.notebook import an_event

REQUEST = an_event(name=SHIPHERO_CHECK_REQUESTED, subject="acme")


def switched_off(topic: str, *, since: datetime) -> Topic:
    row = Row(
        id=UUID(int=1),
        topic=topic,
        label="goodsout-acme-00000001",
        path_digest="digest",
        vendor_webhook_id="HOOK-1",
        is_signed=True,
        is_retired=False,
        created_at=since,
        known_good_at=since,
    )
    return Topic(name=topic, outdated=(row,), wrong="was switched off by ShipHero")


def checked(*topics: Topic) -> Checked:
    return Checked(account_id=REQUEST.account_id, vendor="shiphero", seen_at=MORNING, topics=topics)


def test_a_gap_is_looked_through_once_from_the_oldest_on() -> None:
    earlier, later = MORNING - timedelta(hours=9), MORNING - timedelta(hours=5)
    found = checked(
        switched_off("Shipment Update", since=later), switched_off("Order Canceled", since=earlier)
    )

    outcome = check_webhooks([REQUEST], check=lambda _: found)

    assert isinstance(outcome, Delivered)
    [follow_on] = outcome.follow_ons
    assert (follow_on.name, follow_on.payload) == (
        SHIPHERO_RECONCILIATION_REQUESTED,
        {"from": earlier.isoformat()},
    )


def test_a_first_registration_has_nothing_to_look_through() -> None:
    outcome = check_webhooks([REQUEST], check=lambda _: checked(Topic(name="Shipment Update")))

    assert isinstance(outcome, Delivered)
    assert outcome.follow_ons == ()
    assert outcome.summary == "The webhook Shipment Update is registered."


def test_without_a_public_address_nothing_is_registered() -> None:
    outcome = check_webhooks([REQUEST], check=lambda _: None)

    assert isinstance(outcome, Skipped)
    assert outcome.code == "webhooks_url_unset"


def test_requests_that_wait_together_are_one_check() -> None:
    [unit] = check_shiphero_webhooks([REQUEST, REQUEST], check=lambda _: None)

    assert unit.events == (REQUEST, REQUEST)


def test_while_another_is_under_way_it_comes_later() -> None:
    busy = Busy(reason="These webhooks are being checked just now; this comes after.")

    assert check_webhooks([REQUEST], check=lambda _: busy) == busy
