"""What a person is told to do about a note that cannot go on; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.accounts import (
    CONNECTION_BROKEN,
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHIPMENT_SYNC_OFF,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
)
from shared.db.note_tables import SyncLogRow
from shared.notes.progress import (
    CHECKING,
    DELETED_AFTER_SENDING,
    FAILED,
    HELD,
    RETRYING,
    WAITING_FOR_BUDGET,
)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The verdict box: what happened, whose turn it is, what to do, and what follows.

    `urgent` says that a person has to act; otherwise it only explains why the note waits.
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
class Remedy:
    """Who can put a reason right, and how; `then` is what follows, where it is special."""

    whose_turn: str
    do_this: str
    then: str = ""


RECONNECT = Remedy(
    whose_turn="You, or whoever may log in at the vendor",
    do_this="Have the operator connect the account again. Nothing is tried with the refused "
    "log-in meanwhile.",
)
OPERATOR = Remedy(
    whose_turn="Goodsout's operator",
    do_this="Give the operator this note's number and the time. It is a fault of the software.",
)
REPLAYED = (
    "It is tried once more when the operator replays the event shown below; a retry button "
    "follows in a later version."
)
OPERATOR_LOOKS = Remedy(
    whose_turn="Goodsout's operator",
    do_this="Give the operator this note's number and the time. There is nothing to put right in "
    "Brightpearl or ShipHero.",
    then=REPLAYED,
)
GAVE_UP = Remedy(
    whose_turn="Goodsout's operator",
    do_this="There is nothing to put right: the vendor had trouble for longer than Goodsout tries "
    "by itself. Ask the operator to replay it once the vendor answers again.",
    then=REPLAYED,
)
NOT_SHOWN = Remedy(
    whose_turn="Goodsout's operator, if it still exists",
    do_this="Look whether what the sentence above names still exists. If it does, there is nothing "
    "to put right: ask the operator to replay it.",
    then=REPLAYED,
)
CANCEL_THERE = Remedy(
    whose_turn="You",
    do_this="Cancel that order in ShipHero, unless it is to be shipped all the same.",
    then="This mark stays: Goodsout does not look whether the order was cancelled.",
)
CANCELED_THERE = Remedy(
    whose_turn="You",
    do_this="Nothing, if it was cancelled on purpose. Otherwise delete the goods-out note in "
    "Brightpearl and make it again.",
    then="The new note is sent by itself; this one is not sent a second time.",
)
SEVERAL_THERE = Remedy(
    whose_turn="You, then Goodsout's operator",
    do_this="Cancel all but one of these orders in ShipHero.",
    then=f"Goodsout takes the remaining one as the note's order. {REPLAYED}",
)
NO_ROWS = Remedy(
    whose_turn="You",
    do_this="Delete the goods-out note in Brightpearl, or make it again with its rows.",
    then="The new note is sent by itself; a deleted one is not sent.",
)


def _setting(do_this: str) -> Remedy:
    # There is no settings page yet, so nobody is sent to look for one.
    return Remedy(
        whose_turn="You decide; the operator enters it",
        do_this=f"{do_this} Tell the operator, who enters it until the settings page is there.",
    )


# Reasons whose remedy is more than the row's own sentence says.
REMEDIES: Final[Mapping[str, Remedy]] = {
    CONNECTION_BROKEN: RECONNECT,
    ORDER_SYNC_OFF: _setting("Have the order sync switched on."),
    SHIPMENT_SYNC_OFF: _setting("Have the shipment sync switched on."),
    GO_LIVE_UNSET: _setting("Choose the go-live date and time."),
    EVENT_OWNER_UNSET: _setting("Choose the staff contact in whose name notes are shipped."),
    WAREHOUSE_UNDECIDED: _setting("Decide which ShipHero warehouse it belongs to, or none."),
    SHIPPING_METHOD_UNMAPPED: _setting("Decide what ShipHero is told for this shipping method."),
    "bug": OPERATOR,
    "crashes_worker": OPERATOR,
    "brightpearl_bad_request": OPERATOR,
    "unexpected": OPERATOR_LOOKS,
    "shiphero_document_refused": OPERATOR_LOOKS,
    "shiphero_too_costly": OPERATOR_LOOKS,
    "answer_too_large": OPERATOR_LOOKS,
    "request_too_long": OPERATOR_LOOKS,
    "foreign_redirect": OPERATOR_LOOKS,
    "vendor_unreachable": GAVE_UP,
    "vendor_trouble": GAVE_UP,
    "brightpearl_trouble": GAVE_UP,
    "brightpearl_unreadable": GAVE_UP,
    "shiphero_trouble": GAVE_UP,
    "note_not_found": NOT_SHOWN,
    "order_not_found": NOT_SHOWN,
    DELETED_AFTER_SENDING: CANCEL_THERE,
    "order_canceled": CANCELED_THERE,
    "several_orders": SEVERAL_THERE,
    "note_without_rows": NO_ROWS,
}

HELD_REMEDY = Remedy(
    whose_turn="You",
    do_this="Make the setting that the sentence above names.",
)
FAILED_REMEDY = Remedy(
    whose_turn="You",
    do_this="Put right what the sentence above names, in Brightpearl or ShipHero.",
)

HELD_THEN = "What waits for it is sent by itself then, nothing has to be pressed."
# The portal has no retry button yet, so it must not sound as if it had.
FAILED_THEN = (
    "Change the note in Brightpearl, or have the operator replay the event shown below; "
    "a retry button follows in a later version."
)
BY_ITSELF: Final[Mapping[str, tuple[str, str, str]]] = {
    RETRYING: ("refresh", "amber", "It is being tried again"),
    CHECKING: ("eye-search", "purple", "Goodsout is looking whether it happened"),
    WAITING_FOR_BUDGET: ("gauge", "blue", "It waits for the vendor's limit"),
}


def advice_for(row: SyncLogRow) -> Advice | None:
    """Advise on whichever side of the note is stuck or waits; None when there is nothing to say."""
    sides = [
        ("order", "The order is not at ShipHero",
         row.order_stage, row.order_reason_code, row.order_reason),
        ("shipment", "The shipment is not in Brightpearl",
         row.shipment_stage, row.shipment_reason_code, row.shipment_reason),
    ]  # fmt: skip
    stuck = [side for side in sides if side[2] in (FAILED, HELD)]
    waiting = [side for side in sides if side[2] in BY_ITSELF]
    if stuck:
        _, title, stage, code, reason = stuck[0]
        return _urgent(title, stage, code, reason)
    if waiting:
        _, _, stage, code, reason = waiting[0]
        return _patient(stage, code, reason)
    return None


def _urgent(title: str, stage: str, code: str, reason: str) -> Advice:
    failed = stage == FAILED
    remedy = REMEDIES.get(code, FAILED_REMEDY if failed else HELD_REMEDY)
    return Advice(
        urgent=True,
        colour="red" if failed else "amber",
        icon="alert-triangle" if failed else "adjustments",
        title=title,
        happened=reason or "No reason was kept; that is a fault of ours.",
        whose_turn=remedy.whose_turn,
        do_this=remedy.do_this,
        then=(remedy.then or FAILED_THEN) if failed else HELD_THEN,
        code=code,
    )


def _patient(stage: str, code: str, reason: str) -> Advice:
    icon, colour, title = BY_ITSELF[stage]
    return Advice(
        urgent=False,
        colour=colour,
        icon=icon,
        title=title,
        happened=reason,
        whose_turn="Nobody's: it goes on by itself",
        do_this="",
        then="",
        code=code,
    )
