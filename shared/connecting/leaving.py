"""Disconnecting a vendor: its webhooks of ours removed, the credentials erased."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from shared.alerts import end_alert
from shared.connecting.alerts import connection_broken
from shared.connecting.refusal import Refused
from shared.connecting.stored import BRIGHTPEARL, WRITTEN, is_connected, locked
from shared.connecting.trail import record_disconnected
from shared.connections import Connections
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import our_trouble
from shared.errors import GoodsoutError
from shared.notes.search_keys import forget_persons
from shared.webhooks.book import Registrar
from shared.webhooks.registration import forget_webhooks, remove_webhooks

AT_ONCE: Final = 1000  # rows that one transaction deletes


@dataclass(frozen=True, kw_only=True)
class Left:
    """What became of the webhooks; `trouble` says why some may still be there, "" where none is."""

    webhooks_removed: int
    trouble: str = ""


def disconnect(connections: Connections, account_id: UUID, vendor: str, *, asked_by: str) -> Left:
    """Remove our webhooks at the vendor as far as it lets us, then erase the credentials.

    The row stays, without them: what older credentials still meet is told apart by its version,
    and another account of the vendor is not taken for this one.
    """
    with our_trouble(), connections.open_reading() as session:
        row = session.get(VendorConnection, (account_id, vendor))
        code = session.get_one(Account, account_id).code
    if not is_connected(row):
        raise Refused(f"{WRITTEN[vendor]} is not connected.")
    registrar = Registrar(
        open_session=connections.open_session,
        box=connections.box,
        account_id=account_id,
        account_code=code,
        now=connections.now,
    )
    left = _remove(connections, registrar, vendor)
    with our_trouble(), connections.open_session() as session:
        _erase(session, account_id, vendor, asked_by, connections)
        session.commit()
    if vendor == BRIGHTPEARL:
        _forget_customers(connections, account_id)
    return left


def _forget_customers(connections: Connections, account_id: UUID) -> None:
    """Delete by whom notes are found: whose they are, Brightpearl alone told."""
    while True:
        with our_trouble(), connections.open_session() as session:
            gone = forget_persons(session, account_id, limit=AT_ONCE)
            session.commit()
        if gone < AT_ONCE:
            return


def _remove(connections: Connections, registrar: Registrar, vendor: str) -> Left:
    try:
        if vendor == BRIGHTPEARL:
            client = connections.brightpearl(registrar.account_id)
            return Left(webhooks_removed=remove_webhooks(registrar, brightpearl=client))
        shiphero = connections.shiphero(registrar.account_id)
        return Left(webhooks_removed=remove_webhooks(registrar, shiphero=shiphero))
    except GoodsoutError as error:
        forget_webhooks(registrar, vendor)
        return Left(
            webhooks_removed=0,
            trouble=f"Our webhooks at {WRITTEN[vendor]} could not be removed: {error} Remove them "
            f"in {WRITTEN[vendor]} by hand; until then what they send is kept and not used.",
        )


def _erase(
    session: Session, account_id: UUID, vendor: str, asked_by: str, connections: Connections
) -> None:
    row, now = locked(session, account_id, vendor), connections.now()
    assert row is not None
    row.credentials, row.kind = "", ""
    row.credentials_version += 1
    row.expires_at = row.refreshed_at = row.checked_at = None
    row.refreshing_by, row.refreshing_until, row.warnings = None, None, []
    row.broken_since, row.broken_reason = now, f"Disconnected by {asked_by}."
    row.updated_at = now
    session.add(row)
    # Nobody has to mend what was left on purpose.
    end_alert(session, connection_broken(account_id, vendor), now=now)
    record_disconnected(session, row, by=asked_by, now=now)
