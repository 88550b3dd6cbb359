"""The other calls of the Brightpearl client: orders, products, search, lists, webhooks."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Permanent, UnknownOutcome
from shared.vendors.brightpearl.account_models import NewWebhook, WebhookBody
from shared.vendors.brightpearl.order_models import NewOrderNote
from tests.unit.vendors.wire import Reply, Wire, brightpearl_over

ORDER: dict[str, Any] = {
    "id": 4001,
    "orderTypeCode": "SO",
    "reference": "WEB-4001",
    "delivery": {"shippingMethodId": 0},
    "currency": {"orderCurrencyCode": "EUR", "exchangeRate": "0.850000"},
    "totalValue": {"net": "27.00", "taxAmount": "5.40", "total": "32.40"},
    "assignment": {"current": {"channelId": 3}},
    "parties": {"delivery": {"addressFullName": "Ida Moss", "addressLine3": "Bristol",
                             "countryIsoCode": "GB", "fax": None}},
    "orderRows": {
        "8001": {
            "orderRowSequence": "10",
            "productId": 1501,
            "productName": "Earl Grey, loose",
            "productSku": "TEA-EARL",
            "quantity": {"magnitude": "3.0000"},
            "rowValue": {"rowNet": {"currencyCode": "EUR", "value": "27.0000"}},
        },
        "8002": {"productId": 1000, "productName": "Gift wrap", "quantity": {"magnitude": "1"}},
    },
}  # fmt: skip
CREATED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOTHING = Reply({"errors": [{"code": "CMNC-404", "message": "none"}]}, status=404)


def _found(*rows: list[Any], columns: tuple[str, ...], **told: Any) -> Reply:
    meta = {"columns": [{"name": name} for name in columns], **told}
    return Reply({"response": {"results": list(rows), "metaData": meta}, "reference": {}})


def test_an_order_is_read_with_exact_money_and_rows_that_know_their_ids() -> None:
    wire = Wire(Reply({"response": [ORDER]}))

    order = brightpearl_over(wire).sales_orders([4001])[4001]

    row = order.row(8001)
    assert row is not None
    assert (row.id, row.product_sku) == (8001, "TEA-EARL")
    assert row.quantity.magnitude == Decimal(3)
    assert row.row_value.row_net.value == Decimal("27.0000")
    assert order.total_value.total == Decimal("32.40")
    assert (order.channel_id, order.currency.order_currency_code) == (3, "EUR")
    assert order.parties.delivery.address_line3 == "Bristol"


def test_a_free_text_row_has_no_sku_and_an_unknown_row_is_none() -> None:
    order = brightpearl_over(Wire(Reply({"response": [ORDER]}))).sales_orders([4001])[4001]

    free_text = order.row(8002)
    assert free_text is not None
    assert free_text.product_sku == ""
    assert order.row(9999) is None


@pytest.mark.parametrize(("asked", "query"), [(False, ""), (True, "?includeOptional=customFields")])
def test_custom_fields_are_asked_for_where_they_are_wanted(asked: bool, query: str) -> None:  # noqa: FBT001 - the table's column
    wire = Wire(Reply({"response": [ORDER]}))

    brightpearl_over(wire).sales_orders([4001], custom_fields=asked)

    assert [one.url.partition("/order/")[2] for one in wire.sent] == [f"4001{query}"]


def test_halves_of_a_long_set_are_asked_for_their_custom_fields_too() -> None:
    too_long = Reply({"response": "URI too long"}, status=414)
    wire = Wire(too_long, Reply({"response": [ORDER]}), Reply({"response": []}))

    brightpearl_over(wire).sales_orders([4001, 4002], custom_fields=True)

    asked = [one.url.partition("/order/")[2].partition("?") for one in wire.sent]
    assert [(ids, query) for ids, _, query in asked] == [
        ("4001,4002", "includeOptional=customFields"),
        ("4001", "includeOptional=customFields"),
        ("4002", "includeOptional=customFields"),
    ]


def test_orders_are_matched_by_id_in_whatever_order_they_come() -> None:
    wire = Wire(Reply({"response": [{**ORDER, "id": 3}, {**ORDER, "id": 1}]}))

    orders = brightpearl_over(wire).sales_orders([1, 2, 3])

    assert {key: order.id for key, order in orders.items()} == {1: 1, 3: 3}


def test_a_product_has_the_name_of_its_first_channel() -> None:
    product = {
        "id": 1501,
        "identity": {"sku": "TEA-EARL"},
        "stock": {"stockTracked": True, "weight": {"magnitude": 0.125}},
        "salesChannels": [{"productName": "Earl Grey, loose"}],
    }

    read = brightpearl_over(Wire(Reply({"response": [product]}))).products([1501])[1501]

    assert (read.name, read.sku) == ("Earl Grey, loose", "TEA-EARL")
    assert read.stock.weight.magnitude == Decimal("0.125")
    assert read.identity.barcode == ""


def test_search_rows_are_named_by_the_columns_of_this_answer() -> None:
    wire = Wire(
        _found(
            ["2026-03-02T09:00:00.000Z", None, 501, 3],
            columns=("createdOn", "shippedOn", "goodsOutNoteId", "channelId"),
            morePagesAvailable=False,
            lastResult=1,
            resultsAvailable=1,
        )
    )

    page = brightpearl_over(wire).search_goods_out_notes(
        created_from=CREATED, shipped=False, transfer=False
    )

    [note] = page.notes
    assert (note.goods_out_note_id, note.channel_id, note.shipped_on) == (501, 3, None)
    assert note.created_on == CREATED
    assert page.next_result is None
    assert wire.sent[0].path.partition("?")[2] == (
        "createdOn=2026-03-02T09:00:00.000Z/&shipped=false&transfer=false"
        "&sort=goodsOutNoteId.ASC&pageSize=500&firstResult=1"
    )


def test_a_search_without_rows_has_no_page_behind_it() -> None:
    wire = Wire(_found(columns=("goodsOutNoteId",), resultsAvailable=0))

    page = brightpearl_over(wire).search_goods_out_notes(created_from=CREATED, created_to=CREATED)

    assert (page.notes, page.next_result, page.available) == ((), None, 0)


def test_all_pages_are_walked_and_a_repeated_row_comes_once() -> None:
    wire = Wire(
        _found([1], [2], columns=("goodsOutNoteId",), morePagesAvailable=True, lastResult=2,
               resultsAvailable=4),
        _found([2], [3], columns=("goodsOutNoteId",), morePagesAvailable=False, lastResult=4,
               resultsAvailable=4),
    )  # fmt: skip

    found = list(brightpearl_over(wire).found_goods_out_notes(page_size=2))

    assert [one.goods_out_note_id for one in found] == [1, 2, 3]
    assert ["firstResult=1" in wire.sent[0].path, "firstResult=3" in wire.sent[1].path] == [
        True,
        True,
    ]


def test_where_more_pages_is_not_told_the_counts_tell() -> None:
    wire = Wire(_found([1], columns=("goodsOutNoteId",), lastResult=1, resultsAvailable=2))

    assert brightpearl_over(wire).search_goods_out_notes(page_size=1).next_result == 2


def test_an_end_without_a_start_is_not_documented_and_refused() -> None:
    with pytest.raises(ValueError, match="created_from"):
        brightpearl_over(Wire(Reply())).search_goods_out_notes(created_to=CREATED)


def test_staff_is_found_by_its_flag() -> None:
    wire = Wire(_found([31, "Wren"], columns=("contactId", "firstName")))

    [person] = brightpearl_over(wire).staff_contacts()

    assert (person.contact_id, person.first_name) == (31, "Wren")
    assert "isStaff=true" in wire.sent[0].path


def test_a_remark_is_added_once_and_its_id_answered() -> None:
    wire = Wire(Reply({"response": 9001}))

    made = brightpearl_over(wire).add_order_note(4001, NewOrderNote(text="[GO-1] more parcels"))

    assert made == 9001
    assert wire.sent[0].body == {"text": "[GO-1] more parcels", "isPublic": False}


@pytest.mark.parametrize("reply", [Reply({}), Reply(b"<html>"), Reply(b"", status=502)])
def test_a_remark_without_a_usable_answer_has_an_unknown_outcome(reply: Reply) -> None:
    wire = Wire(reply)

    with pytest.raises(UnknownOutcome):
        brightpearl_over(wire).add_order_note(4001, NewOrderNote(text="x"))

    assert len(wire.sent) == 1


def test_remarks_are_read() -> None:
    wire = Wire(Reply({"response": [{"noteId": 9001, "text": "[GO-1] more", "isPublic": False}]}))

    assert [one.text for one in brightpearl_over(wire).order_notes(4001)] == ["[GO-1] more"]


def test_the_standing_lists_are_read() -> None:
    wire = Wire(
        Reply({"response": [{"id": 3, "name": "West", "typeCode": "3pl",
                             "address": {"addressId": 9}}]}),
        Reply({"response": [{"id": 5, "name": "Standard", "code": "STD"}]}),
        Reply({"response": [{"id": 1, "name": "Web shop", "warehouseIds": [2, 3]}]}),
        Reply({"response": {"configuration": {"timeZone": "Europe/London"}}}),
    )  # fmt: skip
    client = brightpearl_over(wire)

    assert [(one.id, one.type_code) for one in client.warehouses()] == [(3, "3pl")]
    assert [one.code for one in client.shipping_methods()] == ["STD"]
    assert [one.warehouse_ids for one in client.channels()] == [(2, 3)]
    assert client.account_configuration().time_zone == "Europe/London"


def test_a_webhook_is_made_with_what_the_receiver_needs() -> None:
    wire = Wire(Reply({"response": 121}))
    new = NewWebhook(subscribe_to="goods-out-note", uri_template="https://hooks.example.com/bp/x")

    made = brightpearl_over(wire).create_webhook(new)

    body = wire.sent[0].body
    assert made == 121
    assert (body["subscribeTo"], body["httpMethod"]) == ("goods-out-note", "POST")
    assert (body["idSetAccepted"], body["qualityOfService"]) == (True, 1)
    assert "${resource-id}" in body["bodyTemplate"]


def test_a_webhook_brightpearl_does_not_know_is_refused_in_its_own_words() -> None:
    refused = {"errors": [{"code": "INTC-064", "message": "no such event"}]}
    new = NewWebhook(subscribe_to="nonsense", uri_template="https://hooks.example.com/bp/x")

    with pytest.raises(Permanent, match="INTC-064 no such event"):
        brightpearl_over(Wire(Reply(refused, status=400))).create_webhook(new)


def test_an_account_without_webhooks_has_none() -> None:
    assert brightpearl_over(Wire(NOTHING)).webhooks() == ()


def test_deleting_a_webhook_that_is_gone_is_done() -> None:
    wire = Wire(NOTHING)

    brightpearl_over(wire).delete_webhook(121)

    assert (wire.sent[0].method, len(wire.sent)) == ("DELETE", 1)


def test_a_delivery_keeps_its_id_set_as_text() -> None:
    body = {"accountCode": "demo", "id": "7-9,12", "fullEvent": "goods-out-note.created"}

    assert WebhookBody.model_validate(body).id == "7-9,12"
