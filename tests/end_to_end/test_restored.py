"""Our tables are older than ShipHero, as after a restored backup: nothing goes out twice."""

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from deploy.embedded.smoke import reading
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.engine import open_engine, session_maker
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import OrderLink, SyncLogRow, TimelineRow
from shared.db.vendor_tables import Watermark
from shared.events import RECONCILIATION_REQUESTED, NewEvent
from shared.journal.record import new_id, record
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.waiting import until

# A comparison that is asked for while another runs comes back in a minute.
COMPARED_WITHIN = 60 + WITHIN


def is_quiet(room: Room, *note_ids: int) -> bool:
    """Say whether nothing is being done about the notes any more, nor compared.

    A comparison that began before would take the place of ours, and had the notes as known.
    """
    about = col(EventRow.subject).in_([str(one) for one in note_ids])
    compares = col(EventRow.name) == RECONCILIATION_REQUESTED
    open_now = select(EventRow).where(or_(about, compares), col(EventRow.settled_at).is_(None))
    with reading(room.run.environment) as session:
        return session.exec(open_now).first() is None


def restore(room: Room, *note_ids: int) -> None:
    """Have our tables know as little of these notes as a backup made before them does."""
    until(lambda: is_quiet(room, *note_ids), within=WITHIN, what="all settled")
    subjects = [str(one) for one in note_ids]
    about = select(EventRow.id).where(col(EventRow.subject).in_(subjects))
    engine = open_engine(room.run.environment["DATABASE_URL"])
    with session_maker(engine)() as session:
        for row, of_note in (
            (TimelineRow, col(TimelineRow.note_id).in_(note_ids)),
            (AttemptRow, col(AttemptRow.event_id).in_(about)),
            (EventRow, col(EventRow.subject).in_(subjects)),
            (OrderLink, col(OrderLink.note_id).in_(note_ids)),
            (SyncLogRow, col(SyncLogRow.note_id).in_(note_ids)),
            (Watermark, col(Watermark.name) != ""),
        ):
            session.execute(delete(row).where(of_note))
        ask_for_comparison(session)
        session.commit()
    engine.dispose()


def ask_for_comparison(session: Session) -> None:
    """Ask for a comparison of all notes since go-live."""
    account = session.exec(select(Account).where(Account.code == "demo")).one()
    asked = NewEvent(
        account_id=account.id,
        name=RECONCILIATION_REQUESTED,
        subject="",
        dedupe_key=f"demo:test:{new_id()}",
    )
    record(session, asked, now=utc_now())


def test_notes_whose_orders_we_forgot_take_them_as_their_own(room: Room) -> None:
    first, second = room.note(), room.note()
    orders = [room.order(one)["id"] for one in (first, second)]
    asked = room.calls("shiphero")["order_create"]

    restore(room, first, second)

    for note_id in (first, second):
        room.wait(note_id, within=COMPARED_WITHIN, order_stage="done")
    links = [link for one in (first, second) for link in room.links(one)]
    assert [(link.shiphero_order_id, link.adopted) for link in links] == [
        (order_id, True) for order_id in orders
    ]
    assert [room.keys(one) for one in (first, second)] == [["pending"], ["pending"]]
    assert room.calls("shiphero")["order_create"] == asked


def test_an_adopted_order_ships_its_note(room: Room) -> None:
    note_id = room.note()
    restore(room, note_id)
    room.wait(note_id, within=COMPARED_WITHIN, order_stage="done")

    room.ship(note_id, tracking=["1Z-RESTORED"])

    room.wait(note_id, shipment_stage="done", tracking="1Z-RESTORED")
    assert room.in_brightpearl(note_id)["status"]["shipped"] is True
    assert room.keys(note_id) == ["fulfilled"]


def test_an_order_that_was_cancelled_before_is_left_to_a_person(room: Room) -> None:
    note_id = room.note()
    room.cancel(note_id)
    room.wait(note_id, order_stage="canceled")

    restore(room, note_id)

    # Whichever vendor's list is compared first: its note asks for a person, or its order shows why.
    told = {"order_canceled", "canceled_at_shiphero"}
    until(
        lambda: room.row(note_id).order_reason_code in told,
        within=COMPARED_WITHIN,
        what="the cancelled order told of",
    )
    assert room.row(note_id).order_stage in {"failed", "canceled"}
    assert room.keys(note_id) == ["canceled"]
