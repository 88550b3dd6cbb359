"""Read for many notes at once: by ID set around an unreadable one, else side by side."""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TypeVar

from services.shipment_return.desk import WritesNotes
from shared.errors import GoodsoutError, Transient
from shared.vendors.brightpearl.models import GoodsOutNote

# One note that cannot be read spoils a whole ID set; halving finds it among 100 in 14 reads. More
# than that means that all of Brightpearl's answers are spoiled.
READS_AT_MOST = 16
UNREADABLE = "brightpearl_unreadable"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class NotesRead:
    """What an ID set brought; a note that Brightpearl does not show is in neither map."""

    notes: Mapping[int, GoodsOutNote]
    unreadable: Mapping[int, GoodsoutError] = field(default_factory=dict)

    def note(self, note_id: int) -> GoodsOutNote:
        """Give a note; raises what kept it from being read, Transient when it is not shown."""
        if note_id in self.unreadable:
            raise self.unreadable[note_id]
        if note_id not in self.notes:
            raise Transient(f"Brightpearl does not show note {note_id}.", code="note_not_found")
        return self.notes[note_id]


def read_notes(ids: Collection[int], brightpearl: WritesNotes) -> NotesRead:
    """Read notes by ID set; one that cannot be read leaves the others readable.

    Raises what befell the whole: Transient, Throttled, ConnectionBroken, Permanent.
    """
    found: dict[int, GoodsOutNote] = {}
    spoiled: dict[int, GoodsoutError] = {}
    sets, reads = [sorted(ids)] if ids else [], 0
    while sets:
        some = sets.pop()
        try:
            found |= brightpearl.goods_out_notes(some)
        except Transient as error:
            if error.code != UNREADABLE:
                raise
            half = len(some) // 2
            if half and reads < READS_AT_MOST:
                sets += [some[:half], some[half:]]
            else:
                spoiled |= dict.fromkeys(some, error)
        reads += 1
    return NotesRead(notes=found, unreadable=spoiled)


def side_by_side(
    work: Callable[[T], R], things: Iterable[T], *, at_once: int
) -> list[R | GoodsoutError]:
    """Do `work` for each thing on a few threads; in order, each result or its own error."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="orders") as pool:
        # The recording of calls and the lane they are spent on go along into the thread.
        running = [pool.submit(copy_context().run, work, thing) for thing in things]
    came: list[R | GoodsoutError] = []
    for one in running:
        try:
            came.append(one.result())
        except GoodsoutError as error:
            came.append(error)
    return came
