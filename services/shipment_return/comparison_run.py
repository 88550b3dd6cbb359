"""A run through ShipHero's changed orders between its pages, carried by the next page's event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.shipment_return.comparison_window import Window
from shared.events import SHIPHERO_RECONCILIATION_REQUESTED, Event, Lane, NewEvent
from shared.watermarks import PAGE


@dataclass(frozen=True, kw_only=True)
class Run:
    """Where a run stands, since `begins`; its counts are of windows that were read as a whole."""

    name: str
    begins: datetime
    window: Window
    step: int = 1
    found: int = 0
    missed: int = 0

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read the run that a page's event carries."""
        told = dict(event.payload)
        return cls(
            name=told["run"],
            # A page that an earlier version asked for does not say.
            begins=datetime.fromisoformat(told.get("begins", told["start"])),
            window=Window.of(told),
            step=int(told["step"]),
            found=int(told["found"]),
            missed=int(told["missed"]),
        )

    def on(self, window: Window, *, found: int = 0, missed: int = 0) -> "Run":
        """Give the state before `window` is read."""
        return Run(
            name=self.name,
            begins=self.begins,
            window=window,
            step=self.step + 1,
            found=self.found + found,
            missed=self.missed + missed,
        )

    def page(self, event: Event, *, code: str) -> NewEvent:
        """Ask for the page that this state stands before."""
        return NewEvent(
            account_id=event.account_id,
            name=SHIPHERO_RECONCILIATION_REQUESTED,
            subject=PAGE,
            dedupe_key=f"{code}:{self.name}:{self.step}",
            lane=Lane.BACKFILL,
            traceparent=event.traceparent,
            payload={
                "run": self.name,
                "begins": self.begins.isoformat(),
                "step": self.step,
                "found": self.found,
                "missed": self.missed,
                **self.window.told(),
            },
        )


def is_page(event: Event) -> bool:
    """Tell a run's later page from a request for a new run."""
    return "run" in event.payload
