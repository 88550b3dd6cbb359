"""What a person is told to do about a note."""

from typing import Any
from uuid import UUID

import pytest

from services.portal.advice import advice_for
from shared.db.note_tables import SyncLogRow
from tests.unit.portal.stories import NOON


def a_row(**changed: Any) -> SyncLogRow:
    return SyncLogRow(account_id=UUID(int=1), note_id=7001, inserted_at=NOON, **changed)


def test_a_failed_order_says_what_happened_in_the_rows_own_words() -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason="SKU TEA is not in ShipHero."))

    assert advice is not None
    assert (advice.urgent, advice.happened) == (True, "SKU TEA is not in ShipHero.")


def test_a_held_order_names_the_remedy_of_its_cause() -> None:
    advice = advice_for(a_row(order_stage="held", order_reason_code="warehouse_undecided"))

    assert advice is not None
    assert "which ShipHero warehouse" in advice.do_this


def test_a_shipment_that_cannot_be_written_back_is_told_although_the_order_is_synced() -> None:
    advice = advice_for(a_row(order_stage="done", shipment_stage="failed"))

    assert advice is not None
    assert advice.title == "The shipment is not in Brightpearl"


def test_a_retry_is_nobodys_turn() -> None:
    advice = advice_for(a_row(order_stage="retrying"))

    assert advice is not None
    assert (advice.urgent, advice.do_this) == (False, "")


def test_a_synced_note_needs_no_advice() -> None:
    assert advice_for(a_row(order_stage="done")) is None


@pytest.mark.parametrize(
    "code",
    [
        "vendor_unreachable", "vendor_trouble", "order_not_found", "note_not_found", "unexpected",
        "shiphero_document_refused", "answer_too_large", "request_too_long", "foreign_redirect",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_mend_what_only_the_operator_can_replay(code: str) -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason_code=code))

    assert advice is not None
    assert advice.whose_turn.startswith("Goodsout's operator")
    assert "othing to put right" in " ".join(advice.do_this.split())
    assert "the operator replays the event" in advice.then


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("note_deleted_after_sending", "Cancel that order in ShipHero"),
        ("order_canceled", "make it again"),
        ("several_orders", "Cancel all but one"),
        ("note_without_rows", "make it again with its rows"),
    ],
)
def test_what_a_person_does_is_told_in_its_own_words(code: str, told: str) -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason_code=code))

    assert advice is not None
    assert told in advice.do_this
