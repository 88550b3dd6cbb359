"""What we know of notes before a vendor is asked, and keep of them, on both databases."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlmodel import select

from services.shipment_return.parcels import Tally
from services.shipment_return.records import Known, Records, Returned, mark_canceled
from shared.alerts import end_alert, order_canceled, raise_alert
from shared.db.engine import reading_session_maker
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.db.vendor_tables import Alert
from shared.notes.key import NoteKey
from shared.vendors.brightpearl.models import NoteShipping
from shared.vendors.shiphero.models import ShippingLines
from tests.builders import a_goods_out_note, a_shiphero_order
from tests.integration.journal.books import MORNING, Books

TALLY = Tally(boxes=2, tracking=frozenset({"1Z-B", "1Z-Ä \x00"}))
SENT = ShippingLines(title="Standard", carrier="ups")


def records(books: Books) -> Records:
    reading = reading_session_maker(books.engine)
    return Records(books.open_session, reading, books.account, now=books.clock)


def a_return(note_id: int = 501, key: str = "GO-acme-501") -> Returned:
    shipping = NoteShipping(reference="1Z-A", shipping_method_id=5)
    return Returned(
        note=a_goods_out_note(id=note_id, order_id=4001, shipping=shipping),
        tally=TALLY,
        order=a_shiphero_order(partner_order_id=key, shipping_lines=SENT),
    )


def row(books: Books, note_id: int = 501) -> SyncLogRow:
    with books.session() as session:
        return session.get_one(SyncLogRow, (books.account, note_id))


def links(books: Books) -> list[OrderLink]:
    with books.session() as session:
        return list(session.exec(select(OrderLink).order_by(OrderLink.key)))


def keep_link(books: Books, **fields: Any) -> None:
    given: dict[str, Any] = {"key": "GO-acme-501", "order_number": "WEB-1", "intended_at": MORNING}
    with books.session() as session:
        session.add(OrderLink(account_id=books.account, note_id=501, **{**given, **fields}))


def test_little_is_known_of_a_note_that_we_never_heard_of(books: Books) -> None:
    assert records(books).known([501]) == {501: Known(note_id=501)}


def test_what_is_kept_of_a_returned_note_is_known_afterwards(books: Books) -> None:
    at_hand = records(books)

    at_hand.returned([a_return(), a_return(502, "GO-acme-502")])

    known = at_hand.known([501, 502])
    assert (known[501].number, known[501].tracking) == ("4001/1", "1Z-A")
    assert (known[501].shiphero_order_id, str(known[502].key)) == ("SH-501", "GO-acme-502")
    told = known[501].told
    assert told is not None
    assert (told.boxes, "1Z-B" in told.tracking) == (2, True)
    assert (row(books).shipped_at, row(books).shipping_method_sent) == (MORNING, "Standard / ups")


def test_a_note_returned_again_keeps_when_it_was_shipped(books: Books) -> None:
    records(books).returned([a_return()])
    books.clock.pass_(hours=1)

    records(books).returned([a_return()])

    assert (row(books).shipped_at, len(links(books))) == (MORNING, 1)


def test_an_intent_without_a_result_gets_the_order_that_shipped(books: Books) -> None:
    keep_link(books)
    books.clock.pass_(minutes=1)

    records(books).returned([a_return()])

    [link] = links(books)
    assert (link.shiphero_order_id, link.adopted, link.order_number) == ("SH-501", True, "WEB-1")
    assert link.linked_at == MORNING + timedelta(minutes=1)


def test_the_newest_link_is_the_present_one(books: Books) -> None:
    keep_link(books, generation=2, key="GO-acme-501.2", shiphero_order_id="SH-2")
    keep_link(books, canceled_at=MORNING)
    with books.session() as session:
        session.add(SyncLogRow(account_id=books.account, note_id=501, inserted_at=MORNING))

    known = records(books).known([501])[501]

    assert (known.key, known.shiphero_order_id) == (
        NoteKey(account="acme", note_id=501, generation=2),
        "SH-2",
    )
    assert not known.is_canceled


def test_parcels_that_were_told_are_known(books: Books) -> None:
    records(books).returned([a_return()])
    now = Tally(boxes=0, tracking=frozenset())

    records(books).told(501, now)

    known = records(books).known([501])[501]
    assert (known.told, known.tracking) == (now, "")


def test_a_cancellation_is_remembered_with_its_link(books: Books) -> None:
    records(books).returned([a_return()])
    key = NoteKey(account="acme", note_id=501)

    for moment in (MORNING, MORNING + timedelta(hours=1)):
        with books.session() as session:
            mark_canceled(session, books.account, key, now=moment)

    assert records(books).known([501])[501].is_canceled
    assert [link.canceled_at for link in links(books)] == [MORNING]


def test_an_alert_is_open_once_and_ends(books: Books) -> None:
    cause = order_canceled(books.account, 501)
    told = partial(raise_alert, cause=cause, sentence="Cancelled.", raised_at=MORNING)
    with books.session() as session:
        told(session)
        told(session)
        end_alert(session, cause, now=MORNING)
        told(session)

    with books.session() as session:
        ended = [alert.ended_at is not None for alert in session.exec(select(Alert))]

    assert sorted(ended) == [False, True]
