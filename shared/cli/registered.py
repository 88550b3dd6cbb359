"""Whether the vendors hold the webhooks that our table says they hold."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from shared.connections import BRIGHTPEARL, SHIPHERO, Connections
from shared.db.account_tables import WebhookSubscription
from shared.errors import GoodsoutError
from shared.secrets import SecretBox

_WRITTEN = {BRIGHTPEARL: "Brightpearl", SHIPHERO: "ShipHero"}

ListUrls = Callable[[], Collection[str]]


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A webhook of our table that is in use; its path's secret is never shown."""

    vendor: str
    topic: str
    path_secret: str = field(repr=False)


def registered_webhooks(session: Session, account_id: UUID, box: SecretBox) -> list[Registered]:
    """Read what our table says; raises ValueError when a secret fits none of our keys."""
    rows = session.exec(
        select(WebhookSubscription)
        .where(
            WebhookSubscription.account_id == account_id,
            col(WebhookSubscription.retired_at).is_(None),
        )
        .order_by(WebhookSubscription.vendor, WebhookSubscription.topic)
    )
    return [
        Registered(vendor=row.vendor, topic=row.topic, path_secret=box.open(row.path_secret))
        for row in rows
    ]


def vendor_lists(connections: Connections, account_id: UUID) -> dict[str, ListUrls]:
    """Give, by vendor, what reads the addresses it calls; ShipHero's switched-off ones left out."""

    def brightpearl() -> list[str]:
        return [hook.uri_template for hook in connections.brightpearl(account_id).webhooks()]

    def shiphero() -> list[str]:
        hooks = connections.shiphero(account_id).webhooks()
        return [hook.url for hook in hooks if hook.enabled is not False]

    return {BRIGHTPEARL: brightpearl, SHIPHERO: shiphero}


def compare(ours: Sequence[Registered], lists: Mapping[str, ListUrls]) -> tuple[list[str], str]:
    """Say what is wrong, one sentence each, and how far our table could be compared."""
    wrong, unread = [], []
    for vendor, list_urls in lists.items():
        written = _WRITTEN[vendor]
        mine = [one for one in ours if one.vendor == vendor]
        if not mine:
            wrong.append(f"our table has none for {written}")
            continue
        try:
            urls = list_urls()
        except GoodsoutError:
            unread.append(written)
            continue
        lost = [one.topic for one in mine if not any(one.path_secret in url for url in urls)]
        if lost:
            wrong.append(f"{written} does not list, or has switched off: {', '.join(lost)}")
    if unread:
        return wrong, f"in our table; not compared with the list of {' and '.join(unread)}"
    return wrong, "in our table and in both vendors' lists"
