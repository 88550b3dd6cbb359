"""Several clocks tell at once, one dies in between: nothing is told twice, nothing is forgotten."""

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest

from services.notifier.telling.rounds import TellingRounds
from tests.integration.telling.office import Office


def together(*clocks: TellingRounds) -> None:
    """Let clocks look in the same moment."""
    start = Barrier(len(clocks))

    def look(clock: TellingRounds) -> None:
        start.wait()
        clock.look_at_all()

    threads = [Thread(target=look, args=(clock,)) for clock in clocks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_clocks_tell_each_cause_once(office: Office) -> None:
    for number in range(12):
        office.fail([100 + number], code=f"reason_{number}")

    together(*(office.clock() for _ in range(4)))

    assert len(office.letters()) == 12
    assert office.untold() == []


def test_what_fails_while_clocks_tell_is_told_once(office: Office) -> None:
    def go_on_failing() -> None:
        for note in range(1, 201):
            office.fail([note])

    failing = Thread(target=go_on_failing)
    failing.start()
    while failing.is_alive():
        together(office.clock(), office.clock())
        office.books.clock.pass_(hours=1)
    failing.join()
    office.books.clock.pass_(hours=1)
    office.tell()

    told = [int(_heading(letter.text).split()[0]) for letter in office.letters()]
    assert sum(told) == 200
    assert office.untold() == []


def _heading(text: str) -> str:
    return text.splitlines()[0]


def test_a_clock_that_dies_before_its_commit_has_told_nothing(office: Office) -> None:
    office.fail([7001])
    clock = office.clock()
    usual = next(source for source in clock.sources() if source.name == "causes")

    def die(*given: Any) -> None:
        usual.tell(*given)
        raise SystemExit

    with pytest.raises(SystemExit):
        clock.look(replace(usual, tell=die))
    before = office.letters()

    assert before == []
    assert len(office.tell()) == 1
