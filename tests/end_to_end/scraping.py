"""A real Prometheus that scrapes a running system, and the queries that people look by."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isnan
from typing import Any

from deploy.embedded.parts import Part
from deploy.embedded.smoke import SmokeRun
from deploy.grafana.write import FOLDER
from tests.servers.prometheus import Job, Prometheus, private_prometheus
from tests.unit.metrics.alerting import PROMETHEUS

# As Grafana fills them in; the range is long enough for all that a test does.
FILLED = {"$__rate_interval": "2m", "$account": "demo"}
DETAILED = {"family": ["queue_coarse_metrics", "queue_consumer_count"]}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One query of a panel."""

    dashboard: str
    panel: str
    expr: str

    @property
    def is_of_rabbitmq(self) -> bool:
        """Whether only RabbitMQ can answer it."""
        return "rabbitmq" in self.expr


def queries() -> Sequence[Asked]:
    """List every query of every dashboard, as Prometheus is asked."""
    return [
        Asked(dashboard=file.stem, panel=panel["title"], expr=filled(target["expr"]))
        for file in sorted(FOLDER.glob("*.json"))
        for panel in json.loads(file.read_text())["panels"]
        for target in panel.get("targets", ())
    ]


def filled(expr: str) -> str:
    """Put values in the place of Grafana's variables."""
    for variable, value in FILLED.items():
        expr = expr.replace(variable, value)
    return expr


@contextmanager
def scraped(run: SmokeRun, rabbitmq_port: int | None) -> Iterator[Prometheus]:
    """Have a running system scraped, with the rules that are for it."""
    parts = [part for part in run.supervisor.parts.values() if part.name != "sandbox"]
    jobs = [Job(name="goodsout", targets={_address(part): _labels(part) for part in parts})]
    left_out: set[str] = set()
    if rabbitmq_port is None:
        left_out.add("rabbitmq.yaml")
    else:
        broker: Mapping[str, Mapping[str, str]] = {f"127.0.0.1:{rabbitmq_port}": {}}
        jobs.append(Job(name="rabbitmq", targets=broker))
        jobs.append(
            Job(name="rabbitmq-queues", targets=broker, path="/metrics/detailed", params=DETAILED)
        )
    files = (PROMETHEUS / "rules").glob("*.yaml")
    rules = [file for file in sorted(files) if file.name not in left_out]
    with private_prometheus(jobs, rules) as prometheus:
        yield prometheus


def says_something(answer: Sequence[Any]) -> bool:
    """Say whether an answer holds a number, and not only what is divided by nothing."""
    return any(not isnan(float(series["value"][1])) for series in answer)


def _address(part: Part) -> str:
    return f"127.0.0.1:{part.port}"


def _labels(part: Part) -> Mapping[str, str]:
    # As the compose system names its services.
    return {"service": part.name.replace("_", "-")}
