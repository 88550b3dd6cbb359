"""One refresh at a time for each account, however many threads and processes want one.

No transaction is open while the vendor is asked: a lease on the row says who does it. A vendor may
end the old refresh token with its answer, so what came back is committed at once, and kept in
memory while our database does not take it.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, CursorResult, or_, update
from sqlmodel import col

from shared.clock import Now
from shared.connecting.follow_ons import record_check
from shared.connecting.keeping import Fresh, write
from shared.connecting.stored import WRITTEN, Stored, is_connected, locked, opened, usable
from shared.connecting.trouble import mark_broken, mend
from shared.db.account_tables import VendorConnection
from shared.db.engine import OpenSession, our_trouble
from shared.errors import ConnectionBroken, GoodsoutError, OurTrouble, Transient
from shared.secrets import SecretBox

PAUSE = 0.2  # seconds between two looks at a row that another process refreshes
WRITES = 6  # tries to keep what the vendor gave, twice the pause each time

log = structlog.get_logger()

# Asks the vendor for newer credentials; ConnectionBroken when it refuses.
AskVendor = Callable[[Stored], Fresh]
Key = tuple[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """Renews credentials; `worker` names this process, `wait` pauses for seconds."""

    open_session: OpenSession
    open_reading: OpenSession
    box: SecretBox
    now: Now
    worker: str
    lease: timedelta
    wait: Callable[[float], None]
    ask: Mapping[str, AskVendor]  # by vendor
    _unkept: dict[Key, tuple[int, Fresh]] = field(default_factory=dict, init=False, repr=False)
    _turns: dict[Key, threading.Lock] = field(
        default_factory=lambda: defaultdict(threading.Lock), init=False, repr=False
    )
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def present(self, account_id: UUID, vendor: str) -> Stored:
        """Read the credentials as they are now; ConnectionBroken where there are no usable ones."""
        with our_trouble(), self.open_reading() as session:
            row = session.get(VendorConnection, (account_id, vendor))
        return opened(usable(row, vendor), self.box)

    def stored(self, account_id: UUID, vendor: str) -> Stored | None:
        """Read the credentials even where they may not be used; None when there are none."""
        with our_trouble(), self.open_reading() as session:
            row = session.get(VendorConnection, (account_id, vendor))
        return opened(row, self.box) if row is not None and is_connected(row) else None

    def newer_than(self, version: int, account_id: UUID, vendor: str) -> Stored:
        """Give credentials newer than `version`: those of another process, or freshly asked for.

        Raises ConnectionBroken when the vendor refuses, with the connection marked as broken.
        """
        with self._turn(account_id, vendor):
            known = self._taken(version, account_id, vendor)
            if known.version != version:
                return known
            try:
                return self._asked(known)
            except ConnectionBroken as refused:
                self._break(known, str(refused))
                raise

    def renew(self, version: int, account_id: UUID, vendor: str) -> Stored:
        """Do the same ahead of time: a refusal breaks nothing, as the old ones are still good."""
        with self._turn(account_id, vendor):
            known = self._taken(version, account_id, vendor)
            return known if known.version != version else self._asked(known)

    def _turn(self, account_id: UUID, vendor: str) -> threading.Lock:
        with self._guard:
            return self._turns[account_id, vendor]

    def _taken(self, version: int, account_id: UUID, vendor: str) -> Stored:
        """Wait until the refresh is ours to do, or was done by another."""
        give_up_at = self.now() + self.lease
        while True:
            known = self.present(account_id, vendor)
            if known.version != version or self._take_lease(known):
                return known
            if self.now() >= give_up_at:
                raise Transient(
                    f"Another process has been renewing the {WRITTEN[vendor]} credentials for "
                    f"{self.lease.seconds} s; it is tried again.",
                    code="credentials_being_renewed",
                )
            self.wait(PAUSE)

    def _take_lease(self, known: Stored) -> bool:
        now = self.now()
        until = col(VendorConnection.refreshing_until)
        mine = col(VendorConnection.refreshing_by) == self.worker
        with our_trouble(), self.open_session() as session:
            taken = session.execute(
                update(VendorConnection)
                .where(*_is(known), or_(until.is_(None), until < now, mine))
                .values(refreshing_by=self.worker, refreshing_until=now + self.lease)
            )
            session.commit()
        assert isinstance(taken, CursorResult)
        return taken.rowcount == 1

    def _asked(self, known: Stored) -> Stored:
        key = known.account_id, known.vendor
        version, unkept = self._unkept.get(key, (0, None))
        try:
            fresh = unkept if unkept and version == known.version else self.ask[known.vendor](known)
        except ConnectionBroken as refused:
            return self._after_refusal(known, refused)
        except GoodsoutError:
            self._give_back(known)
            raise
        self._unkept[key] = known.version, fresh
        kept = self._kept(known, fresh)
        del self._unkept[key]
        log.info("credentials.renewed", account=str(known.account_id), vendor=known.vendor)
        return kept

    def _after_refusal(self, known: Stored, refused: ConnectionBroken) -> Stored:
        # A process that ran over its lease may have used up the refresh token just before us.
        self._give_back(known)
        present = self.present(known.account_id, known.vendor)
        if present.version != known.version:
            return present
        raise ConnectionBroken(
            str(refused),
            vendor=known.vendor,
            version=known.version,
            code=refused.code,
            trace=refused.trace,
        ) from refused

    def _kept(self, known: Stored, fresh: Fresh) -> Stored:
        pause = PAUSE
        for _ in range(WRITES - 1):
            try:
                return self._keep(known, fresh)
            except OurTrouble:
                self.wait(pause)
                pause *= 2
        return self._keep(known, fresh)

    def _keep(self, known: Stored, fresh: Fresh) -> Stored:
        with our_trouble(), self.open_session() as session:
            row = locked(session, known.account_id, known.vendor)
            if row is not None and row.credentials_version == known.version:
                write(row, fresh, self.box, now=self.now())
                session.add(row)
                mend(session, row, now=self.now())
                record_check(session, row, now=self.now())
                session.commit()
            # Else a person connected anew or disconnected meanwhile: theirs stay.
            return opened(usable(row, known.vendor), self.box)

    def _give_back(self, known: Stored) -> None:
        mine = col(VendorConnection.refreshing_by) == self.worker
        with our_trouble(), self.open_session() as session:
            session.execute(
                update(VendorConnection)
                .where(*_is(known), mine)
                .values(refreshing_by=None, refreshing_until=None)
            )
            session.commit()

    def _break(self, known: Stored, reason: str) -> None:
        # At once, so that what waits for a turn does not ask the vendor in vain, one by one.
        with our_trouble(), self.open_session() as session:
            locked(session, known.account_id, known.vendor)
            mark_broken(
                session,
                known.account_id,
                known.vendor,
                version=known.version,
                reason=reason,
                now=self.now(),
            )
            session.commit()


def lease_of(total: float, within: float) -> timedelta:
    """Outlast one call with all its repeats, in seconds, and the write after it."""
    return timedelta(seconds=total + within + 10)


def is_due(expires_at: datetime | None, *, ahead: timedelta, now: datetime) -> bool:
    """Tell whether credentials should be renewed ahead of their end; unknown ends are due."""
    return expires_at is None or expires_at - ahead <= now


def _is(known: Stored) -> tuple[ColumnElement[bool], ...]:
    return (
        col(VendorConnection.account_id) == known.account_id,
        col(VendorConnection.vendor) == known.vendor,
        col(VendorConnection.credentials_version) == known.version,
    )
