"""The ShipHero client over the wire: orders, pages, fallbacks, webhooks."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import ConnectionBroken, UnknownOutcome
from shared.vendors.shiphero.faults import AlreadyThere, NotFound
from tests.builders import a_new_order
from tests.unit.vendors.wire import SECRET, Reply, Sent, Wire, shiphero_over

LAST = {"hasNextPage": False, "endCursor": "end"}
REF = {"id": "SH-1", "order_number": "WEB-4001/1", "partner_order_id": "GO-demo-501"}


def _data(operation: str, payload: Any, **more: Any) -> Reply:
    return Reply({"data": {operation: payload}, **more})


def _error(operation: str, message: str, **more: Any) -> Reply:
    return Reply(
        {
            "errors": [{"message": message, "operation": operation, **more}],
            "data": {operation: None},
        }
    )


def _page(*nodes: Any, after: str | None = None) -> dict[str, Any]:
    info = LAST if after is None else {"hasNextPage": True, "endCursor": after}
    return {"pageInfo": info, "edges": [{"node": node} for node in nodes]}


def _line(name: str) -> dict[str, Any]:
    return {"id": name, "sku": "TEA-EARL", "quantity": 1, "price": "4.50"}


def _order(**more: Any) -> dict[str, Any]:
    return {**REF, "line_items": _page(_line("L1")), "shipments": [], **more}


def _refused_field(field: str) -> Reply:
    message = f"Cannot query field '{field}' on type 'Webhook'."
    return Reply({"errors": [{"message": message, "locations": [{"line": 8, "column": 3}]}]})


def test_an_order_is_made_with_money_as_text_and_unset_fields_left_out() -> None:
    wire = Wire(_data("order_create", {"request_id": "r1", "order": REF}))

    made = shiphero_over(wire).create_order(a_new_order(total_price=Decimal("9.00")))

    data = wire.sent[0].body["variables"]["data"]
    assert made.id == "SH-1"
    assert (data["line_items"][0]["price"], data["total_price"]) == ("4.50", "9.00")
    assert "billing_address" not in data
    assert "customer_account_id" not in data
    assert wire.sent[0].headers["Authorization"] == f"Bearer {SECRET}"


def test_a_time_is_sent_in_utc_without_a_zone() -> None:
    wire = Wire(_data("order_create", {"order": REF}))
    until = datetime.fromisoformat("2026-03-05T01:30:00+02:00")

    shiphero_over(wire).create_order(a_new_order(hold_until_date=until))

    assert wire.sent[0].body["variables"]["data"]["hold_until_date"] == "2026-03-04T23:30:00"


def test_a_3pl_acts_for_its_customer_wherever_the_schema_takes_it() -> None:
    wire = Wire(
        _data("order_create", {"order": REF}),
        _data("orders", {"data": _page()}),
        _data("order_cancel", {"order": REF}),
        _data("webhooks", {"data": _page()}),
    )
    client = shiphero_over(wire, customer_account_id="CUSTOMER-1")

    client.create_order(a_new_order())
    client.orders_by_key("GO-demo-501")
    client.cancel_order("SH-1", reason="deleted")
    client.webhooks()

    variables = [sent.body["variables"] for sent in wire.sent]
    given = [one.get("data", one)["customer_account_id"] for one in variables]
    assert given == ["CUSTOMER-1"] * 4


@pytest.mark.parametrize(
    "reply",
    [
        _data("order_create", None),
        _data("order_create", {"request_id": "r1", "order": None}),
        _error("order_create", "Unexpected Error"),
        Reply(b"<html>", status=504),
    ],
)
def test_an_order_that_may_have_been_made_is_asked_for_once(reply: Reply) -> None:
    wire = Wire(reply)

    with pytest.raises(UnknownOutcome):
        shiphero_over(wire).create_order(a_new_order())

    assert len(wire.sent) == 1


def test_only_orders_with_exactly_our_key_are_found() -> None:
    close = _order(id="SH-2", partner_order_id="GO-demo-5010")
    wire = Wire(_data("orders", {"data": _page(close, _order())}))

    found = shiphero_over(wire).orders_by_key("GO-demo-501")

    assert [one.id for one in found] == ["SH-1"]
    assert wire.sent[0].body["variables"]["partner_order_id"] == "GO-demo-501"


def test_all_pages_of_a_search_are_read_and_a_repeated_order_comes_once() -> None:
    wire = Wire(
        _data("orders", {"data": _page(_order(), after="c1")}),
        _data("orders", {"data": _page(_order(), _order(id="SH-2"))}),
    )

    found = shiphero_over(wire).orders_by_number("WEB-4001/1")

    assert [one.id for one in found] == ["SH-1", "SH-2"]
    assert [sent.body["variables"]["after"] for sent in wire.sent] == [None, "c1"]


def test_an_order_comes_with_all_lines_however_many_pages_they_fill() -> None:
    wire = Wire(
        _data("order", {"data": _order(line_items=_page(_line("L1"), after="c1"))}),
        _data("order", {"data": {"line_items": _page(_line("L1"), _line("L2"), after="c2")}}),
        _data("order", {"data": {"line_items": _page(_line("L3"))}}),
    )

    order = shiphero_over(wire).order("SH-1")

    assert order is not None
    assert [line.id for line in order.line_items] == ["L1", "L2", "L3"]


def test_a_shipment_comes_with_all_lines_and_labels() -> None:
    shipped = {"id": "S1", "quantity": 1, "line_item": {"partner_line_item_id": "GO-1"}}
    shipment = {
        "id": "SHIPMENT-1",
        "created_date": "2026-03-02T15:30:00",
        "line_items": _page(shipped, after="c1"),
        "shipping_labels": [{"id": "B1", "tracking_number": "", "cost": "", "status": "valid"}],
    }
    wire = Wire(
        _data("order", {"data": _order(shipments=[shipment])}),
        _data("shipment", {"data": {"line_items": _page(shipped, {**shipped, "id": "S2"})}}),
    )

    order = shiphero_over(wire).order("SH-1")

    assert order is not None
    [read] = order.shipments
    assert [line.id for line in read.line_items] == ["S1", "S2"]
    assert read.line_items[0].line_item.partner_line_item_id == "GO-1"
    assert read.created_date == datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    assert (read.shipping_labels[0].tracking_number, read.shipping_labels[0].cost) == ("", None)


def test_an_address_that_is_null_reads_as_empty() -> None:
    wire = Wire(_data("order", {"data": _order(shipping_address=None, tags=None)}))

    order = shiphero_over(wire).order("SH-1")

    assert order is not None
    assert (order.shipping_address.address1, order.tags) == ("", ())


@pytest.mark.parametrize(
    "reply", [_error("order", "Order not found", code=5), _data("order", {"data": None})]
)
def test_an_order_nobody_knows_is_none(reply: Reply) -> None:
    assert shiphero_over(Wire(reply)).order("SH-9") is None


@pytest.mark.parametrize("word", ["canceled", "Cancelled"])
def test_both_spellings_mean_cancelled(word: str) -> None:
    wire = Wire(_data("order_cancel", {"order": {**REF, "fulfillment_status": word}}))

    cancelled = shiphero_over(wire).cancel_order("SH-1", reason="deleted")

    assert cancelled.canceled
    assert wire.sent[0].body["variables"]["data"]["force"] is False


def test_a_page_that_is_too_large_is_asked_smaller() -> None:
    too_large = _error(
        "order", "The max allowed for your account is 90 credits", code=30, time_remaining="0"
    )
    wire = Wire(too_large, too_large, _data("order", {"data": _order()}))

    shiphero_over(wire).order("SH-1")

    assert [sent.body["variables"]["lines"] for sent in wire.sent] == [50, 20, 5]


def test_webhooks_are_listed_without_newer_fields_once_these_were_refused() -> None:
    listed = _data("webhooks", {"data": _page({"id": "W1", "name": "Shipment Update"})})
    wire = Wire(_refused_field("health"), listed, listed)
    client = shiphero_over(wire)

    first, second = client.webhooks(), client.webhooks()

    assert [one.name for one in (*first, *second)] == ["Shipment Update"] * 2
    assert ["health" in sent.body["query"] for sent in wire.sent] == [True, False, False]


def test_a_webhooks_secret_is_handed_over_and_never_shown() -> None:
    hook = {"id": "W1", "name": "Shipment Update", "shared_signature_secret": SECRET}
    wire = Wire(_data("webhook_create", {"webhook": hook}))

    made = shiphero_over(wire).create_webhook(
        name="Shipment Update", url="https://hooks.example.com/sh", shop_name="goodsout-1"
    )

    assert made.shared_signature_secret == SECRET
    assert SECRET not in repr(made)


def test_a_webhook_that_exists_is_told_apart() -> None:
    wire = Wire(_error("webhook_create", "Webhook already exists"))

    with pytest.raises(AlreadyThere):
        shiphero_over(wire).create_webhook(name="Shipment Update", url="u", shop_name="s")


def test_deleting_a_webhook_that_is_gone_is_done() -> None:
    wire = Wire(_error("webhook_delete", "Webhook not found"))

    shiphero_over(wire).delete_webhook(name="Shipment Update", shop_name="goodsout-1")

    assert len(wire.sent) == 1


def test_cancelling_an_order_nobody_knows_is_told_apart() -> None:
    with pytest.raises(NotFound):
        shiphero_over(Wire(_error("order_cancel", "Order not found", code=5))).cancel_order(
            "SH-9", reason="deleted"
        )


def test_a_3pls_customers_are_all_read() -> None:
    account = {"id": "A1", "is_3pl": True, "warehouses": [{"id": "W1", "identifier": "Primary"}]}

    def answer(sent: Sent) -> Reply:
        customers = (
            _page({"id": "C1"}, after="c1")
            if sent.body["variables"]["after"] is None
            else _page({"id": "C2"})
        )
        return _data("account", {"data": {**account, "customers": customers}})

    read = shiphero_over(Wire(answer)).account()

    assert [one.id for one in read.customers] == ["C1", "C2"]
    assert [one.identifier for one in read.warehouses] == ["Primary"]


def test_the_credits_and_the_request_id_are_recorded_with_every_call() -> None:
    quota = {"credits_remaining": 1999, "max_available": 2002, "increment_rate": 30}
    wire = Wire(
        _data(
            "order",
            {"request_id": "6784326b", "data": None},
            extensions={"throttling": {"cost": 3, "user_quota": quota}},
        )
    )

    shiphero_over(wire).order("SH-1")

    [call] = wire.calls
    assert (call.operation, call.request_id) == ("order", "6784326b")
    budget = call.budget
    assert (budget.left, budget.most, budget.refill, budget.cost) == (1999, 2002, 30, 3)


def test_a_refused_token_that_cannot_be_refreshed_breaks_the_connection() -> None:
    with pytest.raises(ConnectionBroken):
        shiphero_over(Wire(Reply({"message": SECRET}, status=401))).order("SH-1")
