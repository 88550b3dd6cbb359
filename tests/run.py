"""`make test`: everything, from the linter to the whole system in a browser.

Debian's servers and browser are installed first where that is allowed, so that a fresh machine
needs nothing else.
"""

import subprocess
import sys
import time
from collections.abc import Sequence

from tests.servers import browser
from tests.servers.install import install, may_install, missing_packages

BIN = f"{sys.prefix}/bin"
STATIC = (
    (f"{BIN}/ruff", "format", "--check", "."),
    (f"{BIN}/ruff", "check", "."),
    (f"{BIN}/mypy",),
    (f"{BIN}/lint-imports",),
)
PYTEST = (sys.executable, "-m", "pytest", "-q")
# The whole system is started many times there: after the rest, so that no other test feels it.
WHOLE_SYSTEM = "tests/end_to_end"
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadgroup")


def main() -> int:
    """Run every step; the first that fails ends the run."""
    missing = [*missing_packages(), *browser.missing_packages()]
    if missing and may_install():
        install(*missing)
    steps = (
        *STATIC,
        (*PYTEST, *SIDE_BY_SIDE, "tests", "--ignore", WHOLE_SYSTEM),
        (*PYTEST, *SIDE_BY_SIDE, WHOLE_SYSTEM),
    )
    return next((code for code in map(_run, steps) if code), 0)


def _run(command: Sequence[str]) -> int:
    shown = " ".join(word.removeprefix(f"{BIN}/") for word in command)
    sys.stdout.write(f"\n== {shown}\n")
    sys.stdout.flush()
    begun = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    sys.stdout.write(f"== {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
