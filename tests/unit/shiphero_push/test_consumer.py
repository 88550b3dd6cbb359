"""What the sync log shows of the order side after each attempt."""

import pytest

from services.shiphero_push.consumer import follow
from shared.events import SYNC_LOG_CHANGED
from shared.journal.verdict import Dead, Retry
from shared.messaging.result import Result
from shared.outcome import Busy, Delivered, Held, Skipped
from tests.unit.core.notebook import NOON, Notebook, an_event


def after(book: Notebook, *results: Result) -> tuple[str, str]:
    """End attempts at note 501, and give its stage and reason code."""
    with book.session() as session:
        for number, result in enumerate(results, start=1):
            follow(session, an_event(attempt=number), result, NOON)
        session.commit()
    row = book.row()
    return row.order_stage, row.order_reason_code


@pytest.mark.parametrize(
    ("result", "standing"),
    [
        (Delivered(reference="SH-1"), ("done", "")),
        (Skipped(code="stock_transfer", reason="no sale"), ("skipped", "stock_transfer")),
        (
            Held(cause="warehouse_undecided:2", reason="which?", settings_version=1),
            ("held", "warehouse_undecided"),
        ),
        (Retry(after=5, counts=True, code="vendor_trouble", reason="x"),
         ("retrying", "vendor_trouble")),
        (Retry(after=5, counts=True, code="checking", reason="x", checking=True),
         ("checking", "checking")),
        (Dead(code="country_missing", reason="where?"), ("failed", "country_missing")),
    ],
)  # fmt: skip
def test_each_end_shows_as_a_stage(
    book: Notebook, result: Result, standing: tuple[str, str]
) -> None:
    assert after(book, result) == standing


def test_an_echo_and_a_busy_note_change_nothing(book: Notebook) -> None:
    ended = Delivered(reference="SH-1", summary="Sent.")
    echo = Skipped(code="echo", reason="ours")

    assert after(book, ended, echo, Busy(reason="later")) == ("done", "")
    assert len(book.events()) == 1


def test_what_fails_about_a_synced_order_is_shown_without_unsyncing_it(book: Notebook) -> None:
    late = Dead(code="refused", reason="too late")

    assert after(book, Delivered(reference="SH-1"), late) == ("change_refused", "refused")


def test_a_change_is_announced_once(book: Notebook) -> None:
    held = Held(cause="go_live_unset", reason="when?", settings_version=1)

    after(book, held, held)

    [announced] = book.events()
    assert (announced.name, announced.subject) == (SYNC_LOG_CHANGED, "501")
    assert announced.payload["stage"] == "held"
