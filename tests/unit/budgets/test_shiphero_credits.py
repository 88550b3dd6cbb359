"""ShipHero's bucket as it is learned from answers, step by step (contract §3)."""

from typing import Any

import pytest

from shared.budgets.counting import LONGEST_LAPSE, Told
from shared.budgets.shiphero_credits import A_LOOK, A_MOMENT, MOST, ShipHeroCredits
from shared.events import Lane
from tests.unit.budgets.tellings import NOON, of_shiphero, silence, told

LIVE, BACKFILL = Lane.LIVE, Lane.BACKFILL
QUOTA = {"credits_remaining": 263, "max_available": 4004, "increment_rate": 60}


def a_bucket(
    left: int, *, share: int = 90, most: int = 4004, refill: float = 60.0
) -> ShipHeroCredits:
    """Give the budget after one answer that told of a bucket."""
    answer = told(left=left, most=most, refill=refill, cost=1)
    return ShipHeroCredits(share=share).reserved("1", 1, now=NOON).answered("1", answer)


def fits(bucket: ShipHeroCredits, cost: int, *, lane: Lane = LIVE, now: float = NOON) -> bool:
    """Tell whether a request may go at a moment."""
    return bucket.swept(now=now, share=bucket.share).wait(cost, lane=lane, now=now) == 0.0


def error_30(**figures: Any) -> Told:
    """Take what a refusal for want of credits tells."""
    error = {
        "code": 30,
        "message": "There are not enough credits",
        "operation": "orders",
        **figures,
    }
    quota = {"throttling": {"user_quota": QUOTA}}
    return of_shiphero(200, {"data": {"orders": None}, "errors": [error], "extensions": quota})


def test_before_anything_was_told_one_request_looks() -> None:
    looking = ShipHeroCredits().reserved("a", 42, now=NOON)

    assert fits(ShipHeroCredits(), 42)
    assert looking.wait(10, lane=LIVE, now=NOON) == A_MOMENT
    assert fits(looking, 10, now=NOON + A_LOOK)


def test_a_look_that_told_nothing_leaves_the_next_to_look() -> None:
    mute = ShipHeroCredits().reserved("a", 42, now=NOON).answered("a", silence())

    assert fits(mute, 42)
    assert not fits(mute.reserved("b", 42, now=NOON), 10)


def test_what_an_answer_told_is_free_less_the_reserve_for_others() -> None:
    bucket = a_bucket(1000, share=90)  # 401 of 4004 are left to others

    assert fits(bucket, 599)
    assert not fits(bucket, 600)


@pytest.mark.parametrize(("share", "free"), [(100, 2000), (90, 1599), (50, 0)])
def test_no_more_than_the_configured_share_is_ours(share: int, free: int) -> None:
    assert a_bucket(2000, share=share).room(lane=LIVE, now=NOON) == free // 12


def test_the_bucket_fills_by_the_second_and_never_over_its_brim() -> None:
    bucket = a_bucket(401)

    assert bucket.wait(60, lane=LIVE, now=NOON) == pytest.approx(1.0, abs=0.02)
    assert fits(bucket, 600, now=NOON + 10.1)
    assert not fits(bucket, 601, now=NOON + 10)
    assert bucket.room(lane=LIVE, now=NOON + 3600) == (4004 - 401) // 12


def test_an_estimate_is_set_aside_and_what_it_did_not_take_is_given_back() -> None:
    waiting = a_bucket(1000).reserved("a", 500, now=NOON)

    answered = waiting.answered("a", told(left=992, most=4004, refill=60.0, cost=8))

    assert not fits(waiting, 100)
    assert fits(answered, 590)


def test_credits_come_back_in_a_moment_from_what_is_under_way() -> None:
    bucket = a_bucket(1000).reserved("a", 599, now=NOON)

    assert bucket.wait(500, lane=LIVE, now=NOON) == A_MOMENT


def an_answer(asked: float, answered: float, *, left: int, cost: int = 10) -> Told:
    """Build an answer by when it was asked for and when it came, in seconds from noon."""
    return told(
        ended=NOON + answered, took=answered - asked, left=left, most=4004, refill=60.0, cost=cost
    )


def test_an_answer_is_taken_less_what_was_answered_since_it_was_asked_for() -> None:
    asked = a_bucket(2000).reserved("a", 10, now=NOON).reserved("b", 10, now=NOON + 0.2)

    # The vendor ran b before a, but a's answer was here first.
    both = asked.answered("a", an_answer(0.1, 0.5, left=1980))
    both = both.answered("b", an_answer(0.2, 0.6, left=1990))

    assert both.left == 1980


