"""By what notes are found: kept with the facts, once; and a mark that a new failure takes off."""

from datetime import timedelta

from sqlmodel import select

from services.shipment_return.parcels import Tally
from services.shipment_return.records import Records
from shared.db.engine import reading_session_maker
from shared.db.note_tables import NoteTracking, SyncLogRow
from shared.db.portal_tables import NotePerson, NoteSku
from shared.events import Event
from shared.notes.handled import mark_all_handled
from shared.notes.known import NoteFacts
from shared.notes.progress import Standing, move, row_of
from shared.notes.search_keys import LONGEST
from shared.notes.state import DONE, FAILED, ORDER
from shared.notes.store import NoteStore
from tests.integration.journal.books import MORNING, Books

UNKNOWN = Standing(stage=FAILED, code="sku_unknown", reason="ShipHero lacks TEA-1.")


def test_a_note_that_is_read_is_found_by_its_skus(books: Books) -> None:
    store = a_store(books)

    store.describe({501: facts("TEA-1", "Mug "), 502: facts("tea-1", "", " ")})
    store.describe({501: facts("TEA-1", "POT-2")})

    # What a note took once stays: it is searched for by what people remember.
    assert skus(books) == [("mug", 501), ("pot-2", 501), ("tea-1", 501), ("tea-1", 502)]


def test_whose_a_note_is_is_kept_once_and_as_old_as_it_is(books: Books) -> None:
    store = a_store(books)
    persons = frozenset({"d1", "d2"})
    store.describe({501: NoteFacts(order_id=4001, sequence=1, persons=persons)})
    books.clock.pass_(days=9)

    store.describe({501: NoteFacts(order_id=4001, sequence=1, persons=persons | {"d3"})})

    with books.session() as session:
        rows = session.exec(select(NotePerson).order_by(NotePerson.digest)).all()
    later = MORNING + timedelta(days=9)
    assert [(one.digest, one.note_id, one.kept_at) for one in rows] == [
        ("d1", 501, MORNING),
        ("d2", 501, MORNING),
        ("d3", 501, later),
    ]


def test_a_sku_beyond_measure_does_not_stop_the_note(books: Books) -> None:
    a_store(books).describe({501: facts("X" * 5000, "a\0b")})

    assert skus(books) == [("a\ufffdb", 501), ("x" * LONGEST, 501)]


def test_a_note_is_found_by_each_of_its_tracking_numbers(books: Books) -> None:
    reading = reading_session_maker(books.engine)
    records = Records(books.open_session, reading, books.account, now=books.clock)

    records.told(501, Tally(boxes=2, tracking=frozenset({"JD1", "JD2"})))
    records.told(501, Tally(boxes=1, tracking=frozenset({"JD3"})))

    with books.session() as session:
        found = session.exec(select(NoteTracking).order_by(NoteTracking.number)).all()
        assert [(one.number, one.note_id) for one in found] == [
            ("jd1", 501),
            ("jd2", 501),
            ("jd3", 501),
        ]


def test_what_is_marked_as_handled_asks_again_once_it_fails_otherwise(books: Books) -> None:
    event = books.a_claim()
    lead(books, event, UNKNOWN)
    handle(books)
    handled = row(books)

    lead(books, event, UNKNOWN)
    still = row(books)
    lead(books, event, Standing(stage=FAILED, code="country_missing", reason="No country."))
    anew = row(books)

    assert (handled.handled_by, handled.handled_note) == ("ann", "by hand")
    assert still.handled_at == handled.handled_at
    assert (anew.handled_at, anew.handled_by, anew.handled_note) == (None, "", "")


def test_only_what_needs_a_person_is_marked_as_handled(books: Books) -> None:
    lead(books, books.a_claim(), Standing(stage=DONE, reason="At ShipHero."))

    marked = handle(books)

    assert marked == []
    assert row(books).handled_at is None


def a_store(books: Books) -> NoteStore:
    reading = reading_session_maker(books.engine)
    return NoteStore(
        books.open_session, reading, books.account,
        now=books.clock, worker="one", lease=timedelta(seconds=60),
    )  # fmt: skip


def facts(*skus: str) -> NoteFacts:
    return NoteFacts(order_id=4001, sequence=1, skus=frozenset(skus))


def skus(books: Books) -> list[tuple[str, int]]:
    with books.session() as session:
        found = session.exec(select(NoteSku)).all()
        return sorted((one.sku, one.note_id) for one in found)


def lead(books: Books, event: Event, standing: Standing) -> None:
    with books.session() as session:
        move(session, event, 501, ORDER, standing, now=MORNING)


def handle(books: Books) -> list[int]:
    with books.session() as session:
        row_of(session, books.account, 501, now=MORNING)
        return mark_all_handled(
            session, books.account, [501], by="ann", note="by hand", now=MORNING
        )


def row(books: Books) -> SyncLogRow:
    with books.session() as session:
        return session.get_one(SyncLogRow, (books.account, 501))
