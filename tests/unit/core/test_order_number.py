"""What an order is called at ShipHero, and which templates are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.order_number import (
    DEFAULT,
    LONGEST,
    LONGEST_TEMPLATE,
    TOKENS,
    NumberParts,
    UnfitTemplate,
    check_template,
    example,
    number,
)

FIRST = NumberParts(reference="WEB-7", order_id=4001, note_id=501, sequence=1, channel="Shop")
SECOND = NumberParts(reference="WEB-7", order_id=4001, note_id=502, sequence=2, channel="Shop")

pieces = st.sampled_from([*(f"{{{token}}}" for token in TOKENS), "-", "/", " ", "ORD", "#"])
templates = st.lists(pieces, min_size=1, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("template", "first", "second"),
    [
        ("{reference}", "WEB-7", "WEB-7-2"),
        ("{order_id}", "4001", "4001-2"),
        ("{reference}/{sequence}", "WEB-7/1", "WEB-7/2"),
        ("BP{note_id}", "BP501", "BP502"),
        ("{channel} {reference}", "Shop WEB-7", "Shop WEB-7-2"),
        ("  {reference}  ", "WEB-7", "WEB-7-2"),
    ],
)
def test_a_template_is_filled_in_and_tells_an_orders_notes_apart(
    template: str, first: str, second: str
) -> None:
    assert (number(template, FIRST), number(template, SECOND)) == (first, second)


@pytest.mark.parametrize("reference", ["", "   ", "\u200b"])
def test_an_empty_reference_gives_way_to_the_orders_id(reference: str) -> None:
    parts = NumberParts(reference=reference, order_id=4001, note_id=501, sequence=2)

    assert number(DEFAULT, parts) == "4001-2"


def test_a_number_has_no_line_breaks() -> None:
    parts = NumberParts(reference="PO 7\r\n\tdesk 3", order_id=1, note_id=2, sequence=1)

    assert number(DEFAULT, parts) == "PO 7 desk 3"


def test_words_of_a_reference_are_no_tokens() -> None:
    parts = NumberParts(reference="{note_id}", order_id=1, note_id=2, sequence=1)

    assert number(DEFAULT, parts) == "{note_id}"


def test_a_number_of_just_the_length_is_kept_whole() -> None:
    parts = NumberParts(reference="R" * LONGEST, order_id=1, note_id=2, sequence=1)

    assert number(DEFAULT, parts) == "R" * LONGEST


def test_too_long_a_number_ends_in_what_makes_it_the_notes_own() -> None:
    parts = NumberParts(reference="R" * 300, order_id=4001, note_id=502, sequence=2)

    assert number(DEFAULT, parts) == "R" * (LONGEST - 9) + "-4001-502"


@given(template=templates, reference=st.text(max_size=300))
def test_two_notes_of_an_order_never_share_a_number(template: str, reference: str) -> None:
    first, second = (
        NumberParts(reference=reference, order_id=4001, note_id=note, sequence=at)
        for at, note in enumerate((501, 502), start=1)
    )
    try:
        check_template(template)
    except UnfitTemplate:
        return

    assert number(template, first) != number(template, second)


@given(template=templates, reference=st.text(max_size=300), channel=st.text(max_size=50))
def test_a_number_is_never_empty_nor_too_long(template: str, reference: str, channel: str) -> None:
    parts = NumberParts(
        reference=reference, order_id=2**31, note_id=2**31, sequence=99, channel=channel
    )
    try:
        check_template(template)
    except UnfitTemplate:
        return

    written = number(template, parts)

    assert 0 < len(written) <= LONGEST
    assert written.isprintable()


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("{refrence}", r"\{refrence\} is not known; there are \{reference\}, "),
        ("{}", "is not known"),
        ("{reference", "has no partner"),
        ("reference}", "has no partner"),
        ("{{reference}}", "has no partner"),
        ("ORDER", "all orders alike"),
        ("{channel}-{sequence}", "all orders alike"),
        ("{reference}\n", "line break"),
        ("{reference}" + "x" * LONGEST_TEMPLATE, "longer than"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused(template: str, sentence: str) -> None:
    with pytest.raises(UnfitTemplate, match=sentence):
        check_template(template)


def test_an_example_shows_an_orders_first_and_second_note() -> None:
    assert example("{channel}/{reference}") == ("Web/WEB-10045", "Web/WEB-10045-2")


def test_an_example_of_an_unfit_template_is_refused() -> None:
    with pytest.raises(UnfitTemplate):
        example("{channel}")
