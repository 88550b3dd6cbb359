"""Connecting ShipHero: a user's password is exchanged for tokens and forgotten (contract §1)."""

from uuid import UUID

from shared.connecting.arrival import Arrival, arrive, refuse_moved
from shared.connecting.follow_ons import record_arrival
from shared.connecting.keeping import Fresh
from shared.connecting.refusal import Refused
from shared.connecting.stored import CHOOSING_CUSTOMER, SHIPHERO, USER, Stored, is_connected, locked
from shared.connecting.tokens import missing_scopes, of_tokens
from shared.connecting.trail import record_connected
from shared.connecting.trouble import mend
from shared.connections import Connections
from shared.db.account_tables import VendorConnection
from shared.db.engine import our_trouble
from shared.errors import ConnectionBroken, GoodsoutError, Permanent
from shared.vendors.shiphero.account_models import Account, CustomerAccount
from shared.vendors.shiphero.client import ShipHero

SCOPE_MISSING = "shiphero_scope_missing"


def connect_shiphero(
    connections: Connections, account_id: UUID, *, username: str, password: str, by: str
) -> bool:
    """Get tokens, try them, keep them; the password is used this once.

    True when a 3PL's customer has to be chosen before anything is sent. Raises Refused for a wrong
    password and for a missing scope, named.
    """
    settings, now = connections.settings, connections.now()
    try:
        tokens = connections.ways.shiphero_tokens.exchange_password(username.strip(), password)
    except (ConnectionBroken, Permanent) as error:
        raise Refused("ShipHero did not accept this user and password.") from error
    if missing := missing_scopes(tokens.scope):
        raise _scopes(", ".join(missing))
    fresh = of_tokens(tokens, base_url=settings.shiphero_url, now=now)
    account = _tried(connections.ways.shiphero(_stored(account_id, fresh, connections)))
    customer = _customer_before(connections, account_id, account)
    arrive(
        connections,
        Arrival(
            account_id=account_id,
            vendor=SHIPHERO,
            vendor_account=customer,
            kind=CHOOSING_CUSTOMER if account.is_3pl and not customer else USER,
            fresh=fresh,
            by=by,
        ),
    )
    return account.is_3pl and not customer


def shiphero_customers(connections: Connections, account_id: UUID) -> tuple[CustomerAccount, ...]:
    """List a 3PL's customers, also while none is chosen; empty where the account is no 3PL."""
    stored = connections.renewal.stored(account_id, SHIPHERO)
    if stored is None:
        raise Refused("Connect ShipHero first.")
    return connections.ways.shiphero(stored).account().customers


def choose_customer(
    connections: Connections, account_id: UUID, *, customer_id: str, by: str
) -> None:
    """Act for this customer of the 3PL from now on: its id goes with every call that takes it.

    Raises Refused for one that is not in the list, and for another than orders were sent for.
    """
    if customer_id not in {one.id for one in shiphero_customers(connections, account_id)}:
        raise Refused("Choose one of the customer accounts in the list.")
    now = connections.now()
    with our_trouble(), connections.open_session() as session:
        row = locked(session, account_id, SHIPHERO)
        if row is None or not is_connected(row):
            raise Refused("Connect ShipHero first.")
        refuse_moved(session, customer_id, row)
        row.vendor_account, row.kind = customer_id, USER
        # What the calls for nobody in particular met says nothing about those for this customer.
        row.credentials_version += 1
        row.updated_at = now
        session.add(row)
        session.flush()
        mend(session, row, now=now)
        record_arrival(session, row, now=now)
        record_connected(session, row, by=by, now=now)
        session.commit()


def _tried(client: ShipHero) -> Account:
    """Read what the job needs to read, so that a missing scope shows before the first order."""
    try:
        account = client.account()
        client.webhooks()
        client.orders_by_key("GO-")
    except ConnectionBroken as error:
        raise Refused(
            "ShipHero gave tokens and then refused them; is the account active?",
            trace=error.trace,
        ) from error
    except Permanent as error:
        if error.code == SCOPE_MISSING:
            raise _scopes(str(error)) from error
        raise
    return account


def _scopes(named: str) -> GoodsoutError:
    return Refused(
        f"The ShipHero user lacks what we need: {named}. In ShipHero give that user the scopes, or "
        "make a 3rd-party developer user that has them, and connect again.",
    )


def _customer_before(connections: Connections, account_id: UUID, account: Account) -> str:
    """Give the customer that was chosen before, where it is still one of this 3PL's."""
    if not account.is_3pl:
        return ""
    with our_trouble(), connections.open_reading() as session:
        row = session.get(VendorConnection, (account_id, SHIPHERO))
    before = "" if row is None else row.vendor_account
    return before if before in {one.id for one in account.customers} else ""


def _stored(account_id: UUID, fresh: Fresh, connections: Connections) -> Stored:
    return Stored(
        account_id=account_id,
        vendor=SHIPHERO,
        vendor_account="",
        base_url=fresh.base_url,
        kind=USER,
        version=0,
        expires_at=fresh.expires_at,
        updated_at=connections.now(),
        secrets=dict(fresh.secrets),
    )
