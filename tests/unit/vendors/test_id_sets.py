"""Id sets as Brightpearl writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vendors.brightpearl.id_sets import UnreadableIdSet, parse_id_set

RANGES = st.lists(
    st.tuples(st.integers(1, 10**9), st.integers(0, 50)).map(lambda at: (at[0], at[0] + at[1])),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("7", (7,)),
        ("1-5,99", (1, 2, 3, 4, 5, 99)),
        ("9.7.12", (7, 9, 12)),
        ("5131,10268", (5131, 10268)),
        (" 3 , 3,2-3 ", (2, 3)),
        ("4-4", (4,)),
    ],
)
def test_a_set_is_read_ascending_and_without_repeats(text: str, ids: tuple[int, ...]) -> None:
    assert parse_id_set(text).ids == ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "1,,2",
        "1-",
        "-1",
        "5-1",
        "0",
        "0-3",
        "1-2-3",
        "1;2",
        "+7",
        "1e3",
        "\N{ARABIC-INDIC DIGIT SEVEN}",
        "9" * 40,
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableIdSet, match=r"id|backwards"):
        parse_id_set(text)


def test_a_set_past_the_limit_is_counted_and_not_expanded() -> None:
    found = parse_id_set("1-999999999999,7")

    assert found.too_large
    assert found.ids is None
    assert found.size == 1_000_000_000_000


def test_a_set_at_the_limit_is_still_expanded() -> None:
    found = parse_id_set("1-10000")

    assert found.ids is not None
    assert len(found.ids) == 10_000


@given(RANGES)
def test_what_is_written_as_ranges_is_read_back(ranges: list[tuple[int, int]]) -> None:
    written = ",".join(f"{first}-{last}" for first, last in ranges)

    found = parse_id_set(written)

    expected = {one for first, last in ranges for one in range(first, last + 1)}
    assert found.ids == tuple(sorted(expected))


@given(st.text(max_size=60))
def test_no_text_upsets_the_reader(text: str) -> None:
    try:
        found = parse_id_set(text)
    except UnreadableIdSet:
        return
    assert found.size >= 1
