"""Reasons that lie in Goodsout itself: its own faults, and what it finds needless."""

from collections.abc import Mapping
from typing import Final

from shared.reasons.reason import Reason, fault, passing, settled, trouble, yours

BUG: Final = (
    "Give the operator this note's number and the time. It is a fault of the software: there is "
    "nothing to put right in Brightpearl or ShipHero."
)

OF_GOODSOUT: Final[Mapping[str, Reason]] = {
    "bug": fault("Goodsout failed by itself.", BUG),
    "crashes_worker": fault(
        "Every attempt ended with the process dying, or took longer than it may.", BUG
    ),
    "unexpected": fault("Something happened that has no reason of its own."),
    "our_trouble": passing("Our own database or network failed.", "It comes back by itself."),
    "busy": passing("Something else works on the same note just now."),
    "nothing_sent": settled("Nothing of the note was sent to ShipHero, so there is no order."),
    "asked_of_replaced_order": settled(
        "A person asked for something about an order that a newer one has replaced since."
    ),
    "order_lives": settled(
        "A person had the note sent anew, and ShipHero has an order of it that is not cancelled.",
        "That order stays the note's. Cancel it first if there is to be a new one.",
    ),
    "order_looked_for": settled(
        "A person had the note sent anew while Goodsout still looks for its order in ShipHero.",
        "If ShipHero does not show it, the note is sent by itself.",
    ),
    "settings_changed": passing(
        "A setting was saved while the note was judged.", "It is judged again by itself."
    ),
    "already_running": settled("The list is being compared already."),
    "looked_just_now": passing(
        "The last look was less than a minute ago.", "It is looked for once more."
    ),
    "no_longer_missed": settled("The note is not missed any more."),
    "known_note_not_shown": passing(
        "Brightpearl showed no known note beside the missing one, so the look proves nothing.",
        "It is looked at again.",
    ),
    "waits_for_person": yours(
        "Many notes are missing at once.",
        "Look in Brightpearl whether they were deleted; cancel in ShipHero those that were.",
        "",
    ),
    "go_live_ahead": settled("Go-live lies in the future, so nothing can be compared yet."),
    "fetch_superseded": settled(
        "A later fetch of the same list took over, or this page was fetched before."
    ),
    "part_unknown": fault("A fetch was asked for a list that does not exist."),
    "product_destroyed": settled(
        "A product was deleted in Brightpearl; what is known of it may stay."
    ),
    "stock_moved": settled("A product webhook told of stock only."),
    "no_mail_server": fault(
        "No mail server is set, so the mail was not sent.",
        "Set SMTP_URL and MAIL_FROM for the notifier and restart it, then replay the dead letter.",
    ),
    "mail_refused": fault(
        "The mail server refused this mail or its sender for good.",
        "Read what the server said. Put MAIL_FROM right where it is the sender, then replay "
        "the dead letter or have the mail asked for anew.",
    ),
    "mail_bounced": fault(
        "The mail server refuses the recipient's address for good.",
        "Read what the server said. The page Team shows whose mail comes back: put the address "
        "right there, or invite the person anew.",
    ),
    "mail_paused": settled(
        "The last mails to this address came back, so Goodsout sends it none of its own accord.",
        "“Send mail there again” on the page Team begins anew.",
    ),
    "mail_trouble": trouble(
        "The mail server could not be reached, or took nothing just now.",
        "Look whether SMTP_URL is right and its server answers, then replay the dead letter.",
    ),
    "mail_unreadable": fault(
        "The letter was encrypted with a key that is gone.",
        "Put the key back into SECRET_KEYS and replay it, or have the mail asked for anew.",
    ),
    "destination_trouble": trouble(
        "A destination of notices could not be reached, or did not take one.",
        "Read what it answered and put it right there. Send a test from its page, then replay what "
        "it missed.",
    ),
    "destination_refused": fault(
        "A destination's address leads where Goodsout never sends anything, such as a private "
        "network.",
        "Have the account's owner enter an address on the internet on the page Webhooks and chat, "
        "or open that network with EGRESS_NETWORKS. Then replay the dead letter.",
    ),
    "destination_unreadable": fault(
        "A destination's address was encrypted with a key that is gone.",
        "Put the key back into SECRET_KEYS and replay it, or enter the address anew.",
    ),
    "destination_gone": settled(
        "A destination answered that nothing is wanted there any more, so it was switched off."
    ),
    "destination_off": settled("The destination was switched off before the notice was sent."),
    "destination_removed": settled("The destination was removed before the notice was sent."),
    "test_not_taken": settled("A test did not arrive. It is not tried again by itself."),
    "quiet_day": settled("Nothing happened on the day, and no report is wanted of such a day."),
    "not_followed": settled("The webhook is of a kind that Goodsout does not follow."),
}
