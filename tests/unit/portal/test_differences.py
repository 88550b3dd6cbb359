"""A note and its order are compared by what their fields mean."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.portal.log.differences import HIDDEN, compare
from services.portal.log.sent import Sent
from services.portal.log.way_back import compare_back
from shared.accounts import Method
from shared.db.note_tables import OrderLink
from shared.vendors.brightpearl.models import GoodsOutNote, NoteShipping
from shared.vendors.brightpearl.order_models import Parties, Party, SalesOrder
from shared.vendors.shiphero.models import OrderAddress, ShipHeroOrder, ShippingLines
from tests.builders import (
    MORNING,
    a_goods_out_note,
    a_sales_order,
    a_shiphero_order,
    a_shipment,
    a_shipping_label,
)
from tests.unit.core.notebook import ACCOUNT, settings

PARTY = Party(
    address_full_name="Jane Smith",
    company_name="Tea & Co.",
    address_line1="12 High Street",
    address_line2="Flat 3",
    address_line3="Springfield",
    address_line4="California",
    postal_code="90210",
    country="United States",
    country_iso_code="US",
    telephone="+1 555 0100",
)
# The same, as ShipHero hands it back: upper case, ZIP+4, the state's code.
THERE = OrderAddress(
    first_name="JANE",
    last_name="SMITH",
    company="TEA & CO",
    address1="12 HIGH STREET",
    address2="FLAT 3",
    city="SPRINGFIELD",
    state="CA",
    zip="90210-1234",
    country="US",
    phone="+15550100",
)
LINK = OrderLink(
    account_id=ACCOUNT, note_id=501, key="GO-demo-501", order_number="WEB-4001/1",
    intended_at=MORNING,
)  # fmt: skip
SETTINGS = settings(methods={5: Method(name="48h", title="Standard", carrier="ups", method="g")})


def a_note(**changed: Any) -> GoodsOutNote:
    return a_goods_out_note(**{"shipping": NoteShipping(shipping_method_id=5), **changed})


def an_order() -> SalesOrder:
    return a_sales_order(parties=Parties(customer=PARTY, delivery=PARTY, billing=PARTY))


def there(**changed: Any) -> ShipHeroOrder:
    usual = {
        "shipping_address": THERE,
        "shipping_lines": ShippingLines(title="standard", carrier="UPS", method="g"),
        "total_price": Decimal("16.20"),
        "currency": "GBP",
    }
    return a_shiphero_order(**{**usual, **changed})


def differing(note: GoodsOutNote, shiphero: ShipHeroOrder) -> list[str]:
    """Name the fields that differ."""
    fields = compare(note, an_order(), shiphero, link=LINK, settings=SETTINGS)
    return [field.label for field in fields if field.is_marked]


def moved(**changed: str) -> ShipHeroOrder:
    return there(shipping_address=THERE.model_copy(update=changed))


def test_what_merely_is_written_otherwise_is_no_difference() -> None:
    assert differing(a_note(), there()) == []


@pytest.mark.parametrize(
    ("label", "shiphero"),
    [
        ("Number", lambda: there(order_number="WEB-4002")),
        ("Standing", lambda: there(fulfillment_status="canceled")),
        ("Standing", lambda: there(fulfillment_status="fulfilled")),
        ("Order total", lambda: there(total_price=Decimal("16.21"))),
        ("Order total", lambda: there(currency="USD")),
        ("Priority", lambda: there(priority_flag=True)),
        ("Method", lambda: there(shipping_lines=ShippingLines(title="Express"))),
        ("Release date", lambda: there(hold_until_date=MORNING + timedelta(days=1))),
        ("Name", lambda: moved(first_name="John")),
        ("Company", lambda: moved(company="Coffee & Co")),
        ("Street", lambda: moved(address1="21 High Street")),
        ("City", lambda: moved(city="Shelbyville")),
        ("State", lambda: moved(state="NV")),
        ("Postcode", lambda: moved(zip="90211-1234")),
        ("Country", lambda: moved(country="CA")),
        ("Telephone", lambda: moved(phone="+1 555 0199")),
    ],
)
def test_each_field_that_means_something_else_is_found_alone(
    label: str, shiphero: Callable[[], ShipHeroOrder]
) -> None:
    found = differing(a_note(), shiphero())

    # A state is looked up in the note's own country, so another country does not move it.
    assert found == [label]


def test_a_tracking_number_that_shiphero_does_not_have_is_found() -> None:
    label = a_shipping_label(tracking_number="1Z-OTHER")
    note = a_note(shipping=NoteShipping(shipping_method_id=5, reference="1Z-MINE"), shipped=True)

    shipped = there(shipments=(a_shipment(shipping_labels=(label,)),))
    fields = compare_back(note, shipped, settings=SETTINGS, sent=Sent())
    assert [field.label for field in fields if field.is_marked] == ["Tracking"]


def test_an_address_that_shiphero_hides_from_us_is_no_difference() -> None:
    hidden = there(shipping_address=OrderAddress())
    fields = compare(a_note(), an_order(), hidden, link=LINK, settings=SETTINGS)

    address = [field for field in fields if field.group == "Delivery address"]
    assert {field.shiphero for field in address} == {HIDDEN}
    assert not any(field.differs for field in address)


def test_without_an_order_nothing_differs() -> None:
    fields = compare(a_note(), an_order(), None, link=None, settings=SETTINGS)

    assert not any(field.differs for field in fields)


def test_everything_about_the_recipient_but_the_country_is_personal() -> None:
    fields = compare(a_note(), an_order(), there(), link=LINK, settings=SETTINGS)

    open_ones = {field.label for field in fields if not field.is_personal}
    assert open_ones == {
        "Number", "Standing", "Order total", "Priority", "Method", "Release date", "Country",
    }  # fmt: skip
