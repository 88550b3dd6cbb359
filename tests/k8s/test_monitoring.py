"""Prometheus scrapes every process and the broker, under the labels that its rules read."""

from pathlib import Path

import yaml

from deploy.k8s.prometheus_rules import RULES, WRITTEN, prometheus_rules
from tests.k8s.manifests import Manifest, of_kind, ours, selects, the_container, workloads
from tests.k8s.operators import ANY

BY_NAME = {
    "sourceLabels": ["__meta_kubernetes_pod_label_app_kubernetes_io_name"],
    "targetLabel": "service",
}


def test_every_process_is_scraped_once() -> None:
    by_service = [
        name
        for name, service in of_kind("production", "Service").items()
        for monitor in of_kind("production", "ServiceMonitor").values()
        if selects(monitor["spec"]["selector"], service["metadata"]["labels"])
    ]
    by_pod = [
        one.name
        for one in workloads("production")
        for monitor in of_kind("production", "PodMonitor").values()
        if selects(monitor["spec"]["selector"], one.labels)
    ]

    assert sorted(by_service + by_pod) == sorted(ours("production"))


def test_processes_are_scraped_where_they_answer_and_labelled_alike() -> None:
    [pods] = of_kind("production", "PodMonitor")["workers"]["spec"]["podMetricsEndpoints"]
    [services] = of_kind("production", "ServiceMonitor")["web"]["spec"]["endpoints"]
    ports = {_ports(one)["http"] for one in map(the_container, ours("production").values())}

    assert pods == services
    assert (pods["port"], pods["path"], ports) == ("http", "/metrics", {8080})
    assert pods["relabelings"] == [{"targetLabel": "job", "replacement": "goodsout"}, BY_NAME]


def test_the_broker_is_scraped_whole_and_queue_by_queue() -> None:
    monitor = of_kind("production", "ServiceMonitor")["rabbitmq"]["spec"]
    [broker] = [one for one in workloads("production") if one.name == "rabbitmq"]

    jobs = {one["relabelings"][0]["replacement"]: one["path"] for one in monitor["endpoints"]}

    # The operator gives its Services the labels of its pods.
    assert selects(monitor["selector"], broker.labels)
    assert jobs == {"rabbitmq": "/metrics", "rabbitmq-queues": "/metrics/detailed"}


def test_the_rules_are_those_of_prometheus_itself() -> None:
    assert WRITTEN.read_text() == prometheus_rules(RULES)
    assert set(of_kind("production", "PrometheusRule")) == {
        f"goodsout-{file.stem}" for file in RULES.glob("*.yaml")
    }


def test_a_file_of_rules_becomes_a_manifest(tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(
        "# Why.\ngroups:\n  - name: one\n    rules:\n      - {alert: A, expr: up == 0, for: 2m}\n"
    )
    (tmp_path / "second.yaml").write_text("groups: []\n")

    first, second = yaml.safe_load_all(prometheus_rules(tmp_path))
    read = ANY.validate_python(
        {**first, "metadata": {**first["metadata"], "namespace": "goodsout"}}
    )

    assert read.spec.groups[0].rules[0].for_ == "2m"
    assert (first["metadata"]["name"], second["metadata"]["name"]) == (
        "goodsout-first",
        "goodsout-second",
    )


def _ports(container: Manifest) -> dict[str, int]:
    return {port["name"]: port["containerPort"] for port in container["ports"]}
