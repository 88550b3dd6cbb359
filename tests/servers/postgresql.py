"""A private PostgreSQL from the installed binaries."""

import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

import psycopg

from deploy.embedded.free_ports import free_port
from tests.servers.processes import (
    Command,
    ServerProcess,
    private_folder,
    remove_folder,
)
from tests.servers.protocol import Server
from tests.waiting import until

START_SECONDS = 60.0
STOP_SECONDS = 20.0
# What a test's data need not: surviving a power cut. A benchmark asks for `durable`.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SMALL = ("max_connections=500", "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0")


def binaries() -> Path | None:
    """Find the folder with initdb and postgres: on the PATH, else Debian's newest."""
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).parent / "postgres").exists():
        return Path(on_path).parent
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name)), default=None)


class InstalledPostgresql:
    """A cluster in a temporary folder, on a free port of 127.0.0.1, with a password of its own."""

    def __init__(self, folder_of_binaries: Path, *, durable: bool = False) -> None:
        # The server refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._binaries = folder_of_binaries
        self._port = free_port()
        self._folder = private_folder("postgresql", owner=self._user)
        self._password = secrets.token_hex(8)
        self._durable = durable
        self._make_cluster()

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the cluster's first database, as its superuser."""
        return f"postgresql+psycopg://goodsout:{self._password}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers a query."""
        # Children of a killed server let go of its memory a moment later; then it starts.
        until(self._try_to_start, within=START_SECONDS, what="PostgreSQL starts")

    def stop(self) -> None:
        """End it in good order: SIGINT is its fast shutdown."""
        self._process.end(signal.SIGINT, within=STOP_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.end(signal.SIGKILL, within=STOP_SECONDS)

    def remove(self) -> None:
        """End it and remove its data."""
        self._process.end(signal.SIGQUIT, within=STOP_SECONDS)
        remove_folder(self._folder)

    @cached_property
    def _process(self) -> ServerProcess:
        settings = (
            f"port={self._port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            *SMALL,
            *(() if self._durable else CARELESS),
        )
        words = [str(self._binaries / "postgres"), "-D", str(self._folder / "cluster")]
        words += [word for setting in settings for word in ("-c", setting)]
        return ServerProcess(
            Command(words, self._folder / "server.log", _environment(), user=self._user)
        )

    def _try_to_start(self) -> bool:
        self._process.start()

        def answered_or_ended() -> str:
            with suppress(psycopg.OperationalError):
                psycopg.connect(plain(self.url), connect_timeout=5).close()
                return "answered"
            return "" if self._process.runs else "ended"

        return until(answered_or_ended, within=START_SECONDS) == "answered"

    def _make_cluster(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        if self._user:
            shutil.chown(password_file, self._user)
        subprocess.run(
            self._initdb(password_file),
            check=True,
            capture_output=True,
            env=_environment(),
            cwd=self._folder,
            user=self._user,
            group=self._user,
            extra_groups=None if self._user is None else (),
        )
        password_file.unlink()

    def _initdb(self, password_file: Path) -> Sequence[str]:
        return (
            str(self._binaries / "initdb"),
            f"--pgdata={self._folder / 'cluster'}",
            "--username=goodsout",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )


def plain(url: str) -> str:
    """Turn SQLAlchemy's URL into the one that psycopg itself reads."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def private_postgresql(*, durable: bool = False) -> Iterator[Server]:
    """Run a private PostgreSQL, in whichever way this machine allows; gone afterwards."""
    from tests.servers.ways import postgresql  # noqa: PLC0415 - the ways know this module

    server = postgresql(durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
