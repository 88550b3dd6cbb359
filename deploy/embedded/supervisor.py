"""Start the system's processes for a smoke run or a test, kill and restart them one by one."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from deploy.embedded.parts import Part
from deploy.embedded.waiting import NotReadyInTimeError, is_ready, wait_until_ready


class Running(Protocol):
    """A process that leads a group of its own, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int:
        """Its id, and its group's."""
        ...

    def poll(self) -> int | None:
        """Give its exit code; None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code; subprocess.TimeoutExpired after so many seconds."""
        ...


# So many characters of what a part said are shown when it does not become ready.
LAST_WORDS = 3000

# Starts a command with an environment; what it says is appended to the file.
Launch = Callable[[Sequence[str], Mapping[str, str], Path], Running]


def launched(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Running:
    """Start a command as a new process that leads its group."""
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


class Supervisor:
    """Runs each part as a process group of its own; output goes to one file a part.

    Used as a context manager: at the end every process is stopped, by its id.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        environment: Mapping[str, str],
        logs: Path,
        launch: Launch = launched,
        *,
        ready_within: float = 60,
    ) -> None:
        """Take the folder `logs` for the processes' output, and the seconds until all are ready."""
        self.parts = {part.name: part for part in parts}
        self._environment = environment
        self._logs = logs
        self._launch = launch
        self._ready_within = ready_within
        self._running: dict[str, Running] = {}

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        with ExitStack() as unless_ready:
            unless_ready.callback(self.stop)
            for name in self.parts:
                self.start(name)
            self._wait_until_ready()
            unless_ready.pop_all()
        return self

    def _wait_until_ready(self) -> None:
        try:
            wait_until_ready(tuple(self.parts.values()), seconds=self._ready_within)
        except NotReadyInTimeError as late:
            said = "\n".join(self._last_words(name) for name in self.parts)
            raise NotReadyInTimeError(f"{late}\n{said}") from None

    def _last_words(self, name: str) -> str:
        if is_ready(self.parts[name]):
            return f"{name} is ready."
        how = "has ended" if name in self.died() else "is not ready"
        said = (self._logs / f"{name}.log").read_text(errors="replace")
        return f"{name} {how}; its last lines:\n{said[-LAST_WORDS:]}"

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
            _end(process)

    def start(self, name: str) -> None:
        """Start one part; its output is appended to what it said before."""
        part = self.parts[name]
        environment = {**self._environment, **part.environment}
        self._running[name] = self._launch(part.command, environment, self._logs / f"{name}.log")

    def end(self, name: str) -> None:
        """Stop one part in good order, by force when it is unwilling."""
        _end(self._running.pop(name))

    def kill(self, name: str) -> None:
        """End one part with SIGKILL, its children too: nothing gets to clean up."""
        process = self._running[name]
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def died(self) -> list[str]:
        """Name the parts that ended although nobody stopped them."""
        return [name for name, process in self._running.items() if process.poll() is not None]


def _end(process: Running) -> None:
    _signal_group(process, signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        _signal_group(process, signal.SIGKILL)
        process.wait()


def _signal_group(process: Running, number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
