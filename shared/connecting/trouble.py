"""A connection breaks, and is mended: its row, the holds that wait for it, one event each."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shared.accounts import CONNECTION_BROKEN as CAUSE
from shared.connecting.stored import is_connected
from shared.db.account_tables import Account, VendorConnection
from shared.events import CONNECTION_BROKEN, CONNECTION_MENDED, NewEvent
from shared.journal.record import record
from shared.journal.release import release


def mark_broken(
    session: Session,
    account_id: UUID,
    vendor: str,
    *,
    version: int | None,
    reason: str,
    now: datetime,
) -> bool:
    """Remember that a vendor refuses an account's credentials; the first refusal counts.

    False when what was refused are not the present credentials: then nothing is written, and
    whatever met the refusal is worth another try at once. None as version is taken for the present.
    """
    row = session.get(
        VendorConnection, (account_id, vendor), with_for_update=True, populate_existing=True
    )
    if row is None or (version is None and not is_connected(row)):
        return True
    if version not in (None, row.credentials_version):
        return False
    if row.broken_since is None:
        row.broken_since, row.broken_reason = now, reason
        session.add(row)
        _tell(session, row, CONNECTION_BROKEN, now=now)
    return True


def mend(session: Session, row: VendorConnection, *, now: datetime) -> None:
    """Forget that the connection was broken and release exactly what waited for it.

    The caller has locked the account before the connection, and commits.
    """
    if row.broken_since is not None:
        row.broken_since, row.broken_reason = None, ""
        session.add(row)
        _tell(session, row, CONNECTION_MENDED, now=now)
    session.flush()  # the sweeper must not find the cause present after the release
    release(session, row.account_id, f"{CAUSE}:{row.vendor}", now=now)


def _tell(session: Session, row: VendorConnection, name: str, *, now: datetime) -> None:
    code = session.get_one(Account, row.account_id).code
    event = NewEvent(
        account_id=row.account_id,
        name=name,
        subject=row.vendor,
        # It breaks and mends at one moment each; two processes that see it write one event.
        dedupe_key=f"{code}:{name}:{row.vendor}:{row.credentials_version}:{now.isoformat()}",
    )
    record(session, event, now=now)
