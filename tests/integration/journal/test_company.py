"""Whom a claim takes along: neighbours save a vendor's calls, suspects go alone."""

from uuid import UUID

from shared.events import GOODS_OUT_NOTE_DESTROYED, Event, Lane
from shared.journal.due import stamp_published
from tests.integration.journal.books import Books


def subjects(events: object) -> list[str]:
    assert isinstance(events, list | tuple)
    return [event.subject for event in events if isinstance(event, Event)]


def test_published_rows_of_the_same_account_and_name_come_along(books: Books) -> None:
    for note_id in ("501", "502", "503"):
        books.announce(note_id)
    first, *_rest = books.publish()

    claimed = books.claim([first], up_to=100)

    assert subjects(claimed.events) == ["501", "502", "503"]


def test_rows_that_are_just_being_published_come_along_too(books: Books) -> None:
    for note_id in ("501", "502"):
        books.announce(note_id)
    first, second = books.take_due()

    claimed = books.claim([first], up_to=100)
    with books.session() as session:
        stamp_published(session, [first, second], now=books.clock())

    assert subjects(claimed.events) == ["501", "502"]
    assert books.take_due() == []


def test_their_own_messages_are_stale_afterwards(books: Books) -> None:
    books.announce("501")
    books.announce("502")
    first, second = books.publish()
    books.claim([first], up_to=100)

    assert not books.claim([second], worker="two", up_to=100).events


def test_no_more_come_along_than_wanted_and_live_work_first(books: Books) -> None:
    for note_id in ("501", "502"):
        books.announce(note_id, lane=Lane.BACKFILL)
    books.announce("503")
    books.announce("504")
    rows = {row.subject: row for row in books.publish()}

    claimed = books.claim([rows["503"]], up_to=3)

    assert subjects(claimed.events) == ["501", "503", "504"]


def test_what_is_not_published_held_or_anothers_stays(books: Books) -> None:
    books.announce("501")
    other_name = books.announce("502", name=GOODS_OUT_NOTE_DESTROYED)
    claimed_by_another = books.announce("503")
    rows = {row.id: row for row in books.publish()}
    books.claim([rows[claimed_by_another]], worker="two")
    due = books.announce("504")

    [first] = [row for row in rows.values() if row.subject == "501"]
    claimed = books.claim([first], up_to=100)

    assert subjects(claimed.events) == ["501"]
    assert {other_name, due}.isdisjoint(event.id for event in claimed.events)


def crash(books: Books, *ids: UUID) -> None:
    """Let a process die that had claimed these, and everything come back."""
    rows = [row for row in books.publish() if row.id in ids]
    assert len(books.claim(rows).events) == len(ids)
    books.clock.pass_(minutes=3)
    books.sweep()


def test_those_whose_process_died_are_claimed_one_by_one(books: Books) -> None:
    ids = [books.announce(note_id) for note_id in ("501", "502")]
    crash(books, *ids)
    fresh = books.announce("503")
    rows = books.publish()

    claimed = books.claim(rows, up_to=100)

    assert [event.id for event in claimed.events] == [fresh]
    assert {version.event_id for version in claimed.suspects} == set(ids)
    for version in claimed.suspects:
        assert [event.id for event in books.claim([version], up_to=100).events] == [
            version.event_id
        ]


def test_a_suspect_is_not_taken_along_by_others(books: Books) -> None:
    suspect = books.announce("501")
    crash(books, suspect)
    books.announce("502")
    rows = {row.subject: row for row in books.publish()}

    claimed = books.claim([rows["502"]], up_to=100)

    assert subjects(claimed.events) == ["502"]
