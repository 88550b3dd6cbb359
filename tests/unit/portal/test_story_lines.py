"""How a note's story is told line by line."""

from uuid import UUID

import pytest

from services.portal.log.calls import calls_of, duration
from services.portal.log.note_story import next_try
from services.portal.log.story_lines import lines_of
from tests.unit.portal.stories import NOON, a_change, a_story, after, an_attempt, an_event


def test_a_note_that_was_only_just_noticed_has_no_lines() -> None:
    assert lines_of(a_story()) == []


def test_at_one_moment_the_event_comes_before_its_attempt_and_the_change_last() -> None:
    story = a_story(events=[an_event()], attempts=[an_attempt()], changes=[a_change()])

    assert [line.kind for line in lines_of(story)] == ["event", "attempt", "change"]


def test_an_attempt_leaves_its_words_to_the_change_that_repeats_them() -> None:
    attempt = an_attempt(ended_at=after(1), result="delivered", reason="It was made.")
    change = a_change(at=after(1), sentence="It was made.")
    story = a_story(events=[an_event()], attempts=[attempt], changes=[change])

    assert [line.sentence for line in lines_of(story)] == ["", "", "It was made."]


def test_an_attempt_that_failed_like_the_one_before_says_so_briefly() -> None:
    attempts = [
        an_attempt(number=1, result="retry", reason="ShipHero was silent."),
        an_attempt(number=2, result="retry", reason="ShipHero was silent.", started_at=after(30)),
    ]
    story = a_story(events=[an_event()], attempts=attempts)

    assert lines_of(story)[-1].sentence == "The same again."


def test_a_vendor_call_without_an_answer_is_shown_as_failed() -> None:
    [call] = calls_of([{"vendor": "shiphero", "operation": "order_create", "status": None}])

    assert (call.vendor, call.status, call.failed) == ("ShipHero", "no answer", True)


def test_the_next_try_is_the_earliest_that_is_planned() -> None:
    events = [an_event(due_at=after(300)), an_event(due_at=after(60)), an_event(due_at=after(-1))]

    assert next_try(a_story(events=events), now=NOON) == after(60)


def test_a_held_event_has_no_next_try() -> None:
    held = an_event(due_at=after(60), hold_cause="order_sync_off")

    assert next_try(a_story(events=[held]), now=NOON) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.412, "412 ms"), (1.84, "1.8 s"), (125, "2 min 5 s"), (None, "not said")],
)
def test_a_length_of_time_is_written_the_short_way(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_what_brightpearl_tells_of_our_own_change_is_one_line() -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    announced = an_event(
        id=UUID(int=30), name="goods_out_notes.announced", traceparent=trace, outcome="delivered"
    )
    echo = an_event(id=UUID(int=31), traceparent=trace, outcome="skipped", reason_code="echo")
    again = an_event(id=UUID(int=32), outcome="skipped", reason_code="echo")
    attempts = [an_attempt(event_id=UUID(int=30)), an_attempt(event_id=UUID(int=31))]

    lines = lines_of(a_story(events=[announced, echo, again], attempts=attempts))

    assert [line.title for line in lines] == ["Brightpearl told of our own change, 2 times"]


def test_an_announcement_that_also_led_to_work_is_shown() -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    announced = an_event(id=UUID(int=30), name="goods_out_notes.announced", traceparent=trace)
    work = an_event(id=UUID(int=31), traceparent=trace, outcome="delivered")
    echo = an_event(id=UUID(int=32), traceparent=trace, outcome="skipped", reason_code="echo")

    lines = lines_of(a_story(events=[announced, work, echo]))

    assert len(lines) == 3
