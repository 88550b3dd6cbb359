"""Batches at the sandbox: part failures, lost answers, and what fifty notes cost."""

from typing import Any

import pytest

from shared.errors import Transient
from shared.outcome import Delivered
from tests.contract.shipment_return.floor import Floor


def test_notes_go_back_with_tracking_boxes_and_weight_in_the_accounts_unit(floor: Floor) -> None:
    note_ids = floor.shipped_notes(3)

    assert floor.kinds(*note_ids) == ["Delivered"] * 3
    for note in floor.notes(*note_ids):
        assert note.shipped
        assert note.shipping.reference
        # The sandbox's parcels weigh 35.50 oz.
        assert (note.shipping.boxes, str(note.shipping.weight)) == (1, "1006.408")


def test_fifty_notes_cost_twelve_requests(floor: Floor) -> None:
    note_ids = floor.shipped_notes(50)
    floor.forget()

    kinds = floor.kinds(*note_ids)

    assert kinds == ["Delivered"] * 50
    assert floor.requests() == 12


@pytest.mark.parametrize("part", [5, 6])
def test_a_refusal_in_the_middle_of_a_207_is_that_notes_alone(floor: Floor, part: int) -> None:
    note_ids = floor.shipped_notes(5)
    floor.break_next("part_fails", part=part, status=400)

    ends = floor.give_back(*note_ids)

    refused = ends.pop(sorted(note_ids)[2])
    assert isinstance(refused, Transient)
    assert refused.code == "refused_in_batch"
    assert {type(end) for end in ends.values()} == {Delivered}
    assert floor.kinds(*note_ids) == ["Delivered"] * 5
    assert floor.shipped_events(*note_ids) == {1}


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "html_502", "after_effect": True},
        {"kind": "drop_after"},
        {"kind": "outage", "after_effect": True},
        {"kind": "unexpected_error", "after_effect": True},
        {"kind": "bad_filter", "after_effect": True},
        {"kind": "not_json", "after_effect": True},
        {"kind": "wrong_shape", "after_effect": True},
    ],
    ids=lambda trouble: trouble["kind"],
)
def test_a_batch_that_was_done_but_not_told_is_found_by_the_read_after(
    floor: Floor, trouble: dict[str, Any]
) -> None:
    note_ids = floor.shipped_notes(4)
    floor.break_next(**trouble)

    assert floor.kinds(*note_ids) == ["Delivered"] * 4
    assert floor.shipped_events(*note_ids) == {1}


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("throttled", "Throttled"),
        ("outage", "UnknownOutcome"),
        ("bad_filter", "Transient"),
        ("unexpected_error", "UnknownOutcome"),
        ("drop_before", "UnknownOutcome"),
    ],
)
def test_a_batch_that_was_not_done_is_done_the_next_time(floor: Floor, kind: str, end: str) -> None:
    note_ids = floor.shipped_notes(4)
    floor.break_next(kind)

    assert floor.kinds(*note_ids) == [end] * 4
    assert floor.kinds(*note_ids) == ["Delivered"] * 4
    assert floor.shipped_events(*note_ids) == {1}
