"""Signals held against each other."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifier.silence.judging import silences
from services.notifier.silence.signals import SIGNALS, sentence_of
from shared.signals import BRIGHTPEARL_WEBHOOKS, NOTES, SHIPHERO_WEBHOOKS, SHIPMENTS
from shared.usual import CountOf, Silence

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def heard(*silent: str, hours: int = 4, usual: int = 40, is_compared: bool = True) -> set[str]:
    """Give what is told when these signals brought nothing for so many hours."""

    def count_of(signal: str) -> CountOf:
        begin = NOON - timedelta(hours=hours)
        return lambda hour: 0 if signal in silent and hour >= begin else usual

    counts = {signal: count_of(signal) for signal in SIGNALS}
    return set(silences(counts, end=NOON, zone=UTC, is_compared=is_compared))


def test_one_side_that_falls_silent_is_told() -> None:
    assert heard(NOTES) == {NOTES}
    assert heard(SHIPMENTS) == {SHIPMENTS}


def test_webhooks_that_tell_of_nothing_are_not_silent() -> None:
    assert heard(NOTES, BRIGHTPEARL_WEBHOOKS) == {NOTES}


def test_webhooks_are_silent_while_comparisons_find_what_they_should_tell() -> None:
    assert heard(BRIGHTPEARL_WEBHOOKS, SHIPHERO_WEBHOOKS) == {
        BRIGHTPEARL_WEBHOOKS,
        SHIPHERO_WEBHOOKS,
    }


def test_a_day_on_which_both_sides_rest_is_a_holiday() -> None:
    assert heard(*SIGNALS, hours=12) == set()


def test_a_rest_that_both_lists_do_not_prove_is_told_at_once() -> None:
    assert heard(*SIGNALS, is_compared=False) == {NOTES, SHIPMENTS}


def test_the_sentence_says_the_usual_the_seen_and_what_to_do() -> None:
    silence = Silence(hours=4, seen=0, low=30, high=50)

    told = sentence_of(NOTES, silence, end=NOON.astimezone(ZoneInfo("Europe/Berlin")))

    assert told.startswith(
        "Unusually few goods-out notes: 30-50 usually come between Mon 09:00 and 13:00, this time "
        "none. "
    )


def test_the_sentence_of_a_long_silence_names_both_days() -> None:
    silence = Silence(hours=24, seen=2, low=20, high=20)

    told = sentence_of(SHIPMENTS, silence, end=NOON)

    assert "20 usually come between Sun 12:00 and Mon 12:00, this time only 2." in told
