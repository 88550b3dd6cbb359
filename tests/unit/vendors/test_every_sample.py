"""Every sample of the vendors is read by a test, or named here with why it is not."""

from pathlib import Path

import pytest

from tests.unit.vendors.vendor_documents import FOLDER

TESTS = Path(__file__).resolve().parents[2]
# What begins like this, or bears this name, is of calls that our clients do not make.
NOT_OURS = {
    "SOURCES.md": "where the samples come from",
    "contact-get-": "people are only searched",
    "contact-options-": "no id set of people is asked for",
    "order-custom-field-": "custom fields are not read",
    "order-options-": "orders are asked for by the ids of notes",
    "order-patch-1-request": "orders are not changed",
    "order-patch-error-500-cmnc-044-request": "orders are not changed",
    "order-post-1-": "orders are not made",
    "order-row-p": "rows are not changed",
    "order-shipping-status-": "statuses of orders are not listed",
    "order-status-": "statuses of orders are neither listed nor set",
    "sales-order-options-": "the flat form is not read",
    "price-list-get-1": "prices are not read",
    "product-availability-": "stock is not read",
    "bundle-availability-": "stock is not read",
    "product-options-": "products are searched",
    "product-price-get-1": "prices are not read",
    "tax-code-": "tax codes are not read",
    "legacy-authorise-": "the old log-in is not used",
    "account-location-": "deprecated; a refresh tells the host",
    "drop-ship-note-event-": "drop-ship notes are not written to",
    "fulfilment-status-": "the note itself is read",
    "goods-out-note-delete-": "notes are not deleted",
    "goods-out-note-post-": "notes are not made",
    "stock-transfer-": "transfers are left alone",
    "webhook-simulate-": "nothing is simulated",
    "webhook-post-error-400-intc-064-request": "its answer is read",
    "orders_pull.request": "a query of somebody else's",
    "orders_query_by_order_number.request": "a query of somebody else's",
}


def test_every_sample_is_read_or_named_with_why_not() -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"the vendors' samples are not here: {FOLDER}")
    known = "".join(
        one.read_text(encoding="utf-8")
        for one in sorted(TESTS.rglob("*.py"))
        if one != Path(__file__).resolve()
    )
    samples = [one.name for one in FOLDER.glob("*/samples/**/*") if one.is_file()]

    assert [
        name for name in samples if name not in known and not name.startswith(tuple(NOT_OURS))
    ] == []


def test_every_reason_is_still_of_some_sample() -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"the vendors' samples are not here: {FOLDER}")
    samples = [one.name for one in FOLDER.glob("*/samples/**/*") if one.is_file()]

    assert [start for start in NOT_OURS if not any(one.startswith(start) for one in samples)] == []
