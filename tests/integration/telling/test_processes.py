"""Real clocks tell while notes go on failing, and one is killed."""

from pathlib import Path

from tests.integration.clock.test_process import a_process
from tests.integration.telling.office import KEY, Office, thread_of
from tests.waiting import until

WITHIN = 60.0
AT_ONCE = 100
# An hour is two seconds then, and a look comes five times a second.
FAST = {"TIME_SCALE": "0.0005", "SECRET_KEYS": KEY}


def test_a_clock_that_is_killed_beside_another_forgets_and_doubles_nothing(
    office: Office, tmp_path: Path
) -> None:
    with (
        a_process(office.books, tmp_path, "first", **FAST) as first,
        a_process(office.books, tmp_path, "other", **FAST),
    ):
        until(lambda: _started(tmp_path), within=WITHIN, what="both clocks to start")
        for number, half in enumerate((range(0, 500, AT_ONCE), range(500, 1000, AT_ONCE)), 1):
            for start in half:
                office.fail(range(start, start + AT_ONCE))
            # The second half comes after a mail, so that it is told by another one.
            until(lambda: len(office.letters()) >= number, within=WITHIN)  # noqa: B023 - called at once
        office.fail(range(1000, 1100))
        first.kill()
        first.wait()
        for start in range(1100, 2000, AT_ONCE):
            office.fail(range(start, start + AT_ONCE))
        until(lambda: not office.untold(), within=WITHIN, what="everything to be told")

    letters = office.letters()
    assert [letter.number for letter in letters] == list(range(1, len(letters) + 1))
    assert len({thread_of(letter) for letter in letters}) == 1
    assert sum(_count(letter.text) for letter in letters) == 2000


def _count(text: str) -> int:
    return int(text.splitlines()[0].split()[0].replace(",", ""))


def _started(folder: Path) -> bool:
    logs = [log.read_text() for log in folder.iterdir() if log.name in {"first", "other"}]
    return len(logs) == 2 and all("process.started" in log for log in logs)
