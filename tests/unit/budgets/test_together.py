"""Steps that wait at the same moment are taken together, and each gets its own answer."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from shared.budgets.together import Together
from shared.errors import OurTrouble
from tests.waiting import until

KEY = "demo"


class Row:
    """A row whose first step can be held up; keeps which steps came together."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.taken: list[list[int]] = []
        self.together = Together(self.take_all)

    def take_all(self, _key: str, steps: Sequence[int]) -> list[int]:
        """Multiply by ten, but for two numbers."""
        self.taken.append(list(steps))
        if self.taken == [[1]]:
            self.may_go.wait(10)
        if 13 in steps:
            raise ValueError("13")
        if 99 in steps:
            raise OurTrouble("the database is away")
        return [step * 10 for step in steps]

    def all_at_once(self, *steps: int) -> dict[int, Future[int]]:
        """Take step 1, hold it up, and have the others wait for it."""
        with ThreadPoolExecutor(len(steps) + 1) as pool:
            first = pool.submit(self.together.take, KEY, 1)
            until(lambda: self.taken, what="the first step is being taken")
            asked = {step: pool.submit(self.together.take, KEY, step) for step in steps}
            until(lambda: self.waiting() == len(steps), what="the others wait")
            self.may_go.set()
        return {1: first, **asked}

    def waiting(self) -> int:
        """Say how many wait."""
        return len(self.together._waiting.get(KEY, ()))


@pytest.fixture
def row() -> Row:
    return Row()


def test_what_waits_is_taken_together(row: Row) -> None:
    came = row.all_at_once(2, 3, 4)

    assert {step: future.result() for step, future in came.items()} == {1: 10, 2: 20, 3: 30, 4: 40}
    assert [sorted(steps) for steps in row.taken] == [[1], [2, 3, 4]]


def test_a_step_that_cannot_be_taken_fails_no_other(row: Row) -> None:
    came = row.all_at_once(2, 13, 4)

    assert [came[step].result() for step in (1, 2, 4)] == [10, 20, 40]
    with pytest.raises(ValueError, match="13"):
        came[13].result()


def test_our_trouble_is_told_to_all_and_tried_once(row: Row) -> None:
    came = row.all_at_once(2, 99)

    for step in (2, 99):
        with pytest.raises(OurTrouble):
            came[step].result()
    assert len(row.taken) == 2


def test_another_budgets_steps_do_not_wait(row: Row) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(row.together.take, KEY, 1)
        until(lambda: row.taken, what="the first step is being taken")

        assert row.together.take("other", 5) == 50
        row.may_go.set()
    assert first.result() == 10
