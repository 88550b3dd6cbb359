"""What the sync log's filters and its search find, and how its orders are paged through."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlmodel import SQLModel

from services.portal.log import list_view, matching, sync_log
from services.portal.log.wanted import STATUS_WORDS
from shared.db.account_tables import ShippingMethodMapping, WarehouseMapping
from shared.db.note_tables import NoteTracking, OrderLink
from shared.db.portal_tables import NoteSku
from shared.notes.state import ORDER, ORDER_WORDS, SHIPMENT, STAGES
from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    link_to,
    notes_on,
)

DAY = timedelta(days=1)


FILTERED = {
    "status=Failed": [5, 4],
    "status=Synced": [2],
    "status=Pending": [1, 3],
    "status=Failed&state=handled": [5],
    "reason=sku_unknown": [5, 4],
    "reason=event_owner_unset": [2],
    "warehouse=2": [4, 3],
    "method=Royal Mail 24": [2, 1],
    "warehouse=2&method=Royal Mail 24": [],
    "channel=Web shop": [3],
    "from=2026-11-21&to=2026-11-22": [4, 3],
    "from=2026-11-21&to=2026-11-22&zone=Pacific/Auckland": [3],
    "to=2026-11-21&zone=America/New_York": [3],
    "to=2026-11-21&zone=Nowhere": [3],
    "within=24": [2, 1],
    "older=72": [3],
    "status=nothing&reason=&warehouse=x&method=&from=&within=7&older=9": [2, 1, 5, 4, 3],
}


def test_a_filter_leaves_what_fits_all_of_it(merchants: Merchants) -> None:
    merchants.now = NOON + timedelta(minutes=1)
    merchants.note(1, brightpearl_method="Royal Mail 24")
    merchants.note(2, order_stage="done", brightpearl_method="Royal Mail 24",
                   shipment_stage="held", shipment_reason_code="event_owner_unset")  # fmt: skip
    merchants.note(3, warehouse_id=2, channel="Web shop", inserted_at=NOON - 3 * DAY)
    merchants.note(4, warehouse_id=2, inserted_at=NOON - 2 * DAY - timedelta(hours=1),
                   order_stage="failed", order_reason_code="sku_unknown")  # fmt: skip
    merchants.note(5, inserted_at=NOON - DAY, order_stage="failed",
                   order_reason_code="sku_unknown", handled_at=NOON)  # fmt: skip
    client = merchants.viewer()

    found = {one: client.get(f"/sync-log?{one}", follow_redirects=True) for one in FILTERED}

    assert {one: notes_on(page) for one, page in found.items()} == FILTERED


def test_an_order_status_finds_every_note_that_has_it(sqlite_merchants: Merchants) -> None:
    pairs = list(product(STAGES[ORDER], STAGES[SHIPMENT]))
    for note_id, (order, shipment) in enumerate(pairs):
        sqlite_merchants.note(note_id, order_stage=order, shipment_stage=shipment)
    client = sqlite_merchants.viewer()

    files = {word: client.get(f"/sync-log/export.csv?status={word}") for word in STATUS_WORDS}

    found = {word: len(file.text.splitlines()) - 1 for word, file in files.items()}
    assert found == Counter(ORDER_WORDS[order] for order, _ in pairs)


def test_counts_stop_at_a_limit_unless_they_are_asked_for(
    sqlite_merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_log, "COUNT_LIMIT", 2)
    monkeypatch.setattr(list_view, "COUNT_LIMIT", 2)
    for note_id in range(5):
        sqlite_merchants.note(note_id)
    client = sqlite_merchants.viewer()

    usual, exact = client.get("/sync-log").text, client.get("/sync-log?count=exactly").text

    assert usual.count("<strong>2+</strong>") == 2
    assert "Count exactly" in usual
    assert exact.count("<strong>5</strong>") == 2


def test_the_fields_offer_what_the_account_has(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1, order_stage="failed", order_reason_code="sku_unknown")
    sqlite_merchants.note(2, order_stage="skipped", order_reason_code="before_go_live")
    sqlite_merchants.note(3, HARBOUR, order_stage="failed", order_reason_code="address_missing")
    keep(
        sqlite_merchants,
        WarehouseMapping(account_id=FERNLEAF, brightpearl_warehouse_id=2, brightpearl_name="Leeds",
                         decision="mapped"),
        ShippingMethodMapping(account_id=FERNLEAF, brightpearl_method_id=4,
                              brightpearl_name="Royal Mail 24"),
    )  # fmt: skip

    page = sqlite_merchants.viewer().get("/sync-log?warehouse=2").text

    assert '<option value="2" selected>Leeds</option>' in page
    assert '<option value="Royal Mail 24">Royal Mail 24</option>' in page
    assert '<option value="sku_unknown">' in page
    assert '<option value="before_go_live">' in page
    assert "address_missing" not in page


def test_a_day_that_is_none_is_told_and_left_out(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1)

    page = sqlite_merchants.viewer().get("/sync-log?from=2026-13-01&to=0001-01-01")

    assert "“2026-13-01” is no day" in page.text
    assert notes_on(page) == [1]


def test_what_is_empty_in_the_form_stays_out_of_the_address(sqlite_merchants: Merchants) -> None:
    answer = sqlite_merchants.viewer().get("/sync-log?q=&state=needs_you&reason=&list=7+8%0D%0A9")

    assert answer.location == "/sync-log?state=needs_you&list=7+8+9"


FOUND = {
    "41007": [7001],
    "#41007": [7001],
    "7001": [7001],
    "41007/2": [7001],
    "41007 / 1": [],
    "shop-7": [7002, 7001],
    "  SHOP-77 ": [7001],
    "HOP-77": [],
    "jd0012": [7001],
    "JD0099": [7001],
    "tea-1": [7002, 7001],
    "TEA": [],
    "T3JkZXI6MQ==": [7001],
    "GO-fernleaf-7002": [7002],
    "7001 41008": [7002, 7001],
    "7001,9999, 41008/2": [7002, 7001],
    "%": [],
    "_": [],
    "99999999999999999999": [],
    "' OR 1=1 --": [],
    "²": [],
    "\N{REPLACEMENT CHARACTER}\0": [],
}


def test_the_search_finds(merchants: Merchants) -> None:
    for account_id in (FERNLEAF, HARBOUR):
        merchants.note(7001, account_id, order_id=41007, sequence=2, customer_reference="SHOP-77")
    merchants.note(7002, order_id=41008, sequence=2, customer_reference="Shop-78")
    merchants.note(7003, customer_reference="Other")
    keep(
        merchants,
        NoteSku(account_id=FERNLEAF, note_id=7001, sku="tea-1"),
        NoteSku(account_id=FERNLEAF, note_id=7002, sku="tea-1"),
        NoteSku(account_id=HARBOUR, note_id=7003, sku="tea-1"),
        NoteTracking(account_id=FERNLEAF, note_id=7001, number="jd0012345"),
        NoteTracking(account_id=FERNLEAF, note_id=7001, number="jd0099"),
        OrderLink(account_id=FERNLEAF, note_id=7001, key="GO-fernleaf-7001", order_number="SHOP-77",
                  intended_at=NOON, shiphero_order_id="T3JkZXI6MQ=="),
    )  # fmt: skip
    client = merchants.viewer()

    found = {text: client.get("/sync-log", query_string={"q": text}) for text in FOUND}

    assert {text: notes_on(page) for text, page in found.items()} == FOUND


def test_a_search_that_finds_too_much_says_so(
    merchants: Merchants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "BROAD", 2)
    for note_id in (1, 2, 3):
        merchants.note(note_id, customer_reference=f"SHOP-{note_id}")
        keep(merchants, NoteSku(account_id=FERNLEAF, note_id=note_id, sku="tea-1"))
    client = merchants.viewer()

    by_reference, by_sku, found = (client.get(f"/sync-log?q={q}") for q in ("SHOP", "TEA-1", "2"))

    assert "notes match “SHOP”" in by_reference.text
    assert "notes match “TEA-1”" in by_sku.text
    assert notes_on(by_sku) == [3, 2]
    assert "Type more of it" not in found.text


def test_a_pasted_list_finds_each_of_its_entries(merchants: Merchants) -> None:
    merchants.note(7001, order_id=41007, sequence=1, customer_reference="SHOP-77")
    merchants.note(7002, order_id=41008, sequence=2, customer_reference="SHOP-78")
    merchants.note(7003, customer_reference="SHOP-79")
    merchants.note(7004, customer_reference="SHOP-7")
    listed = " ".join(["7001", "41008/2", "shop-79", *(str(one) for one in range(1, 250))])

    page = merchants.viewer().get("/sync-log", query_string={"list": listed})

    assert notes_on(page) == [7003, 7002, 7001]
    assert "The list has 252 entries; the first 200 are looked for." in page.text


@pytest.mark.parametrize("direction", ["", "&dir=asc"])
@pytest.mark.parametrize("sort", ["inserted", "synced", "total"])
def test_every_row_is_on_one_page_whichever_way_they_are_sorted(
    merchants: Merchants, sort: str, direction: str
) -> None:
    for note_id in range(1, 131):
        # Many are equal, and many have nothing to be sorted by.
        value = note_id // 7 if note_id % 3 else None
        at = None if value is None else NOON + timedelta(minutes=value)
        total = None if value is None else Decimal(f"{value}.1")
        merchants.note(note_id, inserted_at=NOON, synced_at=at, total=total)
    client = merchants.viewer()

    onward = list(pages(client, f"/sync-log?sort={sort}{direction}", "next"))
    back = list(pages(client, onward[-1][0], "prev"))

    listed = [note for _, notes in onward for note in notes]
    assert sorted(listed) == list(range(1, 131))
    assert [len(notes) for _, notes in onward] == [50, 50, 30]
    # Near the top the first page is shown in full.
    assert back[1][1] == listed[50:100]
    assert back[-1][1] == listed[:50]
    assert listed == sorted(listed, key=lambda note: place(note, sort, is_rising=bool(direction)))


def test_a_place_of_another_order_is_none(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1)

    page = sqlite_merchants.viewer().get("/sync-log?sort=total&next=t1764000000000000-5")

    assert notes_on(page) == [1]


def place(note: int, sort: str, *, is_rising: bool) -> tuple[bool, int, int]:
    """Give what a row of the test above is sorted by, those that lack it at the end."""
    sign = 1 if is_rising else -1
    lacks = sort != "inserted" and not note % 3
    value = 0 if lacks or sort == "inserted" else note // 7
    return lacks, sign * value, sign * note


def pages(client: FlaskClient, address: str, rel: str) -> Iterator[tuple[str, list[int]]]:
    """Walk from page to page; gives each one's address and notes."""
    while address:
        page = client.get(address)
        yield address, notes_on(page)
        address = link_to(page, rel)


def keep(merchants: Merchants, *rows: SQLModel) -> None:
    with merchants.open_session() as session:
        session.add_all(rows)
        session.commit()
