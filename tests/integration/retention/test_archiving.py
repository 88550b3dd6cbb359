"""Old settled events move to the archive; what the ledger counts stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.engine import OpenSession, session_maker
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import TimelineRow
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTES_ANNOUNCED,
    RETENTION_REQUESTED,
    NewEvent,
)
from shared.journal.account_ledger import account_days
from shared.journal.dead import count_open_dead
from shared.journal.ledger import ledger
from shared.journal.release import replay
from tests.integration.journal.books import MORNING, Books
from tests.integration.retention.hall import (
    A_MONTH_AGO,
    LONG_AGO,
    a_webhook,
    an_event,
    archived,
    take_one,
    take_turns,
)


def test_old_settled_events_move_to_the_archive_with_their_attempts(books: Books) -> None:
    old = [an_event(books, LONG_AGO + timedelta(minutes=one), subject=str(one)) for one in range(8)]
    young = an_event(books, A_MONTH_AGO)

    take_turns(books)

    found = archived(books)
    assert set(found) == set(old)
    assert {row.id for row in books.rows()} & {*old, young} == {young}
    [attempt] = found[old[3]].kept["attempts"]
    assert (found[old[3]].subject, found[old[3]].recorded_at) == (
        "3",
        LONG_AGO + timedelta(minutes=3),
    )
    assert attempt["reason"] == "it went well"
    assert "exchanges" not in attempt
    assert "Ada" not in str(found[old[3]].kept)


def test_what_waits_for_a_person_or_for_its_turn_is_not_archived(books: Books) -> None:
    dead = an_event(books, LONG_AGO, outcome="dead")
    open_one = an_event(books, LONG_AGO)
    books.rewrite(open_one, settled_at=None, outcome=None)
    just_settled = an_event(books, LONG_AGO)
    books.rewrite(just_settled, settled_at=MORNING)

    take_turns(books)

    assert archived(books) == {}
    assert {dead, open_one, just_settled} <= {row.id for row in books.rows()}


def test_a_replay_never_leaves_before_its_dead_letter(books: Books) -> None:
    dead = an_event(books, LONG_AGO, outcome="dead")
    with books.session() as session:
        again = replay(session, dead, now=LONG_AGO)
    assert again is not None
    books.rewrite(again, settled_at=LONG_AGO, outcome="delivered")
    books.rewrite(dead, settled_at=MORNING)  # as if it had died lately

    take_turns(books)
    with books.session() as session:
        waiting = count_open_dead(session)
    books.rewrite(dead, settled_at=LONG_AGO)
    for day in (1, 2):
        take_turns(books, now=MORNING + timedelta(days=day))

    assert waiting == 0
    assert set(archived(books)) == {dead, again}


def test_the_ledger_s_counts_do_not_change(books: Books) -> None:
    for number in range(7):
        a_webhook(books, LONG_AGO + timedelta(minutes=number), name=GOODS_OUT_NOTES_ANNOUNCED)
        an_event(books, LONG_AGO + timedelta(hours=number), outcome="skipped")
    a_webhook(books, LONG_AGO, settled_at=None, outcome=None)
    dead = a_webhook(books, LONG_AGO, outcome="dead")
    with books.session() as session:
        again = replay(session, dead, now=LONG_AGO)
    assert again is not None
    books.rewrite(again, settled_at=LONG_AGO, outcome="dead", discarded_at=LONG_AGO)
    before = counts(books)

    take_turns(books)

    assert archived(books)
    assert counts(books) == before


def counts(books: Books) -> tuple[Any, ...]:
    """Give all that is counted by day, without what is recorded today."""
    with books.open_session() as session:
        days = account_days(session, books.account, last=LONG_AGO.date(), days=5)
    with books.open_session() as session:
        whole = ledger(session)
    return days, whole["days"], whole["dead"]


def test_a_note_s_timeline_outlives_its_events(books: Books) -> None:
    told = an_event(books, LONG_AGO)
    with books.session() as session:
        session.add(
            TimelineRow(
                event_id=told,
                account_id=books.account,
                note_id=501,
                at=LONG_AGO,
                side="order",
                stage="done",
                sentence="Sent.",
            )
        )

    take_turns(books)

    with books.session() as session:
        assert session.scalars(select(col(TimelineRow.sentence))).all() == ["Sent."]
    assert told in archived(books)


def test_another_account_s_events_are_left_to_its_own_turn(books: Books) -> None:
    other = books.open_account("other")
    theirs = an_event(books, LONG_AGO, account_id=other)

    take_turns(books)

    assert theirs not in archived(books)


def test_a_kill_between_two_batches_loses_and_doubles_nothing(books: Books) -> None:
    old = [an_event(books, LONG_AGO, subject=str(one)) for one in range(7)]
    books.clock.time = MORNING
    event = books.a_claim("acme", name=RETENTION_REQUESTED)

    with pytest.raises(KeyboardInterrupt):
        take_one(books, event, open_session=killed_between(books))
    left = {row.id for row in books.rows()} & set(old)
    between = set(archived(books))
    take_turns(books, now=MORNING + timedelta(days=1))

    assert between | left == set(old)
    assert between & left == set()
    assert between
    assert left
    assert set(archived(books)) == set(old)


def killed_between(books: Books) -> OpenSession:
    """Open sessions, of which the one after the first batch dies before it commits."""

    def open_session() -> Session:
        session = session_maker(books.engine)()
        if archived(books):
            session.commit = die  # type: ignore[method-assign]
        return session

    return open_session


def die() -> None:
    raise KeyboardInterrupt


def test_a_long_turn_lets_other_work_go_first(books: Books) -> None:
    old = [an_event(books, LONG_AGO, subject=str(one)) for one in range(9)]
    books.clock.time = MORNING
    event = books.a_claim("acme", name=RETENTION_REQUESTED)

    said = take_one(books, event, now=hurrying(books))
    follow_ons = [row for row in books.rows() if row.subject == "more"]

    assert "goes on behind other work" in said
    assert len(follow_ons) == 1
    assert len(archived(books)) < len(old)


def hurrying(books: Books) -> Callable[[], datetime]:
    """Give a clock by which each look takes three seconds."""

    def now() -> datetime:
        books.clock.pass_(seconds=3)
        return books.clock()

    return now


def test_an_archived_key_may_be_used_again_and_is_counted_again(books: Books) -> None:
    an_event(books, LONG_AGO, dedupe_key="acme:x", name=GOODS_OUT_NOTE_CHANGED)
    take_turns(books)

    again = NewEvent(
        account_id=books.account, name=GOODS_OUT_NOTE_CHANGED, subject="1", dedupe_key="acme:x"
    )
    books.announce(again.subject, dedupe_key=again.dedupe_key)

    assert len(archived(books)) == 1


def test_attempts_go_with_their_events(books: Books) -> None:
    an_event(books, LONG_AGO)

    take_turns(books)

    with books.session() as session:
        numbers = session.scalars(
            select(col(AttemptRow.event_id))
            .join(EventRow, isouter=True)
            .where(col(EventRow.id).is_(None))
        ).all()
    assert numbers == []
