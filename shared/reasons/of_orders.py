"""Reasons on a note's way to ShipHero."""

from collections.abc import Mapping
from typing import Final

from shared.reasons.reason import (
    LOOKED_AT,
    RETRIED,
    YOU,
    YOU_THEN_OPERATOR,
    Reason,
    passing,
    setting,
    settled,
    trouble,
    yours,
)

SKIPPED: Final[Mapping[str, Reason]] = {
    "already_shipped": settled("The note was shipped in Brightpearl before it was sent."),
    "before_go_live": settled(
        "The note was created before go-live.", "An earlier go-live has it compared and sent."
    ),
    "echo": settled("Brightpearl tells of a change that Goodsout itself made."),
    "note_deleted": settled("The note was deleted before it was sent."),
    "stock_transfer": settled("The note is a stock transfer, not a sale."),
    "warehouse_not_sent": settled(
        "The note's warehouse is left unmapped, so its notes are not sent.",
        "Once the warehouse is mapped, its notes are looked at again.",
    ),
}

WAITING: Final[Mapping[str, Reason]] = {
    "kept_back": passing(
        "The note is kept back: until its release date, or while it may still be changed.",
        "It is sent by itself when its time has come.",
    ),
    "stopped_by_person": Reason(
        sentence="A person has this note wait before its order is made.",
        whose_turn=YOU,
        remedy="Press “Let it go” on the note's page, or delete the note in Brightpearl.",
        then="Let go, it is read afresh and sent by the settings that are in force then.",
    ),
    "correction_erased": Reason(
        sentence="A person had corrected this note by hand, and the correction was erased as old.",
        whose_turn=YOU,
        remedy="Correct it again on the note's page, or take the correction back there: then it is "
        "sent as Brightpearl has it.",
        then="It is read afresh and sent then.",
    ),
    "order_sync_off": setting("Order sync is off.", "Have the order sync switched on."),
    "go_live_unset": setting("No go-live time is set.", "Choose the go-live date and time."),
    "shadow_mode": Reason(
        sentence="Shadow mode is on: notes are read and shown, and nothing is written.",
        whose_turn=YOU,
        remedy="Go live, or switch shadow mode off, on the page Dry run.",
        then="All notes that wait for it are looked at by the settings that are in force then.",
    ),
    "warehouse_undecided": setting(
        "It is not decided where the notes of this warehouse go.",
        "Decide which ShipHero warehouse it belongs to, or none.",
    ),
    "shipping_method_unmapped": setting(
        "The note's shipping method is not mapped.",
        "Decide what ShipHero is told for this shipping method.",
    ),
}

UNFIT: Final[Mapping[str, Reason]] = {
    "address_missing": yours(
        "The sales order has no delivery street.", "Enter it on the sales order in Brightpearl."
    ),
    "address_too_long": yours(
        "A line of the delivery address is longer than ShipHero is known to keep.",
        "Shorten it on the sales order in Brightpearl.",
    ),
    "country_missing": yours(
        "The delivery address has no country.", "Choose it on the sales order in Brightpearl."
    ),
    "fractional_quantity": yours(
        "The note takes part of a piece.",
        "Delete the note in Brightpearl and make one with whole pieces.",
        "The new note is sent by itself; a deleted one is not sent.",
    ),
    "note_without_rows": yours(
        "The note takes nothing out of stock.",
        "Delete the goods-out note in Brightpearl, or make it again with its rows.",
        "The new note is sent by itself; a deleted one is not sent.",
    ),
    "order_row_missing": yours(
        "The sales order no longer has a row that the note takes from.",
        "Delete the note in Brightpearl and make it again.",
        "The new note is sent by itself; a deleted one is not sent.",
    ),
    "product_without_sku": yours(
        "A product of the note has no SKU.", "Give it one in Brightpearl."
    ),
    "sku_unknown": yours(
        "ShipHero does not have all SKUs of the note.",
        "Create the SKUs that are named above in ShipHero, or switch on that Goodsout creates them "
        "(Create missing products, on the page Sync configuration).",
        f"With the setting the note goes on by itself. {LOOKED_AT}",
    ),
}  # fmt: skip

AT_SHIPHERO: Final[Mapping[str, Reason]] = {
    "checking": trouble(
        "The answer to creating the order was lost; ShipHero is asked whether it has it.",
        "Look whether ShipHero has an order with the number above. There is nothing to put right: "
        "retry it, which looks before anything is sent again.",
    ),
    "several_orders": Reason(
        sentence="ShipHero has several orders for the note.",
        whose_turn=YOU_THEN_OPERATOR,
        remedy="Cancel all but one of these orders in ShipHero.",
        then=f"Goodsout takes the remaining one as the note's order. {RETRIED}",
    ),
    "same_number_there": Reason(
        sentence="ShipHero has an order with this note's number that did not come from Goodsout.",
        whose_turn=YOU_THEN_OPERATOR,
        remedy="Look at that order in ShipHero. If it is this very delivery, delete the note in "
        "Brightpearl or cancel that order, so that it does not go out twice.",
        then=f"Unless the note is deleted, it is looked for once more. {RETRIED}",
    ),
    "order_canceled": yours(
        "The order was cancelled in ShipHero before its answer reached us.",
        "Nothing, if it was cancelled on purpose. Otherwise delete the goods-out note in "
        "Brightpearl and make it again.",
        "The new note is sent by itself; this one only when you press “Send again” on its page.",
    ),
    "canceled_at_shiphero": yours(
        "The warehouse cancelled the order in ShipHero.",
        "Delete the note in Brightpearl if it is not to be sent, or ship it from elsewhere. If it "
        "is to go from this warehouse after all, delete the note and make it again.",
        "A new note is sent by itself; this one only when you press “Send again” on its page.",
    ),
    "change_too_late": yours(
        "The note was changed after ShipHero had shipped its order, or ShipHero refused the "
        "change.",
        "Call the warehouse, or the carrier, if the change still matters: ShipHero has the order "
        "as it was.",
        "",
    ),
    "change_by_hand": yours(
        "The note or its sales order was changed in something that ShipHero's interface cannot "
        "change on an order.",
        "Change it on the order in ShipHero, if it matters. Nobody tells Goodsout of that: the "
        "mark stays until the order has shipped or the change is taken back in Brightpearl.",
        "",
    ),
    "cancel_refused": yours(
        "The note was deleted, and its order stays: it could not be cancelled any more, or is not "
        "to be cancelled before a person says so.",
        "Cancel that order in ShipHero if it has not left. If it has, have the parcel come back, "
        "or make the note again in Brightpearl and ship it there.",
        "Once ShipHero tells that the order is cancelled, this mark goes by itself.",
    ),
    "cancel_not_possible": yours(
        "A person asked for the order to be cancelled, and it could not be any more.",
        "Speak to the warehouse if it must not go out. Nothing was forced.",
        "",
    ),
    "canceled_on_request": settled(
        "The order was cancelled in ShipHero because a person asked for it.",
        "Its note is still in Brightpearl: delete it there if nothing is to be sent, or have it "
        "sent again on its page.",
    ),
    "sent_anew": settled(
        "A person has the note sent to ShipHero once more.", "It becomes a new order of its own."
    ),
    "order_canceled_for_deleted_note": settled(
        "The note was deleted, so its order at ShipHero was cancelled."
    ),
}  # fmt: skip

OF_ORDERS: Final[Mapping[str, Reason]] = {**SKIPPED, **WAITING, **UNFIT, **AT_SHIPHERO}
