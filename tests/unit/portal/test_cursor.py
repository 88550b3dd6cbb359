"""The place of a page in the address bar."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.frame.looks import money
from services.portal.log.cursor import GREATEST_ID, Cursor
from tests.unit.portal.stories import NOON


@pytest.mark.parametrize("value", [NOON.replace(microsecond=123457), 84.5, -3.0, 1e16, 0.1, None])
def test_a_cursor_reads_what_it_wrote_to_the_last_digit(value: object) -> None:
    cursor = Cursor(value=value, note_id=7001)  # type: ignore[arg-type]

    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    ["", "-", "12", "a-b", "t1-99999999999", "t" + "9" * 30 + "-1", "t-5-1", "a1e999-1", "n"],
)
def test_anything_else_is_no_cursor(text: str) -> None:
    assert Cursor.read(text) is None


@given(st.text(max_size=60))
def test_no_text_from_an_address_bar_upsets_it(text: str) -> None:
    cursor = Cursor.read(text)

    assert cursor is None or 0 <= cursor.note_id <= GREATEST_ID


@pytest.mark.parametrize(
    ("amount", "written"),
    [("1210", "1,210.00"), ("84.5000", "84.50"), ("0.1250", "0.125"), ("-3", "-3.00")],
)
def test_an_amount_has_two_decimals_or_as_many_as_count(amount: str, written: str) -> None:
    assert money(Decimal(amount)) == written
