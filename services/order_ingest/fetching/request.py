"""What a `reference.requested` event asks for: a run to begin, or a run's next page."""

from dataclasses import dataclass
from uuid import UUID

from shared.catalogue.parts import Part
from shared.errors import Permanent
from shared.events import REFERENCE_REQUESTED, Event, Lane, NewEvent

ALL = "all"
# Long lists yield to live work; the short ones are what a person waits for.
LANES = {Part.PRODUCTS: Lane.BACKFILL, Part.SHIPHERO_PRODUCTS: Lane.BACKFILL}


@dataclass(frozen=True, kw_only=True)
class PageOf:
    """One page of one run: `cursor` is where it begins, in the words of the part's own reader."""

    part: Part
    run_id: UUID
    cursor: str


def parts_asked(event: Event) -> tuple[Part, ...]:
    """Give the parts of which a run is to begin.

    Raises Permanent for a part that does not exist.
    """
    name = event.payload.get("part", ALL)
    return tuple(Part) if name == ALL else (_part(name),)


def page_asked(event: Event) -> PageOf | None:
    """Give the page that is to be fetched; None when a run is to begin.

    Raises Permanent for a part that does not exist.
    """
    run_id = event.payload.get("run_id")
    if run_id is None:
        return None
    return PageOf(
        part=_part(event.payload.get("part")),
        run_id=UUID(run_id),
        cursor=str(event.payload.get("cursor", "")),
    )


def page_event(event: Event, page: PageOf) -> NewEvent:
    """Ask for the page that follows `event`, however often that is done."""
    return NewEvent(
        account_id=event.account_id,
        name=REFERENCE_REQUESTED,
        subject=page.part,
        payload={"part": page.part.value, "run_id": str(page.run_id), "cursor": page.cursor},
        dedupe_key=f"{event.id}:{page.part}",
        lane=LANES.get(page.part, Lane.LIVE),
        traceparent=event.traceparent,
    )


def _part(name: object) -> Part:
    try:
        return Part(str(name))
    except ValueError:
        known = ", ".join(Part)
        raise Permanent(
            f"There is no list called {name!r} to fetch; there are {known} and {ALL}.",
            code="part_unknown",
        ) from None
