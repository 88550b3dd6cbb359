"""Every pod keeps every rule of Pod Security "restricted"; each is seen when it is broken."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from tests.k8s.manifests import OVERLAYS, of_kind, processes, workloads
from tests.k8s.restricted import APPARMOR, RULES, breaches

HOOK = {"httpGet": {"host": "there"}}
ENFORCE = "pod-security.kubernetes.io/enforce"

Spec = dict[str, Any]


def _pod(**told: Any) -> Callable[[Spec], None]:
    return lambda pod: pod.update(told)


def _pod_context(**told: Any) -> Callable[[Spec], None]:
    return lambda pod: pod["securityContext"].update(told)


def _container(**told: Any) -> Callable[[Spec], None]:
    return lambda pod: pod["containers"][0].update(told)


def _context(**told: Any) -> Callable[[Spec], None]:
    return lambda pod: pod["containers"][0]["securityContext"].update(told)


def _first_context(**told: Any) -> Callable[[Spec], None]:
    return lambda pod: pod["initContainers"][0]["securityContext"].update(told)


BREAKS = (
    ("host namespaces", _pod(hostNetwork=True)),
    ("host namespaces", _pod(hostPID=True)),
    ("host namespaces", _pod(hostIPC=True)),
    ("volume types", _pod(volumes=[{"name": "tmp", "hostPath": {"path": "/var/run"}}])),
    ("volume types", _pod(volumes=[{"name": "tmp", "nfs": {"server": "there", "path": "/"}}])),
    ("host ports", _container(ports=[{"name": "http", "containerPort": 8080, "hostPort": 8080}])),
    ("probes and hooks to other hosts", _container(livenessProbe={"tcpSocket": {"host": "there"}})),
    ("probes and hooks to other hosts", _container(lifecycle={"preStop": HOOK})),
    ("privileged", _context(privileged=True)),
    ("privileged", _first_context(privileged=True)),
    ("host process", _pod_context(windowsOptions={"hostProcess": True})),
    ("privilege escalation", _context(allowPrivilegeEscalation=True)),
    ("privilege escalation", _first_context(allowPrivilegeEscalation=True)),
    ("capabilities dropped", _context(capabilities={"drop": ["NET_RAW"]})),
    ("capabilities dropped", _context(capabilities={})),
    ("capabilities added", _context(capabilities={"drop": ["ALL"], "add": ["NET_ADMIN"]})),
    ("run as non-root", _pod_context(runAsNonRoot=False)),
    ("run as non-root", _context(runAsNonRoot=False)),
    ("run as user", _pod_context(runAsUser=0)),
    ("run as user", _context(runAsUser=0)),
    ("seccomp", _pod_context(seccompProfile={"type": "Unconfined"})),
    ("seccomp", _pod_context(seccompProfile={})),
    ("seccomp", _context(seccompProfile={"type": "Unconfined"})),
    ("AppArmor", _context(appArmorProfile={"type": "Unconfined"})),
    ("SELinux", _context(seLinuxOptions={"type": "spc_t"})),
    ("SELinux", _pod_context(seLinuxOptions={"user": "system_u"})),
    ("SELinux", _pod_context(seLinuxOptions={"role": "system_r"})),
    ("proc mount", _context(procMount="Unmasked")),
    ("sysctls", _pod_context(sysctls=[{"name": "kernel.msgmax", "value": "1"}])),
)  # fmt: skip


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_pod_keeps_every_rule(name: str) -> None:
    pods = workloads(name)

    assert {one.name: breaches(one) for one in pods} == {one.name: [] for one in pods}


@pytest.mark.parametrize(("rule", "break_it"), BREAKS)
def test_a_broken_rule_is_seen(rule: str, break_it: Callable[[Spec], None]) -> None:
    relay = processes("production")["relay"]
    pod = deepcopy(dict(relay.pod))

    break_it(pod)

    assert breaches(replace(relay, pod=pod)) == [rule]


def test_a_broken_rule_in_an_annotation_is_seen() -> None:
    relay = processes("production")["relay"]

    broken = replace(relay, annotations={f"{APPARMOR}goodsout": "unconfined"})

    assert breaches(broken) == ["AppArmor"]


def test_what_the_rules_allow_is_no_breach() -> None:
    relay = processes("production")["relay"]
    pod = deepcopy(dict(relay.pod))

    _context(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]})(pod)
    _pod_context(sysctls=[{"name": "net.ipv4.tcp_fin_timeout", "value": "30"}])(pod)

    assert breaches(replace(relay, pod=pod)) == []


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, _ in BREAKS} == set(RULES)


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_namespace_enforces_it(name: str) -> None:
    namespaces = of_kind(name, "Namespace").values()

    assert [one["metadata"]["labels"][ENFORCE] for one in namespaces] == ["restricted"]


@pytest.mark.parametrize("name", OVERLAYS)
def test_beyond_the_rules_no_file_system_can_be_written(name: str) -> None:
    each = [container for one in workloads(name) for container in one.containers]

    assert {one["securityContext"]["readOnlyRootFilesystem"] for one in each} == {True}


@pytest.mark.parametrize("name", OVERLAYS)
def test_beyond_the_rules_no_pod_may_ask_the_cluster(name: str) -> None:
    # The operator's nodes have an account of the operator's making.
    each = [one.pod for one in workloads(name) if one.kind != "RabbitmqCluster"]

    assert {one["automountServiceAccountToken"] for one in each} == {False}


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_container_has_requests_and_limits(name: str) -> None:
    each = [container for one in workloads(name) for container in one.pod["containers"]]

    told = [set(one["resources"][which]) for one in each for which in ("requests", "limits")]

    assert [one for one in told if one != {"cpu", "memory"}] == []
