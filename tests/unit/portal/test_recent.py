"""An answer that is dear to work out is kept, the longer the dearer it was."""

from uuid import UUID

import pytest

from services.portal.frame.recent import Recently

ANN, BOB = UUID(int=1), UUID(int=2)


class Clock:
    """A clock that stands still, and an answer that takes `cost` seconds to work out."""

    def __init__(self, cost: float) -> None:
        """Begin at nought."""
        self.now = 0.0
        self.cost = cost
        self.worked_out = 0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def work_out(self) -> int:
        """Take the time and count."""
        self.now += self.cost
        self.worked_out += 1
        return self.worked_out


@pytest.mark.parametrize(
    ("cost", "kept_for"), [(0.0, 2.0), (0.001, 2.0), (0.5, 50.0), (10.0, 60.0)]
)
def test_the_dearer_the_longer_but_never_too_long(cost: float, kept_for: float) -> None:
    clock = Clock(cost)
    recently: Recently[int] = Recently(clock, share=100, at_most=60.0)

    first = recently.get(ANN, clock.work_out)
    clock.now += kept_for - 0.01
    second = recently.get(ANN, clock.work_out)
    clock.now += 0.02
    third = recently.get(ANN, clock.work_out)

    assert (first, second, third) == (1, 1, 2)


def test_each_account_has_its_own_answer() -> None:
    clock = Clock(1.0)
    recently: Recently[int] = Recently(clock)

    assert (recently.get(ANN, clock.work_out), recently.get(BOB, clock.work_out)) == (1, 2)


def test_a_dear_answer_that_is_too_old_is_given_once_more_at_once() -> None:
    clock = Clock(1.0)
    recently: Recently[int] = Recently(clock, at_most=60.0)
    first = recently.get_at_once(ANN, clock.work_out)
    clock.now += 20.5

    old, fresh, kept = (recently.get_at_once(ANN, clock.work_out) for _ in range(3))

    assert (first, old, fresh, kept) == ((1, False), (1, True), (2, False), (2, False))


def test_an_answer_that_is_soon_had_is_never_given_too_old() -> None:
    clock = Clock(0.1)
    recently: Recently[int] = Recently(clock)
    recently.get_at_once(ANN, clock.work_out)
    clock.now += 60

    assert recently.get_at_once(ANN, clock.work_out) == (2, False)
