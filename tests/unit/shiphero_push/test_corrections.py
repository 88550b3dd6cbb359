"""What a person put right of a note is laid over what Brightpearl says, field by field."""

from dataclasses import replace
from typing import Any

import pytest

from shared.pushing import corrections as codes
from shared.pushing.corrections import FIELDS, Correction, laid_over, own_values
from shared.pushing.transform import to_new_order
from shared.vendors.brightpearl.order_models import SalesOrder
from shared.vendors.shiphero.new_order import NewOrder
from tests.builders import a_goods_out_note, a_sales_order
from tests.unit.core.notebook import NOON, settings
from tests.unit.shiphero_push.changing import METHODS
from tests.unit.shiphero_push.making import KEY, to_party

SETTINGS = settings(methods=METHODS, packing_note_field="PCF_PACK")


def corrected(order: SalesOrder | None = None, **values: str) -> NewOrder:
    """Transform note 501 with corrections of what Brightpearl says now."""
    note, order = a_goods_out_note(), order or a_sales_order()
    own = own_values(note, order, SETTINGS)
    wanted = {name: Correction(value=value, was=own[name]) for name, value in values.items()}
    laid = laid_over(note, order, wanted, SETTINGS)
    assert laid.order is not None
    return to_new_order(laid.note, laid.order, key=KEY, settings=SETTINGS, now=NOON)


@pytest.mark.parametrize(
    ("field", "value", "sent"),
    [
        (codes.NAME, "Rosa Vale", {"first_name": "Rosa", "last_name": "Vale"}),
        (codes.COMPANY, "", {"company": None}),
        (codes.LINE_1, "9 Quay Street", {"address1": "9 Quay Street"}),
        (codes.LINE_2, "", {"address2": None}),
        (codes.TOWN, "Bath", {"city": "Bath"}),
        (codes.STATE, "Somerset", {"state": "Somerset"}),
        (codes.POSTCODE, "BA1 1AA", {"zip": "BA1 1AA"}),
        (codes.COUNTRY, "IE", {"country": "IE", "country_code": "IE"}),
        (codes.PHONE, "01225 1", {"phone": "01225 1"}),
        (codes.EMAIL, "rosa@example.com", {"email": "rosa@example.com"}),
    ],
)
def test_a_field_of_the_address_is_sent_as_it_was_corrected(
    field: str, value: str, sent: dict[str, Any]
) -> None:
    usual, new = corrected().shipping_address, corrected(None, **{field: value}).shipping_address

    assert {name: getattr(new, name) for name in sent} == sent
    assert new == usual.model_copy(update=sent)


def test_what_is_corrected_says_nothing_of_who_pays() -> None:
    assert corrected(line_1="9 Quay Street").billing_address == corrected().billing_address


def test_the_shipping_method_is_one_of_those_that_are_mapped() -> None:
    assert corrected(method="6").shipping_lines.title == "Express"


@pytest.mark.parametrize(("value", "sent"), [("Ring twice", "Ring twice"), ("", None)])
def test_a_packing_note_by_hand_counts_even_where_it_is_empty(value: str, sent: str | None) -> None:
    order = a_sales_order(custom_fields={"PCF_PACK": "Fragile"})

    assert corrected(order).packing_note == "Fragile"
    assert corrected(order, packing_note=value).packing_note == sent


def test_a_correction_gives_way_once_brightpearls_own_value_of_that_very_field_changes() -> None:
    note, order = a_goods_out_note(), a_sales_order()
    own = own_values(note, order, SETTINGS)
    wanted = {name: Correction(value="x", was=own[name]) for name in (codes.POSTCODE, codes.TOWN)}

    laid = laid_over(note, to_party(postal_code="BS1 9ZZ"), wanted, SETTINGS)

    assert (laid.standing, laid.given_way) == (("town",), ("postcode",))
    assert laid.order is not None
    party = laid.order.parties.delivery
    assert (party.postal_code, party.address_line3) == ("BS1 9ZZ", "x")


def test_of_a_sales_order_that_was_not_read_nothing_is_known_and_nothing_gives_way() -> None:
    wanted = {name: Correction(value="6", was="other") for name in FIELDS}
    wanted["method"] = Correction(value="6", was="5")

    laid = laid_over(a_goods_out_note(), None, wanted, SETTINGS)

    assert (laid.order, laid.standing, laid.given_way) == (None, ("method",), ())
    assert laid.note.shipping.shipping_method_id == 6


def test_a_country_that_brightpearl_only_names_is_corrected_by_its_letters() -> None:
    order = to_party(country="Narnia", country_iso_code="", country_iso_code3="")

    assert own_values(a_goods_out_note(), order, SETTINGS)["country"] == ""
    assert corrected(order, country="GB").shipping_address.country == "GB"


def test_a_mobile_stands_for_the_telephone_where_there_is_no_other() -> None:
    order = to_party(telephone=" ", mobile_telephone="07700 1")

    own = own_values(a_goods_out_note(), order, replace(SETTINGS, packing_note_field=""))

    assert own["phone"] == "07700 1"
    assert own["packing_note"] == ""
