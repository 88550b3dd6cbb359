"""The image's recipe: pinned, no root user, nothing that builds, and all that pages need."""

import json
import re
import tomllib
from fnmatch import fnmatch

import pytest

from deploy.embedded.parts import GUNICORN
from shared.messaging.definitions import definitions
from tests.unit.containers.composed import DEPLOY, ROOT, SERVICES, argument, stages

BUILDERS = ("apt-get", "pip install", "gcc", "build-essential", "setuptools", "npm", "curl", "wget")
LAST = stages()[-1].instructions


def test_every_stage_begins_with_the_one_base_that_is_pinned() -> None:
    name, _, tag = argument("PYTHON_IMAGE").rpartition(":")

    assert {stage.base for stage in stages()} == {"${PYTHON_IMAGE}"}
    assert name.endswith("/python")
    assert re.fullmatch(r"3\.\d+\.\d+-slim-\w+", tag)


def test_the_last_stage_builds_and_fetches_nothing() -> None:
    ran = [line for line in LAST if line.startswith(("RUN", "ADD"))]

    assert len(ran) == 1
    assert [word for word in BUILDERS if word in ran[0]] == []


def test_it_runs_as_a_user_of_its_own() -> None:
    users = [line for line in LAST if line.startswith("USER ")]

    assert users == [f"USER {SERVICES['portal']['user']}"]


def test_it_knows_how_to_ask_for_its_health_as_compose_does() -> None:
    [line] = [line for line in LAST if line.startswith("HEALTHCHECK ")]
    told = SERVICES["portal"]["healthcheck"]

    assert json.loads(line.partition("CMD ")[2]) == told["test"][1:]
    assert f"--interval={told['interval']} --timeout={told['timeout']}" in line


def test_its_gunicorn_serves_as_the_embedded_one_does() -> None:
    [told] = re.findall(r'GUNICORN_CMD_ARGS="([^"]*)"', " ".join(LAST))
    given = dict(word.removeprefix("--").partition("=")[::2] for word in told.split())

    assert given["bind"] == "0.0.0.0:8080"
    assert [given[name] for name in ("worker-class", "workers", "threads")] == [
        GUNICORN[GUNICORN.index(f"--{name}") + 1] for name in ("worker-class", "workers", "threads")
    ]


@pytest.mark.parametrize("package", ["services", "shared", "sandbox", "deploy/embedded"])
def test_every_file_beside_the_code_is_packed(package: str) -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"][
        "package-data"
    ]["*"]
    files = [
        path
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".md", ".sh"}
    ]

    assert [f for f in files if not any(fnmatch(f.name, pattern) for pattern in patterns)] == []


def test_what_is_copied_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        word
        for stage in stages()
        for line in stage.instructions
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }

    assert "*" in ignored
    assert copied - {"deploy", "deploy/container/healthy.py"} <= allowed
    assert {"deploy/container", "deploy/embedded"} <= allowed


def test_rabbitmqs_definitions_are_the_topology() -> None:
    kept = json.loads((DEPLOY / "rabbitmq" / "definitions.json").read_text())

    assert kept == definitions()
    assert "users" not in kept
