"""Search against contract sections 6a and 11."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.playing import BrightpearlCaller, FakeClock

NOTES = "/warehouse-service/goods-note/goods-out-search"


def results(brightpearl: BrightpearlCaller, query: str) -> list[list[Any]]:
    answer = brightpearl.call("GET", f"{NOTES}?columns=goodsOutNoteId&{query}")
    found: list[list[Any]] = answer.get_json()["response"]["results"]
    return found


def test_pages_are_counted_from_one(client: FlaskClient, brightpearl: BrightpearlCaller) -> None:
    client.post("/control/sales-orders", json={"count": 5})

    answer = brightpearl.call("GET", f"{NOTES}?pageSize=2&firstResult=3&sort=goodsOutNoteId.DESC")

    meta = answer.get_json()["response"]["metaData"]
    ids = [row[0] for row in answer.get_json()["response"]["results"]]
    assert ids == [7003, 7002]
    assert (meta["firstResult"], meta["lastResult"], meta["morePagesAvailable"]) == (3, 4, True)
    assert answer.headers["Message-Type"] == "bulk-data-search"


def test_no_rows_leave_first_and_last_result_out(brightpearl: BrightpearlCaller) -> None:
    meta = brightpearl.call("GET", f"{NOTES}?shipped=true").get_json()["response"]["metaData"]

    assert meta["resultsReturned"] == 0
    assert not {"firstResult", "lastResult"} & set(meta)


def test_notes_are_found_by_flags_and_periods(
    client: FlaskClient, brightpearl: BrightpearlCaller, clock: FakeClock
) -> None:
    client.post("/control/sales-orders", json={})
    clock.turn(3600)
    client.post("/control/sales-orders", json={})
    client.post("/control/transfers")
    brightpearl.take_step(7001, "SHW")

    since = "createdOn=2026-07-01T10:30:00.000Z/"
    until = "createdOn=/2026-07-01T10:30:00.000Z"
    assert results(brightpearl, f"{since}&transfer=false") == [[7002]]
    assert results(brightpearl, until) == [[7001]]
    assert results(brightpearl, "shipped=true") == [[7001]]
    assert results(brightpearl, "shippingMethodId=5-9&transfer=false") == [[7001], [7002]]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("orderId=1-5", "The filter orderId=1-5 cannot be parsed as: INTEGER"),
        ("shipped=yes", "The filter shipped=yes cannot be parsed as: BOOLEAN"),
        ("createdOn=today", "The filter createdOn=today cannot be parsed as: PERIOD"),
    ],
)
def test_a_bad_filter_is_http_500(brightpearl: BrightpearlCaller, value: str, message: str) -> None:
    answer = brightpearl.call("GET", f"{NOTES}?{value}")

    assert answer.status_code == 500
    assert answer.get_json() == {"errors": [{"code": "CMNC-018", "message": message}]}


def test_a_product_is_found_by_its_sku(brightpearl: BrightpearlCaller) -> None:
    answer = brightpearl.call(
        "GET", "/product-service/product-search?SKU=TEA-EGS-125&columns=productId"
    )

    assert answer.get_json()["response"]["results"] == [[1502]]


def test_staff_is_found_by_flag(brightpearl: BrightpearlCaller) -> None:
    answer = brightpearl.call(
        "GET", "/contact-service/contact-search?isStaff=true&columns=contactId"
    )

    assert [31] in answer.get_json()["response"]["results"]


def test_an_order_is_found_by_its_reference(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/sales-orders", json={"reference": "PO 77"})

    path = "/order-service/order-search?customerRef=PO 77&columns=orderId,orderTypeId"
    answer = brightpearl.call("GET", path).get_json()

    assert answer["response"]["results"] == [[4101, 1]]
    assert answer["reference"] == {"orderTypeNames": {"1": "SALES_ORDER"}}
