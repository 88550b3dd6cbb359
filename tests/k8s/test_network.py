"""Each process reaches what it needs and nothing else, and is reached by whom it must be."""

import pytest

from tests.k8s.manifests import OVERLAYS, Workload, of_kind, selects, workloads
from tests.k8s.reaching import HOME, Peer, a_pod, reaches

VENDOR = Peer(address="203.0.113.7")
OF_VENDORS = {"vendors"}
OF_CONSUMERS = {"dns", "database", "broker", *OF_VENDORS}
# What a process sends to, by its name.
NEEDS = {
    "order-ingest-web": {"dns", "database"},
    "shipment-return-web": {"dns", "database"},
    "order-ingest-consumer": OF_CONSUMERS,
    "shiphero-push-consumer": OF_CONSUMERS,
    "shipment-return-consumer": OF_CONSUMERS,
    "notifier-consumer": {*OF_CONSUMERS, "mail", "mail with TLS", "destinations"},
    "relay": {"dns", "database", "broker"},
    "clock": {"dns", "database", *OF_VENDORS},
    "portal": {*OF_CONSUMERS, "management"},
    "migrate": {"dns", "database"},
}
# The vendors of the trial are reached otherwise: see the sandbox below.
OF_LOCAL = {**NEEDS, "demo": {"dns", "database"}}
WEB = {"order-ingest-web", "shipment-return-web", "portal"}
NEIGHBOURS = {
    "ingress": Peer(labels={}, namespace={HOME: "proxies", "goodsout/ingress": "allowed"}),
    "prometheus": Peer(labels={}, namespace={HOME: "metrics", "goodsout/prometheus": "allowed"}),
    "keda": Peer(labels={}, namespace={HOME: "keda", "goodsout/keda": "allowed"}),
    "operator": Peer(
        labels={"app.kubernetes.io/component": "rabbitmq-operator"},
        namespace={HOME: "rabbitmq-system"},
    ),
    "stranger": Peer(labels={"app.kubernetes.io/part-of": "goodsout"}, namespace={HOME: "else"}),
    "internet": VENDOR,
}


def _pods(overlay: str) -> dict[str, Peer]:
    return {one.name: a_pod(one.labels) for one in workloads(overlay)}


def _ours(overlay: str) -> list[Workload]:
    return [one for one in workloads(overlay) if one.is_ours]


def _targets(overlay: str) -> dict[str, tuple[Peer, int]]:
    pods = _pods(overlay)
    dns = Peer(labels={"k8s-app": "kube-dns"}, namespace={HOME: "kube-system"})
    return {
        "dns": (dns, 53),
        "database": (pods.get("postgresql", Peer(address="10.20.30.5")), 5432),
        "broker": (pods["rabbitmq"], 5672),
        "management": (pods["rabbitmq"], 15672),
        "broker's nodes": (pods["rabbitmq"], 25672),
        "vendors": (VENDOR, 443),
        "mail": (VENDOR, 587),
        "mail with TLS": (VENDOR, 465),
        "destinations": (VENDOR, 8443),
        "vendors without TLS": (VENDOR, 80),
        "the cloud's metadata": (Peer(address="169.254.169.254"), 443),
        "a private address": (Peer(address="10.1.2.3"), 443),
        "a private address of IPv6": (Peer(address="fd00::7"), 443),
        "another namespace": (NEIGHBOURS["stranger"], 443),
        "another namespace's database": (NEIGHBOURS["stranger"], 5432),
        "a page of ours": (pods["portal"], 8080),
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_process_sends_to_what_it_needs_and_nothing_else(overlay: str) -> None:
    targets = _targets(overlay)

    sent = {
        one.name: {
            name
            for name, (target, port) in targets.items()
            if reaches(overlay, a_pod(one.labels), target, port)
        }
        for one in _ours(overlay)
    }

    assert sent == (NEEDS if overlay == "production" else OF_LOCAL)


def test_vendors_are_reached_by_both_kinds_of_addresses() -> None:
    relay, portal = _pods("production")["relay"], _pods("production")["portal"]
    of_ipv6 = Peer(address="2001:db8::7")

    assert reaches("production", portal, of_ipv6, 443)
    assert not reaches("production", relay, of_ipv6, 443)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_names_are_asked_by_both_protocols(overlay: str) -> None:
    dns, port = _targets(overlay)["dns"]

    told = {reaches(overlay, pod, dns, port, protocol="UDP") for pod in _pods(overlay).values()}

    assert told == {True}


def test_each_process_takes_from_neighbours_what_is_meant_for_it() -> None:
    took = {
        one.name: {
            name
            for name, neighbour in NEIGHBOURS.items()
            if reaches("production", neighbour, a_pod(one.labels), 8080)
        }
        for one in _ours("production")
    }

    usual = {one.name: {"prometheus"} for one in _ours("production")}
    assert took == usual | {key: {"prometheus", "ingress"} for key in WEB}


def test_the_broker_is_asked_by_its_neighbours_at_their_ports_alone() -> None:
    broker = _pods("production")["rabbitmq"]
    ports = (5672, 15672, 15692, 25672, 4369)

    took = {
        name: {port for port in ports if reaches("production", neighbour, broker, port)}
        for name, neighbour in NEIGHBOURS.items()
    }

    nobody: dict[str, set[int]] = {key: set() for key in NEIGHBOURS}
    assert took == nobody | {"prometheus": {15692}, "keda": {15672}, "operator": {15672}}


def test_the_brokers_nodes_reach_each_other_and_nothing_outside() -> None:
    node = _pods("production")["rabbitmq"]

    told = {port: reaches("production", node, node, port) for port in (4369, 25672, 35672, 35682)}

    assert set(told.values()) == {True}
    assert not reaches("production", node, VENDOR, 443)


def test_in_the_trial_the_sandbox_is_both_vendors() -> None:
    pods = _pods("local")
    sandbox = pods["sandbox"]

    calls = {name for name, pod in pods.items() if reaches("local", pod, sandbox, 8100)}
    called = {name for name, pod in pods.items() if reaches("local", sandbox, pod, 8080)}

    assert calls == {"demo", *(name for name, needs in NEEDS.items() if needs >= OF_VENDORS)}
    assert called == {"order-ingest-web", "shipment-return-web"}
    assert reaches("local", pods["notifier-consumer"], sandbox, 8125)
    assert not reaches("local", sandbox, VENDOR, 443)


def test_in_the_trial_nobody_outside_comes_in() -> None:
    pods = _pods("local")

    came = {
        name
        for name, pod in pods.items()
        for neighbour in NEIGHBOURS.values()
        for port in (8080, 5432, 5672, 15672, 8100)
        if reaches("local", neighbour, pod, port)
    }

    assert came == set()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_policy_speaks_for_some_pod(overlay: str) -> None:
    pods = [one.labels for one in workloads(overlay)]

    silent = [
        name
        for name, one in of_kind(overlay, "NetworkPolicy").items()
        if not any(selects(one["spec"]["podSelector"], labels) for labels in pods)
    ]

    assert silent == []
