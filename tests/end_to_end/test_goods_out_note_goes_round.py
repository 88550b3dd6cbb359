"""A goods-out note travels to ShipHero and its tracking number travels back."""

from collections.abc import Callable

import pytest
import requests

from deploy.embedded.demo import connect_demo
from deploy.embedded.smoke import SmokeRun
from tests.waiting import until


def test_twenty_notes_are_shipped_once_each(system: SmokeRun) -> None:
    for _ in range(20):
        system.make_note()

    system.wait_until_shipped(20, seconds=60)

    walked = system.walked()
    assert (walked.notes, walked.lost, walked.duplicates, walked.unexplained) == (20, 0, 0, 0)
    assert system.supervisor.died() == []


@pytest.mark.timeout(300)
def test_killing_any_process_loses_and_doubles_nothing(system: SmokeRun) -> None:
    for name in system.supervisor.parts:
        _make_notes(system, 2)
        system.supervisor.kill(name)
        system.supervisor.start(name)
        _make_notes(system, 2)
    notes = 4 * len(system.supervisor.parts)

    system.wait_until_shipped(notes, seconds=150)

    walked = system.walked()
    # A sandbox killed before its answer may have made a note that the test then made again.
    assert walked.notes >= notes
    assert (walked.lost, walked.duplicates, walked.unexplained) == (0, 0, 0)


def test_a_second_start_goes_on_where_the_first_stopped(
    embedded: Callable[[], SmokeRun],
) -> None:
    run = embedded()
    with run.supervisor:
        connect_demo(run.environment, run.ports)
        _make_notes(run, 3)

    with run.supervisor:
        connect_demo(run.environment, run.ports)
        _make_notes(run, 2)
        run.wait_until_shipped(5, seconds=60)
        walked = run.walked()

    assert (walked.notes, walked.lost, walked.duplicates) == (5, 0, 0)


def _make_notes(system: SmokeRun, count: int) -> None:
    for _ in range(count):
        # The sandbox may just have been killed: the person in Brightpearl tries again.
        until(lambda: _made(system), within=30, what="a note made in the sandbox")


def _made(system: SmokeRun) -> bool:
    try:
        system.make_note()
    except requests.RequestException:
        return False
    return True