def test_an_older_answer_that_comes_late_raises_nothing() -> None:
    asked = a_bucket(2000).reserved("a", 10, now=NOON).reserved("b", 10, now=NOON + 0.4)

    # Others spent a thousand between the two.
    both = asked.answered("b", an_answer(0.4, 0.5, left=980))
    both = both.answered("a", an_answer(0.0, 0.6, left=1990))

    assert both.left == pytest.approx(980 + 0.1 * 60)


def test_a_lost_answer_may_have_taken_its_estimate() -> None:
    bucket = a_bucket(1000).reserved("a", 100, now=NOON).answered("a", silence())

    assert fits(bucket, 499)
    assert not fits(bucket, 500)


def test_a_request_whose_process_died_lapses_by_itself() -> None:
    bucket = a_bucket(401, refill=0.0001).reserved("dead", 100, now=NOON)

    assert bucket.swept(now=NOON + LONGEST_LAPSE - 1, share=90).under_way != {}
    assert bucket.swept(now=NOON + LONGEST_LAPSE, share=90).under_way == {}


def test_a_refusal_to_wait_for_credits_closes_until_the_time_that_it_told() -> None:
    refusal = error_30(required_credits=1343, remaining_credits=263, time_remaining="18 seconds")

    bucket = a_bucket(4004).reserved("a", 1343, now=NOON).answered("a", refusal)

    assert refusal.refused
    assert bucket.wait(1, lane=LIVE, now=NOON) == pytest.approx(18.0)
    assert bucket.room(lane=LIVE, now=NOON + 17) == 0
    assert fits(bucket, 1, now=NOON + 18)


def test_a_refusal_that_names_no_time_closes_for_as_long_as_is_lacking() -> None:
    refusal = error_30(required_credits=1463, remaining_credits=263, time_remaining="soon")

    bucket = a_bucket(4004).answered("a", refusal)

    assert bucket.wait(1, lane=LIVE, now=NOON) == pytest.approx(20.0)


def test_a_refusal_of_what_no_bucket_holds_closes_nothing() -> None:
    structural = error_30(required_credits=5051, remaining_credits=4004, time_remaining="0")

    bucket = a_bucket(4004).reserved("a", 5051, now=NOON).answered("a", structural)

    assert not structural.refused
    assert bucket.shut_until == 0.0
    assert bucket.under_way == {}


def test_too_many_requests_close_as_long_as_told() -> None:
    bucket = a_bucket(4004).answered("a", of_shiphero(429, b"slow down", **{"Retry-After": "30"}))

    assert bucket.wait(1, lane=LIVE, now=NOON) == pytest.approx(30.0)


def test_what_is_dearer_than_our_part_goes_when_the_bucket_is_full() -> None:
    assert fits(a_bucket(MOST, most=MOST), MOST)
    assert not fits(a_bucket(MOST - 20, most=MOST), MOST)


def test_backfill_leaves_a_little_to_live_work() -> None:
    bucket = a_bucket(401 + 72)

    assert fits(bucket, 72, lane=LIVE)
    assert not fits(bucket, 10, lane=BACKFILL)


def test_cheap_requests_save_for_a_dear_one_that_was_put_off() -> None:
    bucket = a_bucket(401 + 50)

    put_off = bucket.put_off(206, lane=LIVE, until=NOON + 3)

    assert fits(bucket, 10)
    assert not fits(put_off, 10)
    assert fits(put_off, 206, now=NOON + 2.7)


def test_after_a_dear_request_went_cheap_ones_have_their_turn() -> None:
    bucket = a_bucket(401 + 306).put_off(206, lane=LIVE, until=NOON + 3)

    gone = bucket.reserved("dear", 206, now=NOON).put_off(206, lane=LIVE, until=NOON + 9)

    assert fits(gone, 100, now=NOON)
    assert not fits(gone, 100, now=NOON + 3.1)


def test_nothing_is_saved_for_a_dear_request_that_does_not_come_back() -> None:
    bucket = a_bucket(401 + 50).put_off(206, lane=LIVE, until=NOON)

    assert not fits(bucket, 100, now=NOON + 2.9)
    assert fits(bucket, 100, now=NOON + 3)


def test_live_work_saves_for_no_backfill() -> None:
    bucket = a_bucket(401 + 50).put_off(206, lane=BACKFILL, until=NOON + 3)

    assert fits(bucket, 10, lane=LIVE)
    assert bucket.put_off(50, lane=LIVE, until=NOON).saved_for != bucket.saved_for


def test_a_state_of_another_version_is_read_and_a_state_of_ours_is_kept_as_json() -> None:
    bucket = a_bucket(1000).reserved("a", 5, now=NOON).put_off(206, lane=LIVE, until=NOON)

    assert ShipHeroCredits.model_validate({"of_another_version": 1}) == ShipHeroCredits()
    assert ShipHeroCredits.model_validate_json(bucket.model_dump_json()) == bucket
