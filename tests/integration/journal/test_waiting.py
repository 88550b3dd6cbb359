"""Which notes are about to be looked at anyway."""

from datetime import timedelta

from shared.events import GOODS_OUT_NOTE_CHANGED, GOODS_OUT_NOTE_DESTROYED, Lane
from shared.journal.settle import hold, retry, settle
from shared.journal.waiting import waiting
from shared.outcome import Delivered, Held
from tests.integration.journal.books import Books


def waits(books: Books, *subjects: str) -> set[str]:
    with books.session() as session:
        return waiting(session, books.account, GOODS_OUT_NOTE_CHANGED, subjects, now=books.clock())


def test_a_look_that_is_due_or_published_is_waited_for(books: Books) -> None:
    books.announce("501")
    books.publish()
    books.announce("502")

    assert waits(books, "501", "502", "503") == {"501", "502"}


def test_a_look_that_has_begun_may_have_seen_the_note_as_it_was(books: Books) -> None:
    books.a_claim("501")

    assert waits(books, "501") == set()


def test_a_look_that_was_taken_is_none_to_come(books: Books) -> None:
    event = books.a_claim("501")
    with books.session() as session:
        settle(session, event, Delivered(reference="SH-1"), now=books.clock())

    assert waits(books, "501") == set()


def test_a_held_look_waits_for_something_else(books: Books) -> None:
    event = books.a_claim("501")
    held = Held(cause="order_sync_off", reason="Order sync is off.", settings_version=1)
    with books.session() as session:
        hold(session, event, held, code="order_sync_off", now=books.clock())

    assert waits(books, "501") == set()


def test_a_look_that_comes_soon_is_waited_for_and_a_far_one_is_not(books: Books) -> None:
    soon, far = books.a_claim("501"), books.a_claim("502")
    for event, after in ((soon, timedelta(seconds=5)), (far, timedelta(minutes=30))):
        with books.session() as session:
            retry(session, event, due_at=books.clock() + after, counts=True, code="x", reason="",
                  now=books.clock())  # fmt: skip

    assert waits(books, "501", "502") == {"501"}


def test_only_live_looks_of_the_same_account_and_kind_count(books: Books) -> None:
    books.announce("501", name=GOODS_OUT_NOTE_DESTROYED)
    books.announce("502", lane=Lane.BACKFILL)
    books.announce("503", account_id=books.open_account("globex"))

    assert waits(books, "501", "502", "503") == set()
