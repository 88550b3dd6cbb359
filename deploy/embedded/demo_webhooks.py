"""Register the demo account's webhooks at the sandbox, unless they are there as they should be."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from shared.clock import utc_now
from shared.connections import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import WebhookSubscription
from shared.db.engine import OpenSession
from shared.journal.record import new_id
from shared.secrets import SecretBox, digest
from shared.vendors.brightpearl.account_models import NewWebhook
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.webhook_bodies import SHIPMENT_UPDATE

GOODS_OUT_NOTE = "goods-out-note"
# Our label at ShipHero: deleting by it never touches a webhook of somebody else.
LABEL = "goodsout-demo"


@dataclass(frozen=True, kw_only=True)
class Registrar:
    """What webhooks are registered with: both clients, and where our endpoints are."""

    open_session: OpenSession
    box: SecretBox
    account_id: UUID
    brightpearl: Brightpearl
    shiphero: ShipHero
    order_ingest: str
    shipment_return: str


def register_webhooks(registrar: Registrar) -> None:
    """Make both webhooks where they are missing or point elsewhere, as after a change of port."""
    known = {hook.uri_template for hook in registrar.brightpearl.webhooks()}
    if not _present(registrar, BRIGHTPEARL) & known:
        _register_at_brightpearl(registrar)
    known = {hook.url for hook in registrar.shiphero.webhooks()}
    if not _present(registrar, SHIPHERO) & known:
        _register_at_shiphero(registrar)


def _present(registrar: Registrar, vendor: str) -> set[str]:
    """Give the addresses of the vendor's subscriptions whose every secret we hold."""
    with registrar.open_session() as session:
        rows = session.exec(
            select(WebhookSubscription).where(
                WebhookSubscription.account_id == registrar.account_id,
                WebhookSubscription.vendor == vendor,
                WebhookSubscription.vendor_webhook_id != "",
                col(WebhookSubscription.retired_at).is_(None),
            )
        ).all()
    return {_url(registrar, vendor, registrar.box.open(row.path_secret)) for row in rows}


def _register_at_brightpearl(registrar: Registrar) -> None:
    secret, row_id = _keep_secret(registrar, BRIGHTPEARL, GOODS_OUT_NOTE)
    new = NewWebhook(subscribe_to=GOODS_OUT_NOTE, uri_template=_url(registrar, BRIGHTPEARL, secret))
    webhook_id = registrar.brightpearl.create_webhook(new)
    for old in _keep_webhook(registrar, row_id, webhook_id=str(webhook_id), signing_secret=None):
        registrar.brightpearl.delete_webhook(int(old))


def _register_at_shiphero(registrar: Registrar) -> None:
    secret, row_id = _keep_secret(registrar, SHIPHERO, SHIPMENT_UPDATE)
    # A start that died half-way may have left one whose secret nobody holds.
    registrar.shiphero.delete_webhook(name=SHIPMENT_UPDATE, shop_name=LABEL)
    made = registrar.shiphero.create_webhook(
        name=SHIPMENT_UPDATE, url=_url(registrar, SHIPHERO, secret), shop_name=LABEL
    )
    _keep_webhook(
        registrar, row_id, webhook_id=made.id, signing_secret=made.shared_signature_secret
    )


def _url(registrar: Registrar, vendor: str, secret: str) -> str:
    base = registrar.order_ingest if vendor == BRIGHTPEARL else registrar.shipment_return
    return f"{base}/webhooks/{vendor}/{secret}"


def _keep_secret(registrar: Registrar, vendor: str, topic: str) -> tuple[str, UUID]:
    """Commit a path secret before its webhook is registered, so that no delivery meets a 404."""
    secret, row_id = secrets.token_urlsafe(32), new_id()
    with registrar.open_session() as session:
        session.add(
            WebhookSubscription(
                id=row_id,
                account_id=registrar.account_id,
                vendor=vendor,
                topic=topic,
                path_digest=digest(secret),
                path_secret=registrar.box.seal(secret),
                created_at=utc_now(),
            )
        )
        session.commit()
    return secret, row_id


def _keep_webhook(
    registrar: Registrar, row_id: UUID, *, webhook_id: str, signing_secret: str | None
) -> list[str]:
    """Keep what the vendor answered, retire older ones; gives the ids of those at the vendor."""
    with registrar.open_session() as session:
        row = session.get_one(WebhookSubscription, row_id)
        row.vendor_webhook_id = webhook_id
        row.signing_secret = registrar.box.seal(signing_secret) if signing_secret else None
        older = session.exec(
            select(WebhookSubscription).where(
                WebhookSubscription.account_id == registrar.account_id,
                WebhookSubscription.vendor == row.vendor,
                WebhookSubscription.id != row_id,
                col(WebhookSubscription.retired_at).is_(None),
            )
        ).all()
        for one in older:
            one.retired_at = utc_now()
            session.add(one)
        session.add(row)
        session.commit()
        return [one.vendor_webhook_id for one in older if one.vendor_webhook_id]
