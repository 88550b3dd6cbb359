"""What we write to Brightpearl has the shape of the samples of requests."""

from decimal import Decimal
from typing import Any

from shared.vendors.brightpearl.account_models import NewWebhook
from shared.vendors.brightpearl.models import NewNoteShipping, NoteDetails, NoteShipment
from shared.vendors.brightpearl.order_models import NewOrderNote
from tests.unit.vendors.vendor_documents import brightpearl
from tests.unit.vendors.wire import NOW, Reply, Wire, brightpearl_over

SHAPES = "documented-shapes/"
DETAILS = NoteDetails(
    priority=False,
    shipping=NewNoteShipping(
        shipping_method_id=5, reference="1Z-TEST-0001", boxes=2, weight=Decimal("3.250")
    ),
    label_uri="https://labels.example.com/7001.pdf",
)


def _shape(value: Any) -> Any:
    """Keep names and kinds; of a list what its last one has."""
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_shape(value[-1])]
    return type(value).__name__


def test_details_have_the_documented_shape() -> None:
    wanted = brightpearl(f"{SHAPES}goods-out-note-put-request.json")
    wire = Wire(Reply())

    brightpearl_over(wire).write_details(7001, DETAILS)

    assert wire.sent[0].body == wanted


def test_a_shipped_event_has_the_documented_shape() -> None:
    wanted = brightpearl(f"{SHAPES}goods-out-note-event-post-request.json")
    wire = Wire(Reply())

    brightpearl_over(wire).add_shipped_event(7001, occurred=NOW, event_owner_id=31, if_match=52)

    assert _shape(wire.sent[0].body) == _shape(wanted)
    assert wire.sent[0].body["events"][0]["eventCode"] == wanted["events"][-1]["eventCode"]


def test_a_batch_has_the_documented_shape() -> None:
    wanted = brightpearl(f"{SHAPES}multi-message-post-request.json")
    wire = Wire(Reply({"response": {"processedMessages": [], "unprocessedMessages": []}}))
    shipment = NoteShipment(note_id=7001, details=DETAILS, occurred=NOW, event_owner_id=31)

    brightpearl_over(wire).ship_notes([shipment])

    sent = wire.sent[0].body
    assert {name: sent[name] for name in ("processingMode", "onFail")} == {
        "processingMode": "SEQUENTIAL", "onFail": "STOP",
    }  # fmt: skip
    addressed = ("label", "uri", "httpMethod")
    assert [[one[name] for name in addressed] for one in sent["messages"]] == [
        [one[name] for name in addressed] for one in wanted["messages"]
    ]
    assert _shape(sent["messages"][1]) == _shape(wanted["messages"][1])


def test_a_remark_has_the_documented_shape() -> None:
    wanted = _shape(brightpearl(f"{SHAPES}order-note-post-request.json"))
    wire = Wire(Reply({"response": 9001}))

    brightpearl_over(wire).add_order_note(4100, NewOrderNote(text="Shipped"))

    assert _shape(wire.sent[0].body).items() <= wanted.items()


def test_a_subscription_has_the_recorded_shape() -> None:
    wanted = brightpearl("webhook-post-1-request.json")
    wire = Wire(Reply({"response": 121}))
    new = NewWebhook(subscribe_to="goods-out-note", uri_template="https://hooks.example.com/bp")

    brightpearl_over(wire).create_webhook(new)

    assert _shape(wire.sent[0].body) == _shape(wanted)
