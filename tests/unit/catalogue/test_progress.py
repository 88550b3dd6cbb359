"""How a part's progress is put into words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.catalogue.parts import Part
from shared.catalogue.progress import DONE, FAILED, RUNNING, WAITING, PartProgress
from tests.unit.core.notebook import NOON


def a_part(state: str, done: int = 0, total: int | None = None, sentence: str = "") -> PartProgress:
    return PartProgress(
        part=Part.PRODUCTS,
        state=state,
        done=done,
        total=total,
        started_at=NOON,
        moved_at=NOON,
        ended_at=None,
        sentence=sentence,
    )


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (a_part(WAITING), "Products: waiting"),
        (a_part(WAITING, sentence="Not connected."), "Products: waiting. Not connected."),
        (a_part(RUNNING, 3410, 12000), "Products: 3,410 of 12,000"),
        (a_part(RUNNING, 3410), "Products: 3,410 so far"),
        (a_part(RUNNING, 12, 10), "Products: 12 of 12"),
        (a_part(DONE, 12000, 12000), "Products: done, 12,000 fetched"),
        (a_part(FAILED, 5, 9, "Refused."), "Products: stopped at 5 of 9. Refused."),
    ],
)
def test_each_state_is_one_line(progress: PartProgress, words: str) -> None:
    assert progress.words == words


def test_what_waits_or_runs_is_under_way() -> None:
    states = (WAITING, RUNNING, DONE, FAILED)

    assert [a_part(state).under_way for state in states] == [True, True, False, False]


def test_how_long_it_takes_yet_is_reckoned_from_the_pace_so_far() -> None:
    running = replace(a_part(RUNNING, 3000, 12000), moved_at=NOON + timedelta(minutes=3))

    assert running.minutes_left == 9
    assert replace(running, done=11990).minutes_left == 1
    assert replace(running, total=None).minutes_left is None
    assert replace(running, done=0).minutes_left is None
    assert replace(running, state=DONE).minutes_left is None
    assert a_part(RUNNING, 3000, 12000).minutes_left is None


def test_products_that_did_not_change_are_told_from_none() -> None:
    unchanged = a_part(DONE)

    assert unchanged.found_no_change
    assert not replace(unchanged, part=Part.CHANNELS).found_no_change
    assert not replace(unchanged, state=RUNNING).found_no_change
