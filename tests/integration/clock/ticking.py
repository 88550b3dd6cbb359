"""A clock as a process, by a time that the test writes into a file: it looks again and again."""

import sys
from datetime import datetime
from pathlib import Path

from services.notifier.clock_rounds import Rounds
from shared.db.engine import open_engine, reading_session_maker, session_maker
from tests.integration.clock.hall import JOBS


def main(url: str, file: str, job: str) -> None:
    """Look until killed; a new clock at each look remembers nothing that it offered."""
    engine = open_engine(url)
    opening, reading = session_maker(engine), reading_session_maker(engine)

    def now() -> datetime:
        return datetime.fromisoformat(Path(file).read_text())

    while True:
        Rounds(open_session=opening, open_reading=reading, now=now).record_due(JOBS[job])


if __name__ == "__main__":
    main(*sys.argv[1:])
