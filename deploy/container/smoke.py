"""`make smoke IN=compose`: walk notes through the system that runs in containers, and count them.

The sandbox goes on making orders of its own meanwhile, so only the notes made here are counted.
"""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from deploy.embedded.smoke import reading
from deploy.embedded.unfinished import unfinished
from deploy.embedded.walked import (
    Timing,
    Walked,
    control,
    make_note,
    make_notes,
    order_spans,
    print_timeline,
    print_walked,
    shipped_spans,
)
from shared.db.note_tables import SyncLogRow
from shared.journal.ledger import ledger
from shared.notes.state import DONE

PAUSE = 1.0


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Some notes in a system that runs already, with its environment."""

    environment: Mapping[str, str]
    sandbox: str
    notes: frozenset[int]

    def timings(self) -> list[Timing]:
        """Read when each step of each note happened, by the sandbox's own books."""
        told = control(self.sandbox, "ledger")["note_timings"]
        return [timing for timing in told if timing["noteId"] in self.notes]

    def wait_until_shipped(self, *, seconds: float) -> None:
        """Wait until each is shipped there and told here; print what they wait for when late."""
        until = time.monotonic() + seconds
        while not self._all_shipped():
            if time.monotonic() >= until:
                with reading(self.environment) as session:
                    print(*unfinished(session), sep="\n")
                return
            time.sleep(PAUSE)

    def walked(self) -> Walked:
        """Count what came out."""
        timings = self.timings()
        with reading(self.environment) as session:
            days = ledger(session)["days"]
        return Walked(
            notes=len(self.notes),
            lost=len(self.notes) - sum(1 for one in timings if one["note_shipped_at"]),
            duplicates=len(control(self.sandbox, "ledger")["doubled_keys"]),
            to_order_ms=order_spans(timings),
            to_shipped_ms=shipped_spans(timings),
            unexplained=sum(abs(day["unexplained"]) for day in days),
        )

    def _all_shipped(self) -> bool:
        with reading(self.environment) as session:
            here = session.exec(
                select(SyncLogRow.note_id).where(
                    col(SyncLogRow.note_id).in_(self.notes),
                    col(SyncLogRow.shipment_stage) == DONE,
                )
            ).all()
        return len(here) == len(self.notes) and all(
            one["note_shipped_at"] for one in self.timings()
        )


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Walk SMOKE_NOTES=20 notes and print one note's timeline and the counts."""
    sandbox = environment["SHIPHERO_URL"]
    made = make_notes(lambda: make_note(sandbox), int(environment.get("SMOKE_NOTES", "20")))
    walk = Walk(environment=environment, sandbox=sandbox, notes=frozenset(made))
    walk.wait_until_shipped(seconds=180)
    walked = walk.walked()
    with reading(environment) as session:
        print_timeline(session, made[0])
    print_walked(walked)
    print(walked.line())
    return 0 if walked.ok else 1


if __name__ == "__main__":
    sys.exit(main())
