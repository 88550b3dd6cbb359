"""A run's state between its pages, carried by the event of the next page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from shared.events import RECONCILIATION_REQUESTED, Event, Lane, NewEvent
from shared.watermarks import PAGE, WHOLE

CREATED, OPEN = "created", "open"


@dataclass(frozen=True, kw_only=True)
class Run:
    """Where a run through one of Brightpearl's lists stands; `first` is the row it goes on with.

    `part` is CREATED, notes by time, or OPEN, notes not shipped. `total` is how many rows the
    last page told of, `steps_back` how often the list had become shorter, `after` the last note
    id seen; a `wide` run begins far before what has to be compared. A person asked for a `whole`
    one, which goes through the open notes too, whenever that was done last.
    """

    name: str
    part: str
    created_from: datetime
    created_to: datetime
    covers_from: datetime
    wide: bool = False
    whole: bool = False
    first: int = 1
    total: int = 0
    steps_back: int = 0
    after: int = 0
    found: int = 0
    missed: int = 0

    @classmethod
    def of(cls, event: Event) -> Self:
        """Read the run that a page's event carries."""
        told: dict[str, Any] = dict(event.payload)
        counts = {name: int(told[name]) for name in COUNTS}
        return cls(
            name=told["run"],
            part=told["part"],
            created_from=datetime.fromisoformat(told["created_from"]),
            created_to=datetime.fromisoformat(told["created_to"]),
            covers_from=datetime.fromisoformat(told["covers_from"]),
            wide=bool(told["wide"]),
            whole=bool(told.get(WHOLE)),
            first=counts["first"],
            total=counts["total"],
            steps_back=counts["steps_back"],
            after=counts["after"],
            found=counts["found"],
            missed=counts["missed"],
        )

    def page(self, event: Event, *, code: str) -> NewEvent:
        """Ask for the page that this state stands before."""
        return NewEvent(
            account_id=event.account_id,
            name=RECONCILIATION_REQUESTED,
            subject=PAGE,
            dedupe_key=f"{code}:{self.name}:{self.part}:{self.first}:{self.steps_back}",
            lane=Lane.BACKFILL,
            traceparent=event.traceparent,
            payload={
                "run": self.name,
                "part": self.part,
                "created_from": self.created_from.isoformat(),
                "created_to": self.created_to.isoformat(),
                "covers_from": self.covers_from.isoformat(),
                "wide": self.wide,
                WHOLE: self.whole,
                **{name: getattr(self, name) for name in COUNTS},
            },
        )


COUNTS = ("first", "total", "steps_back", "after", "found", "missed")


def is_page(event: Event) -> bool:
    """Tell a run's later page from a request for a new run."""
    return "run" in event.payload
