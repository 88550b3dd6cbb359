"""What a person is told to do about a note."""

from typing import Any
from uuid import UUID

import pytest

from services.portal.log.advice import advice_for
from shared.db.note_tables import SyncLogRow
from shared.notes.state import ORDER, STAGES
from shared.reasons.listed import REASONS
from shared.reasons.reason import NOTHING
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


def test_a_retry_that_only_the_operator_ends_says_so() -> None:
    advice = advice_for(a_row(order_stage="retrying", order_reason_code="brightpearl_app_refused"))

    assert advice is not None
    assert (advice.urgent, advice.whose_turn) == (False, "Goodsout's operator")
    assert "BRIGHTPEARL_CLIENT_SECRET" in advice.do_this


def test_a_synced_note_needs_no_advice() -> None:
    assert advice_for(a_row(order_stage="done")) is None


@pytest.mark.parametrize(
    "code",
    [
        "vendor_unreachable", "vendor_trouble", "order_not_found", "note_not_found", "unexpected",
        "shiphero_document_refused", "answer_too_large", "request_too_long", "foreign_redirect",
        "credentials_renewed", "a_code_that_nobody_listed",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_mend_what_only_the_operator_can_retry(code: str) -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason_code=code))

    assert advice is not None
    assert advice.whose_turn == "Goodsout's operator"
    assert "othing to put right" in advice.do_this
    assert "`goodsout retry`" in advice.then


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("order_canceled", "make it again"),
        ("several_orders", "Cancel all but one"),
        ("same_number_there", "Look at that order in ShipHero"),
        ("sku_unknown", "Create the SKUs"),
        ("note_without_rows", "make it again with its rows"),
    ],
)
def test_what_a_person_does_is_told_in_its_own_words(code: str, told: str) -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason_code=code))

    assert advice is not None
    assert told in advice.do_this


def test_a_code_that_is_not_listed_is_shown_as_it_is() -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason_code="brand_new"))

    assert advice is not None
    assert advice.code == "brand_new"


def test_a_setting_without_a_listed_reason_is_entered_by_the_operator() -> None:
    advice = advice_for(a_row(order_stage="held", order_reason_code="brand_new"))

    assert advice is not None
    assert "operator make the setting" in advice.do_this


def test_an_order_that_could_not_be_cancelled_for_its_deleted_note_needs_you() -> None:
    advice = advice_for(a_row(order_stage="cancel_refused", order_reason_code="cancel_refused"))

    assert advice is not None
    assert (advice.urgent, advice.whose_turn) == (True, "You")
    assert "Cancel that order in ShipHero" in advice.do_this


def test_of_a_deleted_note_whose_parcel_had_left_the_parcel_is_told_first() -> None:
    row = a_row(
        order_stage="cancel_refused",
        order_reason_code="cancel_refused",
        shipment_stage="failed",
        shipment_reason_code="note_deleted_but_shipped",
    )

    advice = advice_for(row)

    assert advice is not None
    assert (advice.urgent, advice.code) == (True, "note_deleted_but_shipped")
    assert "have the parcel come back" in advice.do_this


def test_a_cancelled_order_says_what_the_merchant_can_do() -> None:
    advice = advice_for(a_row(order_stage="canceled", order_reason_code="canceled_at_shiphero"))

    assert advice is not None
    assert (advice.urgent, advice.whose_turn) == (False, "You")


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        ("canceled", "order_canceled_for_deleted_note"),
        ("skipped", "stock_transfer"),
        ("skipped", ""),
    ],
)
def test_what_ended_as_it_should_asks_nothing_of_anybody(stage: str, code: str) -> None:
    advice = advice_for(a_row(order_stage=stage, order_reason_code=code))

    assert advice is not None
    assert (advice.urgent, advice.do_this) == (False, "")
    assert advice.whose_turn.startswith("Nobody's")


def test_a_note_that_is_kept_back_goes_on_by_itself() -> None:
    advice = advice_for(a_row(order_stage="kept_back", order_reason_code="kept_back"))

    assert advice is not None
    assert (advice.urgent, advice.then) == (False, "It is sent by itself when its time has come.")


@pytest.mark.parametrize("stage", STAGES[ORDER])
def test_every_stage_but_the_good_ones_has_advice_whatever_the_reason(stage: str) -> None:
    advised = [advice_for(a_row(order_stage=stage, order_reason_code=code)) for code in REASONS]

    assert {advice is None for advice in advised} == {stage in {"queued", "done"}}


@pytest.mark.parametrize("code", REASONS)
def test_whoever_has_to_act_is_told_how(code: str) -> None:
    advice = advice_for(a_row(order_stage="failed", order_reason_code=code))

    assert advice is not None
    assert advice.do_this not in {"", NOTHING}
