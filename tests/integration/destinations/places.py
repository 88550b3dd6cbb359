"""Destinations in the books, and the delivery of what is told to them."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from services.notifier.notice_ends import follow
from services.notifier.notices import Teller
from shared.clock import Pace
from shared.db.destination_tables import Destination
from shared.db.journal_tables import EventRow
from shared.destinations import request
from shared.egress.sending import Egress
from shared.events import NOTICE_REQUESTED
from shared.journal.record import new_id
from shared.mails import Notice
from shared.notifications import DEAD_LETTERS
from shared.secrets import SecretBox, new_key
from shared.standard_webhooks import new_secret
from tests.integration.delivery.desk import Desk
from tests.integration.journal.books import MORNING, Books

BOX = SecretBox(new_key())
SECRET = new_secret()
NOTICE = Notice(subject="3 failed", heading="3 orders failed", paragraphs=("One.", "Two."))


def a_destination(
    books: Books, url: str = "https://ops.example/in", *, secret: str = SECRET, **fields: Any
) -> UUID:
    """Keep a webhook that wants dead letters."""
    usual: dict[str, Any] = {
        "id": new_id(),
        "account_id": books.account,
        "name": "Ops",
        "way": "webhook",
        "address": BOX.seal(url),
        "shown_address": "https://ops.example/…",
        "secret": BOX.seal(secret),
        "kinds": [DEAD_LETTERS],
        "made_by": "ann@acme.example",
        "made_at": MORNING,
    }
    row = Destination(**(usual | fields))
    with books.session() as session:
        session.add(row)
    return row.id


def ask(books: Books, *, once_for: str = "one") -> int:
    """Ask for a notice; says for how many it was recorded."""
    with books.session() as session:
        return request(
            session,
            books.account,
            kind=DEAD_LETTERS,
            notice=NOTICE,
            about="sku_unknown",
            once_for=once_for,
            now=books.clock(),
        )


def notices(books: Books) -> list[EventRow]:
    """Read every notice that was asked for, oldest first."""
    with books.open_session() as session:
        query = select(EventRow).where(EventRow.name == NOTICE_REQUESTED)
        return list(session.exec(query.order_by(EventRow.id)))  # type: ignore[arg-type]


def destination(books: Books, id_: UUID) -> Destination:
    """Read a destination as it is now."""
    with books.open_session() as session:
        return session.get_one(Destination, id_)


def deliver(books: Books, egress: Egress) -> Desk:
    """Deliver what is due, as the notifier does."""
    desk = Desk(books)
    teller = Teller(
        open_reading=books.open_session, box=BOX, egress=egress, now=books.clock, pace=Pace()
    )
    desk.deliver(teller.units, name=NOTICE_REQUESTED, follow=follow)
    return desk
