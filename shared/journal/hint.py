"""Wake the relay sooner than its poll: a hint, never the truth.

On PostgreSQL the writer says NOTIFY on a connection of its own after its commit (inside the
transaction it would serialise all commits: https://www.recall.ai/blog/postgres-listen-notify-does-not-scale),
at most every few milliseconds; the relay LISTENs. On SQLite the relay's short poll is all.
"""

import threading
import time

import psycopg
import structlog
from sqlalchemy import Engine, event
from sqlmodel import Session

CHANNEL = "goodsout_due"
NOTIFY = f"NOTIFY {CHANNEL}".encode()
# Seconds. The first hint goes and wakes at once; in a flood one serves many commits, since each
# costs the writer a round trip and the relay a look at every queue.
NOT_MORE_OFTEN = 0.03
BREATH = 0.05
PAUSE_AFTER_TROUBLE = 1.0

log = structlog.get_logger()


class Waiter:
    """Pauses the relay up to its poll, or until a hint comes."""

    def __init__(self, engine: Engine) -> None:
        self._hinted = threading.Event()
        self._woken = 0.0
        if engine.dialect.name == "postgresql":
            args = (_plain_url(engine),)
            threading.Thread(target=self._listen, args=args, name="hints", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or at once when rows became due after a moment of rest."""
        self._hinted.wait(seconds)
        time.sleep(max(0.0, self._woken + BREATH - time.monotonic()))
        self._woken = time.monotonic()
        self._hinted.clear()

    def _listen(self, url: str) -> None:
        while True:
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    for _ in connection.notifies():
                        self._hinted.set()
            except psycopg.Error:
                # The poll carries on; a hint that does not come costs milliseconds.
                time.sleep(PAUSE_AFTER_TROUBLE)


def hint_after_commits(engine: Engine) -> None:
    """Have every committed write of this process hint at rows that may be due."""
    if engine.dialect.name != "postgresql":
        return
    hinter = _Hinter(engine)
    event.listen(Session, "after_commit", hinter.hint)


class _Hinter:
    def __init__(self, engine: Engine) -> None:
        self._url = _plain_url(engine)
        self._wanted = threading.Event()
        threading.Thread(target=self._run, name="hinter", daemon=True).start()

    def hint(self, _session: Session) -> None:
        self._wanted.set()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            try:
                # Not by the pool: a connection of our own costs a tenth for each hint.
                with psycopg.connect(self._url, autocommit=True) as connection:
                    self._hint_with(connection)
            except psycopg.Error as error:
                log.debug("hint.not_given", error=type(error).__name__)
                time.sleep(PAUSE_AFTER_TROUBLE)

    def _hint_with(self, connection: psycopg.Connection[object]) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            connection.execute(NOTIFY)
            time.sleep(NOT_MORE_OFTEN)


def _plain_url(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
