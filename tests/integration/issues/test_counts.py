"""What needs attention is counted from the log: by reason, way and what in particular."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from shared.db.note_tables import SyncLogRow
from shared.issues.counts import Count, counts
from shared.issues.issue import TO_BRIGHTPEARL, TO_SHIPHERO, Issue, is_there
from tests.integration.journal.books import MORNING, Books

UNMAPPED: dict[str, Any] = {"order_stage": "held", "order_reason_code": "shipping_method_unmapped"}
UNKNOWN: dict[str, Any] = {"order_stage": "failed", "order_reason_code": "sku_unknown"}
DPD = Issue(code="shipping_method_unmapped", way=TO_SHIPHERO, key="DPD Sat")


def stand(books: Books, note_id: int, account_id: UUID | None = None, **known: Any) -> None:
    known.setdefault("inserted_at", MORNING + timedelta(minutes=note_id))
    row = SyncLogRow(account_id=account_id or books.account, note_id=note_id, **known)
    with books.session() as session:
        session.add(row)


def lines(books: Books) -> list[Count]:
    with books.session() as session:
        return list(counts(session, books.account))


def test_each_shipping_method_and_warehouse_is_a_line_of_its_own(books: Books) -> None:
    undecided: dict[str, Any] = {"order_stage": "held", "order_reason_code": "warehouse_undecided"}
    for note_id in (1, 2):
        stand(books, note_id, brightpearl_method="DPD Sat", **UNMAPPED)
    stand(books, 3, brightpearl_method="DPD Next", **UNMAPPED)
    stand(books, 4, warehouse_id=7, **undecided)
    stand(books, 5, **undecided)

    found = {one.issue: one.notes for one in lines(books)}

    assert found == {
        DPD: 2,
        Issue(code="shipping_method_unmapped", way=TO_SHIPHERO, key="DPD Next"): 1,
        Issue(code="warehouse_undecided", way=TO_SHIPHERO, key="7"): 1,
        Issue(code="warehouse_undecided", way=TO_SHIPHERO): 1,
    }


def test_the_same_trouble_on_both_ways_is_two_lines(books: Books) -> None:
    stand(books, 1, order_stage="failed", order_reason_code="vendor_trouble")
    stand(books, 2, order_stage="done", shipment_stage="failed",
          shipment_reason_code="vendor_trouble")  # fmt: skip
    stand(books, 3, order_stage="cancel_refused", order_reason_code="cancel_refused",
          shipment_stage="failed", shipment_reason_code="vendor_trouble")  # fmt: skip

    found = {(one.issue.way, one.issue.code): one.notes for one in lines(books)}

    assert found == {
        (TO_BRIGHTPEARL, "vendor_trouble"): 2,
        (TO_SHIPHERO, "vendor_trouble"): 1,
    }


def test_only_what_needs_a_person_counts_and_only_ones_own(books: Books) -> None:
    stand(books, 1, **UNKNOWN)
    stand(books, 2, handled_at=MORNING, **UNKNOWN)
    stand(books, 3, order_stage="retrying", order_reason_code="vendor_trouble")
    stand(books, 4, order_stage="held", order_reason_code="shadow_mode")
    stand(books, 5, account_id=books.open_account("other"), **UNKNOWN)

    assert [(one.issue.code, one.notes) for one in lines(books)] == [("sku_unknown", 1)]


def test_an_order_counts_once_and_only_within_its_currency(books: Books) -> None:
    for note_id, order_id, total, currency in (
        (1, 41, "10.50", "GBP"), (2, 41, "10.50", "GBP"), (3, 42, "1.00", "GBP"),
        (4, 43, "7.25", "EUR"), (5, None, None, ""),
    ):  # fmt: skip
        stand(
            books, note_id, order_id=order_id, currency=currency,
            total=None if total is None else Decimal(total), **UNKNOWN,
        )  # fmt: skip

    [line] = lines(books)

    assert line.notes == 5
    assert line.sums == {"EUR": Decimal("7.25"), "GBP": Decimal("11.50")}
    assert (line.first, line.last) == (
        MORNING + timedelta(minutes=1),
        MORNING + timedelta(minutes=5),
    )


@pytest.mark.parametrize(("key", "there"), [("DPD Sat", True), ("DPD", False), ("", False)])
def test_a_line_is_there_while_it_has_a_note(books: Books, key: str, there: bool) -> None:  # noqa: FBT001 - a parameter
    stand(books, 1, brightpearl_method="DPD Sat", **UNMAPPED)
    issue = Issue(code=DPD.code, way=TO_SHIPHERO, key=key)

    with books.session() as session:
        assert is_there(session, books.account, issue) is there


def test_a_line_is_read_as_it_was_written() -> None:
    odd = Issue(code="a:b", way=TO_BRIGHTPEARL, key='DPD: "Sat", 1')

    assert Issue.read(odd.written) == odd
