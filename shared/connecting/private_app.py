"""Connecting Brightpearl by a private app that the merchant made in their own account (§3a)."""

from uuid import UUID

from shared.connecting.arrival import Arrival, arrive, refuse_taken
from shared.connecting.consent import account_code
from shared.connecting.keeping import Fresh
from shared.connecting.refusal import Refused
from shared.connecting.settings import VendorSettings
from shared.connecting.stored import BRIGHTPEARL, PRIVATE_APP, Stored
from shared.connections import Connections
from shared.db.engine import our_trouble
from shared.errors import ConnectionBroken, Permanent
from shared.vendors.brightpearl.hosts import private_base_url

DATA_CENTRES = {"euw1": "Europe (euw1)", "use1": "United States (use1)"}


def data_centres(settings: VendorSettings) -> dict[str, str]:
    """List where an account may live; a private app's token does not tell it (contract §3a)."""
    extra = {
        host: f"{host} (added by the operator)" for host in sorted(settings.extra_brightpearl_hosts)
    }
    return {**DATA_CENTRES, **extra}


def connect_private_app(
    connections: Connections,
    account_id: UUID,
    *,
    vendor_account: str,
    app_name: str,
    staff_token: str,
    data_centre: str,
    by: str,
) -> str:
    """Try a private app's token, then keep it; gives the Brightpearl account's code.

    `app_name` is the identifier, with the account's code before it or without. Raises Refused when
    Brightpearl does not accept it there.
    """
    code = account_code(vendor_account)
    base_url = _base_url(connections.settings, data_centre, code)
    fresh = Fresh(
        secrets={"app_ref": _app_ref(code, app_name), "staff_token": staff_token.strip()},
        base_url=base_url,
        expires_at=None,
    )
    with our_trouble(), connections.open_reading() as session:
        refuse_taken(session, account_id, code)
    _try(connections, account_id, code, fresh)
    arrive(
        connections,
        Arrival(
            account_id=account_id,
            vendor=BRIGHTPEARL,
            vendor_account=code,
            kind=PRIVATE_APP,
            fresh=fresh,
            by=by,
        ),
    )
    return code


def _base_url(settings: VendorSettings, data_centre: str, code: str) -> str:
    if data_centre not in data_centres(settings):
        raise Refused("Choose the data centre that your account lives in.")
    return private_base_url(data_centre, code, extra=settings.extra_brightpearl_hosts)


def _app_ref(code: str, app_name: str) -> str:
    name = app_name.strip()
    return name if name.lower().startswith(f"{code.lower()}_") else f"{code}_{name}"


def _try(connections: Connections, account_id: UUID, code: str, fresh: Fresh) -> None:
    stored = Stored(
        account_id=account_id,
        vendor=BRIGHTPEARL,
        vendor_account=code,
        base_url=fresh.base_url,
        kind=PRIVATE_APP,
        version=0,
        expires_at=None,
        updated_at=connections.now(),
        secrets=dict(fresh.secrets),
    )
    try:
        connections.ways.brightpearl(stored).account_configuration()
    except (ConnectionBroken, Permanent) as error:
        raise Refused(
            f"Brightpearl did not accept the app for account {code} there. Look whether the token "
            "was copied whole, the identifier is right, and the data centre is yours.",
            trace=error.trace,
        ) from error
