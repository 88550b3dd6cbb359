"""Dead letters that a person closes, and many that are delivered again together."""

from uuid import UUID

from shared.events import Lane
from shared.journal.dead import count_open_dead
from shared.journal.release import close_needless, discard, replay, replay_all
from tests.integration.journal.books import MORNING, Books


def dead(books: Books, *subjects: str) -> list[UUID]:
    ids = [books.announce(subject) for subject in subjects]
    for one in ids:
        books.rewrite(one, outcome="dead", settled_at=MORNING, published_at=MORNING)
    return ids


def discarded(books: Books, ids: list[UUID], account: UUID | None = None) -> list[UUID]:
    with books.session() as session:
        mine, now = account or books.account, books.clock()
        return discard(session, mine, ids, by="ann", note="Sold by hand", now=now)


def open_dead(books: Books) -> int:
    with books.session() as session:
        return count_open_dead(session, books.account)


def test_a_discarded_dead_letter_waits_no_more_and_keeps_why(books: Books) -> None:
    first, second = dead(books, "501", "502")

    closed = discarded(books, [first])

    row = books.row(first)
    assert (closed, open_dead(books)) == ([first], 1)
    assert (row.outcome, row.discarded_by, row.discard_note) == ("dead", "ann", "Sold by hand")
    assert books.row(second).discarded_at is None


def test_only_open_dead_letters_of_the_account_are_discarded(books: Books) -> None:
    [replayed, closed] = dead(books, "501", "502")
    waiting = books.announce("503")
    with books.session() as session:
        replay(session, replayed, now=books.clock())
    discarded(books, [closed])
    other = books.open_account("other")

    again = discarded(books, [replayed, closed, waiting])

    assert again == []
    assert discarded(books, dead(books, "504"), account=other) == []


def test_many_are_delivered_again_once_each(books: Books) -> None:
    ids = dead(books, "501", "502", "")
    with books.session() as session:
        first = replay_all(session, books.account, ids, now=books.clock(), lane=Lane.BACKFILL)
    with books.session() as session:
        second = replay_all(session, books.account, ids, now=books.clock())

    made = [books.row(one) for one in first]
    assert {row.replay_of for row in made} == set(ids)
    assert {row.lane for row in made} == {Lane.BACKFILL.value}
    assert (second, open_dead(books)) == ([], 0)


def test_a_replay_that_died_may_be_replayed_in_its_turn(books: Books) -> None:
    [original] = dead(books, "501")
    with books.session() as session:
        first = replay(session, original, now=books.clock())
    assert first is not None
    books.rewrite(first, outcome="dead", settled_at=MORNING)

    with books.session() as session:
        again = replay_all(session, books.account, [original, first], now=books.clock())

    assert {books.row(one).replay_of for one in again} == {original, first}


def test_what_a_later_success_made_needless_is_closed_as_superseded(books: Books) -> None:
    [needless] = dead(books, "501")

    with books.session() as session:
        closed = close_needless(session, books.account, [needless], now=books.clock())

    assert closed == [needless]
    assert books.row(needless).outcome == "superseded"
