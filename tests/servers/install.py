"""Installs the servers of Debian that tests want, where we may: `python -m tests.servers.install`.

Only the binaries are wanted: while dpkg works, its question whether services may be started is
answered with no.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import postgresql, prometheus, rabbitmq

# https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt: 101 forbids the action.
POLICY = Path("/usr/sbin/policy-rc.d")
FORBID_ALL = "#!/bin/sh\nexit 101\n"


def may_install() -> bool:
    """Say whether we are root on a system with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> None:
    """Install packages without starting what they bring; CalledProcessError when apt refuses."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_services():
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment)
        # Another run of tests may just be installing, too.
        patient = ("-o", "DPkg::Lock::Timeout=300")
        words = ["apt-get", *patient, "install", "-y", "-q", "--no-install-recommends", *packages]
        subprocess.run(words, check=True, env=environment)


def missing_packages() -> list[str]:
    """List the packages whose binaries are not there."""
    wanted = {
        "postgresql": postgresql.binaries(),
        "rabbitmq-server": rabbitmq.binaries(),
        prometheus.PACKAGE: prometheus.binaries(),
    }
    return [package for package, found in wanted.items() if found is None]


@contextmanager
def _no_services() -> Iterator[None]:
    if POLICY.exists():  # somebody else's policy, as in Debian's container images, stays
        yield
        return
    POLICY.write_text(FORBID_ALL)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def main() -> int:
    """Install what is missing if we may; say in one line what came of it."""
    missing = missing_packages()
    if missing and may_install():
        install(*missing)
    sys.stdout.write(f"servers: missing packages: {' '.join(missing_packages()) or 'none'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
