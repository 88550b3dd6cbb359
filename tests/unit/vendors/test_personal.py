"""What of a vendor's words is about a person, and how it is shown."""

import pytest

from shared.vendors.personal import MARK, NEVER_KEPT, initials, marked, masked, shown

TOLD = {
    "sku": "TEA-EARL",
    "quantity": 2,
    "shipping_address": {
        "first_name": "Jane",
        "address1": "12 High Street",
        "zip": "90210-1234",
        "country": "US",
        "phone": "020 7946 0000",
    },
    "tags": ["Web shop"],
}


def test_what_is_known_to_say_nothing_of_a_person_stays() -> None:
    told = masked(marked(TOLD))

    assert (told["sku"], told["quantity"], told["tags"]) == ("TEA-EARL", 2, ["Web shop"])
    assert told["shipping_address"]["country"] == "US"


def test_names_addresses_and_telephones_are_initials() -> None:
    address = masked(marked(TOLD))["shipping_address"]

    assert address == {
        "first_name": "J…", "address1": "… H… S…", "zip": "…", "country": "US", "phone": "… … …",
    }  # fmt: skip


def test_whoever_may_see_them_sees_them_as_they_came() -> None:
    assert shown(marked(TOLD)) == TOLD


@pytest.mark.parametrize("name", ["nickname", "PCF_MEMO", "gift_note", "text", "email"])
def test_a_field_that_nobody_has_looked_at_counts_as_personal(name: str) -> None:
    assert marked({name: "Jane"}) == {name: {MARK: "Jane"}}


def test_a_number_that_may_be_a_telephone_counts_as_personal() -> None:
    told = marked({"mobile": 447946000000, "boxes": 3, "order_row_id": 447946000000})

    assert told == {"mobile": {MARK: "447946000000"}, "boxes": 3, "order_row_id": 447946000000}


@pytest.mark.parametrize(
    "name", ["access_token", "refreshToken", "password", "Authorization", "shared_signature_secret"]
)
def test_a_credential_is_not_even_marked(name: str) -> None:
    assert marked({name: "s3cret"}) == {name: NEVER_KEPT}


@pytest.mark.parametrize(
    ("words", "as_shown"),
    [("Jane Smith", "J… S…"), ("jane@shop.example", "j…@…"), ("", ""), ("Zoë  Ö", "Z…  Ö…")],
)
def test_of_a_word_its_first_letter_is_shown(words: str, as_shown: str) -> None:
    assert initials(words) == as_shown
