"""Who reaches whom by an overlay's NetworkPolicies; what selects no pod lets everything through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from tests.k8s.manifests import Manifest, of_kind, selects

HOME = "kubernetes.io/metadata.name"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A pod with its labels and its namespace's, or, by its address alone, anything outside."""

    labels: Mapping[str, str] | None = None
    namespace: Mapping[str, str] | None = None
    address: str = ""

    @property
    def is_home(self) -> bool:
        """Say whether it is a pod of our namespace, for which our policies speak."""
        return self.namespace is not None and self.namespace.get(HOME) == "goodsout"


def a_pod(labels: Mapping[str, str]) -> Peer:
    """Make a pod of our own namespace."""
    return Peer(labels=labels, namespace={HOME: "goodsout"})


def reaches(overlay: str, source: Peer, target: Peer, port: int, protocol: str = "TCP") -> bool:
    """Say whether `source` may send and `target` may take, each where it is ours."""
    policies = tuple(one["spec"] for one in of_kind(overlay, "NetworkPolicy").values())
    return _lets(policies, source, "Egress", target, port, protocol) and _lets(
        policies, target, "Ingress", source, port, protocol
    )


def _lets(
    policies: Sequence[Manifest], pod: Peer, way: str, other: Peer, port: int, protocol: str
) -> bool:
    if not pod.is_home:
        return True
    assert pod.labels is not None
    speaking = [
        one
        for one in policies
        if way in one["policyTypes"] and selects(one["podSelector"], pod.labels)
    ]
    rules = [rule for one in speaking for rule in one.get(way.lower(), ())]
    return not speaking or any(_fits(rule, way, other, port, protocol) for rule in rules)


def _fits(rule: Manifest, way: str, other: Peer, port: int, protocol: str) -> bool:
    peers = rule["to" if way == "Egress" else "from"]
    ports = [
        one
        for one in rule["ports"]
        if one["protocol"] == protocol and one["port"] <= port <= one.get("endPort", one["port"])
    ]
    return bool(ports) and any(_is(peer, other) for peer in peers)


def _is(peer: Manifest, other: Peer) -> bool:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        return (
            bool(other.address)
            and _within(block["cidr"], other.address)
            and not any(_within(hole, other.address) for hole in block.get("except", ()))
        )
    if other.labels is None or other.namespace is None:
        return False
    if "namespaceSelector" in peer:
        is_there = selects(peer["namespaceSelector"], other.namespace)
    else:
        is_there = other.is_home
    return is_there and selects(peer.get("podSelector", {}), other.labels)


def _within(network: str, address: str) -> bool:
    return ip_address(address) in ip_network(network)
