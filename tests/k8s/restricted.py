"""Pod Security "restricted", rule by rule: what a pod's manifest does against it.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.k8s.manifests import Manifest, Workload

VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
    "projected", "secret",
}  # fmt: skip
SELINUX = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
}  # fmt: skip
PROFILES = {"RuntimeDefault", "Localhost"}
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


def breaches(workload: Workload) -> list[str]:
    """Name each rule that the pods break."""
    return [rule for rule, broken in RULES.items() if any(broken(workload))]


def _contexts(workload: Workload) -> Iterator[Manifest]:
    """Give each container's security context, with the pod's where it says nothing."""
    pod = workload.pod.get("securityContext", {})
    for container in workload.containers:
        yield {**pod, **container.get("securityContext", {})}


def _each_context(broken: Callable[[Manifest], bool]) -> Callable[[Workload], Iterator[bool]]:
    """Ask what every container must say, by itself or by its pod."""

    def ask(workload: Workload) -> Iterator[bool]:
        yield from map(broken, _contexts(workload))

    return ask


def _any_context(broken: Callable[[Manifest], bool]) -> Callable[[Workload], Iterator[bool]]:
    """Ask what nobody may say, the pod neither where every container says better."""

    def ask(workload: Workload) -> Iterator[bool]:
        yield broken(workload.pod.get("securityContext", {}))
        yield from map(broken, _contexts(workload))

    return ask


def _host_namespaces(workload: Workload) -> Iterator[bool]:
    yield from (workload.pod.get(key, False) for key in ("hostNetwork", "hostPID", "hostIPC"))


def _volumes(workload: Workload) -> Iterator[bool]:
    for volume in workload.pod.get("volumes", ()):
        yield not (volume.keys() - {"name"}) <= VOLUMES


def _host_ports(workload: Workload) -> Iterator[bool]:
    for container in workload.containers:
        yield from (port.get("hostPort", 0) != 0 for port in container.get("ports", ()))


def _hosts_asked(workload: Workload) -> Iterator[bool]:
    """Find probes and hooks that are sent to another host than the pod."""
    for container in workload.containers:
        hooks = container.get("lifecycle", {}).values()
        probes = (
            container.get(f"{kind}Probe", {}) for kind in ("startup", "liveness", "readiness")
        )
        for action in (*hooks, *probes):
            yield any("host" in action.get(way, {}) for way in ("httpGet", "tcpSocket"))


def _apparmor(workload: Workload) -> Iterator[bool]:
    yield from _any_context(_of_other_apparmor)(workload)
    for key, value in workload.annotations.items():
        allowed = value == "runtime/default" or value.startswith("localhost/")
        yield key.startswith(APPARMOR) and not allowed


def _of_other_apparmor(context: Manifest) -> bool:
    return context.get("appArmorProfile", {"type": "RuntimeDefault"})["type"] not in PROFILES


def _of_other_selinux(context: Manifest) -> bool:
    told: Mapping[str, Any] = context.get("seLinuxOptions", {})
    return told.get("type", "") not in SELINUX or bool(told.keys() & {"user", "role"})


def _sysctls(workload: Workload) -> Iterator[bool]:
    told = workload.pod.get("securityContext", {}).get("sysctls", ())
    yield from (one["name"] not in SYSCTLS for one in told)


def _seccomp(workload: Workload) -> Iterator[bool]:
    def told(context: Manifest) -> Any:
        return context.get("seccompProfile", {}).get("type")

    yield from _each_context(lambda context: told(context) not in PROFILES)(workload)
    yield from _any_context(lambda context: told(context) == "Unconfined")(workload)


def _keeps_capabilities(context: Manifest) -> bool:
    return "ALL" not in context.get("capabilities", {}).get("drop", ())


def _adds_capabilities(context: Manifest) -> bool:
    return not set(context.get("capabilities", {}).get("add", ())) <= {"NET_BIND_SERVICE"}


RULES: dict[str, Callable[[Workload], Iterator[bool]]] = {
    "host namespaces": _host_namespaces,
    "volume types": _volumes,
    "host ports": _host_ports,
    "probes and hooks to other hosts": _hosts_asked,
    "privileged": _any_context(lambda context: context.get("privileged", False)),
    "host process": _any_context(
        lambda context: context.get("windowsOptions", {}).get("hostProcess", False)
    ),
    "privilege escalation": _each_context(
        lambda context: context.get("allowPrivilegeEscalation", True)
    ),
    "capabilities dropped": _each_context(_keeps_capabilities),
    "capabilities added": _any_context(_adds_capabilities),
    "run as non-root": _each_context(lambda context: not context.get("runAsNonRoot", False)),
    "run as user": _any_context(lambda context: context.get("runAsUser") == 0),
    "seccomp": _seccomp,
    "AppArmor": _apparmor,
    "SELinux": _any_context(_of_other_selinux),
    "proc mount": _any_context(lambda context: context.get("procMount", "Default") != "Default"),
    "sysctls": _sysctls,
}
