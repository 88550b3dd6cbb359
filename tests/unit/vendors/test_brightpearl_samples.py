"""Every Brightpearl sample that our models should read is read."""

import json
from decimal import Decimal
from typing import Any

import pytest

from shared.vendors.brightpearl.account_models import NewWebhook, StaffContact, WebhookBody
from shared.vendors.brightpearl.api import receipt
from shared.vendors.brightpearl.faults import Asked, fault
from shared.vendors.brightpearl.id_sets import parse_id_set
from shared.vendors.brightpearl.models import NoteDetails, NoteShipment, ShipState
from shared.vendors.brightpearl.order_models import NewOrderNote
from shared.vendors.brightpearl.search import rows
from shared.vendors.exchange import Answer, Effect
from tests.unit.vendors.vendor_documents import BRIGHTPEARL, brightpearl, text_of
from tests.unit.vendors.wire import NOW, Reply, Wire, brightpearl_over

READ, SINGLE = Effect.READ, Effect.SINGLE_WRITE


def _client(name: str) -> Any:
    return brightpearl_over(Wire(Reply(brightpearl(name))))


@pytest.mark.parametrize(
    ("name", "note_ids"),
    [
        ("goods-out-note-get-1.json", {12447605}),
        ("documented-shapes/goods-out-note-get-open-partial.json", {7001, 7002}),
        ("documented-shapes/goods-out-note-get-transfer.json", {7050}),
    ],
)
def test_goods_out_notes_are_read(name: str, note_ids: set[int]) -> None:
    notes = _client(name).goods_out_notes(note_ids)

    assert set(notes) == note_ids
    assert all(note.events for note in notes.values())


def test_a_notes_stock_in_two_places_is_summed() -> None:
    notes = _client("documented-shapes/goods-out-note-get-open-partial.json").goods_out_notes([1])

    assert notes[7001].quantities == {8801: Decimal(2), 8802: Decimal(4)}


@pytest.mark.parametrize("name", ["order-get-1-sales-order.json", "order-get-4-custom-fields.json"])
def test_sales_orders_are_read(name: str) -> None:
    [order] = _client(name).sales_orders([1]).values()

    assert order.order_type_code == "SO"
    assert order.row(1).row_value.row_net.value == Decimal("9.0909")
    assert order.parties.delivery.country_iso_code == "GB"


def test_an_order_that_is_missing_is_no_order() -> None:
    assert _client("order-get-3-missing-id-200-empty.json").sales_orders([1]) == {}


@pytest.mark.parametrize(
    "name",
    [
        "product-get-1.json",
        "product-get-3-custom-fields.json",
        "product-get-5-custom-and-null-custom-fields.json",
    ],
)
def test_products_are_read(name: str) -> None:
    [product] = _client(name).products([1]).values()

    assert product.name
    assert product.stock.stock_tracked


def test_the_standing_lists_are_read() -> None:
    shapes = "documented-shapes/"

    assert len(_client("channel-get-1-all.json").channels()) == 5
    assert len(_client("channel-get-2-one.json").channels()) == 1
    assert len(_client(f"{shapes}warehouse-get-response.json").warehouses()) == 2
    assert len(_client(f"{shapes}shipping-method-get-response.json").shipping_methods()) == 1
    configuration = _client(f"{shapes}account-configuration-get-response.json")
    assert configuration.account_configuration().product_weight_unit == "GRAM"


def test_the_note_search_is_read() -> None:
    page = _client("documented-shapes/goods-out-search-response.json").search_goods_out_notes()

    assert [one.goods_out_note_id for one in page.notes] == [7001, 7002]
    assert page.next_result is None


@pytest.mark.parametrize("name", ["contact-search-1.json", "contact-search-2-paged.json"])
def test_a_contact_search_is_read(name: str) -> None:
    found = [StaffContact.model_validate(row) for row in rows(brightpearl(name)["response"])]

    assert found
    assert all(one.contact_id for one in found)


def test_a_search_that_found_nothing_is_read() -> None:
    assert list(rows(brightpearl("order-search-4-empty.json")["response"])) == []


@pytest.mark.parametrize(
    "name",
    [
        "webhook-get-1-by-id.json",
        "webhook-get-2-list-2014.json",
        "documented-shapes/webhook-get-list.json",
    ],
)
def test_webhooks_are_read(name: str) -> None:
    assert all(hook.uri_template for hook in _client(name).webhooks())


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("webhook-delivery-1-goods-out-note-created.json", (67166,)),
        ("webhook-delivery-3-order-status.json", (5906,)),
        ("documented-shapes/webhook-delivery-id-set-with-range.json", (7, 8, 9, 12)),
    ],
)
def test_deliveries_are_read(name: str, ids: tuple[int, ...]) -> None:
    body = WebhookBody.model_validate(brightpearl(name))

    assert parse_id_set(body.id).ids == ids


