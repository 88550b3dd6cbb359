"""Registering, checking and removing the webhooks that vendors hold for an account.

Only ours are ever touched: at Brightpearl those whose path holds a secret that we know, at
ShipHero those that bear our label.
"""

from shared.vendors.brightpearl.client import VENDOR as BRIGHTPEARL
from shared.vendors.shiphero.client import VENDOR as SHIPHERO
from shared.webhooks import at_brightpearl, at_shiphero
from shared.webhooks.at_brightpearl import check_brightpearl
from shared.webhooks.at_shiphero import check_shiphero, label_of
from shared.webhooks.book import Registrar, SubscriptionBook
from shared.webhooks.checked import Checked

__all__ = [
    "Checked",
    "Registrar",
    "check_brightpearl",
    "check_shiphero",
    "forget_webhooks",
    "label_of",
    "remove_webhooks",
]


def remove_webhooks(
    registrar: Registrar,
    *,
    brightpearl: at_brightpearl.HoldsWebhooks | None = None,
    shiphero: at_shiphero.HoldsWebhooks | None = None,
) -> int:
    """Remove what is ours from each vendor whose client is given; answers how many went.

    Safe to repeat. What is still on its way is kept for a week.
    """
    removed = 0
    if brightpearl is not None:
        removed += _remove_from_brightpearl(registrar, brightpearl)
        forget_webhooks(registrar, BRIGHTPEARL)
    if shiphero is not None:
        removed += _remove_from_shiphero(registrar, shiphero)
        forget_webhooks(registrar, SHIPHERO)
    return removed


def forget_webhooks(registrar: Registrar, vendor: str) -> None:
    """Retire our side only, for a vendor that cannot be asked any more."""
    SubscriptionBook(registrar, vendor).retire_all()


def _remove_from_brightpearl(registrar: Registrar, client: at_brightpearl.HoldsWebhooks) -> int:
    rows = SubscriptionBook(registrar, BRIGHTPEARL).rows()
    ours = at_brightpearl.ours_among(client.webhooks(), rows)
    for webhook, _ in ours:
        client.delete_webhook(webhook.id)
    return len(ours)


def _remove_from_shiphero(registrar: Registrar, client: at_shiphero.HoldsWebhooks) -> int:
    rows = SubscriptionBook(registrar, SHIPHERO).rows()
    label = label_of(registrar.account_code, registrar.account_id)
    ours = at_shiphero.ours_among(client.webhooks(), rows, label)
    for webhook in ours:
        client.delete_webhook(name=webhook.name, shop_name=webhook.shop_name)
    return len(ours)
