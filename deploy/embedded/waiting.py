"""Wait until processes say that they are ready."""

import threading
import time
from collections.abc import Sequence

import requests

from deploy.embedded.parts import Part

PAUSE = 0.2


class NotReadyInTimeError(Exception):
    """A process did not become ready; the sentence names it."""


def wait_until_ready(
    parts: Sequence[Part], *, seconds: float, stop: threading.Event | None = None
) -> None:
    """Return when every part answers 200 at its ready URL, or `stop` is set."""
    stop = stop or threading.Event()
    until = time.monotonic() + seconds
    for part in parts:
        while not stop.is_set() and not is_ready(part):
            if time.monotonic() > until:
                raise NotReadyInTimeError(
                    f"{part.name} was not ready within {seconds:.0f} s: see what it said."
                )
            stop.wait(PAUSE)


def is_ready(part: Part) -> bool:
    """Ask once."""
    try:
        return requests.get(part.ready_url, timeout=2).ok
    except requests.RequestException:
        return False
