"""Brightpearl's window as it is learned from headers, step by step (contract §4)."""

import pytest

from shared.budgets.brightpearl_window import CAREFUL, CLOCKS_APART, BrightpearlWindow
from shared.budgets.counting import LONGEST_CALL, Told
from shared.events import Lane
from tests.unit.budgets.tellings import NOON, TOO_MANY, of_brightpearl, silence, told

LIVE, BACKFILL = Lane.LIVE, Lane.BACKFILL


def after(*answers: Told, share: int = 95) -> BrightpearlWindow:
    """Give the budget after requests that were answered one after the other."""
    window = BrightpearlWindow(share=share)
    for number, answer in enumerate(answers):
        key = str(number)
        window = window.swept(now=answer.ended, share=share)
        window = window.reserved(key, 1, now=answer.started).answered(key, answer)
    return window


def at(window: BrightpearlWindow, now: float) -> BrightpearlWindow:
    """Give the budget as it is read at a moment."""
    return window.swept(now=now, share=window.share)


def test_before_anything_was_told_few_go_out() -> None:
    assert BrightpearlWindow().room(lane=LIVE, now=NOON) == CAREFUL


def test_the_room_is_learned_from_an_answers_headers() -> None:
    window = after(of_brightpearl(200, {}, left=120, resets_in_ms=40_000))

    assert window.room(lane=LIVE, now=NOON) == 120
    assert window.room(lane=LIVE, now=NOON + 39) == 120


def test_any_answer_teaches_also_a_refusal_of_another_kind() -> None:
    window = after(of_brightpearl(404, {"errors": []}, left=7, resets_in_ms=40_000))

    assert window.room(lane=LIVE, now=NOON) == 7


def test_what_is_under_way_is_no_longer_free() -> None:
    window = after(told(left=120, resets_in=40.0)).reserved("a", 1, now=NOON)

    assert window.room(lane=LIVE, now=NOON) == 119


def test_answers_that_overtook_each_other_count_by_the_least_they_told() -> None:
    window = after(told(left=118, resets_in=40.0), told(left=119, resets_in=40.0))

    assert window.room(lane=LIVE, now=NOON) == 118


@pytest.mark.parametrize(("share", "ours"), [(100, 199), (95, 189), (50, 99), (10, 19)])
def test_no_more_than_the_configured_share_is_ours(share: int, ours: int) -> None:
    window = after(told(left=199, resets_in=40.0), share=share)

    assert window.room(lane=LIVE, now=NOON) == ours


def test_a_closed_window_opens_at_its_end_and_not_before() -> None:
    window = after(told(left=0, resets_in=40.0))
    opens = NOON + 40 + CLOCKS_APART

    assert window.wait(1, lane=LIVE, now=NOON) == pytest.approx(opens - NOON)
    assert at(window, opens - 0.01).room(lane=LIVE, now=opens - 0.01) == 0
    assert at(window, opens).wait(1, lane=LIVE, now=opens) == 0.0


def test_a_new_window_expects_others_to_take_what_they_took_before() -> None:
    ours = [told(left=left, resets_in=40.0) for left in (92, 91, 90)]
    opens = NOON + 42

    assert at(after(*ours), opens).room(lane=LIVE, now=opens) == 93


def test_an_answer_that_comes_after_its_windows_end_counts_there() -> None:
    late = told(ended=NOON + 45, took=20.0, left=5, resets_in=14.0)

    window = after(told(left=100, resets_in=40.0), told(ended=NOON + 43, left=199, resets_in=57.0))
    before = window.room(lane=LIVE, now=NOON + 45)
    window = window.reserved("late", 1, now=NOON + 25).answered("late", late)

    assert (before, window.room(lane=LIVE, now=NOON + 45)) == (189, 189)


def test_a_request_sent_before_the_edge_and_counted_after_it_is_in_the_new_window() -> None:
    over_the_edge = told(ended=NOON + 43, took=4.0, left=199, resets_in=57.0)

    window = after(told(left=100, resets_in=40.0), over_the_edge)

    assert window.room(lane=LIVE, now=NOON + 43) == 189


