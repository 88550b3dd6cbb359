"""What is remembered of batches across processes: attempts say which note was refused in one.

A Brightpearl that takes no batches at all is remembered by the account's own switch, with a
warning beside the connection, where a person sees it and can switch it on again.
"""

from collections.abc import Iterable
from uuid import UUID

import structlog
from sqlmodel import col, select

from shared.connections import BRIGHTPEARL
from shared.db.account_tables import Account, VendorConnection
from shared.db.engine import OpenSession, our_trouble
from shared.db.journal_tables import AttemptRow

REFUSED_IN_BATCH = "refused_in_batch"

log = structlog.get_logger()


class BatchMemory:
    """One account's experience with several notes in one request."""

    def __init__(
        self, open_session: OpenSession, open_reading: OpenSession, account_id: UUID
    ) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._account_id = account_id

    def refused(self, event_ids: Iterable[UUID]) -> set[UUID]:
        """Pick the events whose note was refused together with others before."""
        with our_trouble(), self._open_reading() as session:
            found = select(AttemptRow.event_id).where(
                col(AttemptRow.event_id).in_(list(event_ids)),
                AttemptRow.reason_code == REFUSED_IN_BATCH,
            )
            return set(session.exec(found))

    def give_up(self, reason: str) -> None:
        """Write every note of the account by itself from now on, in a person's sight."""
        with our_trouble(), self._open_session() as session:
            account = session.get_one(Account, self._account_id, with_for_update=True)
            account.batch_writes = False
            session.add(account)
            key = (self._account_id, BRIGHTPEARL)
            connection = session.get(VendorConnection, key, with_for_update=True)
            if connection is not None and reason not in connection.warnings:
                connection.warnings = [*connection.warnings, reason]
                session.add(connection)
            session.commit()
        log.error("batches.given_up", account=str(self._account_id), reason=reason)
