"""The figures of a journal, asked for as Prometheus asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric

from services.notifier.figures.collector import READINGS, Figures
from services.notifier.figures.families import Moment, Reading
from shared.clock import Pace
from shared.db.engine import reading_session_maker
from shared.metrics.accounts import shown_accounts
from tests.integration.journal.books import Books

MOST = 200


def read(books: Books, reading: Reading, *, most: int = MOST) -> dict[str, dict[Any, float]]:
    """Read figures now; by the sample's name, a value for each combination of labels."""
    with reading_session_maker(books.engine)() as session:
        at = Moment(now=books.clock(), shown=shown_accounts(session, most))
        return values_of(reading.read(session, at))


def values_of(metrics: Sequence[Metric]) -> dict[str, dict[Any, float]]:
    """Lay samples out by name and label values; one label's value stands alone."""
    found: dict[str, dict[Any, float]] = {}
    for metric in metrics:
        for sample in metric.samples:
            key = tuple(sample.labels.values())
            found.setdefault(sample.name, {})[key[0] if len(key) == 1 else key] = sample.value
    return found


def counted(values: Mapping[Any, float]) -> dict[Any, float]:
    """Leave out what is nothing."""
    return {key: value for key, value in values.items() if value}


def figures_of(books: Books, **more: Any) -> Figures:
    """Give a collector of the books."""
    given: dict[str, Any] = {"now": books.clock, "most": MOST, "pace": Pace(), "readings": READINGS}
    return Figures(reading_session_maker(books.engine), **{**given, **more})


def scrape(figures: Figures) -> dict[str, dict[Any, float]]:
    """Collect once, as `/metrics` does."""
    registry = CollectorRegistry()
    registry.register(figures)
    return values_of(list(registry.collect()))
