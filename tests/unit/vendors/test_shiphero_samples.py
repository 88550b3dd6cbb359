"""Every ShipHero sample that our models should read is read."""

import json
from decimal import Decimal
from typing import Any

import pytest

from services.shipment_return.webhook import ACKNOWLEDGED
from shared.errors import GoodsoutError, Permanent
from shared.vendors.exchange import Answer, Effect
from shared.vendors.shiphero import webhook_bodies as bodies
from shared.vendors.shiphero.account_models import Account, Tokens
from shared.vendors.shiphero.faults import Asked, payload
from shared.vendors.shiphero.models import Shipment
from tests.unit.vendors.vendor_documents import shiphero
from tests.unit.vendors.wire import NOW, Reply, Wire, shiphero_over


def test_shipheros_orders_are_read() -> None:
    wire = Wire(Reply(shiphero("orders_query_by_order_number.response.json")))

    [order] = shiphero_over(wire).orders_by_number("MO1")

    assert order.order_date is not None
    assert order.order_date.utcoffset() is not None
    assert order.total_price == Decimal(25)
    assert order.holds.address_hold
    assert [line.sku for line in order.line_items] == ["powder-canister"]


def test_shipheros_empty_answers_are_read() -> None:
    wire = Wire(Reply(shiphero("orders_query_none_found.response.json")))

    assert shiphero_over(wire).orders_by_key("GO-1") == ()
    assert wire.calls[0].budget.left == 2001


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("shipments_query_by_order_id.response.json", 1),
        ("shipments_query_none_found.response.json", 0),
    ],
)
def test_shipheros_shipments_are_read(name: str, count: int) -> None:
    edges = shiphero(name)["data"]["shipments"]["data"]["edges"]

    shipments = [Shipment.model_validate(edge["node"]) for edge in edges]

    assert len(shipments) == count
    assert all(one.shipping_labels and one.line_items for one in shipments)


@pytest.mark.parametrize(
    ("name", "operation", "code"),
    [
        ("error_not_found_code5.json", "order_update", "shiphero_not_found"),
        ("error_scope_code7.json", "orders", "shiphero_scope_missing"),
        ("error_throttle_code30_over_max.json", "orders", "shiphero_too_costly"),
        ("error_validation_code3_invalid_id.json", "shipments", "shiphero_invalid_argument"),
    ],
)
def test_shipheros_errors_are_read(name: str, operation: str, code: str) -> None:
    answer = Answer(status=200, body=json.dumps(shiphero(name)).encode())

    with pytest.raises(GoodsoutError) as caught:
        payload(answer, Asked(operation=operation, effect=Effect.READ, now=NOW))

    assert isinstance(caught.value, Permanent)
    assert caught.value.code == code


def test_shipheros_account_and_tokens_are_read() -> None:
    account = shiphero("warehouses.response.shape.json")["data"]["account"]["data"]

    assert [one.identifier for one in Account.model_validate(account).warehouses] == ["Primary"]
    assert Tokens.model_validate(shiphero("auth_refresh.response.json")).refresh_token is None
    assert Tokens.model_validate(shiphero("auth_token.response.shape.json")).refresh_token


def test_a_shipment_update_is_read() -> None:
    body = bodies.ShipmentUpdate.model_validate(shiphero("webhook_shipment_update_2022_full.json"))

    assert body.fulfillment.order_uuid == "T3JkZXI6NzE5NjU5NTcx"
    assert body.fulfillment.line_items[0].id == "Order #243-777129422"
    assert body.tracking_numbers == ("Pickup",)


def test_an_order_canceled_is_read_in_spite_of_its_hyphen() -> None:
    body = bodies.OrderCanceled.model_validate(shiphero("webhook_order_canceled.json"))

    assert (body.fulfillment_status, body.partner_order_id) == ("canceled", "2521911-2")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("webhook_order_allocated.json", bodies.OrderAllocated),
        ("webhook_order_deallocated.json", bodies.OrderAllocated),
        ("webhook_return_update.json", bodies.ReturnUpdate),
    ],
)
def test_the_other_order_webhooks_are_read(name: str, kind: Any) -> None:
    body = kind.model_validate(shiphero(name))

    assert body.order_uuid
    assert body.partner_order_id


def test_inventory_webhooks_are_read() -> None:
    update = bodies.InventoryUpdate.model_validate(shiphero("webhook_inventory_update.json"))
    change = bodies.InventoryChange.model_validate(shiphero("webhook_inventory_change.json"))

    assert [(one.on_hand, one.inventory) for one in update.inventory] == [(148, 113)]
    assert (change.sku, change.quantity) == ("LOT01", 10)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("webhook_shipment_update_2022_full.json", bodies.SHIPMENT_UPDATE),
        ("webhook_order_canceled.json", bodies.ORDER_CANCELED),
        ("webhook_order_allocated.json", bodies.ORDER_ALLOCATED),
        ("webhook_order_deallocated.json", bodies.ORDER_DEALLOCATED),
        ("webhook_package_added.json", bodies.PACKAGE_ADDED),
        ("webhook_return_update.json", bodies.RETURN_UPDATE),
    ],
)
def test_an_announcement_tells_its_type_and_order_wherever_they_stand(name: str, kind: str) -> None:
    announced = bodies.Announcement.model_validate(shiphero(name))

    assert announced.webhook_type == kind
    assert announced.partner_order_id


def test_a_cancellation_asks_what_was_recorded() -> None:
    recorded = shiphero("order_cancel.request.json")["variables"]["data"]
    order = {"id": recorded["order_id"], "fulfillment_status": "canceled"}
    wire = Wire(Reply({"data": {"order_cancel": {"request_id": "r", "order": order}}}))

    shiphero_over(wire).cancel_order(recorded["order_id"], reason=recorded["reason"])

    assert wire.sent[0].body["variables"]["data"] == recorded


@pytest.mark.parametrize(
    "sample", ["webhook_ack_response.main_page.json", "webhook_ack_response.type_pages.json"]
)
def test_our_answer_to_a_webhook_is_what_either_page_asks_for(sample: str) -> None:
    assert shiphero(sample).items() <= ACKNOWLEDGED.items()
