"""A forged process is one of its own, as its command would have made it."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from deploy.embedded.supervisor import Launch, launched
from tests.servers.forge import forged
from tests.servers.processes import answers
from tests.waiting import until

SERVING = re.compile(r"port (\d+)")
SERVE = (sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1")
both = pytest.mark.parametrize("launch", [launched, forged])


def port_in(log: Path) -> int:
    """Read where the process serves; 0 while it has not said so."""
    said = SERVING.search(log.read_text()) if log.exists() else None
    return int(said[1]) if said else 0


@both
def test_a_process_leads_its_group_and_ends_by_the_signal_it_is_sent(
    launch: Launch, tmp_path: Path
) -> None:
    process = launch(SERVE, {**os.environ, "PYTHONUNBUFFERED": "1"}, tmp_path / "log")
    port = until(lambda: port_in(tmp_path / "log"), what="its port")
    group, ended = os.getpgid(process.pid), process.poll()

    os.killpg(process.pid, signal.SIGKILL)

    assert (group, ended) == (process.pid, None)
    assert process.wait(timeout=10) == -signal.SIGKILL
    assert process.poll() == -signal.SIGKILL
    assert not answers(port)


@both
def test_a_process_has_the_environment_it_was_given_and_no_other(
    launch: Launch, tmp_path: Path
) -> None:
    command = (sys.executable, "-m", "shared.cli.main", "ledger")

    process = launch(command, {"COLUMNS": "200"}, tmp_path / "log")

    assert process.wait(timeout=30) == 2
    assert "DATABASE_URL" in (tmp_path / "log").read_text()
