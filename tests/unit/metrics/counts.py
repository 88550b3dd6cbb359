"""Reads what this process has counted, so that a test sees by how much it rose."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import REGISTRY


@dataclass
class Rise:
    """By how much a count rose; known once the block is over."""

    by: float = 0.0


@contextmanager
def rise_of(name: str, **labels: str) -> Iterator[Rise]:
    """Watch one sample, such as `goodsout_swept_total`, for as long as a block lasts."""
    rise, before = Rise(), count_of(name, **labels)
    yield rise
    rise.by = count_of(name, **labels) - before


def count_of(name: str, **labels: str) -> float:
    """Give a sample's value; nothing counted is 0."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
