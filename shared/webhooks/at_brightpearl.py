"""Brightpearl's webhooks of one account: compare with what should be, and mend (contract §12).

A list shows those of other integrations too. Ours are those whose path holds a secret that we
know; nothing else is ever deleted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from shared.vendors.brightpearl.account_models import NewWebhook, Webhook
from shared.vendors.brightpearl.client import VENDOR as BRIGHTPEARL
from shared.webhooks.address import address_of, before_secret, read_address
from shared.webhooks.book import Registrar, Row, SubscriptionBook, unwanted
from shared.webhooks.checked import Checked, Topic
from shared.webhooks.mending import Mending

GOODS_OUT_NOTE = "goods-out-note"
PRODUCT = "product"
# Not PRODUCT: it would also bring one webhook for every movement of stock (contract §12).
TOPICS = (GOODS_OUT_NOTE,)

# Our webhooks at Brightpearl, each with the row that it belongs to.
Ours = Sequence[tuple[Webhook, Row]]


class HoldsWebhooks(Protocol):
    """What is asked of Brightpearl."""

    def webhooks(self) -> tuple[Webhook, ...]:
        """List all subscriptions, those of other integrations too."""
        ...

    def create_webhook(self, new: NewWebhook) -> int:
        """Subscribe and answer the new id."""
        ...

    def delete_webhook(self, webhook_id: int) -> None:
        """Unsubscribe."""
        ...


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What Brightpearl should hold: one webhook for each topic, under our present address."""

    base_url: str
    topics: Sequence[str] = TOPICS


def check_brightpearl(registrar: Registrar, client: HoldsWebhooks, wanted: Wanted) -> Checked:
    """Make Brightpearl hold exactly one webhook of ours for each topic.

    There is no update call, so a wrong one is replaced: the new one first, so that no event falls
    between them. Raises Permanent when the webhook for goods-out notes is refused.
    """
    book = SubscriptionBook(registrar, BRIGHTPEARL)
    seen_at, rows = registrar.now(), book.rows()
    ours = ours_among(client.webhooks(), rows)
    topics = tuple(_found(name, ours, rows, wanted) for name in wanted.topics)
    mending = Mending(registrar=registrar, vendor=BRIGHTPEARL, essential=GOODS_OUT_NOTE)
    for topic in topics:
        if topic.right is None:
            mending.make(topic, partial(_create, book, client, topic.name, wanted))
        elif topic.right.vendor_webhook_id != topic.webhook_id:
            # Its answer was lost when it was made, or a doubled one was deleted by hand.
            book.register(topic.right.id, webhook_id=topic.webhook_id)
    needed = {topic.webhook_id for topic in topics}
    # What could not be replaced stays: it may still bring something.
    superfluous = [
        webhook.id
        for webhook, row in ours
        if str(webhook.id) not in needed and row.topic not in mending.refused
    ]
    for webhook_id in superfluous:
        client.delete_webhook(webhook_id)
    return mending.checked(
        topics, seen_at=seen_at, removed=len(superfluous), unwanted=unwanted(rows, wanted.topics)
    )


def ours_among(webhooks: Sequence[Webhook], rows: Sequence[Row]) -> Ours:
    """Pick the webhooks whose path holds a secret that we know, whatever stands before it."""
    row_of = {row.path_digest: row for row in rows}
    read = ((webhook, read_address(webhook.uri_template).path_digest) for webhook in webhooks)
    return [(webhook, row_of[told]) for webhook, told in read if told in row_of]


def _found(name: str, ours: Ours, rows: Sequence[Row], wanted: Wanted) -> Topic:
    live = [row for row in rows if row.topic == name and not row.is_retired]
    standing = [
        (webhook, row) for webhook, row in ours if row in live and _is_right(webhook, name, wanted)
    ]
    if not standing:
        there = {row for _, row in ours}
        wrong = "was not as it should be" if there & set(live) else "was gone from Brightpearl"
        return Topic(name=name, outdated=tuple(live), wrong=wrong)
    # Of doubled ones the known id is kept, of several rows the newest.
    webhook, right = min(
        standing,
        key=lambda one: (live.index(one[1]), str(one[0].id) != one[1].vendor_webhook_id, one[0].id),
    )
    return Topic(
        name=name,
        right=right,
        webhook_id=str(webhook.id),
        outdated=tuple(row for row in live if row != right),
        wrong="was replaced",
    )


def _is_right(webhook: Webhook, topic: str, wanted: Wanted) -> bool:
    should_be = NewWebhook(subscribe_to=topic, uri_template=webhook.uri_template)
    return (
        webhook.subscribe_to == topic
        and read_address(webhook.uri_template).before_secret
        == before_secret(wanted.base_url, BRIGHTPEARL)
        and webhook.http_method.upper() == should_be.http_method
        and webhook.content_type.lower().startswith(should_be.content_type)
        and webhook.id_set_accepted
        and webhook.quality_of_service == should_be.quality_of_service
        and _as_read(webhook.body_template) == _as_read(should_be.body_template)
    )


def _as_read(template: str) -> Mapping[str, Any] | str:
    # Brightpearl may write the template in another way than it was given.
    try:
        read: Mapping[str, Any] = json.loads(template)
    except ValueError:
        return template
    return read


def _create(book: SubscriptionBook, client: HoldsWebhooks, topic: str, wanted: Wanted) -> UUID:
    row_id, secret = book.begin(topic)
    address = address_of(wanted.base_url, BRIGHTPEARL, secret)
    webhook_id = client.create_webhook(NewWebhook(subscribe_to=topic, uri_template=address))
    book.register(row_id, webhook_id=str(webhook_id))
    return row_id
