"""Pods are reached where they listen, spread, given time to end, and run pinned images."""

import re
from collections.abc import Iterator

import pytest

from services.notifier.settings import ClockSettings
from shared.health import PROBE_SECONDS
from shared.messaging.delivery import DeliverySettings
from shared.messaging.rabbitmq_connection import GOODBYE_SECONDS
from shared.process import ConsumerSettings
from tests.k8s.manifests import (
    FOLDER,
    OVERLAYS,
    Manifest,
    of_kind,
    ours,
    overlay,
    processes,
    selects,
    the_container,
    workloads,
)

EACH_OVERLAY = pytest.mark.parametrize("name", OVERLAYS)
WEB = ("order-ingest-web", "shipment-return-web", "portal")
# Ours is of the very version; others' are pinned to a patch.
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$")


@EACH_OVERLAY
def test_every_probe_and_service_is_led_to_a_port_that_is_there(name: str) -> None:
    lost = [
        (one.name, port)
        for one in workloads(name)
        for container in one.containers
        for port in _asked(container)
        if port not in {each["name"] for each in container["ports"]}
    ]
    astray = [
        (service, port["targetPort"])
        for service, manifest in of_kind(name, "Service").items()
        for port in manifest["spec"]["ports"]
        if port.get("targetPort", "")
        and port["targetPort"] not in _ports_behind(name, manifest["spec"]["selector"])
    ]

    assert (lost, astray) == ([], [])


def _asked(container: Manifest) -> Iterator[str]:
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        for way in ("httpGet", "tcpSocket"):
            if way in container.get(kind, {}):
                yield container[kind][way]["port"]


def _ports_behind(name: str, labels: dict[str, str]) -> set[str]:
    return {
        port["name"]
        for one in workloads(name)
        for container in one.pod["containers"]
        for port in container.get("ports", ())
        if selects({"matchLabels": labels}, one.labels)
    }


@EACH_OVERLAY
def test_every_service_selects_pods(name: str) -> None:
    empty = [
        service
        for service, manifest in of_kind(name, "Service").items()
        if not any(
            selects({"matchLabels": manifest["spec"]["selector"]}, one.labels)
            for one in workloads(name)
        )
    ]

    assert empty == []


@EACH_OVERLAY
def test_every_workload_selects_its_own_pods_and_no_others(name: str) -> None:
    selected = {
        one["metadata"]["name"]: [
            each.name for each in workloads(name) if selects(one["spec"]["selector"], each.labels)
        ]
        for one in overlay(name)
        if one["kind"] in {"Deployment", "StatefulSet"}
    }

    assert selected == {one: [one] for one in selected}


@EACH_OVERLAY
def test_pods_of_one_process_are_spread_over_zones_and_hosts(name: str) -> None:
    told = {
        one.name: {
            (
                each["topologyKey"],
                selects(each["labelSelector"], one.labels),
                *each["matchLabelKeys"],
            )
            for each in one.pod["topologySpreadConstraints"]
        }
        for one in ours(name).values()
    }

    by_name = {
        (key, True, "app.kubernetes.io/name")
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    }
    assert told == dict.fromkeys(told, by_name)


@EACH_OVERLAY
def test_a_readiness_probe_waits_longer_than_the_answer_takes(name: str) -> None:
    # A web process asks its database, the others their broker too, one after the other.
    longest = {one: PROBE_SECONDS * (1 if one in WEB else 2) for one in ours(name)}

    told = {
        one: the_container(workload)["readinessProbe"]["timeoutSeconds"]
        for one, workload in ours(name).items()
    }

    assert [one for one, seconds in told.items() if seconds <= longest[one]] == []


@EACH_OVERLAY
def test_a_consumer_has_time_for_what_it_has_begun(name: str) -> None:
    usual = ConsumerSettings.model_fields
    longest = usual["note_lease"].default + DeliverySettings().stop_grace + GOODBYE_SECONDS + 1

    graces = {
        one.name: one.pod["terminationGracePeriodSeconds"]
        for one in ours(name).values()
        if one.name.endswith("consumer")
    }

    assert min(graces.values()) >= longest
    assert longest > usual["vendor_deadline"].default


@EACH_OVERLAY
def test_a_web_process_has_time_for_its_last_requests(name: str) -> None:
    left = {
        one: ours(name)[one].pod["terminationGracePeriodSeconds"]
        - the_container(ours(name)[one])["lifecycle"]["preStop"]["sleep"]["seconds"]
        - int(_flag(the_container(ours(name)[one])["command"], "--graceful-timeout="))
        for one in WEB
    }

    assert min(left.values()) >= 10


def _flag(command: list[str], flag: str) -> str:
    [found] = [word.removeprefix(flag) for word in command if word.startswith(flag)]
    return found


@EACH_OVERLAY
def test_a_clock_has_time_for_the_renewal_it_is_at(name: str) -> None:
    grace = processes(name)["clock"].pod["terminationGracePeriodSeconds"]

    assert grace > ClockSettings.model_fields["vendor_deadline"].default


@EACH_OVERLAY
def test_every_process_waits_for_the_schema_that_the_job_makes(name: str) -> None:
    [job] = [one for one in workloads(name) if one.name == "migrate"]
    migrating = the_container(job)["command"]

    waiting = [one.pod["initContainers"] for one in ours(name).values()]

    assert migrating == ["python", "-m", "shared.cli.main", "migrate"]
    assert [[each["command"] for each in one] for one in waiting] == [
        [[*migrating, "--wait"]] for _ in waiting
    ]
    assert {each["image"] for one in waiting for each in one} == {the_container(job)["image"]}


@EACH_OVERLAY
def test_every_image_is_pinned(name: str) -> None:
    images = {container["image"] for one in workloads(name) for container in one.containers
              if "image" in container}  # fmt: skip

    assert [one for one in images if not PINNED.match(one)] == []


@EACH_OVERLAY
def test_our_image_is_of_this_version(name: str) -> None:
    text = (FOLDER.parents[1] / "pyproject.toml").read_text()
    version = re.findall(r'^version = "(.+)"$', text, flags=re.MULTILINE)

    tags = {the_container(one)["image"].partition(":")[2] for one in ours(name).values()}

    assert list(tags) == version
