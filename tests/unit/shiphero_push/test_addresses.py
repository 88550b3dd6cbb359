"""Where a parcel goes: every line in its place, or refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pushing.addresses import COMPANY, NAME, fitting, state_code
from shared.vendors.brightpearl.order_models import Parties, Party
from tests.builders import a_party, a_sales_order
from tests.unit.shiphero_push.making import address, made, refusal, to_party


def test_an_address_keeps_each_of_its_lines_in_its_place() -> None:
    assert address().model_dump(exclude_none=True) == {
        "first_name": "Ida",
        "last_name": "Moss",
        "company": "Moss & Fern",
        "address1": "7 Quay Street",
        "address2": "Unit 3",
        "city": "Bristol",
        "state": "Avon",
        "zip": "BS1 4XX",
        "country": "GB",
        "country_code": "GB",
        "email": "ida@example.com",
        "phone": "0117 000 0000",
    }


@pytest.mark.parametrize(
    ("full", "company", "names"),
    [
        ("Ida Moss", "", ("Ida", "Moss")),
        ("Ida Mary Moss", "", ("Ida Mary", "Moss")),
        ("Ida", "", ("Ida", ".")),
        ("  Ida  Moss  ", "", ("Ida", "Moss")),
        ("Ida\r\nMoss", "", ("Ida", "Moss")),
        ("", "Fern", ("Fern", ".")),
        ("", "Moss & Fern Ltd", ("Moss & Fern", "Ltd")),
        ("Þórdís Ósk Ægisdóttir", "", ("Þórdís Ósk", "Ægisdóttir")),
        ("李小龙", "", ("李小龙", ".")),
    ],
)
def test_a_full_name_becomes_two(full: str, company: str, names: tuple[str, str]) -> None:
    made_of = address(address_full_name=full, company_name=company)

    assert (made_of.first_name, made_of.last_name) == names


def test_the_buyers_name_stands_in_for_a_recipients() -> None:
    made_of = address(address_full_name="", company_name="")

    assert (made_of.first_name, made_of.last_name) == ("Ida", "Moss")


def test_a_parcel_for_nobody_known_bears_a_dot() -> None:
    nobody = a_party(address_full_name="", company_name="")
    parties = Parties(customer=nobody, delivery=nobody)

    made_of = made(order=a_sales_order(parties=parties)).shipping_address

    assert (made_of.first_name, made_of.last_name) == (".", ".")


def test_a_long_name_and_company_show_that_they_were_cut() -> None:
    long = address(address_full_name="A" * 70 + " " + "B" * 70, company_name="C" * 200)

    assert long.first_name == "A" * 61 + "..."
    assert long.last_name == "B" * 61 + "..."
    assert long.company == "C" * 125 + "..."


@given(text=st.text(), longest=st.integers(NAME, COMPANY))
def test_what_fits_is_kept_and_what_does_not_ends_in_dots(text: str, longest: int) -> None:
    kept = fitting(text, longest)

    assert len(kept) <= longest
    assert kept == text or (len(text) > longest and kept.endswith("..."))


@pytest.mark.parametrize(
    "fields",
    [
        {"address_line1": "D" * 256},
        {"address_line2": "E" * 256},
        {"address_line3": "F" * 256},
        {"address_line4": "G" * 256},
        {"postal_code": "9" * 33},
    ],
)
def test_a_place_that_might_be_cut_is_refused(fields: dict[str, str]) -> None:
    error = refusal(order=to_party(**fields))

    assert error.code == "address_too_long"
    assert "sales order 4001" in str(error)


def test_a_place_of_just_the_length_goes_whole() -> None:
    made_of = address(address_line1="D" * 255, postal_code="9" * 32)

    assert (made_of.address1, made_of.zip) == ("D" * 255, "9" * 32)


@pytest.mark.parametrize(
    ("line1", "line2", "streets"),
    [
        ("7 Quay Street", "", ("7 Quay Street", None)),
        ("", "7 Quay Street", ("7 Quay Street", None)),
        ("   ", "7 Quay Street", ("7 Quay Street", None)),
        ("Straße 1", "Hinterhof", ("Straße 1", "Hinterhof")),
    ],
)
def test_the_first_street_line_is_never_empty(
    line1: str, line2: str, streets: tuple[str, str | None]
) -> None:
    made_of = address(address_line1=line1, address_line2=line2)

    assert (made_of.address1, made_of.address2) == streets


@pytest.mark.parametrize(
    ("two", "three", "country"),
    [
        ("GB", "GBR", "GB"),
        ("gb", "", "GB"),
        ("", "USA", "US"),
        ("", " deu ", "DE"),
        ("DEU", "", "DE"),
        ("XK", "XKX", "XK"),
    ],
)
def test_a_country_is_known_by_two_letters_or_by_three(two: str, three: str, country: str) -> None:
    made_of = address(country_iso_code=two, country_iso_code3=three)

    assert (made_of.country, made_of.country_code) == (country, country)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"address_line1": "", "address_line2": " "}, "address_missing"),
        ({"country_iso_code": "", "country_iso_code3": ""}, "country_missing"),
        ({"country_iso_code": "", "country_iso_code3": "QQQ"}, "country_missing"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(missing: dict[str, str], code: str) -> None:
    error = refusal(order=to_party(**missing))

    assert error.code == code
    assert "Sales order 4001" in str(error)


@pytest.mark.parametrize(
    ("state", "country", "code"),
    [
        ("California", "US", "CA"),
        ("ca", "US", "CA"),
        ("NEW YORK", "US", "NY"),
        ("Quebec", "CA", "QC"),
        ("New South Wales", "AU", "NSW"),
        ("Cali", "US", None),
        ("", "US", None),
        ("Avon", "GB", None),
    ],
)
def test_a_state_has_a_code_where_addresses_have_states(
    state: str, country: str, code: str | None
) -> None:
    assert state_code(state, country) == code


def test_a_state_is_sent_as_it_was_written_beside_its_code() -> None:
    made_of = address(address_line4="California", country_iso_code="US")

    assert (made_of.state, made_of.state_code) == ("California", "CA")


@pytest.mark.parametrize(
    ("fields", "phone"),
    [
        ({}, "0117 000 0000"),
        ({"telephone": "", "mobile_telephone": "07700"}, "07700"),
        ({"telephone": ""}, "0117 999"),
    ],
)
def test_some_number_is_given_for_the_carrier(fields: dict[str, Any], phone: str) -> None:
    buyer = a_party(telephone="", mobile_telephone="0117 999")
    parties = Parties(customer=buyer, delivery=a_party(**fields))

    assert made(order=a_sales_order(parties=parties)).shipping_address.phone == phone


@pytest.mark.parametrize(
    ("delivery", "customer", "billing", "told"),
    [
        ("d@x.example", "c@x.example", "b@x.example", "d@x.example"),
        ("", "c@x.example", "b@x.example", "c@x.example"),
        (" ", "", "b@x.example", "b@x.example"),
        ("", "", "", None),
    ],
)
def test_the_recipient_is_told_else_the_buyer_else_who_pays(
    delivery: str, customer: str, billing: str, told: str | None
) -> None:
    parties = Parties(
        customer=a_party(email=customer),
        delivery=a_party(email=delivery),
        billing=a_party(email=billing),
    )

    assert made(order=a_sales_order(parties=parties)).email == told


def test_who_pays_has_an_address_of_their_own() -> None:
    payer = a_party(address_full_name="Max Fern", address_line1="1 Bank Street", telephone="")
    parties = Parties(customer=a_party(), delivery=a_party(), billing=payer)

    billing = made(order=a_sales_order(parties=parties)).billing_address

    assert billing is not None
    assert (billing.first_name, billing.address1, billing.phone) == ("Max", "1 Bank Street", None)


@pytest.mark.parametrize(
    "payer",
    [Party(), a_party(address_line1="", address_line2=""), Party(address_line1="1 Bank Street")],
)
def test_a_payer_without_address_stops_nothing(payer: Party) -> None:
    parties = Parties(customer=a_party(), delivery=a_party(), billing=payer)

    assert made(order=a_sales_order(parties=parties)).billing_address is None
