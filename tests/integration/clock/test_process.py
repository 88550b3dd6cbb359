"""Two clocks run side by side, and one is killed."""

import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from deploy.embedded.parts import python
from shared.db.journal_tables import EventRow
from shared.secrets import new_key
from tests.integration.clock.hall import JOBS, connect, done, recorded
from tests.integration.journal.books import Books
from tests.servers.forge import Forged, forged
from tests.waiting import until

OFTEN = JOBS["reconciliation"]
EVERY = timedelta(seconds=0.5)
START_WITHIN = 30.0
PERIODS = 8
ROOT = Path(__file__).parents[3]


@contextmanager
def a_process(books: Books, folder: Path, name: str, **more: str) -> Iterator[Forged]:
    """Run one clock as a process of its own, with `more` settings."""
    settings = {
        "DATABASE_URL": books.engine.url.render_as_string(hide_password=False),
        "BROKER_URL": "memory://",
        "SECRET_KEYS": new_key(),
        "RECONCILE_EVERY": str(EVERY.total_seconds()),
        "LOG_FORMAT": "json",
        **more,
    }
    command = python("services.notifier.clock")
    process = forged(command, {**os.environ, **settings}, folder / name)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_killing_one_of_two_clocks_stops_nothing(books: Books, tmp_path: Path) -> None:
    connect(books, books.account)
    with a_process(books, tmp_path, "first") as first, a_process(books, tmp_path, "other") as other:
        until(lambda: _started(tmp_path), within=START_WITHIN, what="both clocks to start")
        until(lambda: len(done(books, OFTEN)) >= 2, within=START_WITHIN)
        first.kill()
        first.wait()
        known = len(done(books, OFTEN))
        until(lambda: len(done(books, OFTEN)) >= known + 3, within=START_WITHIN)
        other.send_signal(signal.SIGTERM)

        assert other.wait(timeout=START_WITHIN) == 0

    began = sorted(_period_of(row) for row in recorded(books, OFTEN))
    # One run a period: two would have begun less than half a second apart.
    assert all(later - earlier >= EVERY for earlier, later in pairwise(began))


def test_two_clocks_of_which_one_is_killed_again_and_again_leave_no_period_out(
    books: Books, tmp_path: Path
) -> None:
    accounts = [books.account, *(books.open_account(f"shop{number}") for number in range(20))]
    for account_id in accounts:
        connect(books, account_id)
    file = tmp_path / "now"
    set_time(books, file)
    clocks = [tick(books, file), tick(books, file)]
    try:
        for number in range(PERIODS):
            expected = (number + 1) * len(accounts)
            if number % 2:
                clocks.append(tick(books, file))
                killed = clocks.pop(0)
                killed.kill()  # amid a look, whichever that is
                killed.wait()
            until(lambda: len(done(books, OFTEN)) >= expected, within=START_WITHIN)  # noqa: B023 - called at once
            books.clock.time += OFTEN.every
            set_time(books, file)
    finally:
        for clock in clocks:
            clock.kill()
            clock.wait()

    runs = Counter(row.dedupe_key for row in recorded(books, OFTEN))
    by_account = Counter(row.account_id for row in recorded(books, OFTEN))
    assert set(runs.values()) == {1}
    # What the last look of a killed clock may have added is the period after.
    assert set(by_account.values()) <= {PERIODS, PERIODS + 1}
    assert all(later - earlier == OFTEN.every for earlier, later in _neighbours(books))


def tick(books: Books, file: Path) -> subprocess.Popen[bytes]:
    """Start a clock that looks as fast as it can."""
    url = books.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.clock.ticking", url, str(file), OFTEN.name],
        cwd=ROOT,
    )


def set_time(books: Books, file: Path) -> None:
    """Tell the clocks the time; a file is replaced whole."""
    fresh = file.with_suffix(".new")
    fresh.write_text(books.clock().isoformat())
    fresh.replace(file)


def _neighbours(books: Books) -> list[tuple[datetime, datetime]]:
    """Give each account's periods, one and the next."""
    periods: dict[str, list[datetime]] = defaultdict(list)
    for row in recorded(books, OFTEN):
        code, _, began = row.dedupe_key.partition(f":{OFTEN.name}:")
        periods[code].append(datetime.fromisoformat(began))
    return [pair for began in periods.values() for pair in pairwise(sorted(began))]


def _period_of(row: EventRow) -> datetime:
    return datetime.fromisoformat(row.dedupe_key.removeprefix("acme:reconciliation:"))


def _started(folder: Path) -> bool:
    logs = [log.read_text() for log in folder.iterdir() if log.name in {"first", "other"}]
    return all("process.started" in log for log in logs)
