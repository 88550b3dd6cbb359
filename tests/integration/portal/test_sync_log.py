"""What the sync log shows, page by page."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    link_to,
    notes_on,
)


def test_a_row_shows_what_is_known_of_the_note(merchants: Merchants) -> None:
    merchants.note(
        7001,
        order_id=41007,
        sequence=1,
        customer_reference="SHOP-1",
        total=Decimal("1210.5"),
        currency="GBP",
        brightpearl_method="Royal Mail 24",
        shipping_method_sent="RM24",
        order_stage="done",
    )

    page = merchants.viewer().get("/sync-log").text

    assert "SHOP-1" in page
    assert "#41007 · note 41007/1" in page
    assert "1,210.50 <small>GBP</small>" in page
    assert "Waiting for shipment" in page


def test_the_columns_have_the_merchants_names_in_their_order(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001)

    page = sqlite_merchants.viewer().get("/sync-log").text
    heads = [_text(part.partition("</th>")[0].partition(">")[2]) for part in page.split("<th ")[1:]]

    assert heads == [
        "Order #",
        "Total",
        "Inserted at",
        "Synced at",
        "Order Status",
        "Shipping Method",
        "Shipment Status",
        "Action",
    ]


def test_a_stock_transfer_has_no_sales_order_to_be_read(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001, order_stage="skipped", order_reason_code="stock_transfer")

    page = sqlite_merchants.viewer().get("/sync-log").text

    assert "Stock transfer" in page
    assert "Not read yet" not in page


def test_an_account_never_sees_another_ones_notes(merchants: Merchants) -> None:
    merchants.note(7001, FERNLEAF, customer_reference="OURS")
    merchants.note(7002, HARBOUR, customer_reference="THEIRS")
    merchants.note(7001, HARBOUR, customer_reference="SAME-ID")

    client = merchants.viewer(FERNLEAF)
    pages = [client.get(path).text for path in ("/sync-log", "/sync-log/live?notes=7001,7002")]

    assert ["THEIRS" in page or "SAME-ID" in page for page in pages] == [False, False]
    assert client.get("/sync-log/7002").status_code == 404


def test_pages_join_without_a_gap_even_where_times_are_equal(merchants: Merchants) -> None:
    for note_id in range(1, 121):
        merchants.note(note_id, inserted_at=NOON)
    client = merchants.viewer()

    first = client.get("/sync-log")
    second = client.get(link_to(first, "next"))
    third = client.get(link_to(second, "next"))

    assert notes_on(first) + notes_on(second) + notes_on(third) == list(range(120, 0, -1))
    assert link_to(third, "next") == ""


def test_previous_leads_back_to_the_same_rows(merchants: Merchants) -> None:
    for note_id in range(1, 161):
        merchants.note(note_id)
    client = merchants.viewer()
    second = client.get(link_to(client.get("/sync-log"), "next"))
    third = client.get(link_to(second, "next"))

    back = client.get(link_to(third, "prev"))

    assert notes_on(back) == notes_on(second)
    assert notes_on(client.get(link_to(back, "prev"))) == list(range(160, 110, -1))


def test_a_new_note_does_not_shift_the_next_page(merchants: Merchants) -> None:
    for note_id in range(1, 101):
        merchants.note(note_id)
    client = merchants.viewer()
    following = link_to(client.get("/sync-log"), "next")

    merchants.note(500)

    assert notes_on(client.get(following)) == list(range(50, 0, -1))


def test_a_refresh_keeps_the_rows_and_says_how_many_are_new(merchants: Merchants) -> None:
    merchants.note(1)
    client = merchants.viewer()
    live = live_address(client.get("/sync-log").text)

    merchants.note(2)
    merchants.note(3)
    refreshed = client.get(live)

    assert notes_on(refreshed) == [1]
    assert "2 new" in refreshed.text


def test_a_refresh_shows_a_row_as_it_is_now(merchants: Merchants) -> None:
    merchants.note(1, order_stage="queued")
    client = merchants.viewer()
    live = live_address(client.get("/sync-log?state=on_the_way").text)

    with merchants.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sync_log SET order_stage = 'done'")

    assert "At ShipHero" in client.get(live).text


@pytest.mark.parametrize(
    ("state", "notes"),
    [
        ("needs_you", [12, 3, 2, 1]),
        ("on_the_way", [9, 5, 4]),
        ("synced", [10, 6]),
        ("shipped", [7]),
        ("cancelled", [11]),
        ("skipped", [8]),
        ("no-such-state", [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ],
)
def test_each_note_is_in_one_state(merchants: Merchants, state: str, notes: list[int]) -> None:
    merchants.note(1, order_stage="failed")
    merchants.note(2, order_stage="held")
    merchants.note(3, order_stage="done", shipment_stage="failed")
    merchants.note(4, order_stage="queued")
    merchants.note(5, order_stage="retrying")
    merchants.note(6, order_stage="done")
    merchants.note(7, order_stage="done", shipment_stage="done")
    merchants.note(8, order_stage="skipped")
    merchants.note(9, order_stage="kept_back")
    merchants.note(10, order_stage="change_refused")
    merchants.note(11, order_stage="canceled")
    merchants.note(12, order_stage="cancel_refused")

    page = merchants.viewer().get(f"/sync-log?state={state}")

    assert notes_on(page) == notes


def test_a_planned_retry_says_when(merchants: Merchants) -> None:
    merchants.note(7001, order_stage="retrying")
    merchants.event(subject="7001", due_at=NOON + timedelta(minutes=5))

    page = merchants.viewer().get("/sync-log").text

    assert 'next try <time datetime="2026-11-24T12:05:00+00:00"' in page


def test_a_look_that_waits_for_its_turn_is_no_next_try(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(7001, order_stage="done", shipment_stage="done")
    sqlite_merchants.event(subject="7001", due_at=NOON + timedelta(minutes=5), reason_code="busy")

    assert "next try" not in sqlite_merchants.viewer().get("/sync-log").text


def test_an_empty_log_says_why(sqlite_merchants: Merchants) -> None:
    page = sqlite_merchants.viewer().get("/sync-log").text

    assert "Order sync is switched off for Fernleaf" in page
    assert "Brightpearl has not told us anything yet" in page


def live_address(page: str) -> str:
    return page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()
