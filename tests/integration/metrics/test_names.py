"""Whatever a dashboard or a rule asks for is a metric that some process tells."""

import json
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from deploy.grafana.write import FOLDER
from services.notifier import clock
from services.order_ingest import app as order_ingest
from services.shipment_return import app as shipment_return
from shared.cli import relay
from shared.health import health_routes
from tests.integration.journal.books import Books
from tests.integration.metrics.gauges import figures_of
from tests.unit.metrics.alerting import metrics_in, rules

# What processes count is registered where it is imported.
PROCESSES = (clock, order_ingest, relay, shipment_return)
# What is stored of each kind of metric.
ENDS = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "gauge": (),
    "unknown": (),
}
DASHBOARDS = sorted(FOLDER.glob("*.json"))


@pytest.fixture
def told(sqlite_books: Books) -> set[str]:
    """Name every metric as it is scraped; some have no sample before anything was counted."""
    assert PROCESSES
    app = Flask(__name__)
    figures = figures_of(sqlite_books)
    app.register_blueprint(health_routes({"database": lambda: None}, more=[figures]))
    text = app.test_client().get("/metrics").text
    return {
        name
        for family in text_string_to_metric_families(text)
        for name in (family.name, *(family.name + end for end in ENDS[family.type]))
    }


@pytest.mark.parametrize("file", DASHBOARDS, ids=[file.stem for file in DASHBOARDS])
def test_a_dashboard_asks_for_what_is_told(file: Path, told: set[str]) -> None:
    dashboard = json.loads(file.read_text())
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
        for name in metrics_in(target["expr"])
    }

    assert ours(asked) - told == set()


def test_a_rule_asks_for_what_is_told(told: set[str]) -> None:
    asked = {name for rule in rules() for name in metrics_in(rule["expr"])}

    assert ours(asked) - told == set()


def ours(names: set[str]) -> set[str]:
    """Leave out RabbitMQ's own, which only a real one tells."""
    return {name for name in names if not name.startswith("rabbitmq_")}
