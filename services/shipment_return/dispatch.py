"""Send ready notes by fives, and remember what Brightpearl said of each."""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.shipment_return.calls_by_note import CallsByNote
from services.shipment_return.desk import Desk
from services.shipment_return.finding import OrdersOfNote
from shared.errors import (
    ConnectionBroken,
    GoodsoutError,
    OurTrouble,
    Permanent,
    Throttled,
    Transient,
)
from shared.notes.leases import lost
from shared.notes.store import NoteLease
from shared.outcome import Busy
from shared.vendors.brightpearl.models import NoteShipment, ShipResult, ShipState
from shared.vendors.brightpearl.shipping import NOTES_AT_ONCE

# A note that others' refusals left unprocessed this often waits for its next turn.
TURNS = 2
# After this many requests in a row that failed as a whole, the rest is not sent.
FAILURES_IN_A_ROW = 2
# What the next request would meet as well; nothing of this one was done.
ENDS_ALL = (Throttled, ConnectionBroken, OurTrouble)

# What came of a note's part; None: it is said to be shipped.
Part = Busy | GoodsoutError | None


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A leased, open note with everything that ships it."""

    lease: NoteLease
    orders: OrdersOfNote
    shipment: NoteShipment

    @property
    def note_id(self) -> int:
        """The goods-out note."""
        return self.lease.note_id


class Dispatch:
    """The notes of one batch on their way; used by one thread.

    `sent` has every note that a request named, with what came of its part: only reading the note
    again tells whether it is shipped. `unsent` has the others with their ends.
    """

    def __init__(self, desk: Desk, calls: CallsByNote) -> None:
        self._desk = desk
        self._calls = calls
        self._waiting: deque[Ready] = deque()
        self._turns: Counter[int] = Counter()
        self._failed: list[GoodsoutError] = []  # as a whole, in a row
        self._taken = False
        self._stopped: Busy | GoodsoutError | None = None
        self.sent: dict[int, tuple[Ready, Part]] = {}
        self.unsent: dict[int, Busy | GoodsoutError] = {}

    def add(self, ready: Ready) -> None:
        """Take on a note."""
        self._waiting.append(ready)

    def send(self, *, in_time: Callable[[], bool]) -> None:
        """Send what was taken on, until it is done, too late, or of no use to go on."""
        while self._waiting and self._stopped is None:
            if not in_time():
                self._stopped = Busy(reason="Brightpearl was slow; the note has its turn later.")
            elif five := self._next():
                self._send(five)
        for ready in self._waiting:
            self._leave(ready, self._stopped)

    def _next(self) -> Sequence[Ready]:
        """Take the next five notes, those whose leases are still ours, renewed."""
        five = [self._waiting.popleft() for _ in range(min(NOTES_AT_ONCE, len(self._waiting)))]
        try:
            ours = self._desk.notes.renew([ready.lease for ready in five])
        except OurTrouble as trouble:
            self._stopped = trouble
            self._waiting.extendleft(reversed(five))
            return []
        for ready in five:
            if ready.note_id not in ours:
                self._leave(ready, lost(ready.note_id))
        return [ready for ready in five if ready.note_id in ours]

    def _send(self, five: Sequence[Ready]) -> None:
        try:
            with self._calls.made_for([one.note_id for one in five]):
                results = self._desk.brightpearl.ship_notes([one.shipment for one in five])
        except ENDS_ALL as error:
            self._stopped = error
            self._waiting.extendleft(reversed(five))
        except GoodsoutError as error:
            self._fail(five, error)
        else:
            self._failed, self._taken = [], True
            self._take(five, results)

    def _take(self, five: Sequence[Ready], results: Mapping[int, ShipResult]) -> None:
        for ready in reversed(five):
            result = results[ready.note_id]
            self._turns[ready.note_id] += 1
            self.sent[ready.note_id] = (ready, _part(result))
            unprocessed = result.state is ShipState.UNPROCESSED
            if unprocessed and self._turns[ready.note_id] < TURNS:
                self._waiting.appendleft(ready)

    def _fail(self, five: Sequence[Ready], error: GoodsoutError) -> None:
        """Leave it to the read after what became of the five; stop when it goes on like this."""
        for ready in five:
            self.sent[ready.note_id] = (ready, _alone_next(error, ready.note_id))
        self._failed.append(error)
        if len(self._failed) < FAILURES_IN_A_ROW:
            return
        if not all(isinstance(one, Permanent) for one in self._failed):
            self._stopped = Transient("Brightpearl fails just now; the note was not sent yet.")
            return
        self._stopped = Busy(reason="Brightpearl refuses several notes at once; they go alone.")
        if not self._taken:
            self._desk.batches.give_up(
                "Brightpearl refuses to take several notes in one request, so each is written by "
                f"itself: slower, nothing is lost. Its words: {error}"
            )

    def _leave(self, ready: Ready, end: Busy | GoodsoutError | None) -> None:
        assert end is not None
        if ready.note_id in self.sent:
            self.sent[ready.note_id] = (ready, end)
        else:
            self.unsent[ready.note_id] = end


def _part(result: ShipResult) -> Part:
    if result.state is ShipState.UNPROCESSED:
        return Busy(reason=f"Another note stopped the request; note {result.note_id} comes back.")
    return None if result.error is None else _alone_next(result.error, result.note_id)


def _alone_next(error: GoodsoutError, note_id: int) -> GoodsoutError:
    """Let a refused note be tried by itself; anything else is what it is."""
    if not isinstance(error, Permanent):
        return error
    return Transient(
        f"{error} Note {note_id} was written together with others; it goes by itself next.",
        code="refused_in_batch",
    )
