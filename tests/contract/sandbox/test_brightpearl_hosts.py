"""Both data centres as hosts of one process, and tokens that outlive it (sections 1, 3)."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from deploy.embedded.free_ports import free_port
from sandbox.settings import Settings
from tests.contract.sandbox.process import ROOT, Process
from tests.waiting import until

CLIENT = {"client_id": Settings.client_id, "client_secret": Settings.client_secret}
BACK = {"redirect_uri": "http://127.0.0.1:9/back"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "state.sqlite", free_port(), free_port())
    process.start()
    yield process
    if process.process.poll() is None:
        process.end()


def connect(sandbox: Process) -> Any:
    asked = {"response_type": "code", "client_id": CLIENT["client_id"], "decision": "approve"}
    address = f"http://127.0.0.1:{sandbox.port}/oauth"
    sent_back = sandbox.session.get(
        f"{address}/authorize/demo", params={**asked, **BACK}, allow_redirects=False, timeout=10
    )
    [code] = parse_qs(urlsplit(sent_back.headers["Location"]).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, **BACK, **CLIENT}
    return sandbox.session.post(f"{address}/token/demo", data=form, timeout=10).json()


def refresh(sandbox: Process, refresh_token: str) -> Any:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **CLIENT}
    address = f"http://127.0.0.1:{sandbox.port}/oauth/token/demo"
    return sandbox.session.post(address, data=form, timeout=10).json()


def read(sandbox: Process, tokens: Any, **more: Any) -> requests.Response:
    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "brightpearl-app-ref": CLIENT["client_id"],
        "brightpearl-dev-ref": Settings.dev_ref,
    }
    address = f"http://{tokens['api_domain']}/public-api/demo/warehouse-service/warehouse"
    return sandbox.session.get(address, headers=headers, timeout=10, **more)


def test_the_domain_in_a_token_answer_is_where_the_account_answers(sandbox: Process) -> None:
    tokens = connect(sandbox)
    sandbox.call("POST", "/control/accounts/demo/move", {"data_centre": "use1"})

    old = read(sandbox, tokens)
    moved = refresh(sandbox, tokens["refresh_token"])
    new = read(sandbox, moved)

    assert tokens["api_domain"] == f"127.0.0.1:{sandbox.port}"
    assert moved["api_domain"] == f"127.0.0.2:{sandbox.port}"
    assert (old.status_code, new.status_code) == (401, 200)


def test_a_redirect_of_the_old_host_leads_to_the_new_one(sandbox: Process) -> None:
    tokens = connect(sandbox)
    sandbox.call("POST", "/control/switches", {"moved_answer": "redirect"})
    sandbox.call("POST", "/control/accounts/demo/move", {"data_centre": "use1"})

    answer = read(sandbox, tokens, allow_redirects=False)

    where = f"http://127.0.0.2:{sandbox.port}/public-api/demo/warehouse-service/warehouse"
    assert (answer.status_code, answer.headers["Location"]) == (307, where)


def test_tokens_accounts_and_switches_survive_a_restart(sandbox: Process) -> None:
    tokens = connect(sandbox)
    sandbox.call("POST", "/control/accounts", {"code": "acme"})
    sandbox.call("POST", "/control/accounts/acme/switches", {"throttle_limit": 7})
    sandbox.end()

    sandbox.start()

    assert read(sandbox, tokens).status_code == 200
    kept = sandbox.call("GET", "/control/accounts/acme/switches").json()
    assert kept == {"throttle_limit": 7}


def test_where_the_second_host_is_taken_there_is_one_data_centre(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))
        taken.listen()
        port = taken.getsockname()[1]
        log = tmp_path / "log"
        environment = {"SANDBOX_PORT": str(port), "SANDBOX_SMTP_PORT": "0"}
        with log.open("wb") as kept:
            process = subprocess.Popen(
                [sys.executable, "-m", "sandbox"], cwd=ROOT, env=environment, stderr=kept
            )
        until(lambda: f"http://127.0.0.1:{port}" in log.read_text(), what="the start")
        process.terminate()
        process.wait(10)

    assert "There is one data centre only" in log.read_text()
