"""A note that was changed after it became a ShipHero order: what ShipHero is told of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.events import GOODS_OUT_NOTE_CHANGED
from shared.outcome import Delivered
from shared.vendors.brightpearl.order_models import OrderDelivery
from shared.vendors.shiphero.new_order import NewShippingLines, OrderChange
from tests.builders import a_goods_out_note, a_line_item, a_sales_order, a_shipment
from tests.unit.core.notebook import NOON, Notebook
from tests.unit.shiphero_push.changing import (
    EXPRESS,
    HERE,
    at_shiphero,
    edit,
    edit_order,
    forget_calls,
    looked_at,
    send,
    settle,
    told,
)
from tests.unit.shiphero_push.making import to_party
from tests.unit.shiphero_push.pushing import Pushing, alike


@pytest.fixture
def sent(pushing: Pushing) -> Pushing:
    """Give a desk at which note 501 was sent."""
    return send(pushing)


def test_a_new_method_and_priority_are_told_in_one_update_and_nothing_else(sent: Pushing) -> None:
    edit(sent, shipping=EXPRESS, priority=True)

    outcome = sent.push()

    assert outcome == replace(
        HERE, summary="Order WEB-4001 at ShipHero has the note's new shipping method and priority."
    )
    assert told(sent) == {
        "shipping_lines": NewShippingLines(title="Express", carrier="ups", method="x"),
        "priority_flag": True,
    }
    assert sent.shiphero.calls == ["order", "update_order"]
    assert sent.book.row().shipping_method_sent == "Express / ups / x"


def test_what_was_told_once_is_not_told_again(sent: Pushing) -> None:
    edit(sent, priority=True)
    sent.push()
    forget_calls(sent)

    assert sent.push() == HERE
    assert sent.shiphero.calls == []


def test_a_note_that_did_not_change_costs_shiphero_nothing_and_no_thread(sent: Pushing) -> None:
    unit = looked_at(sent)

    assert (alike(unit.run()), unit.quick) == (HERE, True)
    assert sent.brightpearl.calls == ["goods_out_notes", "sales_orders"]
    assert sent.shiphero.calls == []


def test_the_changed_notes_of_a_group_are_read_in_two_requests(book: Notebook) -> None:
    notes = [a_goods_out_note(id=one, order_id=4000 + one) for one in range(1, 21)]
    orders = [a_sales_order(id=4000 + one, reference=f"WEB-{one}") for one in range(1, 21)]
    pushing = Pushing(book, *notes, *orders)
    pushing.push_all(*range(1, 21))
    forget_calls(pushing)
    for note in notes:
        pushing.brightpearl.notes[note.id] = note.model_copy(update={"priority": True})

    pushing.push_all(*range(1, 21))

    assert pushing.brightpearl.calls == ["goods_out_notes", "sales_orders"]
    assert pushing.shiphero.calls.count("update_order") == 20


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ({"priority": True}, {}, {"priority_flag": False}),
        (
            {"release_date": NOON + timedelta(days=2)},
            {},
            {"hold_until_date": a_goods_out_note().release_date},
        ),
    ],
)
def test_what_is_no_longer_set_is_cleared(
    book: Notebook, before: dict[str, Any], after: dict[str, Any], asked: dict[str, Any]
) -> None:
    pushing = Pushing(book, a_goods_out_note(**before), a_sales_order())
    pushing.push()
    edit(pushing, **after)

    pushing.push()

    assert told(pushing) == asked


def test_an_address_is_told_whole(sent: Pushing) -> None:
    edit_order(sent, to_party(address_line1="8 Quay Street"))

    sent.push()

    assert told(sent).keys() == {"shipping_address"}
    assert told(sent)["shipping_address"].address1 == "8 Quay Street"


def test_what_an_update_cannot_take_is_told_to_a_person_and_not_forgotten(sent: Pushing) -> None:
    sent.settings = replace(sent.settings, channels={1: "Web"})
    words = (
        "ShipHero's interface cannot change the shop name of order WEB-4001: change it there by "
        "hand if it matters."
    )

    first, second = sent.push(), sent.push()

    assert first == second == replace(HERE, summary=words, code="change_by_hand")
    assert sent.shiphero.calls == []


def test_what_can_be_told_is_told_beside_what_a_person_has_to_change(sent: Pushing) -> None:
    edit(sent, priority=True)
    sent.settings = replace(sent.settings, channels={1: "Web"})

    first = sent.push()
    again = sent.push()

    assert isinstance(first, Delivered)
    assert isinstance(again, Delivered)
    assert first.summary.startswith("Order WEB-4001 at ShipHero has the note's new priority. Ship")
    assert (first.code, again.code) == ("change_by_hand", "change_by_hand")
    assert len(sent.shiphero.changes) == 1


def test_a_ship_date_that_is_gone_is_left_to_a_person(book: Notebook) -> None:
    dated = OrderDelivery(delivery_date=NOON + timedelta(days=3))
    pushing = Pushing(book, a_goods_out_note(), a_sales_order(delivery=dated))
    pushing.push()
    edit_order(pushing, a_sales_order())

    outcome = pushing.push()

    assert isinstance(outcome, Delivered)
    assert outcome.code == "change_by_hand"
    assert "cannot change the required ship date of order WEB-4001" in outcome.summary
    assert pushing.shiphero.changes == []


def test_what_is_left_of_a_part_shipped_order_gets_the_change(sent: Pushing) -> None:
    edit(sent, shipping=EXPRESS)
    at_shiphero(sent, shipments=(a_shipment(),), line_items=(a_line_item(),))

    sent.push()

    assert told(sent).keys() == {"shipping_lines"}


def test_the_update_names_our_order_and_bears_no_line(sent: Pushing) -> None:
    edit(sent, priority=True)

    sent.push()

    assert sent.shiphero.changes == [OrderChange(order_id="SH-GO-demo-501", priority_flag=True)]


def test_a_change_while_the_lost_answer_is_looked_for_is_told_once_it_is_found(
    pushing: Pushing,
) -> None:
    pushing.shiphero.loses_answers = True
    pushing.fail()
    pushing.shiphero.loses_answers = False
    edit(pushing, priority=True)

    adopted = pushing.push()
    pushing.push()

    assert isinstance(adopted, Delivered)
    assert [(one.name, one.subject) for one in adopted.follow_ons] == [
        (GOODS_OUT_NOTE_CHANGED, "501")
    ]
    assert told(pushing) == {"priority_flag": True}
    assert len(pushing.shiphero.orders) == 1


def test_an_order_of_which_we_do_not_know_what_it_was_told_is_not_changed_by_the_first_look(
    sent: Pushing,
) -> None:
    [link] = sent.book.links()
    link.sent = {}
    sent.book.keep(link)
    edit(sent, priority=True)

    first = sent.push()
    settle(sent, first)
    edit(sent, priority=True, shipping=EXPRESS)
    sent.push()

    assert first == HERE
    assert told(sent).keys() == {"shipping_lines"}
