"""What is remembered of batches in the database."""

from uuid import UUID, uuid4

from services.shipment_return.memory import BatchMemory
from shared.clock import Pace
from shared.db.account_tables import Account, VendorConnection
from shared.db.journal_tables import AttemptRow
from shared.errors import Transient
from shared.messaging.ending import End, write_ends
from shared.messaging.result import result_of
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, an_event


def memory_of(book: Notebook) -> BatchMemory:
    """Give the memory as any process has it."""
    return BatchMemory(book.open_session, book.open_reading, ACCOUNT)


def ended(book: Notebook, *codes: str) -> UUID:
    """Journal an event with one attempt for each reason code, and give its id."""
    event = book.journal(an_event())
    book.keep(
        *(
            AttemptRow(
                event_id=event.id, number=number, worker="w", started_at=NOON, reason_code=code
            )
            for number, code in enumerate(codes, start=1)
        )
    )
    return event.id


def test_an_event_refused_in_a_batch_is_known_whatever_came_since(book: Notebook) -> None:
    once = ended(book, "refused_in_batch")
    since = ended(book, "refused_in_batch", "out_of_budget")
    never = ended(book, "out_of_budget", "")

    assert memory_of(book).refused([once, since, never, uuid4()]) == {once, since}


def test_a_refusal_in_a_batch_is_kept_with_the_attempt_that_met_it(book: Notebook) -> None:
    event = book.journal(an_event(attempt=0))
    book.keep(AttemptRow(event_id=event.id, number=0, worker="w", started_at=NOON))
    refused = Transient("It goes by itself next.", code="refused_in_batch")
    end = End(event=event, result=result_of(event, refused))

    with book.session() as session:
        write_ends(session, [end], now=NOON, pace=Pace(), follow=lambda *_: None)
        session.commit()

    assert memory_of(book).refused([event.id]) == {event.id}


def test_giving_up_switches_batches_off_with_a_warning_that_a_person_sees(book: Notebook) -> None:
    book.keep(
        VendorConnection(
            account_id=ACCOUNT,
            vendor="brightpearl",
            base_url="https://x",
            credentials="",
            warnings=["a scope is missing"],
            updated_at=NOON,
        )
    )

    memory_of(book).give_up("Brightpearl refuses it.")
    memory_of(book).give_up("Brightpearl refuses it.")

    with book.session() as session:
        connection = session.get_one(VendorConnection, (ACCOUNT, "brightpearl"))
        assert not session.get_one(Account, ACCOUNT).batch_writes
        assert connection.warnings == ["a scope is missing", "Brightpearl refuses it."]


def test_giving_up_needs_no_connection_row(book: Notebook) -> None:
    memory_of(book).give_up("Brightpearl refuses it.")

    with book.session() as session:
        assert not session.get_one(Account, ACCOUNT).batch_writes
