"""Starts server processes in groups of their own, and ends them by id."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import until


class ServerFailed(RuntimeError):  # noqa: N818 - says what happened
    """A server did not start; the sentence ends with the end of its log."""


class NoServer(RuntimeError):  # noqa: N818 - says what is missing
    """There is no way to get a server here; the sentence says what to install."""


@dataclass(frozen=True)
class Command:
    """How to start one process: `user` is whom it runs as when we are root."""

    words: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    user: str | None = None


class ServerProcess:
    """One process and its group."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def id(self) -> int:
        """The process's id, which is its group's too."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it; whether it serves is for the caller to find out."""
        with self._command.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command.words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._command.log.parent,
                env=dict(self._command.environment),
                start_new_session=True,
                user=self._command.user,
                group=self._command.user,
                extra_groups=None if self._command.user is None else (),
            )

    def end(self, how: signal.Signals, *, within: float) -> None:
        """Send `how` to the process, and SIGKILL to its group when it stays."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=within)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)
        self._process = None

    @property
    def runs(self) -> bool:
        """Say whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def assert_runs(self) -> None:
        """ServerFailed with the end of the log when the process ended."""
        if not self.runs:
            tail = self._command.log.read_text(errors="replace")[-2000:]
            raise ServerFailed(f"{self._command.words[0]} ended while starting:\n{tail}")


def answers(port: int) -> bool:
    """Say whether something accepts connections on a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def private_folder(kind: str, *, owner: str | None = None) -> Path:
    """Make a temporary folder of short path that belongs to `owner`, or to us."""
    folder = Path(tempfile.mkdtemp(prefix=f"goodsout-{kind}-"))
    if owner is not None:
        shutil.chown(folder, owner)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a server's folder, waiting for the last of its processes to let go."""

    def is_gone() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    until(is_gone, within=10, what=f"{folder} can be removed")


def wait_until_serving(process: ServerProcess, port: int, *, within: float) -> None:
    """Wait until a port answers; ServerFailed when the process ends or the time is over."""
    deadline = time.monotonic() + within

    def serves_or_failed() -> bool:
        process.assert_runs()
        return answers(port) or time.monotonic() > deadline

    until(serves_or_failed, within=within + 1)
    if not answers(port):
        raise ServerFailed(f"Port {port} did not answer within {within} s.")
