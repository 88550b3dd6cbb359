"""A caller's trace goes on where it is well-formed, else one of our own begins."""

import pytest

from shared.traces import child_of, parent_id, trace_id, traceparent_from

GIVEN = f"00-{'a' * 32}-{'b' * 16}-01"


def test_a_callers_trace_goes_on() -> None:
    assert traceparent_from(GIVEN) == GIVEN
    assert trace_id(GIVEN) == "a" * 32


@pytest.mark.parametrize(
    "header",
    ["", "x", GIVEN.upper(), GIVEN + "-more", "01" + GIVEN[2:], GIVEN + "\n",
     f"00-{'0' * 32}-{'b' * 16}-01", f"00-{'a' * 32}-{'0' * 16}-01"],
)  # fmt: skip
def test_anything_else_begins_a_trace_of_our_own(header: str) -> None:
    first, second = traceparent_from(header), traceparent_from(header)

    assert first != second
    assert traceparent_from(first) == first


def test_a_step_of_our_own_stays_in_the_trace() -> None:
    ours = child_of(GIVEN)

    assert (trace_id(ours), parent_id(GIVEN)) == ("a" * 32, "b" * 16)
    assert parent_id(ours) not in {"", "b" * 16}
    assert traceparent_from(ours) == ours


@pytest.mark.parametrize("nothing", ["", "x", "a-b"])
def test_what_is_no_trace_has_no_id(nothing: str) -> None:
    assert (trace_id(nothing), parent_id(nothing)) == ("", "")
