"""Starts our processes within a moment: each is forked from one that imported everything before.

Each is a process as its command would make it: own id and group, environment, log, signals and
end. Only the imports, two seconds of work for each, are done once for all of a worker's tests.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

# The standard library's fork server is the one to fork: it has no thread and no connection.
_FORGE = multiprocessing.get_context("forkserver")
_FORGE.set_forkserver_preload(["tests.servers.forge_stock"])


class Forged:
    """A forked process, in the words of `subprocess.Popen`."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its id, and its group's."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Give its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code; subprocess.TimeoutExpired after so many seconds."""
        self._process.join(timeout)
        if (code := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, and nothing to its children; nothing happens once it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


def forged(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Forged:
    """Start `python -m module words…` as a new process that leads its group."""
    python, as_module, module, *words = command
    assert (python, as_module) == (sys.executable, "-m"), f"{command} is not ours to fork"
    listening, speaking = _FORGE.Pipe(duplex=False)
    process = _FORGE.Process(
        target=_become, args=(module, words, dict(environment), log, speaking), daemon=True
    )
    process.start()
    speaking.close()
    with listening, suppress(EOFError):
        listening.recv()  # its end says that the process leads its group, or is gone already
    return Forged(process)


def _become(
    module: str, words: Sequence[str], environment: Mapping[str, str], log: Path, leads: Connection
) -> None:
    os.setsid()
    with log.open("ab") as output:
        for stream in (sys.stdout, sys.stderr):
            assert isinstance(stream, TextIOWrapper)
            os.dup2(output.fileno(), stream.fileno())
            stream.reconfigure(write_through=True)
    os.environ.clear()
    os.environ.update(environment)
    leads.close()
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
