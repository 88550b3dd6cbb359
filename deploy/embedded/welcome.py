"""Wait for every process, connect the demo account, say where to look, then stay."""

import os
import sys
import threading

from deploy.embedded.demo import connect_demo
from deploy.embedded.greeting import greeting
from deploy.embedded.parts import Ports, parts_of
from deploy.embedded.waiting import NotReadyInTimeError, wait_until_ready
from shared.errors import GoodsoutError
from shared.logs import configure_logs
from shared.process import stop_on_signals

ENDING = "Everything is kept in {folder}; Ctrl-C stops, the next `make run` goes on from there."


def main() -> int:
    """Greet once everything runs; end only when told to."""
    configure_logs("welcome", os.environ.get("LOG_FORMAT", "auto"))
    stop = stop_on_signals()
    ports = Ports.from_environment(os.environ)
    try:
        wait_until_ready(parts_of(ports), seconds=60, stop=stop)
        if not stop.is_set():
            connect_demo(os.environ)
    except NotReadyInTimeError as late:
        print(late, file=sys.stderr)
        return 1
    except GoodsoutError as trouble:
        # Everything runs, and what it does about it can be looked at.
        print(f"The demo account could not be looked after: {trouble}", file=sys.stderr)
    if not stop.is_set():
        folder = os.environ.get("GOODSOUT_FOLDER", "var")
        words = greeting(
            portal=f"http://127.0.0.1:{ports.portal}",
            sandbox=f"http://127.0.0.1:{ports.sandbox}",
            ending=ENDING.format(folder=folder),
        )
        print(words, flush=True)
    _stay(stop)
    return 0


def _stay(stop: threading.Event) -> None:
    # honcho ends everything when one process ends, so this one waits with the others.
    stop.wait()


if __name__ == "__main__":
    sys.exit(main())
