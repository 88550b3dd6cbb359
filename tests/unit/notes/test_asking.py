"""A note is marked as handled by hand, a request is asked once, a retry can be foreseen."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.db.journal_tables import EventRow
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.events import GOODS_OUT_NOTE_CHANGED, ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED
from shared.notes.asking import ask_about_order, mark_handled
from shared.notes.progress import Standing, move
from shared.notes.retrying import foresee_retry, retry_note
from shared.notes.state import FAILED, ORDER, RETRYING
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook, an_event


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Notebook]:
    book = Notebook(tmp_path)
    yield book
    book.engine.dispose()


def a_row(**known: Any) -> SyncLogRow:
    return SyncLogRow(account_id=ACCOUNT, note_id=501, inserted_at=NOON, **known)


def handle(book: Notebook) -> bool:
    with book.session() as session:
        done = mark_handled(session, ACCOUNT, 501, who="ann", words="by hand", now=NOON)
        session.commit()
    return done


def goes_on(book: Notebook, stage: str, reason: str = "") -> None:
    with book.session() as session:
        move(session, an_event(), 501, ORDER, Standing(stage=stage, reason=reason), now=NOON)
        session.commit()


def ask(book: Notebook, name: str) -> bool:
    with book.session() as session:
        done = ask_about_order(session, ACCOUNT, 501, name, now=book.now)
        session.commit()
    return done


def test_a_mark_goes_when_the_note_moves_on(book: Notebook) -> None:
    book.keep(a_row(order_stage=FAILED))

    done = handle(book)
    goes_on(book, FAILED, "still so")
    marked = book.row().handled_by
    goes_on(book, RETRYING)

    assert (done, marked, book.row().handled_at) == (True, "ann", None)


def test_what_waits_for_nobody_is_not_marked(book: Notebook) -> None:
    book.keep(a_row(order_stage="done"))

    assert not handle(book)


def test_one_request_at_a_time_and_only_about_an_order(book: Notebook) -> None:
    book.keep(a_row())
    without = ask(book, ORDER_CANCEL_REQUESTED)
    book.keep(
        OrderLink(
            account_id=ACCOUNT, note_id=501, key="GO-demo-501", order_number="WEB-1",
            intended_at=NOON,
        )
    )  # fmt: skip

    asked = [ask(book, name) for name in (ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED)]

    assert (without, asked) == (False, [True, False])
    assert [event.payload for event in book.events()] == [{"key": "GO-demo-501"}]


@pytest.mark.parametrize(
    ("state", "foreseen"),
    [
        ({"outcome": "dead", "settled_at": NOON, "reason": "refused"}, "is tried once more"),
        ({"due_at": NOON + timedelta(hours=1)}, "is tried now instead of at"),
        ({"hold_cause": "order_sync_off", "reason": "Order sync is off."}, "waits"),
    ],
)
def test_what_a_retry_would_do_is_what_it_does(
    book: Notebook, state: dict[str, Any], foreseen: str
) -> None:
    event = an_event()
    usual: dict[str, Any] = {
        "payload": {}, "dedupe_key": "k", "recorded_at": NOON, "due_at": NOON, "lane": 0,
    }  # fmt: skip
    book.keep(
        a_row(),
        EventRow(id=event.id, account_id=ACCOUNT, name=GOODS_OUT_NOTE_CHANGED, subject="501",
                 queue="shiphero_push", **(usual | state)),
    )  # fmt: skip

    with book.session() as session:
        before = foresee_retry(session, ACCOUNT, 501, now=NOON)
    [unchanged] = book.events()
    with book.session() as session:
        after = retry_note(session, ACCOUNT, 501, now=NOON)

    assert foreseen in before.sentences[0]
    assert before.done is after.done
    assert unchanged.generation == 1
