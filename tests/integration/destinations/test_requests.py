"""A notice is recorded once for each destination that wants its kind."""

from shared.destinations import BY_PERSON, told_by
from shared.notifications import DAILY_REPORT, DEAD_LETTERS
from tests.integration.destinations.places import NOTICE, a_destination, ask, notices
from tests.integration.journal.books import MORNING, Books


def test_each_destination_that_wants_the_kind_gets_one_event(books: Books) -> None:
    ops = a_destination(books)
    a_destination(books, kinds=[DAILY_REPORT])
    a_destination(books, off_since=MORNING, off_because=BY_PERSON)

    count = ask(books)

    [event] = notices(books)
    assert (count, event.subject) == (1, str(ops))


def test_one_cause_is_told_once(books: Books) -> None:
    a_destination(books)
    a_destination(books)

    counts = ask(books), ask(books), ask(books, once_for="another")

    assert counts == (2, 0, 2)
    assert len({event.payload["message"] for event in notices(books)}) == 4


def test_what_another_account_has_set_up_gets_nothing(books: Books) -> None:
    a_destination(books, account_id=books.open_account("other"))

    assert ask(books) == 0


def test_what_was_recorded_is_read_back(books: Books) -> None:
    a_destination(books)
    ask(books)

    told = told_by(notices(books)[0].payload)

    assert (told.kind, told.about, told.notice) == (DEAD_LETTERS, "sku_unknown", NOTICE)
    assert told.message.startswith("msg_")


def test_neither_address_nor_secret_stands_in_the_journal(books: Books) -> None:
    a_destination(books, "https://ops.example/in/very-secret")
    ask(books)

    [event] = notices(books)

    assert "very-secret" not in str(event.payload)
    assert set(event.payload) == {"message", "kind", "about", "notice"}
