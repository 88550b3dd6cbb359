"""What the notifier tells of a note's changes."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from structlog.testing import capture_logs

from services.notifier.consumer import follow, handlers
from services.notifier.handler import HEADLINES
from services.notifier.settings import NotifierSettings
from shared.events import SYNC_LOG_CHANGED, Event
from shared.notes.state import NOT_BEGUN, STAGES
from shared.outcome import Delivered
from shared.secrets import new_key
from tests.unit.core.notebook import NOON, Notebook, an_event

if TYPE_CHECKING:
    from shared.process import ConsumerParts

SETTINGS = NotifierSettings(
    database_url="sqlite://",
    broker_url="memory://",
    secret_keys=new_key(),
    smtp_url="smtp://mail.example",
    mail_from="portal@goodsout.example",
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Notebook]:
    book = Notebook(tmp_path)
    yield book
    book.engine.dispose()


def a_change(book: Notebook, **payload: str) -> Event:
    told = {"side": "order", "stage": "done", "sentence": "Order WEB-1.", "at": NOON.isoformat()}
    return book.journal(an_event(name=SYNC_LOG_CHANGED, payload={**told, **payload}))


def tell(book: Notebook, *events: Event) -> list[Any]:
    wired = SimpleNamespace(
        open_session=book.open_session,
        open_reading=book.open_session,
        settings=SETTINGS,
        now=lambda: NOON,
    )
    parts = cast("ConsumerParts[NotifierSettings]", wired)
    outcomes = [unit.run() for unit in handlers(parts)[SYNC_LOG_CHANGED](events)]
    with book.session() as session:
        for outcome in outcomes:
            assert isinstance(outcome, Delivered)
            assert outcome.keep is not None
            outcome.keep(session, NOON)
        session.commit()
    return outcomes


def test_a_change_becomes_a_row_of_the_notes_timeline(book: Notebook) -> None:
    change = a_change(book)

    outcome = tell(book, change)

    assert outcome == [Delivered(reference="501", summary="Sent to ShipHero")]
    [row] = book.timeline()
    assert (row.event_id, row.note_id, row.at) == (change.id, 501, NOON)
    assert (row.side, row.stage, row.sentence) == (
        "order", "done", "Sent to ShipHero. Order WEB-1.",
    )  # fmt: skip


def test_the_same_change_told_again_makes_no_second_row(book: Notebook) -> None:
    change = a_change(book)

    tell(book, change)
    tell(book, change)

    assert len(book.timeline()) == 1


def test_a_change_makes_one_log_line(book: Notebook) -> None:
    with capture_logs() as lines:
        tell(book, a_change(book))

    assert lines == [
        {
            "event": "sync_log.changed", "log_level": "info",
            "note_id": "501", "side": "order", "stage": "done",
            "sentence": "Sent to ShipHero",
        }
    ]  # fmt: skip


def test_the_log_line_does_not_repeat_the_sentence(book: Notebook) -> None:
    with capture_logs() as lines:
        tell(book, a_change(book, sentence="For Ida Moss, 7 Quay Street."))

    assert "Moss" not in repr(lines)


def test_a_change_without_a_reason_is_one_sentence(book: Notebook) -> None:
    tell(book, a_change(book, sentence="", side="shipment"))

    assert book.timeline()[0].sentence == "Shipped in Brightpearl."


def test_a_stage_without_a_headline_is_told_plainly(book: Notebook) -> None:
    tell(book, a_change(book, stage="invented", sentence=""))

    assert book.timeline()[0].sentence == "Order: invented."


def test_every_stage_has_its_words() -> None:
    pairs = {(side, stage) for side, stages in STAGES.items() for stage in stages}

    assert set(HEADLINES) == pairs - {("shipment", NOT_BEGUN)}


def test_telling_a_change_changes_nothing(book: Notebook) -> None:
    change = a_change(book)

    with book.session() as session:
        follow(session, change, Delivered(reference="501"), NOON)
        session.commit()

    assert len(book.events()) == 1
