"""How far each part of the fetch has come, as a page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from shared.catalogue.parts import Part
from shared.db.vendor_tables import FetchProgress

WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"


@dataclass(frozen=True, kw_only=True)
class PartProgress:
    """One part: `done` of `total` things, `total` None until the vendor told.

    `added` of them were not known before, None where that is not counted. `sentence` says why it
    failed, waits or is tried again; "" where there is nothing to say.
    """

    part: Part
    state: str
    done: int
    total: int | None
    started_at: datetime
    moved_at: datetime
    ended_at: datetime | None
    added: int | None = None
    sentence: str = ""

    @property
    def under_way(self) -> bool:
        """Whether it still goes on by itself."""
        return self.state in {WAITING, RUNNING}

    @property
    def minutes_left(self) -> int | None:
        """How long it takes yet at the pace so far, at least a minute; None where nobody knows."""
        took = (self.moved_at - self.started_at).total_seconds()
        if self.state != RUNNING or not self.done or self.total is None or took <= 0:
            return None
        left = took * max(0, self.total - self.done) / self.done
        return max(1, round(left / 60))

    @property
    def found_no_change(self) -> bool:
        """Whether it asked only for what had changed, as products are after their first fetch."""
        return self.part is Part.PRODUCTS and self.state == DONE and not self.done

    @property
    def words(self) -> str:
        """Say in one line how it stands, such as "Products: 3,410 of 12,000"."""
        told = f"{self.part.label}: {self._standing()}"
        return f"{told}. {self.sentence}" if self.sentence else told

    def _standing(self) -> str:
        if self.state == WAITING:
            return "waiting"
        if self.state == DONE:
            return f"done, {self.done:,} fetched"
        of_all = "so far" if self.total is None else f"of {max(self.total, self.done):,}"
        count = f"{self.done:,} {of_all}"
        return f"stopped at {count}" if self.state == FAILED else count


def fetch_progress(session: Session, account_id: UUID) -> tuple[PartProgress, ...]:
    """Read how each part stands that was ever asked for, in the order of `Part`."""
    found = session.exec(select(FetchProgress).where(FetchProgress.account_id == account_id))
    rows = {row.part: row for row in found}
    return tuple(_progress(part, rows[part]) for part in Part if part in rows)


def _progress(part: Part, row: FetchProgress) -> PartProgress:
    return PartProgress(
        part=part,
        state=row.state,
        done=row.done,
        total=row.total,
        started_at=row.started_at,
        moved_at=row.moved_at,
        ended_at=row.ended_at,
        added=row.added,
        sentence=row.failure,
    )
