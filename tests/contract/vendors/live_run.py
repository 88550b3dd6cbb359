"""The live suite run as a person runs it, with the sandbox in the place of the real accounts."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.contract.vendors.live_settings import PREFIX
from tests.contract.vendors.sandbox_process import ROOT, Pair, Sandbox
from tests.contract.vendors.sandbox_sides import BACK

TOLD = re.compile(r"Asked Brightpearl (\d+) requests and ShipHero (\d+) requests for (\d+) credits")


@dataclass(frozen=True)
class LiveRun:
    """How a run ended: its exit code, and all it said."""

    code: int
    said: str

    @property
    def asked(self) -> tuple[int, int, int]:
        """Requests to Brightpearl, requests to ShipHero, credits."""
        found = TOLD.search(self.said)
        assert found is not None, self.said
        return int(found[1]), int(found[2]), int(found[3])


def run_live(variables: Mapping[str, object], *arguments: str) -> LiveRun:
    """Run `pytest --live` with these variables and none of our own run's."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((PREFIX, "PYTEST_", "COV_"))
    }
    given = {f"{PREFIX}{name}": str(value) for name, value in variables.items()}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--live"]
    done = subprocess.run(
        [*command, "tests/contract/vendors", *arguments],
        cwd=ROOT,
        env={**ours, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return LiveRun(done.returncode, done.stdout)


def credentials(sandbox: Sandbox, pair: Pair) -> dict[str, object]:
    """Point every variable that reading needs or can use at a merchant of the sandbox."""
    return {
        "BRIGHTPEARL_ACCOUNT": pair.code,
        "BRIGHTPEARL_DATA_CENTRE": sandbox.host,
        "BRIGHTPEARL_HOSTS": ",".join(sorted(sandbox.hosts)),
        "BRIGHTPEARL_APP_REF": pair.app_ref,
        "BRIGHTPEARL_STAFF_TOKEN": pair.staff_token,
        "BRIGHTPEARL_OAUTH_URL": f"{sandbox.address}/oauth",
        "BRIGHTPEARL_CLIENT_ID": pair.oauth["client_id"],
        "BRIGHTPEARL_CLIENT_SECRET": pair.oauth["client_secret"],
        "BRIGHTPEARL_DEV_REF": pair.oauth["dev_ref"],
        "SHIPHERO_URL": sandbox.address,
        "SHIPHERO_REFRESH_TOKEN": pair.shiphero["refresh_token"],
        "SHIPHERO_USERNAME": pair.shiphero["username"],
        "SHIPHERO_PASSWORD": pair.shiphero["password"],
    }


def leave_to_write(sandbox: Sandbox, pair: Pair, notes: list[int]) -> dict[str, object]:
    """Set what writing needs beside: notes to ship, an address that answers, a code."""
    return {
        "WRITES": "1",
        "BRIGHTPEARL_NOTES": ",".join(map(str, notes)),
        "BRIGHTPEARL_REDIRECT_URI": BACK,
        "BRIGHTPEARL_CODE": _approved(sandbox, pair),
        "SHIPHERO_HOOK_URL": f"{sandbox.address}/control/health",
    }


def make_notes(sandbox: Sandbox, pair: Pair, count: int) -> list[int]:
    """Make sales orders of one open note each; the notes' ids."""
    wish = {"account": pair.code, "count": count, "notes": 1, "lines": 1}
    return [one["noteIds"][0] for one in sandbox.post("sales-orders", wish)["orders"]]


def _approved(sandbox: Sandbox, pair: Pair) -> str:
    """Approve in the merchant's browser, and read the code from its address bar."""
    asked: dict[str, Any] = {
        "response_type": "code",
        "client_id": pair.oauth["client_id"],
        "redirect_uri": BACK,
        "decision": "approve",
    }
    page = f"{sandbox.address}/oauth/authorize/{pair.code}"
    answer = requests.get(page, params=asked, allow_redirects=False, timeout=10)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
