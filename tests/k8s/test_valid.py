"""The manifests are what Kubernetes and the operators read: no field is unknown or misspelled."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import kubernetes_validate
import pytest
from pydantic import ValidationError

from shared.messaging.topology import TOPOLOGY
from tests.k8s.manifests import OVERLAYS, Manifest, of_kind, overlay
from tests.k8s.operators import ANY, KINDS

OLDEST = "1.30"  # has all we use: a sleep before the end, spreading by a label's value
NEWEST = kubernetes_validate.latest_version()


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", OVERLAYS)
def test_every_manifest_fits_kubernetes_own_schemas(name: str, version: str) -> None:
    read = [
        kubernetes_validate.validate(dict(one), version, strict=True) for one in _built_in(name)
    ]

    assert len(read) > len(overlay(name)) / 2


def test_a_field_that_kubernetes_does_not_know_is_seen() -> None:
    relay = deepcopy(dict(of_kind("production", "Deployment")["relay"]))
    relay["spec"]["template"]["spec"]["terminationGracePeriod"] = 60

    with pytest.raises(kubernetes_validate.ValidationError, match="terminationGracePeriod"):
        kubernetes_validate.validate(relay, NEWEST, strict=True)


def test_every_manifest_of_an_operator_has_fields_that_it_reads() -> None:
    theirs = [one for one in overlay("production") if one["kind"] in KINDS]

    read = [ANY.validate_python(dict(one)) for one in theirs]

    assert {one.kind for one in read} == KINDS


def test_a_field_that_an_operator_does_not_know_is_seen() -> None:
    cluster = deepcopy(dict(of_kind("production", "RabbitmqCluster")["rabbitmq"]))
    cluster["spec"]["replica"] = 3

    with pytest.raises(ValidationError, match="replica"):
        ANY.validate_python(cluster)


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_what_operators_take_over_fits_kubernetes_own_schemas(version: str) -> None:
    made = [*_pods_of_the_broker(), *_autoscalers()]

    read = [kubernetes_validate.validate(one, version, strict=True) for one in made]

    assert len(read) == 1 + len(of_kind("production", "ScaledObject"))


def test_the_broker_has_a_majority_when_one_node_is_away_and_bounds_its_memory() -> None:
    spec = of_kind("production", "RabbitmqCluster")["rabbitmq"]["spec"]
    told = dict(line.split(" = ") for line in spec["rabbitmq"]["additionalConfig"].splitlines())

    assert spec["replicas"] == 3
    assert 0 < float(told["vm_memory_high_watermark.relative"]) <= 0.6
    assert spec["resources"]["requests"]["memory"] == spec["resources"]["limits"]["memory"]
    assert set(spec["rabbitmq"]["additionalPlugins"]) == {
        "rabbitmq_prometheus",
        "rabbitmq_management",
    }
    assert {queue.arguments["x-queue-type"] for queue in TOPOLOGY.queues} == {"quorum"}


def test_the_trial_and_production_run_the_same_broker() -> None:
    [one] = of_kind("local", "StatefulSet")["rabbitmq"]["spec"]["template"]["spec"]["containers"]

    assert one["image"] == of_kind("production", "RabbitmqCluster")["rabbitmq"]["spec"]["image"]


def _built_in(name: str) -> Iterator[Manifest]:
    yield from (one for one in overlay(name) if one["kind"] not in KINDS)


def _pods_of_the_broker() -> Iterator[dict[str, Any]]:
    spec = of_kind("production", "RabbitmqCluster")["rabbitmq"]["spec"]
    pod = spec["override"]["statefulSet"]["spec"]["template"]["spec"]
    containers = [{**one, "resources": spec["resources"]} for one in pod["containers"]]
    yield {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "rabbitmq"},
        "spec": {**pod, "affinity": spec["affinity"], "containers": containers},
    }


def _autoscalers() -> Iterator[dict[str, Any]]:
    for name, one in of_kind("production", "ScaledObject").items():
        spec = one["spec"]
        yield {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": name},
            "spec": {
                "scaleTargetRef": {
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    **spec["scaleTargetRef"],
                },
                "minReplicas": spec["minReplicaCount"],
                "maxReplicas": spec["maxReplicaCount"],
                "behavior": spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"],
            },
        }
