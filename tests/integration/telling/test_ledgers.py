"""Something unexplained in the ledger is told at once."""

from sqlmodel import col, delete

from shared.db.journal_tables import EventRow
from shared.events import GOODS_OUT_NOTES_ANNOUNCED
from shared.webhooks.keep import keep
from tests.integration.telling.office import Office


def test_a_row_that_is_gone_is_told_and_so_is_its_return(office: Office) -> None:
    event = office.books.an_event("", name=GOODS_OUT_NOTES_ANNOUNCED, payload={})
    with office.books.session() as session:
        keep(session, event, source="brightpearl", now=office.books.clock())
    quiet = office.tell()
    with office.books.session() as session:
        session.execute(delete(EventRow).where(col(EventRow.name) == event.name))
    office.tell()

    [letter] = office.letters() or office.tell()

    assert quiet == []
    assert letter.subject == "Webhooks are unaccounted for"
    assert "1 webhook can not be found" in letter.text
