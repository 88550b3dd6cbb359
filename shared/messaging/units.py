"""What a handler gives back for a group of events: one unit for each thing to make true."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import ConnectionBroken, OurTrouble, Throttled, Transient, UnknownOutcome
from shared.events import Event, Lane
from shared.outcome import Busy, Outcome, Parted
from shared.vendors.calls import Call

# What befalls a whole group alike, so that trying its events apart would change nothing.
RETRIED = (Transient, Throttled, UnknownOutcome, ConnectionBroken, OurTrouble)
# One bad thing among many that were read together spoils the answer for all of them.
SPOILED_BY_ONE = "_unreadable"

NOT_BEGUN = Busy(reason="The consumer had no room to begin this in time; it comes back.")


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One thing to make true at a vendor; `run` answers for all of `events`.

    One outcome is that of every event (coalesced); `Parted` gives each its own (a batch). A `quick`
    one waits for nobody, so it needs no thread and no transaction of its own.
    """

    events: tuple[Event, ...]
    run: Callable[[], Outcome | Parted]
    quick: bool = False


Handler = Callable[[Sequence[Event]], Iterable[Unit]]
Came = Outcome | Parted | Exception


def befalls_all(error: Exception) -> bool:
    """Say whether an error has nothing to do with any single event of the group."""
    spoiled = getattr(error, "code", "").endswith(SPOILED_BY_ONE)
    return isinstance(error, RETRIED) and not spoiled


def by_lane(events: Sequence[Event]) -> Iterator[tuple[Lane, list[Event]]]:
    """Split a group, live work first: a vendor's budget is kept for each lane."""
    lanes: dict[Lane, list[Event]] = defaultdict(list)
    for event in events:
        lanes[event.lane].append(event)
    yield from sorted(lanes.items())


def by_thread(units: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """Give what runs in a thread of its own: each unit, but all the quick ones together."""
    if quick := [unit for unit in units if unit.quick]:
        yield quick
    yield from ([unit] for unit in units if not unit.quick)


def ends_of(unit: Unit, came: Came) -> dict[UUID, Outcome | Exception]:
    """Give how each event of the unit ended; one that `Parted` forgot is a bug of the handler."""
    if not isinstance(came, Parted):
        return {event.id: came for event in unit.events}
    return {event.id: came.ends.get(event.id, _forgotten(event)) for event in unit.events}


def calls_of(event: Event, came: Came, calls: Sequence[Call]) -> Sequence[Call]:
    """Give which of the unit's calls to the vendors were made for this event."""
    if isinstance(came, Parted) and came.calls is not None:
        return came.calls.get(event.id, ())
    return calls


def unanswered(events: Sequence[Event], units: Sequence[Unit]) -> dict[UUID, Exception]:
    """Give the events that the handler gave no unit for: a bug of the handler, but theirs alone."""
    answered = {event.id for unit in units for event in unit.events}
    return {event.id: _forgotten(event) for event in events if event.id not in answered}


def _forgotten(event: Event) -> Exception:
    return LookupError(f"the handler gave no answer for event {event.id}")
