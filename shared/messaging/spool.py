"""One queue as a folder of files that several processes may write to and take from.

    <queue>/writing/   files being written; never read
    <queue>/ready/     whole messages, named so that names sort by age
    <queue>/taken/<owner>/   what one consumer holds; goes back when its owner ends

A message changes hands by `rename` only, which either happens or does not: no reader sees half
a file, no two consumers get the same one. Nothing is synced to the platter: after a power cut
the journal sends again.
"""

import fcntl
import heapq
import itertools
import os
import secrets
import shutil
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Names taken from one listing of the folder: with 10,000 waiting, one listing costs about as
# much as a hundred messages.
NAMES_PER_LISTING = 256
# A file this old in `writing` belongs to a process that died.
ABANDONED_AFTER_SECONDS = 60.0
LOCK_NAME = "owner.lock"

_numbers = itertools.count()


class SpoolMissing(FileNotFoundError):  # noqa: N818 - says what is wrong, as the errors' names do
    """The queue's folders do not exist: the topology was not declared."""


@dataclass(frozen=True)
class Taken:
    """A message in hand: its file, its bytes and how often it was delivered before."""

    file: Path
    content: bytes
    deliveries: int


@dataclass(frozen=True)
class Held:
    """How many messages are in hand, and with how many consumers that are alive."""

    messages: int
    consumers: int


class Spool:
    """The folder of one queue."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready = folder / "ready"
        self._writing = folder / "writing"
        self._taken = folder / "taken"
        self._names: deque[str] = deque()
        self._own: Path | None = None
        self._lock = -1

    @property
    def exists(self) -> bool:
        """Say whether the queue was declared."""
        return self._ready.is_dir()

    def create(self) -> None:
        """Make the folders, and clear away what died half written; repeatable."""
        for folder in (self._writing, self._taken, self._ready):
            folder.mkdir(parents=True, exist_ok=True)
        oldest = time.time() - ABANDONED_AFTER_SECONDS
        for entry in os.scandir(self._writing):
            with suppress(FileNotFoundError):
                if entry.stat().st_mtime >= oldest:
                    continue
                if entry.is_dir():  # a consumer that died while it opened
                    shutil.rmtree(entry.path)
                else:
                    Path(entry.path).unlink()

    def put(self, content: bytes) -> None:
        """Add a message; SpoolMissing when the queue was not declared."""
        # Wall clock, so that the order holds across a restart of the machine.
        name = f"{time.time_ns():020d}-{os.getpid():07d}-{next(_numbers):09d}.0"
        draft = self._writing / name
        try:
            draft.write_bytes(content)
            draft.rename(self._ready / name)
        except FileNotFoundError:
            raise SpoolMissing(f"The queue folder {self._folder} does not exist.") from None
        except OSError:  # a full disk must not keep the half that fitted
            draft.unlink(missing_ok=True)
            raise

    def take(self) -> Taken | None:
        """Take about the oldest message, or None when there is none."""
        own = self._own or self._open_own()
        while name := self._next_name():
            target = own / name
            try:
                (self._ready / name).rename(target)
            except FileNotFoundError:  # another consumer was quicker
                continue
            return Taken(target, target.read_bytes(), int(name.rpartition(".")[2]))
        return None

    def finish(self, file: Path) -> None:
        """Forget a message in hand."""
        file.unlink(missing_ok=True)

    def give_back(self, file: Path) -> None:
        """Put a message in hand back at its old place, one delivery counted."""
        stem, _, deliveries = file.name.rpartition(".")
        with suppress(FileNotFoundError):
            file.rename(self._ready / f"{stem}.{int(deliveries) + 1}")

    def receive(self, file: Path) -> None:
        """Move another queue's message in hand into this queue, as new."""
        stem = file.name.rpartition(".")[0]
        file.rename(self._ready / f"{stem}.0")

    def size(self) -> int:
        """Count the messages that wait."""
        try:
            return sum(1 for _ in self._ready.iterdir())
        except FileNotFoundError:
            return 0

    def held(self) -> Held:
        """Count what consumers hold; they come and go meanwhile."""
        messages = consumers = 0
        with suppress(FileNotFoundError):
            for owner in tuple(self._taken.iterdir()):
                with suppress(FileNotFoundError):
                    messages += sum(file.name != LOCK_NAME for file in owner.iterdir())
                    consumers += _is_alive(owner.name)
        return Held(messages, consumers)

    def purge(self) -> int:
        """Remove the messages that wait; gives how many."""
        files = tuple(self._ready.iterdir())
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def close(self) -> None:
        """Give back whatever is still in hand and leave nothing behind."""
        if self._own is not None:
            self._empty(self._own)
            os.close(self._lock)
            self._own = None
        self._names.clear()

    def _next_name(self) -> str | None:
        if not self._names:
            # Not sorted as a whole: only the oldest few are wanted of perhaps ten thousand.
            with os.scandir(self._ready) as entries:
                names = (entry.name for entry in entries)
                self._names.extend(heapq.nsmallest(NAMES_PER_LISTING, names))
        return self._names.popleft() if self._names else None

    def _open_own(self) -> Path:
        if not self.exists:
            raise SpoolMissing(f"The queue folder {self._folder} does not exist.")
        self._take_over_from_the_dead()
        token = f"{os.getpid()}-{secrets.token_hex(4)}"
        # Made and locked under a name that nobody looks at, so that it is never seen unlocked.
        draft = self._writing / token
        draft.mkdir()
        self._lock = os.open(draft / LOCK_NAME, os.O_CREAT | os.O_RDWR)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._own = draft.rename(self._taken / token)
        return self._own

    def _take_over_from_the_dead(self) -> None:
        """Give back what consumers held that ended without `close`; the kernel freed their lock."""
        for owner in self._taken.iterdir():
            with suppress(FileNotFoundError):
                lock = os.open(owner / LOCK_NAME, os.O_RDWR)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                else:
                    self._empty(owner)
                finally:
                    os.close(lock)

    def _empty(self, owner: Path) -> None:
        for file in owner.iterdir():
            if file.name != LOCK_NAME:
                self.give_back(file)
        (owner / LOCK_NAME).unlink(missing_ok=True)
        owner.rmdir()


def _is_alive(token: str) -> bool:
    # By its process, not by its lock: to try the lock could keep another from taking over.
    try:
        os.kill(int(token.partition("-")[0]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
