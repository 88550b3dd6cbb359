"""What the operators' own kinds look like, as far as we use them; any other field is a slip.

Written from the operators' references: https://keda.sh/docs/latest/reference/scaledobject-spec/,
https://www.rabbitmq.com/kubernetes/operator/using-operator,
https://prometheus-operator.dev/docs/api-reference/api/. What they take over from Kubernetes itself
(pods, scaling behaviour) stays unread here and is held against Kubernetes' own schemas.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Kubernetes = dict[str, Any]
Interval = Annotated[str, Field(pattern=r"^\d+(ms|s|m|h)$")]


class Read(BaseModel):
    """A part of a manifest, with no field beside those that are named."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Metadata(Read):
    """Who it is; kustomize puts it into our namespace."""

    name: str
    namespace: Literal["goodsout"]
    labels: dict[str, str] = {}


class SecretParameter(Read):
    """One parameter of a trigger, from a Secret."""

    parameter: Literal["host", "username", "password"]
    name: str
    key: str


class TriggerAuthenticationSpec(Read):
    """What a trigger logs in with."""

    secretTargetRef: list[SecretParameter]  # noqa: N815 - as KEDA spells it


class RabbitmqTrigger(Read):
    """Asks the broker's management for one queue's length; KEDA wants every value as a text."""

    protocol: Literal["http"]
    host: Annotated[str, Field(pattern=r"^http://[a-z.-]+:15672/$")]
    vhostName: str  # noqa: N815 - as KEDA spells it
    queueName: str  # noqa: N815 - as KEDA spells it
    mode: Literal["QueueLength"]
    value: Annotated[str, Field(pattern=r"^\d+$")]


class NamedReference(Read):
    """Another object of the namespace."""

    name: str


class Trigger(Read):
    """What is scaled by."""

    type: Literal["rabbitmq"]
    metadata: RabbitmqTrigger
    authenticationRef: NamedReference  # noqa: N815 - as KEDA spells it


class Fallback(Read):
    """How many there are while the trigger cannot be asked."""

    failureThreshold: int  # noqa: N815 - as KEDA spells it
    replicas: int
    behavior: Literal["static", "currentReplicas", "currentReplicasIfHigher"]


class AutoscalerConfig(Read):
    """What goes into the HorizontalPodAutoscaler."""

    behavior: Kubernetes


class Advanced(Read):
    """The autoscaler that KEDA makes."""

    horizontalPodAutoscalerConfig: AutoscalerConfig  # noqa: N815 - as KEDA spells it


class ScaledObjectSpec(Read):
    """How many of a Deployment there are."""

    scaleTargetRef: NamedReference  # noqa: N815 - as KEDA spells it
    pollingInterval: int  # noqa: N815 - as KEDA spells it
    minReplicaCount: Annotated[int, Field(ge=1)]  # noqa: N815 - as KEDA spells it
    maxReplicaCount: int  # noqa: N815 - as KEDA spells it
    fallback: Fallback
    advanced: Advanced
    triggers: list[Trigger]


class Persistence(Read):
    """The volume of each node."""

    storage: str


class Rabbitmq(Read):
    """The broker's own configuration."""

    additionalPlugins: list[str]  # noqa: N815 - as the Cluster Operator spells it
    additionalConfig: str  # noqa: N815 - as the Cluster Operator spells it


class Template(Read):
    """The pods of the StatefulSet."""

    spec: Kubernetes


class StatefulSetSpec(Read):
    """Laid over the StatefulSet that the operator makes."""

    template: Template


class StatefulSetOverride(Read):
    """Laid over the StatefulSet that the operator makes."""

    spec: StatefulSetSpec


class Override(Read):
    """Laid over what the operator makes."""

    statefulSet: StatefulSetOverride  # noqa: N815 - as the Cluster Operator spells it


class RabbitmqClusterSpec(Read):
    """The broker's nodes; an even number of them has no majority when it is split."""

    replicas: Literal[3, 5]
    image: str
    resources: Kubernetes
    persistence: Persistence
    rabbitmq: Rabbitmq
    affinity: Kubernetes
    override: Override


class Relabeling(Read):
    """One label, from others or as it is given."""

    targetLabel: str  # noqa: N815 - as the Prometheus Operator spells it
    sourceLabels: list[str] = []  # noqa: N815 - as the Prometheus Operator spells it
    replacement: str | None = None


class Endpoint(Read):
    """Where to scrape, by the port's name."""

    port: str
    path: str
    interval: Interval
    params: dict[str, list[str]] = {}
    relabelings: list[Relabeling] = []


class ServiceMonitorSpec(Read):
    """Which Services are scraped."""

    selector: Kubernetes
    endpoints: list[Endpoint]


class PodMonitorSpec(Read):
    """Which pods are scraped."""

    selector: Kubernetes
    podMetricsEndpoints: list[Endpoint]  # noqa: N815 - as the Prometheus Operator spells it


class Rule(Read):
    """An alert, or a series that is computed."""

    expr: str
    alert: str | None = None
    record: str | None = None
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    # `for` is a word of Python's.
    for_: Interval | None = Field(default=None, alias="for")
    keep_firing_for: Interval | None = None


class Group(Read):
    """Rules that are looked at together."""

    name: str
    interval: Interval | None = None
    rules: list[Rule]


class PrometheusRuleSpec(Read):
    """Alerts and computed series."""

    groups: list[Group]


class _TriggerAuthentication(Read):
    apiVersion: Literal["keda.sh/v1alpha1"]  # noqa: N815 - as Kubernetes spells it
    kind: Literal["TriggerAuthentication"]
    metadata: Metadata
    spec: TriggerAuthenticationSpec


class _ScaledObject(Read):
    apiVersion: Literal["keda.sh/v1alpha1"]  # noqa: N815 - as Kubernetes spells it
    kind: Literal["ScaledObject"]
    metadata: Metadata
    spec: ScaledObjectSpec


class _RabbitmqCluster(Read):
    apiVersion: Literal["rabbitmq.com/v1beta1"]  # noqa: N815 - as Kubernetes spells it
    kind: Literal["RabbitmqCluster"]
    metadata: Metadata
    spec: RabbitmqClusterSpec


class _ServiceMonitor(Read):
    apiVersion: Literal["monitoring.coreos.com/v1"]  # noqa: N815 - as Kubernetes spells it
    kind: Literal["ServiceMonitor"]
    metadata: Metadata
    spec: ServiceMonitorSpec


class _PodMonitor(Read):
    apiVersion: Literal["monitoring.coreos.com/v1"]  # noqa: N815 - as Kubernetes spells it
    kind: Literal["PodMonitor"]
    metadata: Metadata
    spec: PodMonitorSpec


class _PrometheusRule(Read):
    apiVersion: Literal["monitoring.coreos.com/v1"]  # noqa: N815 - as Kubernetes spells it
    kind: Literal["PrometheusRule"]
    metadata: Metadata
    spec: PrometheusRuleSpec


ANY = TypeAdapter[Any](
    Annotated[
        _TriggerAuthentication | _ScaledObject | _RabbitmqCluster | _ServiceMonitor | _PodMonitor
        | _PrometheusRule,
        Field(discriminator="kind"),
    ]
)  # fmt: skip
KINDS = frozenset({
    "TriggerAuthentication", "ScaledObject", "RabbitmqCluster", "ServiceMonitor", "PodMonitor",
    "PrometheusRule",
})  # fmt: skip
