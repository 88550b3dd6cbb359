"""What of ShipHero's shipments Brightpearl is told."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.shipment_return.parcels import parcels_of
from services.shipment_return.transform import (
    numbers_lacking,
    to_note_details,
    tracking_reference,
    weight_in,
)
from shared.vendors.brightpearl.models import REFERENCE_LIMIT, WEIGHT_LIMIT, NoteShipping
from shared.vendors.shiphero.models import Dimensions, Shipment
from tests.builders import (
    a_goods_out_note,
    a_shiphero_order,
    a_shipment,
    a_shipping_label,
)


def labelled(*numbers: str, **fields: Any) -> Shipment:
    labels = tuple(
        a_shipping_label(id=f"L-{place}", tracking_number=number)
        for place, number in enumerate(numbers)
    )
    return a_shipment(shipping_labels=labels, **fields)


@given(st.lists(st.text("AB19é-", min_size=1, max_size=80), max_size=12))
def test_as_many_whole_numbers_as_fit_are_joined_and_none_is_lost(numbers: list[str]) -> None:
    joined, rest = tracking_reference(numbers)

    assert len(joined) <= REFERENCE_LIMIT
    assert sorted([*filter(None, joined.split(", ")), *rest]) == sorted(numbers)


def test_a_number_that_never_fits_keeps_no_other_from_the_reference() -> None:
    joined, rest = tracking_reference(["9" * 65, "1Z-A", "1Z-B"])

    assert (joined, rest) == ("1Z-A, 1Z-B", ("9" * 65,))


@pytest.mark.parametrize(
    ("length", "fits"), [(63, True), (64, True), (65, False)]
)  # fmt: skip
def test_a_number_fits_up_to_the_limit(length: int, fits: bool) -> None:  # noqa: FBT001 - a table
    joined, rest = tracking_reference(["9" * length])

    assert (bool(joined), bool(rest)) == (fits, not fits)


def test_a_reference_that_a_person_entered_stays_when_there_is_nothing_to_track() -> None:
    note = a_goods_out_note(shipping=NoteShipping(reference="COLLECTED", shipping_method_id=5))
    parcels = parcels_of(a_shiphero_order(shipments=(labelled("Pickup"),)))

    assert to_note_details(note, parcels, weight_unit="").shipping.reference == "COLLECTED"


def test_a_note_without_a_method_is_given_none() -> None:
    note = a_goods_out_note(shipping=NoteShipping())
    parcels = parcels_of(a_shiphero_order(shipments=(a_shipment(),)))

    details = to_note_details(note, parcels, weight_unit="")

    assert (details.shipping.shipping_method_id, details.priority) == (None, False)


def weighed(*ounces: str | None) -> Shipment:
    labels = tuple(
        a_shipping_label(
            id=f"L-{place}",
            dimensions=Dimensions(weight=one),
        )
        for place, one in enumerate(ounces)
    )
    return a_shipment(shipping_labels=labels)


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("GRAM", "1006.408"),
        ("KILOGRAM", "1.006"),
        ("OUNCE", "35.500"),
        ("POUND", "2.219"),
        (" gram ", "1006.408"),
    ],
)
def test_the_parcels_weight_is_written_in_the_accounts_unit(unit: str, written: str) -> None:
    parcels = parcels_of(a_shiphero_order(shipments=(weighed("20.25", "15.25"),)))

    details = to_note_details(a_goods_out_note(), parcels, weight_unit=unit)

    assert details.shipping.model_dump(mode="json")["weight"] == written


@pytest.mark.parametrize(
    ("unit", "ounces"),
    [
        ("", ("20",)),
        ("STONE", ("20",)),
        ("GRAM", ("20", None)),
        ("GRAM", ("20", "")),
        ("GRAM", ("20", "0")),
        ("GRAM", ("0.00001",)),
        ("GRAM", ("99999",)),
        ("GRAM", ("1e60",)),
        ("GRAM", ()),
    ],
)
def test_no_weight_is_written_that_is_not_wholly_known_or_cannot_be_held(
    unit: str, ounces: tuple[str | None, ...]
) -> None:
    parcels = parcels_of(a_shiphero_order(shipments=(weighed(*ounces),)))

    assert to_note_details(a_goods_out_note(), parcels, weight_unit=unit).shipping.weight is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0))
def test_whatever_parcels_weigh_brightpearl_can_hold_what_is_written(ounces: Decimal) -> None:
    weight = weight_in("GRAM", ounces)

    assert weight is None or 0 < weight <= WEIGHT_LIMIT


def test_numbers_that_a_reference_holds_are_found_whatever_their_case_and_spaces() -> None:
    assert numbers_lacking("1z a,1Z-B", ["1Z-A", "1ZA", "1Z-B"]) == ("1Z-A",)
