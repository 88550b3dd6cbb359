"""What people are told, destinations are told too: once, and of the kinds that they want."""

from shared.alerts import destination_off, raise_alert
from shared.notifications import DAILY_REPORT, ORDERS_FAILING, WEBHOOK_STOPPED
from tests.integration.destinations.places import a_destination, notices
from tests.integration.journal.books import Books
from tests.integration.telling.office import UNKNOWN, Office


def test_notes_that_fail_are_told_to_the_destinations_that_want_it(books: Books) -> None:
    office = Office(books)
    wanting = a_destination(books, kinds=[ORDERS_FAILING])
    a_destination(books, kinds=[DAILY_REPORT])
    office.fail(range(501, 531), UNKNOWN)

    letters = office.tell()
    office.tell()

    [event] = notices(books)
    assert (len(letters), event.subject) == (1, str(wanting))
    assert event.payload["notice"]["subject"] == letters[0].subject
    assert event.payload["notice"]["facts"]


def test_one_that_was_switched_off_is_told_to_people_and_to_the_others(books: Books) -> None:
    office = Office(books)
    off = a_destination(books, name="Gone", kinds=[WEBHOOK_STOPPED], off_since=books.clock())
    other = a_destination(books, kinds=[WEBHOOK_STOPPED])
    with books.session() as session:
        cause = destination_off(books.account, off)
        raise_alert(session, cause, sentence="Notices to Gone stopped.", raised_at=books.clock())

    [letter] = office.tell()

    [event] = notices(books)
    assert letter.subject == "Notices to a webhook or chat were switched off"
    assert "Notices to Gone stopped." in letter.text
    assert event.subject == str(other)
