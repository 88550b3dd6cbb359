"""A container's health check says what its process says, and no when nobody answers."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from deploy.container import healthy
from shared.errors import OurTrouble
from shared.health import Check, health_routes


def test_a_ready_process_is_healthy() -> None:
    with serving({}) as port:
        assert healthy.is_ready(port)


def test_a_process_whose_database_is_away_is_not() -> None:
    with serving({"database": _away}) as port:
        assert not healthy.is_ready(port)
        assert healthy.is_ready(port, "/livez")


def test_nobody_there_is_not_healthy() -> None:
    with serving({}) as port:
        pass

    assert not healthy.is_ready(port)


@pytest.mark.parametrize(("path", "code"), [("/readyz", 1), ("/livez", 0)])
def test_as_a_script_its_exit_code_is_the_answer(path: str, code: int) -> None:
    script = str(Path(healthy.__file__))
    with serving({"database": _away}) as port:
        ended = subprocess.run([sys.executable, "-I", "-S", script, str(port), path], check=False)

    assert ended.returncode == code


@contextmanager
def serving(checks: dict[str, Check]) -> Iterator[int]:
    """Serve the health routes from this process; gives the port."""
    app = Flask("health")
    app.register_blueprint(health_routes(checks))
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _away() -> None:
    raise OurTrouble("the database does not answer")
