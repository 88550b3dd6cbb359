"""A change that cannot be told any more, or not yet, or that crosses with something else."""

from dataclasses import replace
from typing import Any

import pytest

from shared.accounts import MAPPED, Warehouse
from shared.errors import GoodsoutError, Permanent, Transient, UnknownOutcome
from shared.events import SHIPMENT_SUSPECTED
from shared.outcome import Busy, Delivered, Held, Skipped
from tests.builders import a_line_item, a_shipment
from tests.unit.shiphero_push.changing import (
    EXPRESS,
    HERE,
    at_shiphero,
    edit,
    edit_order,
    looked_at,
    send,
    told,
)
from tests.unit.shiphero_push.making import to_party
from tests.unit.shiphero_push.pushing import Pushing, alike


@pytest.fixture
def sent(pushing: Pushing) -> Pushing:
    """Give a desk at which note 501 was sent."""
    return send(pushing)


@pytest.mark.parametrize(
    "gone",
    [
        {"fulfillment_status": "Fulfilled"},
        {
            "fulfillment_status": "Packed!",
            "shipments": (a_shipment(),),
            "line_items": (a_line_item(quantity_pending_fulfillment=0),),
        },
    ],
)
def test_a_change_that_comes_after_the_parcel_left_is_told_to_the_merchant_only(
    sent: Pushing, gone: dict[str, Any]
) -> None:
    edit(sent, shipping=EXPRESS)
    at_shiphero(sent, **gone)

    outcome = sent.push()

    assert isinstance(outcome, Delivered)
    assert outcome.code == "change_too_late"
    assert outcome.summary == (
        "Order WEB-4001 did not get the note's new shipping method: it has been shipped. If it "
        "matters, tell the warehouse or the carrier."
    )
    assert sent.shiphero.calls == ["order"]


def test_an_order_cancelled_in_the_warehouse_is_not_changed_and_looked_into(sent: Pushing) -> None:
    edit(sent, priority=True)
    at_shiphero(sent, fulfillment_status="canceled")

    outcome = sent.push()

    assert isinstance(outcome, Delivered)
    assert outcome.code == "canceled_at_shiphero"
    [look] = outcome.follow_ons
    assert (look.name, look.subject, look.payload) == (
        SHIPMENT_SUSPECTED,
        "501",
        {"key": "GO-demo-501", "order_id": "SH-GO-demo-501", "canceled": True},
    )
    assert sent.shiphero.changes == []


def test_a_change_that_shiphero_refuses_is_told_in_its_words_and_is_no_error(sent: Pushing) -> None:
    edit(sent, priority=True)
    refused = Permanent("ShipHero refused: not any more", code="shiphero_invalid_argument")
    sent.shiphero.fails_on = {"update_order": refused}

    outcome = sent.push()

    assert isinstance(outcome, Delivered)
    assert outcome.code == "change_too_late"
    assert "new priority: ShipHero refused: not any more." in outcome.summary


@pytest.mark.parametrize(
    "trouble", [Transient("down"), Permanent("no scope", code="shiphero_scope_missing")]
)
def test_other_trouble_passes_through_and_the_change_is_still_to_be_told(
    sent: Pushing, trouble: GoodsoutError
) -> None:
    edit(sent, priority=True)
    sent.shiphero.fails_on = {"update_order": trouble}

    assert sent.fail() is trouble
    sent.shiphero.fails_on = {}
    sent.push()

    assert told(sent) == {"priority_flag": True}


def test_an_update_whose_answer_is_lost_is_simply_made_again(sent: Pushing) -> None:
    edit(sent, priority=True)
    sent.shiphero.loses_answers = True

    assert isinstance(sent.fail(), UnknownOutcome)
    sent.shiphero.loses_answers = False
    sent.push()

    assert [one.priority_flag for one in sent.shiphero.changes] == [True, True]
    assert sent.push() == HERE