def test_answers_to_writes_are_read() -> None:
    hook = NewWebhook(subscribe_to="goods-out-note", uri_template="https://hooks.example.com")
    shapes = "documented-shapes/"

    assert _client("webhook-post-1-response.json").create_webhook(hook) == 121
    remark = _client(f"{shapes}order-note-post-response.json")
    assert remark.add_order_note(1, NewOrderNote(text="x")) == 9001
    assert len(_client(f"{shapes}order-note-get-response.json").order_notes(1)) == 1
    details = NoteDetails(priority=False)
    assert _client(f"{shapes}goods-out-note-put-response.json").write_details(1, details) is None
    event = _client(f"{shapes}goods-out-note-event-post-response.json")
    assert event.add_shipped_event(1, occurred=NOW, event_owner_id=31, if_match=1) is None
    assert _client("webhook-delete-1-response.json").delete_webhook(1) is None


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("multi-message-response-1-success.json", [ShipState.SHIPPED]),
        ("multi-message-response-3-stopped.json", [ShipState.REFUSED]),
    ],
)
def test_multi_messages_are_read(name: str, states: list[ShipState]) -> None:
    renamed = text_of(BRIGHTPEARL / name).replace("at1", "put-1").replace("at2", "ship-1")
    client = brightpearl_over(Wire(Reply(renamed.encode())))
    shipment = NoteShipment(
        note_id=1, details=NoteDetails(priority=False), occurred=NOW, event_owner_id=31
    )

    assert [one.state for one in client.ship_notes([shipment]).values()] == states


FAULTS = [
    (401, "error-401-invalid-instance-token.json", "connection_broken"),
    (401, "error-401-not-authenticated.json", "connection_broken"),
    (401, "error-401-token-expired.json", "connection_broken"),
    (500, "error-500-cmnu-003.json", "brightpearl_outcome_unknown"),
    (500, "order-search-error-500-cmnc-018.json", "brightpearl_bad_request"),
    (500, "product-search-error-500-cmnc-018.json", "brightpearl_bad_request"),
    (500, "order-patch-error-500-cmnc-044-response.json", "brightpearl_bad_request"),
    (400, "webhook-post-error-400-intc-057.json", "brightpearl_refused"),
    (400, "webhook-post-error-400-intc-064-response.json", "brightpearl_refused"),
    (400, "order-post-error-400-ordc-005.json", "brightpearl_refused"),
    (400, "order-post-error-400-ordc-006.json", "brightpearl_refused"),
    (400, "order-post-error-400-ordc-022.json", "brightpearl_refused"),
    (400, "order-row-post-error-400-two-errors.json", "brightpearl_refused"),
    (400, "product-post-error-400-prdc-014.json", "brightpearl_refused"),
    (400, "documented-shapes/error-400-cmnc-010.json", "brightpearl_refused"),
    (400, "documented-shapes/error-400-two-errors.json", "brightpearl_refused"),
    (404, "documented-shapes/error-404-cmnc-404.json", "note_gone"),
    (404, "webhook-delete-error-404.json", "note_gone"),
]


@pytest.mark.parametrize(("status", "name", "code"), FAULTS)
def test_faults_are_read(status: int, name: str, code: str) -> None:
    answer = Answer(status=status, body=json.dumps(brightpearl(name)).encode())

    error = fault(answer, Asked(operation="write", effect=SINGLE, now=NOW))

    assert error is not None
    assert error.code == code


@pytest.mark.parametrize(
    "name",
    ["contact-get-error-404.json", "price-list-get-error-404.json",
     "product-price-get-error-404.json", "webhook-get-error-404.json"],
)  # fmt: skip
def test_nothing_found_is_read(name: str) -> None:
    answer = Answer(status=404, body=json.dumps(brightpearl(name)).encode())

    assert fault(answer, Asked(operation="read", effect=READ, now=NOW)) is None


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("response-headers-200-goods-out-note-get.txt", 188),
        ("response-headers-401.txt", 199),
        ("response-headers-500-cmnc-018.txt", 199),
    ],
)
def test_headers_are_read(name: str, left: int) -> None:
    lines = text_of(BRIGHTPEARL / name).strip().splitlines()[1:]
    headers = dict(line.split(": ", 1) for line in lines)

    request_id, budget = receipt(Answer(status=200, headers=headers))

    assert len(request_id) == 36
    assert budget.left == left
    assert budget.resets_in
