"""Start the system's processes for a smoke run or a test, kill and restart them one by one."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded.parts import Part
from deploy.embedded.waiting import wait_until_ready


class Supervisor:
    """Runs each part as a process group of its own; output goes to one file a part.

    Used as a context manager: at the end every process is stopped, by its id.
    """

    def __init__(self, parts: Sequence[Part], environment: Mapping[str, str], logs: Path) -> None:
        """Take the folder `logs` for the processes' output."""
        self.parts = {part.name: part for part in parts}
        self._environment = environment
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        with ExitStack() as unless_ready:
            unless_ready.callback(self.stop)
            for name in self.parts:
                self.start(name)
            wait_until_ready(tuple(self.parts.values()), seconds=60)
            unless_ready.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop every process, the unwilling ones by force."""
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()

    def start(self, name: str) -> None:
        """Start one part; its output is appended to what it said before."""
        part = self.parts[name]
        with (self._logs / f"{name}.log").open("ab") as output:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                part.command,
                env={**self._environment, **part.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End one part with SIGKILL, its children too: nothing gets to clean up."""
        process = self._running[name]
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def died(self) -> list[str]:
        """Name the parts that ended although nobody stopped them."""
        return [name for name, process in self._running.items() if process.poll() is not None]


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