def test_what_was_read_before_another_told_of_it_is_read_again(sent: Pushing) -> None:
    edit(sent, priority=True)
    stale = looked_at(sent)
    edit(sent, shipping=EXPRESS)
    sent.push()

    assert isinstance(stale.run(), Busy)
    assert [one.shipping_lines is None for one in sent.shiphero.changes] == [False]


def test_a_note_that_was_deleted_after_it_was_read_is_cancelled_and_not_changed(
    sent: Pushing,
) -> None:
    edit(sent, priority=True)
    unit = looked_at(sent)
    sent.book.notes.deleted(501, said_now=True)

    outcome = alike(unit.run())

    assert isinstance(outcome, Delivered)
    assert outcome.code == "order_canceled_for_deleted_note"
    assert sent.shiphero.changes == []


def test_a_changed_note_in_anothers_hands_comes_back(sent: Pushing) -> None:
    edit(sent, priority=True)
    unit = looked_at(sent)

    with sent.book.notes_of("another").leased(501):
        assert isinstance(unit.run(), Busy)

    assert sent.shiphero.calls == []


@pytest.mark.parametrize(
    ("chosen", "cause"),
    [({"order_sync_on": False}, "order_sync_off"), ({"methods": {}}, "shipping_method_unmapped:5")],
)
def test_a_change_waits_for_a_setting_like_a_note(
    sent: Pushing, chosen: dict[str, Any], cause: str
) -> None:
    edit(sent, priority=True)
    sent.settings = replace(sent.settings, **chosen)

    outcome = sent.push()

    assert isinstance(outcome, Held)
    assert outcome.cause == cause
    assert sent.shiphero.calls == []


def test_a_warehouse_that_was_left_out_since_leaves_the_order_as_it_is(sent: Pushing) -> None:
    edit(sent, priority=True)
    left_out = {2: Warehouse(name="Main", decision="not_sent")}
    sent.settings = replace(sent.settings, warehouses=left_out)

    outcome = sent.push()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "warehouse_not_sent"
    assert sent.shiphero.calls == []


def test_a_note_moved_in_the_settings_to_another_warehouse_is_no_change(sent: Pushing) -> None:
    moved = {2: Warehouse(name="Main", decision=MAPPED, shiphero_id="WAREHOUSE-2")}
    sent.settings = replace(sent.settings, warehouses=moved)

    assert sent.push() == HERE


def test_a_note_that_somebody_shipped_in_brightpearl_is_looked_into(sent: Pushing) -> None:
    edit(sent, shipped=True, priority=True)

    outcome = sent.push()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "already_shipped"
    assert [one.name for one in outcome.follow_ons] == [SHIPMENT_SUSPECTED]
    assert sent.shiphero.calls == []


@pytest.mark.parametrize(("missing", "code"), [("notes", "note"), ("orders", "order")])
def test_a_change_of_what_is_not_shown_is_looked_for_again(
    sent: Pushing, missing: str, code: str
) -> None:
    getattr(sent.brightpearl, missing).clear()

    error = sent.fail()

    assert isinstance(error, Transient)
    assert error.code == f"{code}_not_found"
    assert sent.shiphero.calls == []


def test_a_change_that_makes_the_note_unfit_says_so_and_leaves_the_order(sent: Pushing) -> None:
    edit_order(sent, to_party(country="", country_iso_code="", country_iso_code3=""))

    error = sent.fail()

    assert isinstance(error, Permanent)
    assert error.code == "country_missing"
    assert str(error).startswith("Order WEB-4001 is at ShipHero as it was sent; the note cannot")
    assert sent.shiphero.calls == []


def test_an_order_that_shiphero_does_not_show_is_looked_for_again(sent: Pushing) -> None:
    edit(sent, priority=True)
    sent.shiphero.orders = []

    error = sent.fail()

    assert isinstance(error, Transient)
    assert error.code == "order_not_found"
