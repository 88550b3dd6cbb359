"""Test a connection: read what the job reads, and write something harmless where that is safe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID

from shared.connecting.stored import BRIGHTPEARL, Stored, is_connected, locked
from shared.connecting.trouble import mark_broken, mend
from shared.connections import Connections
from shared.db.engine import our_trouble
from shared.errors import ConnectionBroken, GoodsoutError
from shared.vendors.brightpearl.account_models import NewWebhook
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.shiphero.client import ShipHero


@dataclass(frozen=True, kw_only=True)
class Look:
    """One thing that was tried, and how it went."""

    what: str
    fine: bool
    sentence: str


def try_connection(connections: Connections, account_id: UUID, vendor: str) -> tuple[Look, ...]:
    """Try one vendor's connection part by part; the first refusal of credentials ends it.

    A broken connection whose credentials are accepted again is mended by it, and a working one that
    is refused is marked as broken.
    """
    stored = connections.renewal.stored(account_id, vendor)
    if stored is None:
        return (Look(what="credentials", fine=False, sentence="There are none; connect first."),)
    looks: list[Look] = []
    for what, look in _looks(connections, stored):
        try:
            looks.append(Look(what=what, fine=True, sentence=look()))
        except ConnectionBroken as broken:
            _mark(connections, stored, broken)
            return (*looks, Look(what=what, fine=False, sentence=str(broken)))
        except GoodsoutError as error:
            looks.append(Look(what=what, fine=False, sentence=str(error)))
    if looks[0].fine:
        _write_down(connections, stored)
    return tuple(looks)


def _looks(connections: Connections, stored: Stored) -> Iterator[tuple[str, Callable[[], str]]]:
    if stored.vendor == BRIGHTPEARL:
        yield from _brightpearl_looks(_brightpearl(connections, stored), stored, connections)
    else:
        yield from _shiphero_looks(_shiphero(connections, stored))


def _brightpearl(connections: Connections, stored: Stored) -> Brightpearl:
    try:
        return connections.brightpearl(stored.account_id)
    except ConnectionBroken:
        return connections.ways.brightpearl(stored)  # marked as broken: perhaps it is well again


def _shiphero(connections: Connections, stored: Stored) -> ShipHero:
    try:
        return connections.shiphero(stored.account_id)
    except ConnectionBroken:
        return connections.ways.shiphero(stored)


def _brightpearl_looks(
    client: Brightpearl, stored: Stored, connections: Connections
) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "account settings", lambda: f"time zone {client.account_configuration().time_zone}"
    yield "warehouses", lambda: f"{len(client.warehouses())} found"
    yield "shipping methods", lambda: f"{len(client.shipping_methods())} found"
    yield "staff", lambda: f"{len(client.staff_contacts())} found"
    yield "webhooks", lambda: f"{len(client.webhooks())} found, those of others included"
    if urlsplit(stored.base_url).netloc in connections.settings.extra_brightpearl_hosts:
        yield "writing", partial(_write_harmlessly, client, connections.settings.portal_url)


def _shiphero_looks(client: ShipHero) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "account", lambda: f"{len(client.account().warehouses)} warehouses"
    yield "webhooks", lambda: f"{len(client.webhooks())} found, those of others included"
    yield "orders", lambda: f"readable, {len(client.orders_by_key('GO-'))} with an empty key"


def _write_harmlessly(client: Brightpearl, our_url: str) -> str:
    """Make a webhook for an event that hardly ever happens, and take it away again."""
    new = NewWebhook(subscribe_to="product.destroyed", uri_template=f"{our_url}/livez")
    client.delete_webhook(client.create_webhook(new))
    return "a webhook was made and removed again"


def _mark(connections: Connections, stored: Stored, broken: ConnectionBroken) -> None:
    version = stored.version if broken.version is None else broken.version
    with our_trouble(), connections.open_session() as session:
        locked(session, stored.account_id, stored.vendor)
        mark_broken(
            session,
            stored.account_id,
            stored.vendor,
            version=version,
            reason=str(broken),
            now=connections.now(),
        )
        session.commit()


def _write_down(connections: Connections, stored: Stored) -> None:
    with our_trouble(), connections.open_session() as session:
        row = locked(session, stored.account_id, stored.vendor)
        if row is None or not is_connected(row) or row.credentials_version < stored.version:
            return
        row.checked_at = connections.now()
        session.add(row)
        if row.broken_since is not None and stored.is_complete:
            mend(session, row, now=connections.now())
        session.commit()
