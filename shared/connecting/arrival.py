"""A person connected a vendor: keep the credentials, release what waited, fetch what is needed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from shared.clock import Now
from shared.connecting.follow_ons import record_arrival
from shared.connecting.keeping import Fresh, write
from shared.connecting.refusal import Refused
from shared.connecting.stored import BRIGHTPEARL, CHOOSING_CUSTOMER, WRITTEN, locked
from shared.connecting.trail import record_connected
from shared.connecting.trouble import mend
from shared.connections import Connections
from shared.db.account_tables import VendorConnection
from shared.db.engine import our_trouble
from shared.db.note_tables import OrderLink
from shared.secrets import SecretBox


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Credentials that a person has just connected an account with."""

    account_id: UUID
    vendor: str
    vendor_account: str
    kind: str
    fresh: Fresh
    by: str  # as the audit trail names them


def arrive(connections: Connections, arrival: Arrival) -> None:
    """Write all of it in one transaction; Refused where it belongs elsewhere."""
    now, box = connections.now, connections.box
    try:
        with our_trouble(), connections.open_session() as session:
            row = locked(session, arrival.account_id, arrival.vendor) or _new_row(arrival, now)
            _refuse_foreign(session, row, arrival)
            _write(session, row, arrival, box, now)
            session.commit()
    except IntegrityError as error:  # another account connected the same one in this very second
        raise _taken(arrival.vendor_account) from error


def refuse_taken(session: Session, account_id: UUID, vendor_account: str) -> None:
    """Raise Refused when another account of ours is connected to this Brightpearl account."""
    other = session.exec(
        select(VendorConnection.account_id).where(
            VendorConnection.vendor == BRIGHTPEARL,
            func.lower(VendorConnection.vendor_account) == vendor_account.lower(),
            VendorConnection.account_id != account_id,
            VendorConnection.credentials != "",
        )
    ).first()
    if other is not None:
        raise _taken(vendor_account)


def refuse_moved(session: Session, arrival_account: str, row: VendorConnection | None) -> None:
    """Raise Refused when the account's notes are those of another vendor account.

    Ids of two Brightpearl accounts are alike: an order would be taken for one that was sent.
    """
    if row is None or row.vendor_account.lower() == arrival_account.lower():
        return
    linked = select(OrderLink.note_id).where(col(OrderLink.account_id) == row.account_id).limit(1)
    if session.exec(linked).first() is not None:
        raise Refused(
            f"This account has sent orders for {WRITTEN[row.vendor]} account "
            f"{row.vendor_account or '(your own)'}, and its notes cannot be told from those of "
            f"{arrival_account or '(your own)'}. Connect {row.vendor_account or 'your own'} again, "
            "or ask the operator for a new Goodsout account.",
        )


def _refuse_foreign(session: Session, row: VendorConnection, arrival: Arrival) -> None:
    if arrival.vendor == BRIGHTPEARL:
        refuse_taken(session, arrival.account_id, arrival.vendor_account)
    if arrival.kind != CHOOSING_CUSTOMER and row.credentials_version:
        refuse_moved(session, arrival.vendor_account, row)


def _new_row(arrival: Arrival, now: Now) -> VendorConnection:
    return VendorConnection(
        account_id=arrival.account_id,
        vendor=arrival.vendor,
        base_url=arrival.fresh.base_url,
        credentials="",
        credentials_version=0,
        updated_at=now(),
    )


def _write(
    session: Session, row: VendorConnection, arrival: Arrival, box: SecretBox, now: Now
) -> None:
    at = now()
    row.kind = arrival.kind
    write(row, arrival.fresh, box, now=at)
    session.add(row)
    if arrival.kind == CHOOSING_CUSTOMER:
        # Not usable yet; which customer it was before stays, for the choice to be compared with.
        row.broken_since, row.broken_reason = at, "A 3PL's customer account has to be chosen."
        return
    row.vendor_account = arrival.vendor_account
    session.flush()
    mend(session, row, now=at)
    record_arrival(session, row, now=at)
    record_connected(session, row, by=arrival.by, now=at)


def _taken(vendor_account: str) -> Refused:
    return Refused(
        f"Brightpearl account {vendor_account} is connected to another Goodsout account already. "
        "Disconnect it there first; if you do not know who did it, ask the operator.",
    )