def test_an_answer_too_slow_to_say_which_window_counted_it_counts_in_both() -> None:
    first = told(left=100, resets_in=40.0)
    slow = told(ended=NOON + 50, took=58.0, left=60, resets_in=49.0)

    window = at(after(first), NOON + 50).reserved("slow", 1, now=NOON - 8).answered("slow", slow)

    assert window.room(lane=LIVE, now=NOON + 50) == 101 - 1


def test_a_request_without_figures_counts_until_no_open_window_can_be_its() -> None:
    # It was sent a minute before, but may have been counted just before its end: the window that
    # counted it may be open for another minute.
    window = after(told(left=199, resets_in=60.0))
    window = window.reserved("mute", 1, now=NOON - 20).answered("mute", silence(took=20.0))

    assert at(window, NOON + 59).room(lane=LIVE, now=NOON + 59) == 188
    assert window.unsure == {"mute": NOON}
    assert at(window, NOON + 60 + CLOCKS_APART).unsure == {}


def test_a_request_without_figures_is_forgotten_with_the_window_that_must_have_counted_it() -> None:
    mute = silence(ended=NOON + 5)
    window = after(
        told(left=199, resets_in=40.0), mute, told(ended=NOON + 50, left=199, resets_in=50.0)
    )

    assert window.unsure == {}


def test_a_request_whose_process_died_lapses_by_itself() -> None:
    window = BrightpearlWindow().reserved("dead", 1, now=NOON)
    lapses = NOON + LONGEST_CALL + 60 + CLOCKS_APART

    assert "dead" in at(window, lapses - 1).under_way
    assert at(window, lapses).under_way == {}


def test_the_vendors_refusal_closes_until_the_time_that_it_told() -> None:
    refusal = of_brightpearl(503, {"response": TOO_MANY}, left=0, resets_in_ms=37_500)

    window = after(refusal)

    assert window.wait(1, lane=LIVE, now=NOON) == pytest.approx(37.5 + CLOCKS_APART)
    assert window.room(lane=LIVE, now=NOON + 37) == 0
    assert at(window, NOON + 39).wait(1, lane=LIVE, now=NOON + 39) == 0.0


def test_a_refusal_without_headers_closes_for_a_whole_window() -> None:
    window = after(of_brightpearl(503, {"response": TOO_MANY}))

    assert window.wait(1, lane=LIVE, now=NOON) == pytest.approx(60 + CLOCKS_APART)


def test_an_answer_with_room_opens_nothing_that_was_refused() -> None:
    refusal = of_brightpearl(503, {"response": TOO_MANY})

    window = after(refusal, told(left=100, resets_in=40.0))

    assert window.wait(1, lane=LIVE, now=NOON) == pytest.approx(60 + CLOCKS_APART)


def test_429_is_the_same_refusal() -> None:
    assert after(of_brightpearl(429, b"", resets_in_ms=900)).shut_until > NOON


@pytest.mark.parametrize("body", [{"response": "Service unavailable"}, b"<html>", {}])
def test_a_503_of_another_kind_closes_nothing(body: object) -> None:
    window = after(of_brightpearl(503, body, left=80, resets_in_ms=20_000))

    assert window.room(lane=LIVE, now=NOON) == 80


def test_a_raised_limit_is_learned_and_lost_again_by_a_refusal() -> None:
    raised = after(told(left=599, resets_in=40.0))
    refused = raised.reserved("b", 1, now=NOON).answered(
        "b", told(left=0, resets_in=40.0, refused=True)
    )

    assert (raised.part, refused.part) == (570, 190)


def test_backfill_leaves_a_little_of_each_window_to_live_work() -> None:
    window = after(told(left=10, resets_in=40.0))

    assert (window.room(lane=LIVE, now=NOON), window.room(lane=BACKFILL, now=NOON)) == (10, 7)


def test_a_state_of_another_version_is_read_and_a_state_of_ours_is_kept_as_json() -> None:
    window = after(told(left=120, resets_in=40.0)).reserved("a", 1, now=NOON)

    assert BrightpearlWindow.model_validate({"of_another_version": 1}) == BrightpearlWindow()
    assert BrightpearlWindow.model_validate_json(window.model_dump_json()) == window
