"""Metrics made of figures: one value for each combination of labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlmodel import Session

# The values of a metric's labels, in their order.
Labels = TypeVar("Labels", bound=tuple[str, ...])


@dataclass(frozen=True, kw_only=True)
class Moment:
    """As of when figures are read, and which accounts have series of their own, by their code."""

    now: datetime
    shown: Mapping[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Figures that are read together, again when they are `every` seconds old."""

    name: str
    every: float
    read: Callable[[Session, Moment], Sequence[Metric]]


def gauge(name: str, what: str, labels: Sequence[str], values: Mapping[Labels, float]) -> Metric:
    """Make what goes up and down."""
    family = GaugeMetricFamily(name, what, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def counter(name: str, what: str, labels: Sequence[str], values: Mapping[Labels, float]) -> Metric:
    """Make what only grows, or begins anew."""
    family = CounterMetricFamily(name, what, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def seconds_since(then: datetime | None, now: datetime) -> float:
    """Say how long ago something was; 0.0 where there is nothing, or it lies ahead."""
    return 0.0 if then is None else max(0.0, (now - then).total_seconds())
