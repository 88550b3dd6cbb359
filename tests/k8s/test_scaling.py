"""How many there are of each: what budgets can use, what the database allows, who may miss."""

import inspect
from math import ceil

import pytest

from shared.budgets.brightpearl_window import LIMIT, PERIOD
from shared.budgets.share import OF_OUR_OWN_POOL
from shared.budgets.shiphero_credits import USUAL
from shared.db.engine import open_engine
from shared.events import Queue
from shared.messaging.delivery import DeliverySettings
from shared.process import DATABASE_CONNECTIONS, ConsumerSettings
from tests.k8s.manifests import (
    FOLDER,
    OVERLAYS,
    Manifest,
    of_kind,
    overlay,
    processes,
    selects,
    workloads,
)

README = (FOLDER / "README.md").read_text()
# ShipHero's documented refill; the smallest that was seen is a quarter of it (contract section 3).
CREDITS_A_SECOND = 60
SECONDS_A_CALL = 1.0
MERCHANTS = 20
REQUESTS_A_NOTE = 0.30
CALLING = {"order-ingest-consumer", "shiphero-push-consumer", "shipment-return-consumer"}

POOL = inspect.signature(open_engine).parameters["pool_size"].default
HINTS = 1  # a connection of its own that says NOTIFY, or listens
POOLS = {
    "order-ingest-web": POOL + HINTS,
    "shipment-return-web": POOL + HINTS,
    "portal": POOL,
    "relay": 5 + HINTS,
    "clock": POOL + HINTS,
    "order-ingest-consumer": DATABASE_CONNECTIONS + HINTS,
    "shiphero-push-consumer": DATABASE_CONNECTIONS + HINTS,
    "shipment-return-consumer": DATABASE_CONNECTIONS + HINTS,
    "notifier-consumer": DATABASE_CONNECTIONS + HINTS,
}
RESERVED = 3  # PostgreSQL's own, for superusers


def test_no_more_pods_call_vendors_than_budgets_can_use() -> None:
    at_brightpearl = LIMIT * OF_OUR_OWN_POOL / 100 / PERIOD
    at_shiphero = CREDITS_A_SECOND / USUAL
    at_once = (at_brightpearl + at_shiphero) * SECONDS_A_CALL
    threads = ConsumerSettings.model_fields["consumer_threads"].default

    most = ceil(MERCHANTS * at_once / threads)

    assert {name: _of(name)["maxReplicaCount"] for name in CALLING} == dict.fromkeys(CALLING, most)
    assert (
        f"{MERCHANTS} x {at_once:.1f} / {threads} = {MERCHANTS * at_once / threads:.1f}" in README
    )
    notes = {"Brightpearl": at_brightpearl / REQUESTS_A_NOTE, "ShipHero": at_shiphero}
    assert min(notes, key=lambda vendor: notes[vendor]) == "ShipHero"
    assert f"{60 * notes['ShipHero']:.0f} notes a minute" in README


def test_another_consumer_comes_when_more_waits_than_the_present_ones_can_hold() -> None:
    told = {name: one["spec"]["triggers"][0]["metadata"] for name, one in _scaled().items()}

    assert {int(one["value"]) for one in told.values()} == {DeliverySettings().prefetch}
    assert {one["mode"] for one in told.values()} == {"QueueLength"}


def test_each_consumer_is_scaled_by_the_length_of_its_own_queue() -> None:
    queues = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]["triggers"][0]["metadata"]["queueName"]
        for one in _scaled().values()
    }

    assert queues == {f"{queue.replace('_', '-')}-consumer": queue.value for queue in Queue}
    assert queues.keys() <= processes("production").keys()


def test_what_is_scaled_has_no_number_of_its_own() -> None:
    told = of_kind("production", "Deployment")

    assert [name for name in _scaled() if "replicas" in told[name]["spec"]] == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_database_has_connections_for_the_most_pods_there_can_be(name: str) -> None:
    # A roll-out has one more of each; the Job migrates with one.
    most = sum((_most(name, one) + 1) * pool for one, pool in POOLS.items()) + 1

    allowed = _allowed_connections(name, most)

    assert processes(name).keys() - {"sandbox"} == POOLS.keys()
    assert most + RESERVED <= allowed


def _allowed_connections(name: str, most: int) -> int:
    if name == "production":
        assert f"{most} connections" in README
        return most + RESERVED
    [database] = [one for one in workloads(name) if one.name == "postgresql"]
    [told] = [word for word in database.pod["containers"][0]["args"] if "max_connections=" in word]
    return int(told.partition("=")[2])


def test_there_are_two_of_all_that_must_not_be_missed() -> None:
    least = {name: _least("production", name) for name in POOLS}

    # What the notifier tells may wait until it runs elsewhere.
    assert {name for name, count in least.items() if count < 2} == {"notifier-consumer"}


@pytest.mark.parametrize("name", OVERLAYS)
def test_only_where_there_are_several_one_at_a_time_may_be_missing(name: str) -> None:
    several = {one.name for one in workloads(name) if _least(name, one.name) > 1}

    budgets = {
        one: [
            each.name
            for each in workloads(name)
            if selects(budget["spec"]["selector"], each.labels)
        ]
        for one, budget in of_kind(name, "PodDisruptionBudget").items()
    }

    assert budgets == {one: [one] for one in several}
    assert {
        one["spec"]["maxUnavailable"] for one in of_kind(name, "PodDisruptionBudget").values()
    } <= {1}


def test_the_trial_needs_no_operator() -> None:
    kinds = {one["apiVersion"].partition("/")[0] for one in overlay("local")}

    assert kinds == {"v1", "apps", "batch", "networking.k8s.io"}
    assert {one.replicas for one in workloads("local")} == {1}


def _scaled() -> dict[str, Manifest]:
    return of_kind("production", "ScaledObject")


def _of(name: str) -> dict[str, int]:
    return dict(of_kind("production", "ScaledObject")[name]["spec"])


def _most(overlay_name: str, name: str) -> int:
    scaled = of_kind(overlay_name, "ScaledObject")
    if name in scaled:
        return int(scaled[name]["spec"]["maxReplicaCount"])
    return processes(overlay_name)[name].replicas


def _least(overlay_name: str, name: str) -> int:
    scaled = of_kind(overlay_name, "ScaledObject")
    if name in scaled:
        return int(scaled[name]["spec"]["minReplicaCount"])
    [workload] = [one for one in workloads(overlay_name) if one.name == name]
    return workload.replicas
