"""`make smoke`: start the system, walk notes from webhook to shipped, and count what came out."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlmodel import Session, col, select

from deploy.embedded.demo import connect_demo
from deploy.embedded.free_ports import free_ports
from deploy.embedded.parts import Ports, parts_of
from deploy.embedded.prepare import given_by_person, prepare
from deploy.embedded.supervisor import Launch, Supervisor, launched
from deploy.embedded.unfinished import unfinished
from deploy.embedded.waiting import NotReadyInTimeError
from deploy.embedded.walked import (
    Walked,
    control,
    make_note,
    make_notes,
    order_spans,
    print_timeline,
    print_walked,
    shipped_spans,
)
from shared.db.engine import open_engine, reading_session_maker
from shared.db.note_tables import SyncLogRow
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
class SmokeRun:
    """A running system under a supervisor, with its sandbox's control API."""

    supervisor: Supervisor
    environment: Mapping[str, str]
    ports: Ports

    @property
    def sandbox(self) -> str:
        """Where the sandbox is."""
        return f"http://127.0.0.1:{self.ports.sandbox}"

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call the sandbox's control API; a body makes it a POST."""
        return control(self.sandbox, path, body)

    def make_note(self) -> int:
        """Have a person in Brightpearl make a sales order with one goods-out note."""
        return make_note(self.sandbox)

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
        with reading(self.environment) as session:
            days = ledger(session)["days"]
        return Walked(
            notes=told["notes"],
            lost=told["notes"] - told["notes_shipped"],
            duplicates=len(told["doubled_keys"]),
            to_order_ms=order_spans(told["note_timings"]),
            to_shipped_ms=shipped_spans(told["note_timings"]),
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
        connect_demo(run.environment)
        note_ids = make_notes(run.make_note, notes)
        run.wait_until_shipped(notes, seconds=90)
        walked = run.walked()
        with reading(run.environment) as session:
            print_timeline(session, note_ids[0])
    print_walked(walked)
    return walked


def _print_logs(folder: Path) -> None:
    for file in sorted(folder.glob("*.log")):
        tail = file.read_text(errors="replace").splitlines()[-15:]
        print(f"--- {file.name}\n" + "\n".join(tail), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
