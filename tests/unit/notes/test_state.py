"""The state of a note: what leads where, and what is never forgotten."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.notes.state import (
    AT_SHIPHERO,
    CANCEL_REFUSED,
    CANCELED,
    CHANGE_REFUSED,
    DONE,
    FAILED,
    FIRST,
    HAPPENINGS,
    MOVES,
    NEEDS_PERSON,
    ORDER,
    ORDER_WORDS,
    QUEUED,
    SHIPMENT,
    SHIPMENT_WORDS,
    SIDES,
    STAGES,
    next_stage,
    status_words,
)

# What leads away from an order that ShipHero has, or had: everything else leaves it alone.
LEFT_FOR = {
    DONE: {
        CHANGE_REFUSED: CHANGE_REFUSED,
        CANCELED: CANCELED,
        CANCEL_REFUSED: CANCEL_REFUSED,
        FAILED: CHANGE_REFUSED,
    },
    CHANGE_REFUSED: {DONE: DONE, CANCELED: CANCELED, CANCEL_REFUSED: CANCEL_REFUSED},
    CANCEL_REFUSED: {CANCELED: CANCELED},
    CANCELED: {QUEUED: QUEUED},
}
EVERY_PAIR = [(side, *pair) for side in SIDES for pair in product(STAGES[side], HAPPENINGS)]

happenings = st.lists(st.tuples(st.sampled_from(sorted(HAPPENINGS)), st.booleans()), max_size=40)


def walk(side: str, told: list[tuple[str, bool]], *, start: str | None = None) -> list[str]:
    """Give every stage that one side passes through, the first included."""
    stages = [FIRST[side] if start is None else start]
    for happening, is_deleted in told:
        after = next_stage(side, stages[-1], happening, is_deleted=is_deleted)
        stages.append(stages[-1] if after is None else after)
    return stages


@pytest.mark.parametrize(("side", "stage", "happening"), EVERY_PAIR)
def test_whatever_happens_a_side_stays_at_one_of_its_own_stages(
    side: str, stage: str, happening: str
) -> None:
    assert next_stage(side, stage, happening) in {None, *STAGES[side]}


@pytest.mark.parametrize(("stage", "happening"), list(product(LEFT_FOR, HAPPENINGS)))
def test_an_order_that_is_there_is_left_only_for_what_becomes_of_the_order_itself(
    stage: str, happening: str
) -> None:
    after = next_stage(ORDER, stage, happening)

    assert (after or stage) == LEFT_FOR[stage].get(happening, stage)


@pytest.mark.parametrize(
    ("stage", "happening"),
    list(product(sorted(set(STAGES[ORDER]) - set(LEFT_FOR)), STAGES[ORDER])),
)
def test_an_order_that_is_not_there_goes_where_each_attempt_leads(
    stage: str, happening: str
) -> None:
    assert next_stage(ORDER, stage, happening) == happening


@pytest.mark.parametrize(
    ("stage", "happening"),
    list(product(sorted(set(STAGES[SHIPMENT]) - {DONE}), STAGES[SHIPMENT][1:])),
)
def test_a_shipment_that_is_not_written_back_goes_where_each_attempt_leads(
    stage: str, happening: str
) -> None:
    assert next_stage(SHIPMENT, stage, happening) == happening


@pytest.mark.parametrize("happening", sorted(HAPPENINGS))
def test_a_shipment_that_is_written_back_stays_so(happening: str) -> None:
    assert next_stage(SHIPMENT, DONE, happening) in {None, DONE}


@pytest.mark.parametrize("stage", sorted(AT_SHIPHERO))
def test_what_fails_about_a_deleted_note_is_the_cancelling_of_its_order(stage: str) -> None:
    assert next_stage(ORDER, stage, FAILED, is_deleted=True) == CANCEL_REFUSED


@given(happenings)
def test_no_order_that_shiphero_has_is_ever_forgotten(told: list[tuple[str, bool]]) -> None:
    stages = walk(ORDER, told, start=DONE)

    until_sent_anew = stages[: stages.index(QUEUED)] if QUEUED in stages else stages
    assert set(until_sent_anew) <= {*AT_SHIPHERO, CANCELED}


@given(happenings)
def test_an_order_is_sent_anew_only_after_it_was_cancelled(told: list[tuple[str, bool]]) -> None:
    stages = walk(ORDER, told, start=DONE)

    left_for_queue = {before for before, after in pairwise(stages) if after == QUEUED}
    assert not left_for_queue & AT_SHIPHERO


@given(happenings)
def test_no_failure_about_an_order_that_is_there_goes_by_unseen(
    told: list[tuple[str, bool]],
) -> None:
    stages = walk(ORDER, [*told, (FAILED, False)])

    assert stages[-1] in NEEDS_PERSON | {CHANGE_REFUSED, CANCELED}


@given(st.sampled_from(SIDES), happenings)
def test_no_sequence_of_happenings_ends_outside_the_table(
    side: str, told: list[tuple[str, bool]]
) -> None:
    assert set(walk(side, told)) <= set(MOVES[side])


@given(happenings)
def test_a_shipment_that_was_written_back_is_never_forgotten(told: list[tuple[str, bool]]) -> None:
    assert set(walk(SHIPMENT, told, start=DONE)) == {DONE}


@pytest.mark.parametrize(
    ("stage", "word"),
    [
        ("queued", "Pending"),
        ("held", "Pending"),
        ("kept_back", "Pending"),
        ("waiting_for_budget", "Pending"),
        ("retrying", "Pending"),
        ("checking", "Pending"),
        ("done", "Synced"),
        ("change_refused", "Synced"),
        ("canceled", "Cancelled"),
        ("cancel_refused", "Failed"),
        ("failed", "Failed"),
        ("skipped", "Skipped"),
    ],
)
def test_an_order_stage_shows_one_word_of_the_sync_log(stage: str, word: str) -> None:
    assert status_words(stage, "").order == word


def test_a_shipment_is_blank_until_it_is_written_back() -> None:
    assert {stage for stage in STAGES[SHIPMENT] if status_words("done", stage).shipment} == {DONE}
    assert status_words("done", DONE).shipment == "Synced"


def test_every_stage_has_its_moves_and_its_word() -> None:
    assert {side: set(MOVES[side]) for side in SIDES} == {one: set(STAGES[one]) for one in SIDES}
    assert (set(ORDER_WORDS), set(SHIPMENT_WORDS)) == (set(STAGES[ORDER]), set(STAGES[SHIPMENT]))
