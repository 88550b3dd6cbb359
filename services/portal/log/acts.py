"""What a person may do about a note just now, and why not; pure, worked out on the server."""

from dataclasses import dataclass
from typing import Final

from services.portal.log.note_story import NoteStory
from shared.accounts import CORRECTION_ERASED, SHIPPING_METHOD_UNMAPPED
from shared.db.note_tables import SyncLogRow
from shared.events import ORDER_CANCEL_REQUESTED
from shared.notes.asking import needs_person
from shared.notes.correcting import why_not_correct
from shared.notes.retrying import Answer
from shared.notes.state import (
    AT_SHIPHERO,
    CANCEL_REFUSED,
    CANCELED,
    CHANGE_REFUSED,
    CHECKING,
    DONE,
    FAILED,
)
from shared.notes.stopping import may_be_stopped

RETRY, CORRECT, SEND_AGAIN, CANCEL = "retry", "correct", "send_again", "cancel"
HOLD, LET_GO, COMMENT = "hold", "let_go", "comment"
HANDLED, UNHANDLED, EVIDENCE = "handled", "unhandled", "evidence"

LOOKS: Final = {
    RETRY: ("Retry now", "refresh"),
    CORRECT: ("Correct and retry", "pencil"),
    SEND_AGAIN: ("Send again", "send"),
    CANCEL: ("Cancel in ShipHero", "ban"),
    HOLD: ("Hold", "player-pause"),
    LET_GO: ("Let it go", "player-play"),
    COMMENT: ("Comment", "notes"),
    HANDLED: ("Mark as handled", "user-check"),
    UNHANDLED: ("Not handled after all", "arrow-back-up"),
    EVIDENCE: ("Evidence pack", "download"),
}


# Reasons that a correction on the way is the shortest way out of.
BY_ITS_DATA: Final = frozenset({
    "address_missing", "country_missing", "address_too_long", "shiphero_invalid_argument",
    SHIPPING_METHOD_UNMAPPED, CORRECTION_ERASED,
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing to do; `why_not` is "" where it applies. `leads` says that it is what helps now."""

    name: str
    why_not: str = ""
    leads: bool = False

    @property
    def label(self) -> str:
        """What stands on its button."""
        return LOOKS[self.name][0]

    @property
    def icon(self) -> str:
        """The icon beside it."""
        return LOOKS[self.name][1]


def acts_on(story: NoteStory, retry: Answer) -> list[Act]:
    """List every act on the note; `retry` is what a retry would do."""
    row = story.row
    handled = UNHANDLED if row.handled_at else HANDLED
    held = [Act(name=LET_GO, leads=True)] if row.stopped_at else _hold(story)
    corrected = _correct(story)
    helps = retry.done and not any(act.leads for act in corrected)
    return [
        Act(name=RETRY, why_not="" if retry.done else " ".join(retry.sentences), leads=helps),
        *corrected,
        Act(
            name=SEND_AGAIN,
            why_not=_why_not_again(story),
            leads=row.order_stage == CANCELED,
        ),
        *held,
        Act(name=CANCEL, why_not=_why_not_cancel(story)),
        Act(name=handled, why_not=_why_not_handled(row)),
        Act(name=COMMENT),
        Act(name=EVIDENCE),
    ]


def act_on(story: NoteStory, retry: Answer, name: str) -> Act:
    """Give one act; KeyError where the note has none of that name."""
    return {act.name: act for act in acts_on(story, retry)}[name]


def _hold(story: NoteStory) -> list[Act]:
    """Offer to have it wait, only before its order is asked for: later there is nothing to hold."""
    return [Act(name=HOLD)] if may_be_stopped(story.row, story.link) else []


def _correct(story: NoteStory) -> list[Act]:
    """Offer to correct it, only before its order is made: later Brightpearl's change is told."""
    if why_not_correct(story.row, story.link):
        return []
    return [Act(name=CORRECT, leads=story.row.order_reason_code in BY_ITS_DATA)]


def _why_not_again(story: NoteStory) -> str:
    row, link = story.row, story.link
    if link is None or not link.order_number:
        return "It has not been sent yet. Retry it, or remove what it waits for."
    if row.order_stage == CANCEL_REFUSED or row.deleted_at:
        return "The note was deleted in Brightpearl. Make a new one there if it is to go."
    if row.shipped_at or row.shipment_stage == DONE:
        return "It is shipped, and Brightpearl knows it."
    if row.order_stage == CHECKING or not (link.shiphero_order_id or row.order_stage == FAILED):
        return "Goodsout still looks whether ShipHero has its order. It goes on by itself."
    if row.order_stage not in {CANCELED, DONE, CHANGE_REFUSED, FAILED}:
        return "It is on its way by itself."
    return _asked_already(story)


def _why_not_cancel(story: NoteStory) -> str:
    row, link = story.row, story.link
    if link is None or not link.shiphero_order_id:
        return "Nothing of it is known to be at ShipHero."
    if row.order_stage == CANCELED or link.canceled_at:
        return "Its order is cancelled already."
    if row.shipped_at or row.shipment_stage == DONE:
        return "It is shipped; what has left cannot be cancelled."
    if row.order_stage not in AT_SHIPHERO:
        return "Its order is not settled at ShipHero just now."
    return _asked_already(story)


def _asked_already(story: NoteStory) -> str:
    request = story.request
    if request is None or request.settled_at is not None:
        return ""
    what = "cancelled" if request.name == ORDER_CANCEL_REQUESTED else "sent again"
    return f"It was asked to be {what} just now; wait for how that ends."


def _why_not_handled(row: SyncLogRow) -> str:
    if row.handled_at or needs_person(row):
        return ""
    return "Nothing about it waits for a person."
