"""Two clocks run side by side, and one is killed."""

import os
import signal
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


def _period_of(row: EventRow) -> datetime:
    return datetime.fromisoformat(row.dedupe_key.removeprefix("acme:reconciliation:"))


def _started(folder: Path) -> bool:
    logs = [log.read_text() for log in folder.iterdir() if log.name in {"first", "other"}]
    return all("process.started" in log for log in logs)
