"""What the comparisons write down because it does not mend itself, and when that ends."""

from datetime import timedelta
from typing import Any

import pytest

from shared.differences import (
    CANCELED_THERE,
    DOUBLED,
    MISSING,
    NEVER_SENT,
    NOT_CANCELED,
    NOT_WRITTEN_BACK,
    WITHOUT_NOTE,
    see,
)
from shared.events import GOODS_OUT_NOTE_CHANGED, SHIPMENT_SUSPECTED
from shared.notes.state import CANCEL_REFUSED, CANCELED, HELD, SKIPPED
from tests.builders import a_shiphero_order, a_shipment
from tests.integration.journal.books import MORNING
from tests.integration.reconciliation.merchant import Merchant

LONG_AGO = MORNING - timedelta(hours=3)


def an_order(merchant: Merchant, note_id: int, order_id: str, **fields: Any) -> None:
    """Have ShipHero list an order of a note, changed just now; an earlier state of it goes."""
    merchant.at_shiphero.orders[:] = [
        one for one in merchant.at_shiphero.orders if one.id != order_id
    ]
    given = {
        "id": order_id,
        "order_number": order_id,
        "partner_order_id": f"GO-acme-{note_id}",
        "updated_at": merchant.books.clock() - timedelta(minutes=2),
    }
    merchant.at_shiphero.orders.append(a_shiphero_order(**{**given, **fields}))


def look_done(merchant: Merchant, name: str) -> None:
    """Let the looks that a comparison asked for come to an end that changed nothing."""
    for row in merchant.books.rows():
        if row.name == name and row.settled_at is None:
            merchant.books.rewrite(row.id, settled_at=MORNING, outcome="skipped")


def test_a_note_that_was_never_sent_is_a_difference_until_it_is_judged(merchant: Merchant) -> None:
    merchant.make_notes(1, created_on=LONG_AGO)
    merchant.compare_notes()
    look_done(merchant, GOODS_OUT_NOTE_CHANGED)

    merchant.compare_notes(whole=True)
    assert merchant.differences() == [(NEVER_SENT, "1")]
    merchant.send(1, order_stage=HELD)
    merchant.compare_notes()

    assert merchant.differences() == []
    assert merchant.differences(is_open=False) == [(NEVER_SENT, "1")]


def test_what_is_young_on_its_way_told_or_not_to_be_sent_is_no_difference(
    merchant: Merchant,
) -> None:
    merchant.make_notes(1, 2, 3, 4, 5, created_on=LONG_AGO)
    merchant.make_notes(4, created_on=LONG_AGO, warehouse_id=99)
    merchant.make_notes(5, created_on=MORNING - timedelta(minutes=14))
    merchant.send(1)
    merchant.send(2, order_stage=SKIPPED)

    merchant.compare_notes(whole=True)  # it asks for a look at those that are not known

    assert merchant.differences() == []


def test_a_note_that_a_later_list_does_not_show_as_open_ends(merchant: Merchant) -> None:
    merchant.make_notes(1, created_on=LONG_AGO)
    merchant.compare_notes()
    look_done(merchant, GOODS_OUT_NOTE_CHANGED)
    merchant.compare_notes(whole=True)
    merchant.make_notes(1, created_on=LONG_AGO, shipped=True)
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_notes(whole=True)

    assert merchant.differences() == []


def test_notes_missing_together_are_differences_until_they_show(merchant: Merchant) -> None:
    merchant.make_notes(*range(1, 11))
    merchant.send(*range(1, 11))
    kept = dict(merchant.at_brightpearl.notes)
    for one in (1, 2, 3):
        del merchant.at_brightpearl.notes[one]

    merchant.compare_notes()
    assert merchant.differences() == [(MISSING, "1"), (MISSING, "2"), (MISSING, "3")]
    merchant.at_brightpearl.notes.update(kept)
    merchant.books.clock.pass_(hours=1)
    merchant.compare_notes()

    assert merchant.differences() == []


