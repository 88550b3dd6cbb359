"""Custom fields as words, whatever their type."""

import json
from typing import Any

import pytest

from shared.vendors.brightpearl.custom_fields import as_words
from shared.vendors.brightpearl.order_models import SalesOrder


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Two layers", "Two layers"),
        ("  Two layers ", "Two layers"),
        (24, "24"),
        (24.5, "24.5"),
        ({"id": 6, "value": "Ribbon"}, "Ribbon"),
        ({"id": 6, "value": {"value": "Ribbon"}}, "Ribbon"),
        ("2026-03-05T00:00:00.000Z", "2026-03-05T00:00:00.000Z"),
        (True, "yes"),
        ([{"id": 6, "value": "Ribbon"}, "Card"], "Ribbon, Card"),
    ],
)
def test_a_value_is_read_as_words(value: Any, words: str) -> None:
    assert as_words({"PCF_X": value}) == {"PCF_X": words}


@pytest.mark.parametrize("value", ["", "  ", None, {}, {"id": 137}, [], {"value": None}])
def test_what_says_nothing_is_left_out(value: Any) -> None:
    assert as_words({"PCF_X": value}) == {}


@pytest.mark.parametrize("given", [[], None, "text", 7])
def test_what_is_no_map_has_no_fields(given: Any) -> None:
    assert as_words(given) == {}


def test_an_order_bears_its_fields() -> None:
    order = SalesOrder.model_validate_json(
        json.dumps({"id": 7, "customFields": {"PCF_GIFT": {"id": 1, "value": "Card"}}})
    )

    assert order.custom_fields == {"PCF_GIFT": "Card"}


def test_an_order_without_fields_has_none() -> None:
    assert SalesOrder.model_validate({"id": 7}).custom_fields == {}
