"""What order_ingest makes of a check of Brightpearl's webhooks."""

from datetime import timedelta
from uuid import UUID

from services.order_ingest.webhook_check import check_brightpearl_webhooks, check_webhooks
from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
)
from shared.outcome import Busy, Delivered, Skipped
from shared.webhooks.book import Row
from shared.webhooks.checked import Checked, Topic
from tests.builders import MORNING
from tests.unit.core.notebook import an_event

REQUEST = an_event(name=BRIGHTPEARL_CHECK_REQUESTED, subject="acme")
SINCE = MORNING - timedelta(hours=5)


def a_row(topic: str) -> Row:
    return Row(
        id=UUID(int=1),
        topic=topic,
        label="",
        path_digest="digest",
        vendor_webhook_id="121",
        is_signed=False,
        is_retired=False,
        created_at=SINCE,
        known_good_at=SINCE,
    )


def checked(*topics: Topic) -> Checked:
    return Checked(
        account_id=REQUEST.account_id, vendor="brightpearl", seen_at=MORNING, topics=topics
    )


def found_right(topic: str) -> Topic:
    return Topic(name=topic, right=a_row(topic), webhook_id="121")


def found_gone(topic: str) -> Topic:
    return Topic(name=topic, outdated=(a_row(topic),), wrong="was gone from Brightpearl")


def test_webhooks_as_they_should_be_have_nothing_follow() -> None:
    outcome = check_webhooks([REQUEST], check=lambda _: checked(found_right("goods-out-note")))

    assert isinstance(outcome, Delivered)
    assert outcome.summary == "1 webhook found as they should be."
    assert outcome.follow_ons == ()


def test_a_gap_in_notes_has_them_compared() -> None:
    outcome = check_webhooks([REQUEST], check=lambda _: checked(found_gone("goods-out-note")))

    assert isinstance(outcome, Delivered)
    [follow_on] = outcome.follow_ons
    assert (follow_on.name, follow_on.payload) == (
        RECONCILIATION_REQUESTED,
        {"because": "a webhook had stopped"},
    )
    assert outcome.summary == (
        "The webhook goods-out-note was gone from Brightpearl; it is registered again, and what "
        "came since 02 Mar 04:00 UTC is compared."
    )


def test_a_gap_in_products_has_them_fetched() -> None:
    outcome = check_webhooks([REQUEST], check=lambda _: checked(found_gone("product")))

    assert isinstance(outcome, Delivered)
    [follow_on] = outcome.follow_ons
    assert (follow_on.name, follow_on.payload) == (REFERENCE_REQUESTED, {"part": "products"})


def test_without_a_public_address_nothing_is_registered() -> None:
    outcome = check_webhooks([REQUEST], check=lambda _: None)

    assert isinstance(outcome, Skipped)
    assert outcome.code == "webhooks_url_unset"


def test_requests_that_wait_together_are_one_check() -> None:
    [unit] = check_brightpearl_webhooks([REQUEST, REQUEST], check=lambda _: None)

    assert unit.events == (REQUEST, REQUEST)


def test_while_another_is_under_way_it_comes_later() -> None:
    busy = Busy(reason="These webhooks are being checked just now; this comes after.")

    assert check_webhooks([REQUEST], check=lambda _: busy) == busy
