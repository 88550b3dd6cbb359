"""What a person is told to do about a note that cannot go on, or ended otherwise; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shared.accounts import SHADOW_MODE
from shared.db.note_tables import SyncLogRow
from shared.notes.state import (
    CANCEL_REFUSED,
    CANCELED,
    CHANGE_REFUSED,
    CHECKING,
    FAILED,
    HELD,
    KEPT_BACK,
    NEEDS_PERSON,
    ORDER,
    RETRYING,
    SHIPMENT,
    SKIPPED,
    WAITING_FOR_BUDGET,
    telling_side,
)
from shared.reasons.listed import REASONS, reason_for_person, reason_of
from shared.reasons.reason import NOBODY, OPERATOR, Reason


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The verdict box: what happened, whose turn it is, what to do, and what follows.

    `urgent` says that a person has to act; otherwise it only explains how the note stands.
    """

    urgent: bool
    colour: str
    icon: str
    title: str
    happened: str
    whose_turn: str
    do_this: str
    then: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the box of a stage looks, and what it says above everything else."""

    title: str
    colour: str
    icon: str


NOT_THERE: Final = "The order is not at ShipHero"
STUCK: Final[Mapping[tuple[str, str], Look]] = {
    (ORDER, FAILED): Look(title=NOT_THERE, colour="red", icon="alert-triangle"),
    (ORDER, HELD): Look(title=NOT_THERE, colour="amber", icon="adjustments"),
    (ORDER, CANCEL_REFUSED): Look(
        title="The note is deleted, its order is not cancelled", colour="red", icon="alert-triangle"
    ),
    (SHIPMENT, FAILED): Look(
        title="The shipment is not in Brightpearl", colour="red", icon="alert-triangle"
    ),
    (SHIPMENT, HELD): Look(
        title="The shipment is not in Brightpearl", colour="amber", icon="adjustments"
    ),
}
# What ended otherwise than wanted: told, whether or not there is something to do.
ENDED: Final[Mapping[str, Look]] = {
    CHANGE_REFUSED: Look(
        title="ShipHero has the order without the last change", colour="amber", icon="info-circle"
    ),
    CANCELED: Look(title="The order is cancelled at ShipHero", colour="grey", icon="x"),
    SKIPPED: Look(
        title="This note was not sent to ShipHero", colour="grey", icon="circle-minus"
    ),
}  # fmt: skip
BY_ITSELF: Final[Mapping[str, Look]] = {
    RETRYING: Look(title="It is being tried again", colour="amber", icon="refresh"),
    CHECKING: Look(
        title="Goodsout is looking whether it happened", colour="purple", icon="eye-search"
    ),
    WAITING_FOR_BUDGET: Look(
        title="It waits for the vendor's limit", colour="blue", icon="gauge"
    ),
    KEPT_BACK: Look(title="It is kept back until its time has come", colour="grey",
                    icon="clock-pause"),
}  # fmt: skip

SHADOWED: Final = Look(title="Shadow mode shows it and sends nothing", colour="purple", icon="eye")
NOBODYS_FOR_NOW: Final = "Nobody's, as long as shadow mode is wanted"
NOBODYS_TURN: Final = "Nobody's: it goes on by itself"
NOBODYS: Final = "Nobody's: there is nothing to do"
NO_REASON: Final = "No reason was kept; that is a fault of ours."
SAYS_NOTHING: Final = Reason(sentence="", whose_turn=NOBODY, remedy="")
# A sentence of the row's own says what is missing; a code that is not listed has no other remedy.
UNLISTED_SETTING: Final = "Have the operator make the setting that the sentence above names."


@dataclass(frozen=True, kw_only=True)
class Side:
    """Where one side of the note stands, as its row has it."""

    side: str
    stage: str
    code: str
    happened: str


def advice_for(row: SyncLogRow) -> Advice | None:
    """Advise on whichever side is stuck, else waits, else ended otherwise; None if neither."""
    order = Side(side=ORDER, stage=row.order_stage, code=row.order_reason_code,
                 happened=row.order_reason)  # fmt: skip
    shipment = Side(side=SHIPMENT, stage=row.shipment_stage, code=row.shipment_reason_code,
                    happened=row.shipment_reason)  # fmt: skip
    is_shown = order.stage == HELD and order.code == SHADOW_MODE
    tells = telling_side(order.stage, shipment.stage)
    first = order if tells == ORDER and not is_shown else shipment
    if first.stage in NEEDS_PERSON:
        return _stuck(first)
    if is_shown:
        return _shown_only(order)
    for side in (order, shipment):
        if side.stage in BY_ITSELF:
            return _patient(side)
    return _ended(order) if order.stage in ENDED else None


def _stuck(side: Side) -> Advice:
    reason = reason_for_person(side.code)
    unlisted = side.stage == HELD and side.code not in REASONS
    return _advice(
        side,
        STUCK[side.side, side.stage],
        urgent=True,
        whose_turn=reason.whose_turn,
        do_this=UNLISTED_SETTING if unlisted else reason.remedy,
        then=reason.then,
    )


def _shown_only(side: Side) -> Advice:
    """Tell of shadow mode: the note waits on purpose, and ending that is one act for all notes."""
    reason = reason_of(side.code)
    return _advice(
        side, SHADOWED, urgent=False, whose_turn=NOBODYS_FOR_NOW, do_this=reason.remedy,
        then=reason.then,
    )  # fmt: skip


def _patient(side: Side) -> Advice:
    reason = reason_of(side.code)
    if side.code in REASONS and reason.whose_turn == OPERATOR and not reason.by_itself:
        # Tried again as well, and no patience is used: but only the operator ends it.
        return _advice(
            side,
            BY_ITSELF[side.stage],
            urgent=False,
            whose_turn=reason.whose_turn,
            do_this=reason.remedy,
            then=reason.then,
        )
    then = reason.then if reason.whose_turn == NOBODY else ""
    return _advice(
        side, BY_ITSELF[side.stage], urgent=False, whose_turn=NOBODYS_TURN, do_this="", then=then
    )


def _ended(side: Side) -> Advice:
    reason = reason_of(side.code) if side.code else SAYS_NOTHING
    nobody = reason.whose_turn == NOBODY
    look = ENDED[side.stage]
    return _advice(
        side,
        look if nobody else replace(look, colour="amber"),
        urgent=False,
        whose_turn=NOBODYS if nobody else reason.whose_turn,
        do_this="" if nobody else reason.remedy,
        then=reason.then,
    )


def _advice(
    side: Side, look: Look, *, urgent: bool, whose_turn: str, do_this: str, then: str
) -> Advice:
    return Advice(
        urgent=urgent,
        colour=look.colour,
        icon=look.icon,
        title=look.title,
        happened=side.happened or (reason_of(side.code).sentence if side.code else NO_REASON),
        whose_turn=whose_turn,
        do_this=do_this,
        then=then,
        code=side.code,
    )
