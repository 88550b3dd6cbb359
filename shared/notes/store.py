"""One account's goods-out notes as we know them: leases, order links, facts for the sync log.

Every call is a transaction of its own: what a vendor answered is kept at once, whatever becomes
of the event that asked.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from operator import itemgetter
from secrets import token_hex
from uuid import UUID

from sqlmodel import Session

from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.errors import ConnectionBroken, OurTrouble, Permanent, Throttled, Transient
from shared.notes.known import Link, NoteFacts, Said, link_of, said_of, shown
from shared.notes.leases import Leases, lost
from shared.notes.links import keep_order, present_link
from shared.notes.picking import deleted_among, leased_among, sent_among, shipped_among
from shared.notes.progress import row_of
from shared.notes.search_keys import add_keys


class NoteStore:
    """What the handlers of one account remember about its notes."""

    def __init__(
        self,
        open_session: OpenSession,
        open_reading: OpenSession,
        account_id: UUID,
        *,
        now: Now,
        worker: str,
        lease: timedelta,
    ) -> None:
        """`lease` is longer than the total deadline of any one vendor call."""
        self._open_session = open_session
        self._open_reading = open_reading
        self._account_id = account_id
        self._now = now
        self._worker = worker
        self._lease = lease

    @contextmanager
    def leased(self, note_id: int) -> Iterator["NoteLease | None"]:
        """Keep others off the note for the lease; gives None when another works on it."""
        with self.leased_together([note_id]) as leases:
            yield leases.get(note_id)

    @contextmanager
    def leased_together(self, note_ids: Collection[int]) -> Iterator[Mapping[int, "NoteLease"]]:
        """Keep others off those of the notes that nobody else works on; gives their leases."""
        holder = f"{self._worker}/{token_hex(4)}"
        with self._transaction() as session:
            ours = self._leases(holder).take(session, note_ids, now=self._now())
        try:
            yield {one: NoteLease(self, note_id=one, holder=holder) for one in ours}
        finally:
            if ours:
                with self._transaction() as session:
                    self._leases(holder).give_back(session, ours)

    def renew(self, leases: Collection["NoteLease"]) -> set[int]:
        """Begin leases of one holder anew, before a write; gives those that still are ours."""
        with self._transaction() as session:
            return self._renew(session, leases)

    def deleted(self, note_id: int, *, said_now: bool = False) -> bool:
        """Say whether Brightpearl told that the note was deleted; `said_now` remembers it."""
        if said_now:
            with self._transaction() as session:
                row = row_of(session, self._account_id, note_id, now=self._now())
                row.deleted_at = row.deleted_at or self._now()
        return self.said(note_id).deleted

    def said(self, note_id: int) -> Said:
        """Say what else than its own state was said of a note."""
        with our_trouble(), self._open_reading() as session:
            return said_of(session.get(SyncLogRow, (self._account_id, note_id)))

    def link(self, note_id: int) -> Link | None:
        """Find the note's present order link."""
        with our_trouble(), self._open_reading() as session:
            row = present_link(session, self._account_id, note_id)
            return None if row is None else link_of(row)

    @contextmanager
    def intent(
        self,
        lease: "NoteLease",
        *,
        key: str,
        order_number: str,
        sent: Mapping[str, str] | None = None,
    ) -> Iterator[None]:
        """Commit that an order with this key is about to be created, then let it be created.

        `sent` is what its header will say, field by field: known then, whatever becomes of the
        answer.

        When the vendor says that nothing happened, the intent is taken back. An unknown outcome,
        and a process that dies inside, leave it: the order is then looked for before a repeat.
        Raises OurTrouble when the lease is no longer ours: another may have created it meanwhile.
        """
        note_id = lease.note_id
        is_first = self._intend(lease, key=key, order_number=order_number, sent=sent or {})
        try:
            yield
        except (Transient, Throttled, Permanent, ConnectionBroken):
            if is_first:
                self._take_back(note_id)
            raise

    def count_empty_lookup(self, note_id: int) -> Link:
        """Remember that ShipHero did not show the intended order; gives the link as it is now."""
        with self._transaction() as session:
            row = present_link(session, self._account_id, note_id)
            assert row is not None
            row.empty_lookups += 1
            session.add(row)
            return link_of(row)

    def linked(self, note_id: int, *, order_id: str, adopted: bool, method_sent: str) -> None:
        """Commit which ShipHero order the note became."""
        with self._transaction() as session:
            row = row_of(session, self._account_id, note_id, now=self._now())
            row.shipping_method_sent = method_sent
            keep_order(session, row, order_id=order_id, adopted=adopted, now=self._now())

    def describe(self, facts: Mapping[int, NoteFacts]) -> None:
        """Commit what the sync log shows of the notes and finds them by, by note id."""
        if not facts:
            return
        with self._transaction() as session:
            # In one order everywhere, so that two groups with the same notes cannot deadlock.
            for note_id, fact in sorted(facts.items(), key=itemgetter(0)):
                row = row_of(session, self._account_id, note_id, now=self._now())
                row.sqlmodel_update(shown(fact))
            add_keys(session, self._account_id, facts, now=self._now())

    def told(self, note_id: int, *, sent: Mapping[str, str], method_sent: str = "") -> None:
        """Commit what ShipHero was told last of the order's header, and of how to send it."""
        with self._transaction() as session:
            link = present_link(session, self._account_id, note_id)
            assert link is not None
            link.sent = dict(sent)
            session.add(link)
            if method_sent:
                row = row_of(session, self._account_id, note_id, now=self._now())
                row.shipping_method_sent = method_sent

    def canceled(self, note_id: int, *, order_id: str) -> None:
        """Commit that the order of a deleted note is cancelled, one found just now too."""
        with self._transaction() as session:
            link = present_link(session, self._account_id, note_id)
            assert link is not None
            link.shiphero_order_id = link.shiphero_order_id or order_id
            link.canceled_at = link.canceled_at or self._now()
            session.add(link)

    def shipped_by_us(self, note_ids: Collection[int]) -> set[int]:
        """Pick those notes whose shipped event we wrote ourselves, or saw."""
        with our_trouble(), self._open_reading() as session:
            return shipped_among(session, self._account_id, note_ids)

    def sent(self, note_ids: Collection[int]) -> dict[int, Link]:
        """Give the links of those notes that are known to be ShipHero orders: the present ones."""
        with our_trouble(), self._open_reading() as session:
            return sent_among(session, self._account_id, note_ids)

    def deleted_among(self, note_ids: Collection[int]) -> set[int]:
        """Pick those notes that Brightpearl told were deleted."""
        with our_trouble(), self._open_reading() as session:
            return deleted_among(session, self._account_id, note_ids)

    def leased_among(self, note_ids: Collection[int]) -> set[int]:
        """Pick those notes that somebody works on just now."""
        with our_trouble(), self._open_reading() as session:
            return leased_among(session, self._account_id, note_ids, now=self._now())

    def _intend(
        self, lease: "NoteLease", *, key: str, order_number: str, sent: Mapping[str, str]
    ) -> bool:
        note_id = lease.note_id
        with self._transaction() as session:
            if not self._renew(session, [lease]):
                raise lost(note_id)
            row = present_link(session, self._account_id, note_id)
            if row is not None and row.shiphero_order_id:
                raise OurTrouble(f"Note {note_id} has become an order meanwhile.")
            is_first = row is None or not row.order_number
            if row is None:
                row = OrderLink(
                    account_id=self._account_id,
                    note_id=note_id,
                    key=key,
                    order_number=order_number,
                    intended_at=self._now(),
                )
            row.order_number = row.order_number or order_number
            row.intended_at, row.empty_lookups, row.sent = self._now(), 0, dict(sent)
            session.add(row)
        return is_first

    def _renew(self, session: Session, leases: Collection["NoteLease"]) -> set[int]:
        [holder] = {lease.holder for lease in leases}
        note_ids = [lease.note_id for lease in leases]
        return self._leases(holder).renew(session, note_ids, now=self._now())

    def _leases(self, holder: str) -> Leases:
        return Leases(account_id=self._account_id, holder=holder, span=self._lease)

    def _take_back(self, note_id: int) -> None:
        with self._transaction() as session:
            row = present_link(session, self._account_id, note_id)
            if row is None or row.shiphero_order_id:
                return
            if row.generation == 1:
                session.delete(row)
            else:
                # That it is to be sent anew stays asked for.
                row.order_number = ""
                session.add(row)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with our_trouble(), self._open_session() as session:
            yield session
            session.commit()


@dataclass(frozen=True)
class NoteLease:
    """One note, kept to ourselves for a while."""

    notes: NoteStore
    note_id: int = field(kw_only=True)
    holder: str = field(kw_only=True)

    def renew(self) -> None:
        """Begin the lease anew, right before a write; raises OurTrouble when it was lost."""
        if not self.notes.renew([self]):
            raise lost(self.note_id)
