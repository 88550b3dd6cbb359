"""What trials of a running system share: notes made all the while, and words on the terminal."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from deploy.embedded.smoke import SmokeRun

NOTES_EVERY = 0.5  # seconds


@contextmanager
def notes_made(run: SmokeRun) -> Iterator[threading.Event]:
    """Have notes made until the event is set or the block ends."""
    enough = threading.Event()
    maker = threading.Thread(target=partial(_make_notes, run, enough))
    maker.start()
    try:
        yield enough
    finally:
        enough.set()
        maker.join()


def _make_notes(run: SmokeRun, enough: threading.Event) -> None:
    while not enough.wait(NOTES_EVERY):
        run.make_note()


def say(words: str) -> None:
    """Tell how far a trial is."""
    print(f"== {words}", flush=True)  # noqa: T201 - a command speaks on the terminal
