"""What one note's page tells."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.db.journal_tables import AttemptRow
from shared.db.note_tables import TimelineRow
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants

TRACE = "00-0af7651916cd43dd8448eb211c80319c-{}-01"


def test_a_failed_note_says_what_happened_and_every_call(merchants: Merchants) -> None:
    merchants.note(7001, order_stage="failed", order_reason="SKU TEA is not in ShipHero.")
    event_id = merchants.event(subject="7001", outcome="dead", settled_at=NOON, tries=1)
    call = {"vendor": "shiphero", "operation": "order_create", "status": 400, "request_id": "r-9"}
    merchants.keep(an_attempt(event_id, result="dead", calls=[call]))

    page = merchants.viewer().get("/sync-log/7001").text

    assert "The order is not at ShipHero" in page
    assert "SKU TEA is not in ShipHero." in page
    assert "Attempt 1: gave up" in page
    assert "r-9" in page


def test_the_announcement_is_found_by_its_trace(merchants: Merchants) -> None:
    merchants.note(7001)
    merchants.event(subject="7001", traceparent=TRACE.format("00f067aa0ba902b7"))
    merchants.event(
        name="goods_out_notes.announced",
        subject="7000-7001",
        traceparent=TRACE.format("11f067aa0ba902b7"),
        recorded_at=NOON - timedelta(seconds=1),
    )

    assert "Brightpearl announced" in merchants.viewer().get("/sync-log/7001").text


def test_the_shipment_is_found_by_the_change_it_made(merchants: Merchants) -> None:
    merchants.note(7001, order_stage="done", shipment_stage="done")
    shipment = merchants.event(name="shipment.announced", subject="555")
    change = merchants.event(
        name="sync_log.changed", subject="7001", dedupe_key=f"{shipment}:1:shipment:done"
    )
    merchants.keep(a_change(change, sentence="Tracking JD1 was written."))

    page = merchants.viewer().get("/sync-log/7001").text

    assert "ShipHero announced a shipment" in page
    assert "Tracking JD1 was written." in page


def test_a_shipment_whose_id_equals_the_notes_is_left_out(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001)
    sqlite_merchants.event(name="shipment.announced", subject="7001")

    page = sqlite_merchants.viewer().get("/sync-log/7001").text

    assert "ShipHero announced a shipment" not in page


def test_another_accounts_events_stay_out_of_the_story(merchants: Merchants) -> None:
    merchants.note(7001)
    merchants.event(subject="7001", traceparent=TRACE.format("00f067aa0ba902b7"))
    merchants.event(
        HARBOUR,
        name="shipment.announced",
        traceparent=TRACE.format("22f067aa0ba902b7"),
        subject="5",
    )

    page = merchants.viewer().get("/sync-log/7001").text

    assert "ShipHero announced a shipment" not in page


def test_a_held_note_says_because_of_what(merchants: Merchants) -> None:
    merchants.note(7001, order_stage="held", order_reason_code="order_sync_off")
    merchants.event(subject="7001", hold_cause="order_sync_off", reason="Order sync is off.")

    page = merchants.viewer().get("/sync-log/7001").text

    assert "Held because" in page
    assert "Order sync is off." in page


@pytest.mark.parametrize(
    ("stage", "code", "told"),
    [
        ("kept_back", "kept_back", "It is sent by itself when its time has come."),
        ("change_refused", "change_too_late", "Call the warehouse"),
        ("canceled", "canceled_at_shiphero", "Delete the note in Brightpearl"),
        ("cancel_refused", "cancel_refused", "Cancel that order in ShipHero"),
        ("skipped", "stock_transfer", "This note was not sent to ShipHero"),
    ],
)
def test_a_note_that_ended_otherwise_says_what_to_do(
    sqlite_merchants: Merchants, stage: str, code: str, told: str
) -> None:
    sqlite_merchants.note(7001, order_stage=stage, order_reason_code=code)

    assert told in sqlite_merchants.viewer().get("/sync-log/7001").text


def test_a_command_is_shown_as_such(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001, order_stage="failed", order_reason_code="vendor_unreachable")

    assert "<code>goodsout retry</code>" in sqlite_merchants.viewer().get("/sync-log/7001").text


def test_a_persons_words_are_never_markup(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001, customer_reference="<script>alert(1)</script>")

    client = sqlite_merchants.viewer()
    pages = [client.get(path).text for path in ("/sync-log", "/sync-log/7001")]

    assert ["<script>alert" in page for page in pages] == [False, False]


@pytest.mark.parametrize("path", ["/sync-log/9999", "/sync-log/99999999999", "/no-such-page"])
def test_what_is_not_there_is_said_in_our_look(sqlite_merchants: Merchants, path: str) -> None:
    page = sqlite_merchants.viewer().get(path)

    assert page.status_code == 404
    assert "There is nothing at this address" in page.text


def an_attempt(event_id: UUID, *, result: str, calls: list[dict[str, object]]) -> AttemptRow:
    return AttemptRow(
        event_id=event_id,
        number=1,
        worker="worker",
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=1),
        result=result,
        vendor_calls=calls,
    )


def a_change(event_id: UUID, *, sentence: str) -> TimelineRow:
    return TimelineRow(
        event_id=event_id,
        account_id=FERNLEAF,
        note_id=7001,
        at=NOON,
        side="shipment",
        stage="done",
        sentence=sentence,
    )
