"""Renew credentials before they end, so that no work has to meet a refusal first."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import col, select

from shared.connecting.renewal import is_due
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO, WRITTEN, locked
from shared.connections import Connections
from shared.db.account_tables import VendorConnection
from shared.db.engine import our_trouble
from shared.errors import ConnectionBroken, GoodsoutError
from shared.vendors.brightpearl.oauth import APP_REFUSED

# Brightpearl's live 7 days and ShipHero's 28, renewed on day 21 (contracts, §3 and §1).
AHEAD = {BRIGHTPEARL: timedelta(days=1), SHIPHERO: timedelta(days=7)}

REFUSED = "{vendor} refused to renew our credentials, and they end {ends}. Reconnect before then."
OUR_APP_REFUSED = (
    "{vendor} does not accept Goodsout's own app, so our credentials, which end {ends}, are not "
    "renewed. Goodsout's operator puts that right; there is nothing to reconnect."
)

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """How many credentials were renewed, and how many should have been and were not."""

    renewed: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class Due:
    """Credentials that end soon."""

    account_id: UUID
    vendor: str
    version: int


def refresh_due_tokens(connections: Connections) -> Refreshed:
    """Renew what ends soon at either vendor; one that fails stops no other, and is tried again."""
    ends = [_refresh(connections, due) for due in _due(connections)]
    return Refreshed(renewed=ends.count(True), failed=ends.count(False))


def _due(connections: Connections) -> list[Due]:
    with our_trouble(), connections.open_reading() as session:
        rows = session.exec(
            select(VendorConnection)
            .where(
                VendorConnection.credentials != "",
                col(VendorConnection.broken_since).is_(None),
            )
            .order_by(col(VendorConnection.account_id), VendorConnection.vendor)
        ).all()
    now = connections.now()
    return [
        Due(account_id=row.account_id, vendor=row.vendor, version=row.credentials_version)
        for row in rows
        if is_due(row.expires_at, ahead=AHEAD[row.vendor], now=now)
        and "refresh_token" in connections.box.open_mapping(row.credentials)
    ]


def _refresh(connections: Connections, due: Due) -> bool:
    try:
        connections.renewal.renew(due.version, due.account_id, due.vendor)
    except ConnectionBroken:
        _warn(connections, due, REFUSED)
        log.warning("credentials.not_renewed", account=str(due.account_id), vendor=due.vendor)
        return False
    except GoodsoutError as error:
        if error.code == APP_REFUSED:
            _warn(connections, due, OUR_APP_REFUSED)
        log.warning(
            "credentials.not_renewed",
            account=str(due.account_id),
            vendor=due.vendor,
            reason=str(error),
        )
        return False
    return True


def _warn(connections: Connections, due: Due, words: str) -> None:
    """Tell on the page that the end is near; until then the present credentials still work."""
    with our_trouble(), connections.open_session() as session:
        row = locked(session, due.account_id, due.vendor)
        if row is None or row.credentials_version != due.version:
            return
        ends = f"on {row.expires_at:%d %b at %H:%M} UTC" if row.expires_at else "soon"
        warning = words.format(vendor=WRITTEN[due.vendor], ends=ends)
        if warning not in row.warnings:
            row.warnings = [*row.warnings, warning]
            session.add(row)
            session.commit()
