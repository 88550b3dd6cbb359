"""`make smoke`: start the system, walk notes from webhook to shipped, and count what came out."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlmodel import Session, col, select

from deploy.embedded.demo import connect_demo
from deploy.embedded.parts import Ports, parts_of
from deploy.embedded.prepare import free_ports, given_by_person, prepare
from deploy.embedded.supervisor import Launch, Supervisor, launched
from deploy.embedded.unfinished import unfinished
from deploy.embedded.waiting import NotReadyInTimeError
from shared.db.engine import open_engine, reading_session_maker
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import SyncLogRow, TimelineRow
from shared.journal.ledger import ledger
from shared.notes.state import DONE

# Delays shrunk so that whatever a killed process left behind is brought back within seconds.
QUICK = {
    "TIME_SCALE": "0.02",
    "SANDBOX_TIME_SCALE": "0.2",
    "VENDOR_DEADLINE": "4",
    "NOTE_LEASE": "5",
    "CLAIM_LEASE": "6",
    "PUBLISH_LEASE": "5",
    "SWEEP_EVERY": "0.5",
    "OPEN_NOTES_EVERY": "5",
    "LOG_FORMAT": "json",
}


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


@dataclass(frozen=True, kw_only=True)
class SmokeRun:
    """A running system under a supervisor, with its sandbox's control API."""

    supervisor: Supervisor
    environment: Mapping[str, str]
    ports: Ports

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call the sandbox's control API; a body makes it a POST."""
        url = f"http://127.0.0.1:{self.ports.sandbox}/control/{path}"
        answer = requests.get(url, timeout=10) if body is None else _post(url, body)
        answer.raise_for_status()
        return answer.json()

    def make_note(self) -> int:
        """Have a person in Brightpearl make a sales order with one goods-out note."""
        made = self.control("sales-orders", {"count": 1, "notes": 1, "lines": 2})
        note_id: int = made["orders"][0]["noteIds"][0]
        return note_id

    def wait_until_shipped(self, at_least: int, *, seconds: float) -> None:
        """Wait until every note of the sandbox is shipped there and told here.

        When time is up, print what each note still waits for.
        """
        until = time.monotonic() + seconds
        while not self._all_shipped(at_least):
            if time.monotonic() >= until:
                with reading(self.environment) as session:
                    print(*unfinished(session), sep="\n")
                return
            time.sleep(0.1)

    def walked(self) -> Walked:
        """Count what came out, by the sandbox's own books."""
        told = self.control("ledger")
        timings = told["note_timings"]
        with reading(self.environment) as session:
            days = ledger(session)["days"]
        return Walked(
            notes=told["notes"],
            lost=told["notes"] - told["notes_shipped"],
            duplicates=len(told["doubled_keys"]),
            to_order_ms=_spans(timings, "created_at", "shiphero_order_at"),
            to_shipped_ms=_spans(timings, "shiphero_shipped_at", "note_shipped_at"),
            unexplained=sum(abs(day["unexplained"]) for day in days),
        )

    def _all_shipped(self, at_least: int) -> bool:
        try:
            there = self.control("ledger")
        except requests.RequestException:
            return False  # a test may just have killed the sandbox
        with reading(self.environment) as session:
            here = session.exec(
                select(SyncLogRow.note_id).where(col(SyncLogRow.shipment_stage) == DONE)
            ).all()
        shipped = min(int(there["notes_shipped"]), len(here))
        return shipped >= max(at_least, int(there["notes"]))


@contextmanager
def reading(environment: Mapping[str, str]) -> Iterator[Session]:
    """Open the running system's database for a look."""
    engine = open_engine(environment["DATABASE_URL"])
    try:
        with reading_session_maker(engine)() as session:
            yield session
    finally:
        engine.dispose()


def start(
    folder: Path, given: Mapping[str, str], *, ship_after: float = 5, launch: Launch = launched
) -> SmokeRun:
    """Prepare a system on free ports in `folder`; enter its supervisor to run it."""
    ports = free_ports()
    chosen = {"SANDBOX_SHIP_AFTER": str(ship_after), **QUICK, **given}
    environment = prepare(folder, ports, chosen)
    supervisor = Supervisor(parts_of(ports), environment, folder / "logs", launch)
    return SmokeRun(supervisor=supervisor, environment=environment, ports=ports)


def main() -> int:
    """Walk 20 notes and print one note's timeline and the counts."""
    notes = int(os.environ.get("SMOKE_NOTES", "20"))
    with tempfile.TemporaryDirectory(prefix="goodsout-smoke-") as folder:
        run = start(Path(folder), given_by_person())
        try:
            walked = _walk(run, notes)
        except NotReadyInTimeError as late:
            _print_logs(Path(folder) / "logs")
            print(f"smoke: FAILED {late}")
            return 1
        if not walked.ok:
            _print_logs(Path(folder) / "logs")
    print(walked.line())
    return 0 if walked.ok else 1


def _walk(run: SmokeRun, notes: int) -> Walked:
    with run.supervisor:
        connect_demo(run.environment, run.ports)
        note_ids = [_pause_after(run.make_note) for _ in range(notes)]
        run.wait_until_shipped(notes, seconds=90)
        walked = run.walked()
        _print_timeline(run.environment, note_ids[0])
    print_spans("goods-out note to ShipHero order", walked.to_order_ms)
    print_spans("ShipHero shipment to shipped note", walked.to_shipped_ms)
    return walked


def _post(url: str, body: Mapping[str, Any]) -> requests.Response:
    return requests.post(url, json=body, timeout=10)


def _pause_after(make: Callable[[], int]) -> int:
    made = make()
    time.sleep(0.3)  # one after the other, as on an ordinary day
    return made


def _spans(timings: Sequence[Mapping[str, Any]], start: str, end: str) -> list[float]:
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


def print_spans(what: str, spans: Sequence[float]) -> None:
    """Print the middle and the slow end of some milliseconds."""
    half, most = _percentile(spans, 50), _percentile(spans, 95)
    print(f"{what}: p50 {half:.0f} ms, p95 {most:.0f} ms, {len(spans)} measured")


def _print_timeline(environment: Mapping[str, str], note_id: int) -> None:
    """Print everything that happened to one note, oldest first."""
    with reading(environment) as session:
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


def _print_logs(folder: Path) -> None:
    for file in sorted(folder.glob("*.log")):
        tail = file.read_text(errors="replace").splitlines()[-15:]
        print(f"--- {file.name}\n" + "\n".join(tail), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
