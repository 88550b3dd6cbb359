"""Connecting Brightpearl by its consent page: sent there with a state, coming back with a code.

The state is random, kept as a digest only, good once, for a quarter of an hour, and for the person
who began: a link that somebody else made connects nothing (contract §3).
"""

import re
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from shared.connecting.arrival import Arrival, arrive, refuse_moved, refuse_taken
from shared.connecting.refusal import Refused
from shared.connecting.settings import VendorSettings
from shared.connecting.stored import BRIGHTPEARL, OAUTH
from shared.connecting.tokens import of_grant
from shared.connections import Connections
from shared.db.account_tables import ConnectionRequest, VendorConnection
from shared.db.engine import our_trouble
from shared.errors import ConnectionBroken, Permanent
from shared.secrets import digest

GOOD_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
CALLBACK = "/connections/brightpearl/callback"

# What an account code may look like is not documented; nothing else may get into an address.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def account_code(given: str) -> str:
    """Check what a person typed as their account code; Refused says where to find it."""
    code = given.strip()
    if not _CODE.fullmatch(code):
        raise Refused(
            "That is no Brightpearl account code. It is the short name in the address of your "
            "log-in, made of letters, digits and hyphens.",
        )
    return code


def redirect_uri(settings: VendorSettings) -> str:
    """Give where Brightpearl sends people back to; registered with our app, letter by letter."""
    return f"{settings.portal_url}{CALLBACK}"


def begin_brightpearl(
    connections: Connections, account_id: UUID, *, vendor_account: str, asked_by: str
) -> str:
    """Give the address of the consent page for one Brightpearl account; `asked_by` is the person.

    Raises Refused for a wrong code, or one that another account of ours holds.
    """
    code, state = account_code(vendor_account), secrets.token_urlsafe(32)
    if not connections.settings.brightpearl_client_id:
        raise Refused(
            "This installation has no app registered with Brightpearl: connect a private app, or "
            "ask the operator to set BRIGHTPEARL_CLIENT_ID.",
        )
    _keep_request(connections, account_id, code=code, state=state, asked_by=asked_by)
    oauth = connections.ways.brightpearl_oauth
    return oauth.consent_url(code, redirect_uri(connections.settings), state)


def _keep_request(
    connections: Connections, account_id: UUID, *, code: str, state: str, asked_by: str
) -> None:
    now = connections.now()
    with our_trouble(), connections.open_session() as session:
        refuse_taken(session, account_id, code)
        refuse_moved(session, code, session.get(VendorConnection, (account_id, BRIGHTPEARL)))
        session.execute(
            delete(ConnectionRequest).where(col(ConnectionRequest.asked_at) < now - KEPT_FOR)
        )
        session.add(
            ConnectionRequest(
                state_digest=digest(state),
                account_id=account_id,
                vendor_account=code,
                asked_by=asked_by,
                asked_at=now,
            )
        )
        session.commit()


def finish_brightpearl(
    connections: Connections, account_id: UUID, *, state: str, code: str, asked_by: str, by: str
) -> str:
    """Turn the code into a connection and give the Brightpearl account's code.

    `by` is how the audit trail names the person.

    Raises Refused for a state that is not the person's, was used, or is too old.
    """
    vendor_account = _use(connections, account_id, state=state, asked_by=asked_by)
    oauth = connections.ways.brightpearl_oauth
    try:
        granted = oauth.exchange(vendor_account, code, redirect_uri(connections.settings))
    except (ConnectionBroken, Permanent) as error:
        raise Refused(
            f"Brightpearl did not complete the approval for {vendor_account}: {error} Begin again.",
            trace=error.trace,
        ) from error
    arrive(
        connections,
        Arrival(
            account_id=account_id,
            vendor=BRIGHTPEARL,
            vendor_account=vendor_account,
            kind=OAUTH,
            fresh=of_grant(granted),
            by=by,
        ),
    )
    return vendor_account


def _use(connections: Connections, account_id: UUID, *, state: str, asked_by: str) -> str:
    """Use the state up and give the Brightpearl account that consent was asked for."""
    now = connections.now()
    with our_trouble(), connections.open_session() as session:
        asked = session.get(ConnectionRequest, digest(state), with_for_update=True)
        if asked is None or (asked.account_id, asked.asked_by) != (account_id, asked_by):
            raise _stale("This approval was not begun by you in this account.")
        if asked.used_at is not None:
            raise _stale("This approval was used already.")
        asked.used_at = now
        session.add(asked)
        session.commit()
    if asked.asked_at + GOOD_FOR < now:
        raise _stale("This approval took longer than a quarter of an hour.")
    return asked.vendor_account


def _stale(why: str) -> Refused:
    return Refused(f"{why} Nothing was changed; begin again from here.")
