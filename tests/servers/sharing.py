"""One server for all workers of a pytest-xdist run: the first one starts it.

Who uses the server holds a shared lock; the one that started it takes that lock for itself
alone before it removes the server, and so waits for the others. The kernel frees the lock of a
worker that crashed.
"""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.protocol import Server

Description = dict[str, Any]


@contextmanager
def shared(
    folder: Path,
    name: str,
    *,
    make: Callable[[], Server],
    describe: Callable[[Any], Description],
) -> Iterator[Description]:
    """Join the server `name` of this run, or start it; gives its description."""
    note = folder / f"{name}.json"
    users = folder / f"{name}.users"
    own: Server | None = None
    with _locked(folder / f"{name}.lock", fcntl.LOCK_EX):
        if not note.exists():
            own = _started(make)
            note.write_text(json.dumps(describe(own)))
        description: Description = json.loads(note.read_text())
        using = _locked(users, fcntl.LOCK_SH)
        using.__enter__()
    try:
        yield description
    finally:
        using.__exit__(None, None, None)
        if own is not None:
            with _locked(folder / f"{name}.lock", fcntl.LOCK_EX):
                note.unlink()  # a worker that comes now starts its own
            with _locked(users, fcntl.LOCK_EX):
                own.remove()


def _started(make: Callable[[], Server]) -> Server:
    server = make()
    try:
        server.start()
    except BaseException:
        server.remove()
        raise
    return server


@contextmanager
def _locked(file: Path, how: int) -> Iterator[None]:
    with file.open("a") as handle:
        fcntl.flock(handle, how)
        yield