def test_an_order_that_nobody_here_knows_is_a_difference_until_it_is_taken(
    merchant: Merchant,
) -> None:
    an_order(merchant, 1, "A")

    merchant.compare_orders()
    assert merchant.differences() == [(WITHOUT_NOTE, "1:A")]
    merchant.send(1, shiphero_order_id="A")
    merchant.link(1, "A")
    merchant.books.clock.pass_(minutes=5)
    merchant.compare_orders()

    assert merchant.differences() == []


def test_an_order_that_is_just_being_made_or_is_linked_is_no_difference(
    merchant: Merchant,
) -> None:
    an_order(merchant, 1, "A")
    merchant.link(1, "")
    merchant.send(1, order_stage="checking")
    an_order(merchant, 2, "B")
    merchant.link(2, "B")
    merchant.send(2, shiphero_order_id="B")
    an_order(merchant, 3, "C", partner_order_id="GO-another-3")

    merchant.compare_orders()

    assert merchant.differences() == []


@pytest.mark.parametrize("key", ["GO-acme-1", "GO-acme-1.2"])
def test_a_second_live_order_is_a_double_until_it_is_cancelled(
    merchant: Merchant, key: str
) -> None:
    merchant.send(1, shiphero_order_id="A")
    merchant.link(1, "A")
    an_order(merchant, 1, "B", partner_order_id=key)

    merchant.compare_orders()
    assert merchant.differences() == [(DOUBLED, "1:B")]
    merchant.books.clock.pass_(minutes=5)
    an_order(merchant, 1, "B", partner_order_id=key, fulfillment_status="canceled")
    merchant.compare_orders()

    assert merchant.differences() == []


def test_a_double_stays_while_only_its_fellow_is_listed(merchant: Merchant) -> None:
    merchant.send(1, shiphero_order_id="A")
    merchant.link(1, "A")
    an_order(merchant, 1, "B")
    merchant.compare_orders()
    merchant.at_shiphero.orders.clear()
    merchant.books.clock.pass_(minutes=5)
    an_order(merchant, 1, "A")

    merchant.compare_orders()

    assert merchant.differences() == [(DOUBLED, "1:B")]


def test_a_shipment_is_a_difference_only_when_a_look_did_not_help(merchant: Merchant) -> None:
    an_order(merchant, 1, "A", shipments=(a_shipment(),))
    merchant.send(1, shiphero_order_id="A")
    merchant.link(1, "A")

    merchant.compare_orders()
    assert merchant.differences() == []
    look_done(merchant, SHIPMENT_SUSPECTED)
    merchant.compare_orders()
    assert merchant.differences() == [(NOT_WRITTEN_BACK, "1")]
    merchant.books.rewrite_note(1, shipment_stage="done")
    merchant.compare_orders()

    assert merchant.differences() == []


def test_what_is_cancelled_on_one_side_only_is_a_difference_until_it_is_not(
    merchant: Merchant,
) -> None:
    there = {"order_stage": CANCELED, "order_reason_code": "canceled_at_shiphero"}
    merchant.send(1, 2, **there)
    merchant.send(3, order_stage=CANCEL_REFUSED, deleted_at=MORNING)

    merchant.compare_orders()
    assert merchant.differences() == [
        (CANCELED_THERE, "1"),
        (CANCELED_THERE, "2"),
        (NOT_CANCELED, "3"),
    ]
    merchant.books.rewrite_note(1, deleted_at=MORNING)
    merchant.books.rewrite_note(3, order_stage=CANCELED)
    merchant.compare_orders()

    assert merchant.differences() == [(CANCELED_THERE, "2")]


def test_a_difference_seen_again_is_one_row(merchant: Merchant) -> None:
    an_order(merchant, 1, "A")
    merchant.compare_orders()
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_orders()

    assert merchant.differences() == [(WITHOUT_NOTE, "1:A")]
    assert merchant.differences(is_open=False) == []


def test_a_kind_that_nobody_listed_is_refused(merchant: Merchant) -> None:
    with merchant.books.session() as session, pytest.raises(ValueError, match="KINDS"):
        see(session, merchant.books.account, "odd", {"1": "Odd."}, now=MORNING)
