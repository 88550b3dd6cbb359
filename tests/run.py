"""`make test`: everything, from the linter to the whole system in a browser.

Debian's servers and browser are installed first where that is allowed, so that a fresh machine
needs nothing else.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.servers import browser
from tests.servers.install import install, may_install, missing_packages

BIN = f"{sys.prefix}/bin"
STATIC = (
    (f"{BIN}/ruff", "format", "--check", "."),
    (f"{BIN}/ruff", "check", "."),
    (f"{BIN}/mypy",),
    (f"{BIN}/lint-imports",),
)
# No more where there seem to be more: a container may show cores that it may not use.
CORES = min(4, max(2, os.cpu_count() or 2))
PYTEST = (sys.executable, "-m", "pytest", "-q", "--dist", "loadgroup")
# The whole system is started many times there: after the rest, so that no other test feels it.
WHOLE_SYSTEM = "tests/end_to_end"
MOST_TESTS = (*PYTEST, "-n", str(CORES), "tests", "--ignore", WHOLE_SYSTEM)
# Each starts a dozen processes: more side by side are late where the tests look for them in time.
WHOLE_SYSTEM_TESTS = (*PYTEST, "-n", "2", WHOLE_SYSTEM)


def main() -> int:
    """Run every step; the first that fails ends the run."""
    missing = [*missing_packages(), *browser.missing_packages()]
    if missing and may_install():
        install(*missing)
    steps = ((STATIC, subprocess.PIPE), ((MOST_TESTS,), None), ((WHOLE_SYSTEM_TESTS,), None))
    return next((code for commands, output in steps if (code := _run(commands, output))), 0)


def _run(commands: Sequence[Sequence[str]], output: int | None) -> int:
    """Run some commands beside each other, and tell of each when it has ended."""
    with ThreadPoolExecutor(CORES) as pool:
        codes = list(pool.map(partial(_run_one, output=output), commands))
    return next(filter(None, codes), 0)


def _run_one(command: Sequence[str], output: int | None) -> int:
    shown = " ".join(word.removeprefix(f"{BIN}/") for word in command)
    if output is None:
        _say(f"\n== {shown}\n")
    begun = time.monotonic()
    ended = subprocess.run(command, check=False, stdout=output, stderr=output and subprocess.STDOUT)
    word = "ok" if ended.returncode == 0 else "FAILED"
    _say(
        f"{(ended.stdout or b'').decode()}== {word} in {time.monotonic() - begun:.0f} s: {shown}\n"
    )
    return ended.returncode


def _say(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
