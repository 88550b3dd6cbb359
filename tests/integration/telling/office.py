"""An account with people, notes that fail, and the clock that tells of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from services.notifier.telling.rounds import TellingRounds
from services.portal.people.accounts import new_user
from shared.clock import Pace
from shared.db.account_tables import VendorConnection
from shared.db.engine import insert_for, reading_session_maker
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SYNC_LOG, SyncLogRow
from shared.db.telling_tables import Untold
from shared.events import MAIL_REQUESTED
from shared.mails import Letter, letter_of
from shared.notifications import ORDERS_FAILING
from shared.secrets import SecretBox, new_key
from shared.untold import note_untold
from tests.integration.journal.books import MORNING, Books

KEY = new_key()
PORTAL = "https://portal.goodsout.example"
ANN = "ann@acme.example"
UNKNOWN = "sku_unknown"


@dataclass
class Office:
    """`books` with an owner, who gets every kind of mail."""

    books: Books

    def __post_init__(self) -> None:
        """Let Ann join as the owner."""
        self.join(ANN, "owner")

    def join(self, email: str, role: str) -> None:
        """Give the account one more person."""
        with self.books.session() as session:
            new_user(
                session,
                self.books.account,
                email=email,
                password_hash="",
                role=role,
                now=MORNING,
                name=email.partition("@")[0].title(),
            )

    def clock(self) -> TellingRounds:
        """Start one more clock."""
        return TellingRounds(
            open_session=self.books.open_session,
            open_reading=reading_session_maker(self.books.engine),
            secret_keys=KEY,
            portal_url=PORTAL,
            now=self.books.clock,
            pace=Pace(),
        )

    def tell(self) -> list[Letter]:
        """Have everything told that is due; gives the letters that are new."""
        known = len(self.letters())
        self.clock().look_at_all()
        return self.letters()[known:]

    def letters(self) -> list[Letter]:
        """Open every letter that was asked for, oldest first."""
        with self.books.session() as session:
            events = session.exec(
                select(EventRow)
                .where(EventRow.name == MAIL_REQUESTED)
                .order_by(col(EventRow.recorded_at), col(EventRow.id))
            ).all()
        return [letter_of(event.payload, SecretBox(KEY)) for event in events]

    def fail(self, notes: Iterable[int], code: str = UNKNOWN, **columns: Any) -> None:
        """Let notes fail, as their handler leaves them and the notifier hears of it."""
        notes = list(notes)
        self.stand(notes, order_stage="failed", order_reason_code=code, **columns)
        with self.books.session() as session:
            note_untold(
                session,
                self.books.account,
                kind=ORDERS_FAILING,
                cause=code,
                subjects=[str(one) for one in notes],
                now=self.books.clock(),
            )

    def stand(self, notes: Iterable[int], **columns: Any) -> None:
        """Let notes stand so, telling nobody."""
        notes = list(notes)
        account, now = self.books.account, self.books.clock()
        usual = SyncLogRow(account_id=account, note_id=0, inserted_at=now).model_dump()
        with self.books.session() as session:
            for start in range(0, len(notes), 500):
                some = notes[start : start + 500]
                session.execute(
                    insert_for(session)(SYNC_LOG).on_conflict_do_nothing(),
                    [usual | {"note_id": note} for note in some],
                )
                session.execute(
                    update(SYNC_LOG).where(SYNC_LOG.c.note_id.in_(some)).values(**columns)
                )

    def mend(self, notes: Iterable[int]) -> None:
        """Let notes be sent after all."""
        self.stand(notes, order_stage="done", order_reason_code="", order_reason="")

    def connect(self, vendor: str, *, credentials: str = "sealed") -> None:
        """Give the account a connection, or take its credentials."""
        with self.books.session() as session:
            session.merge(
                VendorConnection(
                    account_id=self.books.account,
                    vendor=vendor,
                    vendor_account="acme",
                    base_url="https://vendor.example",
                    credentials=credentials,
                    updated_at=MORNING,
                )
            )

    def untold(self) -> list[str]:
        """Give the subjects that nobody was told of yet."""
        with self.books.session() as session:
            return sorted(session.exec(select(Untold.subject)).all())

    def person_id(self, letter: Letter) -> str:
        """Give whose mails a letter's thread is."""
        return letter.thread.rpartition(".")[2]


def thread_of(letter: Letter) -> UUID:
    """Give the thread of a letter, whoever gets it."""
    return UUID(letter.thread.rpartition(".")[0])
