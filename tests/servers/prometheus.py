"""A private Prometheus from the installed binary, and its promtool."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from deploy.embedded.free_ports import free_port
from tests.servers.processes import (
    Command,
    ServerProcess,
    private_folder,
    remove_folder,
    wait_until_serving,
)
from tests.waiting import until

START_SECONDS = 60.0
PACKAGE = "prometheus"


def binaries() -> tuple[str, str] | None:
    """Find `prometheus` and `promtool`; None when one of them is not there."""
    found = shutil.which("prometheus"), shutil.which("promtool")
    return (found[0], found[1]) if found[0] and found[1] else None


def promtool(*words: str, folder: Path) -> tuple[int, str]:
    """Run promtool in a folder; gives its exit code and all it says."""
    from tests.servers.ways import prometheus  # noqa: PLC0415 - the ways know this module

    _, tool = prometheus()
    done = subprocess.run(
        [tool, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is scraped together: addresses, each with labels of its own."""

    name: str
    targets: Mapping[str, Mapping[str, str]]
    path: str = "/metrics"
    params: Mapping[str, Sequence[str]] | None = None


class Prometheus:
    """A server with all it has in a temporary folder; it scrapes once a second."""

    def __init__(self, jobs: Sequence[Job], rules: Sequence[Path] = ()) -> None:
        self._port = free_port()
        self._folder = private_folder("prometheus")
        # JSON is YAML, and needs no library to be written.
        (self._folder / "prometheus.yaml").write_text(json.dumps(_configuration(jobs, rules)))

    def start(self) -> None:
        """Start it and wait until it takes queries."""
        self._server.start()
        wait_until_serving(self._server, self._port, within=START_SECONDS)
        until(lambda: self._get("/-/ready").ok, within=START_SECONDS, what="Prometheus is ready")

    def remove(self) -> None:
        """End it and remove its data."""
        self._server.end(signal.SIGKILL, within=10.0)
        remove_folder(self._folder)

    def query(self, expr: str) -> list[Any]:
        """Evaluate an expression now; ValueError with Prometheus' own words when it is none."""
        answer = self._get("/api/v1/query", query=expr).json()
        if answer["status"] != "success":
            raise ValueError(f"{answer['error']} in {expr}")
        result = answer["data"]["result"]
        return result if isinstance(result, list) else [result]

    def rules(self) -> list[Any]:
        """List every rule as it was evaluated last, with its `health`."""
        groups = self._get("/api/v1/rules").json()["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def targets(self) -> list[Any]:
        """List what is scraped, with its `health`."""
        found: list[Any] = self._get("/api/v1/targets").json()["data"]["activeTargets"]
        return found

    def label_values(self, metric: str, label: str) -> list[str]:
        """List the values of a label, as Grafana's variables do."""
        path = f"/api/v1/label/{label}/values"
        values: list[str] = self._get(path, **{"match[]": metric}).json()["data"]
        return values

    def _get(self, path: str, **query: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self._port}{path}", params=query, timeout=10)

    @cached_property
    def _server(self) -> ServerProcess:
        from tests.servers.ways import prometheus  # noqa: PLC0415 - the ways know this module

        binary, _ = prometheus()
        words = (
            binary,
            f"--config.file={self._folder}/prometheus.yaml",
            f"--storage.tsdb.path={self._folder}/data",
            f"--web.listen-address=127.0.0.1:{self._port}",
            "--log.level=warn",
        )
        return ServerProcess(Command(words, self._folder / "server.log", {}))


@contextmanager
def private_prometheus(jobs: Sequence[Job], rules: Sequence[Path] = ()) -> Iterator[Prometheus]:
    """Run a Prometheus for as long as it lasts."""
    server = Prometheus(jobs, rules)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _configuration(jobs: Sequence[Job], rules: Sequence[Path]) -> Mapping[str, Any]:
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(file) for file in rules],
        "scrape_configs": [
            {
                "job_name": job.name,
                "metrics_path": job.path,
                "params": job.params or {},
                "static_configs": [
                    {"targets": [address], "labels": dict(labels)}
                    for address, labels in job.targets.items()
                ],
            }
            for job in jobs
        ],
    }
