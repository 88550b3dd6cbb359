"""What `goodsout` tells and does about connections and their credentials."""

import sys
from collections.abc import Iterator

from sqlalchemy import Engine
from sqlmodel import col, select

from shared.clock import Now, utc_now
from shared.connecting.refreshing import refresh_due_tokens
from shared.connecting.rotation import rotate
from shared.connecting.settings import VendorSettings
from shared.connecting.stored import CHOOSING_CUSTOMER, is_connected
from shared.connections import Connections
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import open_engine, our_trouble, reading_session_maker, session_maker
from shared.process import patience_of
from shared.secrets import SecretBox

DEADLINE = 25.0  # seconds for one vendor call


def rotate_secrets(engine: Engine, box: SecretBox) -> Iterator[tuple[str, bool]]:
    """Encrypt everything anew; a sentence for each kind of row, and whether all went well."""
    for told in rotate(session_maker(engine), box, _show):
        line = f"{told.kind}: {told.renewed} encrypted anew, {told.untouched} had the newest key"
        if told.unreadable:
            line += f"; no key of SECRET_KEYS opens {', '.join(told.unreadable)}"
        yield line, not told.unreadable


def connection_lines(engine: Engine) -> Iterator[str]:
    """Tell how every account's two connections stand; nothing secret is shown."""
    with our_trouble(), reading_session_maker(engine)() as session:
        rows = session.exec(
            select(Account.code, VendorConnection)
            .join(VendorConnection, col(VendorConnection.account_id) == Account.id)
            .order_by(Account.code, VendorConnection.vendor)
        ).all()
    for code, row in rows:
        yield f"{code:<12} {row.vendor:<12} {standing(row)}"


def standing(row: VendorConnection) -> str:
    """Say in words how a connection stands."""
    at = f"{row.vendor_account or 'own account'} at {row.base_url}"
    if not is_connected(row):
        return row.broken_reason or "not connected"
    if row.kind == CHOOSING_CUSTOMER:
        return f"{at}: waits for a person to choose the 3PL's customer"
    if row.broken_since is not None:
        return f"{at}: broken since {row.broken_since:%Y-%m-%d %H:%M} UTC: {row.broken_reason}"
    ends = f", credentials end {row.expires_at:%Y-%m-%d %H:%M} UTC" if row.expires_at else ""
    warnings = "".join(f"; {warning}" for warning in row.warnings)
    return f"{at}: connected{ends}{warnings}"


def refresh_all(settings: VendorSettings, *, now: Now = utc_now) -> tuple[str, bool]:
    """Renew what ends soon; a sentence, and whether all went well."""
    engine = open_engine(settings.database_url)
    refreshed = refresh_due_tokens(open_connections(settings, engine, now=now))
    engine.dispose()
    line = f"{refreshed.renewed} renewed, {refreshed.failed} failed"
    return line, refreshed.failed == 0


def open_connections(
    settings: VendorSettings, engine: Engine, *, now: Now = utc_now
) -> Connections:
    """Give the accounts' vendor clients, as a command uses them."""
    return Connections(
        session_maker(engine),
        reading_session_maker(engine),
        SecretBox(settings.secret_keys.get_secret_value()),
        now=now,
        patience=patience_of(DEADLINE),
        vendor_settings=settings,
    )


def _show(kind: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{kind} {done} of {of}", end="\n" if done == of else "", file=sys.stderr)
