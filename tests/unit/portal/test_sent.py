"""What was sent about a note, read from the requests that were kept."""

from datetime import timedelta
from typing import Any

from services.portal.log.sent import Sent, sent_of
from services.portal.log.way_back import compare_back
from shared.accounts import Method
from shared.vendors.brightpearl.models import NoteShipping, NoteStatus
from tests.builders import a_goods_out_note, a_shiphero_order, a_shipment, a_shipping_label
from tests.unit.core.notebook import settings
from tests.unit.portal.stories import EVENT, NOON, an_attempt

NAME = {"~personal": "Jane"}
CREATED = {
    "data": {
        "order_number": "WEB-1",
        "priority_flag": False,
        "shipping_address": {"first_name": NAME, "city": {"~personal": "Leeds"}},
        "line_items": [{"partner_line_item_id": "GO-demo-501-1", "quantity": 2}],
    }
}
SETTINGS = settings(methods={5: Method(name="48h", title="Standard")})


def told(*requests: tuple[str, Any]) -> Sent:
    """Read attempts of one request each, in their order."""
    attempts, kept = [], {}
    for number, (operation, asked) in enumerate(requests, start=1):
        call = {"vendor": "shiphero", "operation": operation, "status": 200}
        at = NOON + timedelta(minutes=number)
        attempts.append(an_attempt(number=number, started_at=at, vendor_calls=[call]))
        kept[EVENT, number] = [{"asked": asked}]
    return sent_of(attempts, kept)


def test_the_order_is_as_it_was_created_with_names_in_the_clear() -> None:
    sent = told(("orders", {"partner_order_id": "x"}), ("order_create", CREATED))

    assert sent.of_order("order_number") == "WEB-1"
    assert sent.of_order("priority_flag") == "no"
    assert sent.of_order("shipping_address", "first_name") == "Jane"
    assert sent.lines["GO-demo-501-1"]["quantity"] == 2
    assert sent.order_at == NOON + timedelta(minutes=2)


def test_a_change_says_only_what_it_changes() -> None:
    sent = told(("order_create", CREATED), ("order_update", {"data": {"priority_flag": True}}))

    assert sent.of_order("priority_flag") == "yes"
    assert sent.of_order("order_number") == "WEB-1"


def test_an_order_that_is_made_anew_owes_nothing_to_the_first() -> None:
    again = {"data": {"order_number": "WEB-2"}}

    assert told(("order_create", CREATED), ("order_create", again)).order == again["data"]


def test_a_request_that_was_left_out_or_is_of_another_shape_tells_nothing() -> None:
    sent = told(
        ("order_create", "(left out: 9,000 bytes)"),
        ("order_update", None),
        ("ship_notes", {"messages": "?"}),
        ("add_shipped_event", {"events": []}),
    )

    assert sent == Sent()


def test_details_are_read_from_a_single_call_and_from_a_batch() -> None:
    details = {"priority": True, "shipping": {"reference": "1Z-A", "boxes": 1}}
    event = {"events": [{"eventCode": "SHW", "occured": "2026-11-24T12:00:00.000Z"}]}
    batch = {
        "messages": [
            {"label": "put-501", "body": details},
            {"label": "ship-501", "body": event},
        ]
    }

    alone = told(("write_details", details), ("add_shipped_event", event))

    assert alone.of_details("shipping", "reference") == "1Z-A"
    assert alone.shipped_on == "2026-11-24T12:00:00.000Z"
    assert told(("ship_notes", batch)).details == details
    assert told(("ship_notes", batch)).shipped_on == alone.shipped_on


def test_the_way_back_marks_what_brightpearl_has_otherwise_than_written() -> None:
    sent = told(("write_details", {"shipping": {"reference": "1Z-A", "boxes": 1}}))
    label = a_shipping_label(tracking_number="1Z-A")
    there = a_shiphero_order(shipments=(a_shipment(shipping_labels=(label,)),))
    shipping = NoteShipping(reference="1Z-OTHER", boxes=1, shipping_method_id=5)
    note = a_goods_out_note(shipping=shipping, status=NoteStatus(shipped=True))

    fields = compare_back(note, there, settings=SETTINGS, sent=sent)

    tracking = fields[0]
    assert (tracking.shiphero, tracking.sent, tracking.brightpearl) == ("1Z-A", "1Z-A", "1Z-OTHER")
    assert [one.label for one in fields if one.is_marked] == ["Tracking"]


def test_nothing_is_compared_before_anything_has_shipped() -> None:
    note = a_goods_out_note()

    assert compare_back(note, a_shiphero_order(), settings=SETTINGS, sent=Sent()) == ()
