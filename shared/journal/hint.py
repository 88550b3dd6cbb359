"""Wake the relay sooner than its poll: a hint, never the truth.

On PostgreSQL the writer says NOTIFY on a connection of its own after its commit (inside the
transaction it would serialise all commits: https://www.recall.ai/blog/postgres-listen-notify-does-not-scale),
at most every few milliseconds; the relay LISTENs. On SQLite the relay's short poll is all.
"""

import threading
import time

import psycopg
import structlog
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

CHANNEL = "goodsout_due"
# Seconds. The first hint goes and wakes at once; in a flood one serves many commits, since each
# costs the writer a round trip and the relay a look at every queue.
NOT_MORE_OFTEN = 0.03
BREATH = 0.05

log = structlog.get_logger()


class Waiter:
    """Pauses the relay up to its poll, or until a hint comes."""

    def __init__(self, engine: Engine) -> None:
        self._hinted = threading.Event()
        self._woken = 0.0
        if engine.dialect.name == "postgresql":
            url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            threading.Thread(target=self._listen, args=(url,), name="hints", daemon=True).start()

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
                time.sleep(1.0)


def hint_after_commits(engine: Engine) -> None:
    """Have every committed write of this process hint at rows that may be due."""
    if engine.dialect.name != "postgresql":
        return
    hinter = _Hinter(engine)
    event.listen(Session, "after_commit", hinter.hint)


class _Hinter:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._wanted = threading.Event()
        threading.Thread(target=self._run, name="hinter", daemon=True).start()

    def hint(self, _session: Session) -> None:
        self._wanted.set()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                with self._engine.connect() as connection:
                    connection.execute(text(f"NOTIFY {CHANNEL}"))
            except SQLAlchemyError as error:
                log.debug("hint.not_given", error=type(error).__name__)
            time.sleep(NOT_MORE_OFTEN)
