"""Have notes made in the sandbox, count what came of them, and tell it."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from sqlmodel import Session, col, select

from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import TimelineRow

Timing = Mapping[str, Any]  # of one note in the sandbox's ledger, epoch seconds


@dataclass(frozen=True, kw_only=True)
class Walked:
    """What came out: `lost` notes never shipped, `duplicates` are orders too many for a note."""

    notes: int
    lost: int
    duplicates: int
    to_order_ms: Sequence[float]
    to_shipped_ms: Sequence[float]
    unexplained: int

    @property
    def ok(self) -> bool:
        """Whether every note became exactly one order and was shipped."""
        return not (self.lost or self.duplicates or self.unexplained)

    def line(self) -> str:
        """Give the last line of a smoke run."""
        word = "ok" if self.ok else "FAILED"
        return (
            f"smoke: {word} notes={self.notes} lost={self.lost} duplicates={self.duplicates} "
            f"p50_ms={_percentile(self.to_order_ms, 50):.0f} "
            f"p95_ms={_percentile(self.to_order_ms, 95):.0f}"
        )


def control(sandbox: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Call the control API of the sandbox at an address; a body makes it a POST."""
    url = f"{sandbox}/control/{path}"
    if body is None:
        answer = requests.get(url, timeout=10)
    else:
        answer = requests.post(url, json=body, timeout=10)
    answer.raise_for_status()
    return answer.json()


def make_note(sandbox: str) -> int:
    """Have a person in Brightpearl make a sales order with one goods-out note; gives its id."""
    made = control(sandbox, "sales-orders", {"count": 1, "notes": 1, "lines": 2})
    note_id: int = made["orders"][0]["noteIds"][0]
    return note_id


def make_notes(make: Callable[[], int], count: int) -> list[int]:
    """Make notes one after the other, as on an ordinary day; gives their ids."""
    return [_pause_after(make) for _ in range(count)]


def order_spans(timings: Sequence[Timing]) -> list[float]:
    """Give how long each note took to its ShipHero order, milliseconds."""
    return _spans(timings, "created_at", "shiphero_order_at")


def shipped_spans(timings: Sequence[Timing]) -> list[float]:
    """Give how long each shipment took to the shipped note, milliseconds."""
    return _spans(timings, "shiphero_shipped_at", "note_shipped_at")


def print_spans(what: str, spans: Sequence[float]) -> None:
    """Print the middle and the slow end of some milliseconds."""
    half, most = _percentile(spans, 50), _percentile(spans, 95)
    print(f"{what}: p50 {half:.0f} ms, p95 {most:.0f} ms, {len(spans)} measured")


def print_walked(walked: Walked) -> None:
    """Print how long both ways took."""
    print_spans("goods-out note to ShipHero order", walked.to_order_ms)
    print_spans("ShipHero shipment to shipped note", walked.to_shipped_ms)


def print_timeline(session: Session, note_id: int) -> None:
    """Print everything that happened to one note, oldest first."""
    told = session.exec(select(TimelineRow).where(TimelineRow.note_id == note_id)).all()
    tries = session.exec(
        select(AttemptRow, EventRow.name)
        .join(EventRow, col(AttemptRow.event_id) == col(EventRow.id))
        .where(EventRow.subject == str(note_id))
    ).all()
    lines = [(row.at, row.sentence) for row in told]
    lines += [
        (row.started_at, f"{name}, attempt {row.number}: {row.result}") for row, name in tries
    ]
    print(f"Note {note_id}:")
    for at, words in sorted(lines):
        print(f"  {at:%H:%M:%S.%f}  {words}")


def _pause_after(make: Callable[[], int]) -> int:
    made = make()
    time.sleep(0.3)
    return made


def _spans(timings: Sequence[Timing], start: str, end: str) -> list[float]:
    return [
        (timing[end] - timing[start]) * 1000
        for timing in timings
        if timing.get(start) and timing.get(end)
    ]


def _percentile(values: Sequence[float], percent: int) -> float:
    if not values:
        return float("nan")
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
