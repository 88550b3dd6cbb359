"""The state of a goods-out note as one machine: its stages, what happens to it, the allowed moves.

A note has two sides, each at one stage: its order's way to ShipHero, its shipment's way back. What
happens is named by the stage that it leads to when nothing is known that says otherwise; the table
tells where it leads from each stage. What is not in the table changes nothing: a side that knows
more than the attempt that just ended stays where it is. Pure; `docs/states.md` draws it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

ORDER: Final = "order"
SHIPMENT: Final = "shipment"
SIDES: Final = (ORDER, SHIPMENT)

NOT_BEGUN: Final = ""  # the shipment side only: ShipHero has shipped nothing yet
QUEUED: Final = "queued"
HELD: Final = "held"
KEPT_BACK: Final = "kept_back"  # until its release date, or while it may be changed
WAITING_FOR_BUDGET: Final = "waiting_for_budget"
RETRYING: Final = "retrying"
CHECKING: Final = "checking"
DONE: Final = "done"
CHANGE_REFUSED: Final = "change_refused"  # at ShipHero, without the note's last change
CANCELED: Final = "canceled"
CANCEL_REFUSED: Final = "cancel_refused"  # at ShipHero, although the note was deleted
FAILED: Final = "failed"
SKIPPED: Final = "skipped"
WAITING: Final = "waiting"  # the shipment side only: some lines have not shipped yet

# Stages in which all is still possible: nothing that counts has happened at the vendor.
_ON_THE_WAY = (HELD, WAITING_FOR_BUDGET, RETRYING, CHECKING, FAILED, SKIPPED)
_ORDER_OPEN = (QUEUED, KEPT_BACK, *_ON_THE_WAY)
_ORDER_SETTLED = (DONE, CHANGE_REFUSED, CANCELED, CANCEL_REFUSED)
_SHIPMENT_BEGUN = (*_ON_THE_WAY, WAITING)

STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    ORDER: (
        QUEUED, HELD, KEPT_BACK, WAITING_FOR_BUDGET, RETRYING, CHECKING,
        DONE, CHANGE_REFUSED, CANCELED, CANCEL_REFUSED, FAILED, SKIPPED,
    ),
    SHIPMENT: (
        NOT_BEGUN, HELD, WAITING_FOR_BUDGET, RETRYING, CHECKING, WAITING, DONE, FAILED, SKIPPED,
    ),
}  # fmt: skip
FIRST: Final[Mapping[str, str]] = {ORDER: QUEUED, SHIPMENT: NOT_BEGUN}

# What can happen to either side, by the stage that it leads to, in words.
HAPPENINGS: Final[Mapping[str, str]] = {
    QUEUED: "a person has it sent anew",
    HELD: "a setting or a connection is missing",
    KEPT_BACK: "its time to be sent has not come",
    WAITING_FOR_BUDGET: "the vendor's rate limit is used up",
    RETRYING: "an attempt failed for the moment",
    CHECKING: "the answer to a write was lost",
    WAITING: "some of its lines have shipped",
    DONE: "the vendor has it, as it is now",
    CHANGE_REFUSED: "its change came too late, or was refused",
    CANCELED: "its order was cancelled",
    CANCEL_REFUSED: "it was deleted, its order can't be cancelled",
    FAILED: "an attempt failed for good",
    SKIPPED: "there was nothing to do",
}

# Orders that ShipHero has, and has not cancelled.
AT_SHIPHERO: Final = frozenset({DONE, CHANGE_REFUSED, CANCEL_REFUSED})
# Stages in which a person, or a setting that a person makes, is waited for.
NEEDS_PERSON: Final = frozenset({HELD, FAILED, CANCEL_REFUSED})


def _each(stages: Iterable[str]) -> Mapping[str, str]:
    return {stage: stage for stage in stages}


# side -> stage -> what happens -> the next stage.
MOVES: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    ORDER: {
        **{stage: _each((*_ORDER_OPEN, *_ORDER_SETTLED)) for stage in _ORDER_OPEN},
        # Only what becomes of the order itself leads away from an order that is there: a failure
        # says that the note's change did not get there.
        **{
            stage: {**_each(_ORDER_SETTLED), FAILED: CHANGE_REFUSED}
            for stage in (DONE, CHANGE_REFUSED)
        },
        # The note is deleted: nothing is sent of it again, it can only end well.
        CANCEL_REFUSED: _each((CANCEL_REFUSED, CANCELED)),
        # Sent again by a person's deliberate re-create alone.
        CANCELED: _each((CANCELED, QUEUED)),
    },
    SHIPMENT: {
        **{stage: _each((*_SHIPMENT_BEGUN, DONE)) for stage in (NOT_BEGUN, *_SHIPMENT_BEGUN)},
        DONE: _each((DONE,)),
    },
}  # fmt: skip


def next_stage(side: str, stage: str, happening: str, *, is_deleted: bool = False) -> str | None:
    """Say where a side at `stage` goes when this happens; None when it changes nothing.

    The same stage means that only its reason is new. What fails for good about a deleted note
    (`is_deleted`) whose order ShipHero has is the cancelling of that order.
    """
    if is_deleted and side == ORDER and stage in AT_SHIPHERO and happening == FAILED:
        happening = CANCEL_REFUSED
    return MOVES[side].get(stage, {}).get(happening)


def telling_side(order_stage: str, shipment_stage: str) -> str:
    """Say which side tells first what a person has to do, where one is waited for on either.

    The database writes the same into the row's reason: `REASON_SQL` of `shared.db.note_tables`.
    """
    # What could not be cancelled has left: the parcel is what a person has to see to.
    if order_stage == CANCEL_REFUSED and shipment_stage == FAILED:
        return SHIPMENT
    if order_stage not in NEEDS_PERSON and shipment_stage in NEEDS_PERSON:
        return SHIPMENT
    return ORDER


PENDING: Final = "Pending"
SYNCED: Final = "Synced"
BLANK: Final = ""

ORDER_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (QUEUED, HELD, KEPT_BACK, WAITING_FOR_BUDGET, RETRYING, CHECKING), PENDING
    ),
    **dict.fromkeys((DONE, CHANGE_REFUSED), SYNCED),
    **dict.fromkeys((FAILED, CANCEL_REFUSED), "Failed"),
    SKIPPED: "Skipped",
    CANCELED: "Cancelled",
}  # fmt: skip
# Blank until Brightpearl has the shipment; the stage beside it says why.
SHIPMENT_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(STAGES[SHIPMENT], BLANK),
    DONE: SYNCED,
}


@dataclass(frozen=True, kw_only=True)
class StatusWords:
    """The two words of the merchant's sync log."""

    order: str
    shipment: str


def status_words(order_stage: str, shipment_stage: str) -> StatusWords:
    """Give a note's Order status and Shipment status."""
    return StatusWords(order=ORDER_WORDS[order_stage], shipment=SHIPMENT_WORDS[shipment_stage])
