"""Every body has the shape of the vendor's recorded or documented one."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.playing import BrightpearlCaller, ShipHeroCaller, sample

# What the sandbox does not play: invoices, custom fields, deadlines, closed orders.
NOT_PLAYED = {
    "closedOn",
    "updatedOn",
    "originalInvoiceDate",
    "invoiceReference",
    "taxDate",
    "dueDate",
    "overflowLocationId",
}


def shape(value: Any) -> Any:
    """Reduce a body to names and kinds; a map by id becomes one example."""
    if isinstance(value, dict):
        if value and all(key.isdecimal() for key in value):
            return {"<id>": shape(next(iter(value.values())))}
        return {key: shape(each) for key, each in value.items() if key not in NOT_PLAYED}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return (
        "number" if isinstance(value, int | float) and value is not True else type(value).__name__
    )


def missing(wanted: Any, given: Any, at: str = "") -> list[str]:
    """List what `wanted` has and `given` lacks, or has as another kind."""
    if isinstance(wanted, dict):
        if not isinstance(given, dict):
            return [f"{at}: no object"]
        pairs = wanted.items()
        return [
            x
            for k, v in pairs
            for x in (missing(v, given[k], f"{at}.{k}") if k in given else [f"{at}.{k}"])
        ]
    if isinstance(wanted, list):
        if not isinstance(given, list):
            return [f"{at}: no list"]
        return missing(wanted[0], given[0], f"{at}[]") if wanted and given else []
    same = wanted == given or ("bool" in (wanted, given) and {wanted, given} <= {"bool", "number"})
    return [] if same or "NoneType" in (wanted, given) else [f"{at}: {wanted} != {given}"]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/warehouse-service/order/*/goods-note/goods-out/7001", "goods-out-note-get-1.json"),
        ("/order-service/order/4101", "order-get-1-sales-order.json"),
        ("/order-service/order-search", "order-search-1.json"),
        ("/product-service/product/1501", "product-get-1.json"),
        ("/product-service/channel/3", "channel-get-2-one.json"),
        ("/integration-service/webhook/121", "webhook-get-1-by-id.json"),
        (
            "/warehouse-service/order/*/goods-note/goods-out/7002",
            "documented-shapes/goods-out-note-get-transfer.json",
        ),
        (
            "/warehouse-service/goods-note/goods-out-search",
            "documented-shapes/goods-out-search-response.json",
        ),
        ("/warehouse-service/warehouse/2", "documented-shapes/warehouse-get-response.json"),
        (
            "/warehouse-service/shipping-method/5",
            "documented-shapes/shipping-method-get-response.json",
        ),
        (
            "/integration-service/account-configuration",
            "documented-shapes/account-configuration-get-response.json",
        ),
        ("/order-service/order/4101/note", "documented-shapes/order-note-get-response.json"),
    ],
)
def test_brightpearls_bodies_have_the_recorded_shape(
    client: FlaskClient, brightpearl: BrightpearlCaller, path: str, file: str
) -> None:
    wanted = json.loads(sample(f"brightpearl/samples/{file}"))
    client.post("/control/sales-orders", json={"lines": 2})
    client.post("/control/transfers")
    brightpearl.take_step(7001, "SHW")
    brightpearl.call("POST", "/order-service/order/4101/note", {"text": "hello"})
    brightpearl.subscribe("http://127.0.0.1:9/hook")

    given = brightpearl.call("GET", path).get_json()

    assert missing(shape(wanted), shape(given)) == []


def test_a_sales_order_has_the_flat_fields(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    names = set(json.loads(sample("brightpearl/samples/sales-order-get-1-field-map.json")))
    client.post("/control/sales-orders", json={})

    [given] = brightpearl.call("GET", "/order-service/sales-order/4101").get_json()["response"]

    assert set(given) <= names


@pytest.mark.parametrize(
    ("webhook", "file"),
    [
        ("Shipment Update", "webhook_shipment_update_2022_full.json"),
        ("Order Allocated", "webhook_order_allocated.json"),
        ("Order Canceled", "webhook_order_canceled.json"),
    ],
)
def test_shipheros_webhooks_have_the_documented_shape(
    client: FlaskClient, shiphero: ShipHeroCaller, webhook: str, file: str
) -> None:
    wanted = json.loads(sample(f"shiphero/samples/{file}"))
    for name in ("Shipment Update", "Order Allocated", "Order Canceled"):
        listen(client, name)
    shipped = shiphero.make_order("GO-demo-7001")
    canceled = shiphero.make_order("GO-demo-7002")
    client.post(f"/control/shiphero-orders/{shipped['legacy_id']}/ship", json={})
    client.post(f"/control/shiphero-orders/{canceled['legacy_id']}/cancel")

    sent = client.get("/control/webhook-deliveries").get_json()

    body = next(json.loads(each["body"]) for each in sent if each["name"] == webhook)
    assert missing(shape(wanted), shape(body)) == []


def test_shipments_have_the_captured_shape(client: FlaskClient, shiphero: ShipHeroCaller) -> None:
    wanted = json.loads(sample("shiphero/samples/shipments_query_by_order_id.response.json"))
    query = json.loads(sample("shiphero/samples/shipments_query_by_order_id.request.json"))["query"]
    order = shiphero.make_order()
    client.post(f"/control/shiphero-orders/{order['legacy_id']}/ship", json={})

    given = shiphero.ask(query.replace("T3JkZXI6NDMwODgzODc5", order["id"]))

    assert missing(shape(wanted), shape(given)) == []
    assert given["data"]["shipments"]["complexity"] == 1101


def listen(client: FlaskClient, name: str) -> None:
    """Subscribe without the HEAD that a registration over GraphQL sends."""
    world = client.application.extensions["sandbox.world"]
    with world.change() as change:
        number = change.next_id("sh_webhook")
        webhook = {"legacy_id": number, "name": name, "url": "http://127.0.0.1:9", "enabled": True}
        more = {"secret": "s", "shop_name": "test", "account": 51_077}
        change.put("sh_webhook", number, {**webhook, **more})
