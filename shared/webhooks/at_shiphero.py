"""ShipHero's webhooks of one account: compare with what should be, and mend (contract §10).

Ours bear our label as their shop name; nothing else is ever deleted. A name and a label stand for
one webhook, so a new one can only be made when the old one is gone: what came between is compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

from shared.errors import Transient
from shared.vendors.shiphero.account_models import CreatedWebhook, Webhook
from shared.vendors.shiphero.client import VENDOR as SHIPHERO
from shared.vendors.shiphero.faults import AlreadyThere
from shared.vendors.shiphero.webhook_bodies import (
    ORDER_ALLOCATED,
    ORDER_CANCELED,
    RETURN_UPDATE,
    SHIPMENT_UPDATE,
)
from shared.webhooks.address import address_of, before_secret, read_address
from shared.webhooks.book import Registrar, Row, SubscriptionBook, unwanted
from shared.webhooks.checked import Checked, Topic
from shared.webhooks.mending import Mending

TOPICS = (SHIPMENT_UPDATE, ORDER_CANCELED, ORDER_ALLOCATED, RETURN_UPDATE)
UNHEALTHY = "UNHEALTHY"  # ShipHero has switched it off; WARNING is still delivered


class HoldsWebhooks(Protocol):
    """What is asked of ShipHero."""

    def webhooks(self) -> tuple[Webhook, ...]:
        """List the subscriptions, those of others too."""
        ...

    def create_webhook(self, *, name: str, url: str, shop_name: str) -> CreatedWebhook:
        """Subscribe; the secret is told this once."""
        ...

    def delete_webhook(self, *, name: str, shop_name: str) -> None:
        """Unsubscribe."""
        ...


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What ShipHero should hold: one webhook for each topic, under our present address."""

    base_url: str
    label: str
    topics: Sequence[str] = TOPICS


def label_of(account_code: str, account_id: UUID) -> str:
    """Name our webhooks at ShipHero, apart from those of another installation of ours."""
    return f"goodsout-{account_code}-{account_id.hex[-8:]}"


def check_shiphero(registrar: Registrar, client: HoldsWebhooks, wanted: Wanted) -> Checked:
    """Make ShipHero hold exactly one webhook of ours for each topic, with a secret that we hold.

    One that was switched off is made anew rather than enabled: whether enabling keeps its secret
    is not known (contract §12.9), and nothing is sent to it meanwhile. Raises Permanent when
    Shipment Update is refused.
    """
    book = SubscriptionBook(registrar, SHIPHERO)
    seen_at, rows = registrar.now(), book.rows()
    ours = ours_among(client.webhooks(), rows, wanted.label)
    topics = tuple(_found(name, ours, rows, wanted) for name in wanted.topics)
    mending = Mending(registrar=registrar, vendor=SHIPHERO, essential=SHIPMENT_UPDATE)
    for topic in topics:
        if topic.right is None:
            old = [one for one in ours if one.name == topic.name and one.shop_name == wanted.label]
            mending.make(topic, partial(_replace, book, client, topic.name, wanted, old))
    superfluous = [
        one for one in ours if one.name not in wanted.topics or one.shop_name != wanted.label
    ]
    for one in superfluous:
        client.delete_webhook(name=one.name, shop_name=one.shop_name)
    return mending.checked(
        topics, seen_at=seen_at, removed=len(superfluous), unwanted=unwanted(rows, wanted.topics)
    )


def ours_among(webhooks: Sequence[Webhook], rows: Sequence[Row], label: str) -> list[Webhook]:
    """Pick the webhooks that bear our label, or one that we used before."""
    labels = {label} | {row.label for row in rows if row.label}
    return [webhook for webhook in webhooks if webhook.shop_name in labels]


def _found(name: str, ours: Sequence[Webhook], rows: Sequence[Row], wanted: Wanted) -> Topic:
    live = [row for row in rows if row.topic == name and not row.is_retired]
    named = [one for one in ours if one.name == name and one.shop_name == wanted.label]
    if len(named) == 1:
        [webhook] = named
        right = _row_of(webhook, live, wanted)
        wrong = _wrong(webhook, right)
        if not wrong:
            return Topic(
                name=name,
                right=right,
                webhook_id=webhook.id,
                health=webhook.health or "",
                outdated=tuple(row for row in live if row != right),
                wrong="was replaced",
            )
    else:
        wrong = "was doubled" if named else "was gone from ShipHero"
    return Topic(name=name, outdated=tuple(live), wrong=wrong)


def _row_of(webhook: Webhook, live: Sequence[Row], wanted: Wanted) -> Row | None:
    address = read_address(webhook.url)
    if address.before_secret != before_secret(wanted.base_url, SHIPHERO):
        return None
    return next((row for row in live if row.path_digest == address.path_digest), None)


def _wrong(webhook: Webhook, row: Row | None) -> str:
    if webhook.enabled is False or (webhook.health or "").upper() == UNHEALTHY:
        return "was switched off by ShipHero"
    if row is None:
        return "had another address"
    if not row.is_signed:
        return "was signed with a secret that is lost"
    return ""


def _replace(
    book: SubscriptionBook,
    client: HoldsWebhooks,
    topic: str,
    wanted: Wanted,
    old: Sequence[Webhook],
) -> UUID:
    for one in old:
        client.delete_webhook(name=one.name, shop_name=one.shop_name)
    row_id, secret = book.begin(topic, label=wanted.label)
    address = address_of(wanted.base_url, SHIPHERO, secret)
    made = _create(client, topic, address, wanted.label)
    if not made.shared_signature_secret:
        raise Transient(
            f"ShipHero registered the webhook {topic} without telling its secret; it is deleted "
            "and made again."
        )
    book.register(row_id, webhook_id=made.id, signing_secret=made.shared_signature_secret)
    return row_id


def _create(client: HoldsWebhooks, topic: str, address: str, label: str) -> CreatedWebhook:
    try:
        return client.create_webhook(name=topic, url=address, shop_name=label)
    except AlreadyThere:
        # The list did not show it, or another check made it just now; its secret is not ours.
        client.delete_webhook(name=topic, shop_name=label)
    try:
        return client.create_webhook(name=topic, url=address, shop_name=label)
    except AlreadyThere as still_there:
        raise Transient(
            f"ShipHero says that the webhook {topic} of {label} is there, and that it is not; "
            "it is tried again."
        ) from still_there
