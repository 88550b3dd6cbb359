"""Reasons that the vendors give, or their silence."""

from collections.abc import Mapping
from typing import Final

from shared.reasons.reason import (
    OPERATOR,
    RETRIED,
    YOU_AT_VENDOR,
    YOU_THEN_OPERATOR,
    Reason,
    fault,
    passing,
    settled,
    trouble,
)

GONE: Final = (
    "Look whether what the sentence above names still exists. If it does, there is nothing to put "
    "right: retry it."
)
NAMED: Final = "Put right what the sentence above names, in Brightpearl or ShipHero."
RECONNECTS: Final = Reason(
    sentence="A vendor refused the credentials with which the account is connected.",
    whose_turn=YOU_AT_VENDOR,
    remedy="Connect the account again on the Connections page.",
    then="Nothing is tried with the refused log-in meanwhile. What waits goes on by itself then.",
)


def _refused(sentence: str, remedy: str = NAMED) -> Reason:
    return Reason(sentence=sentence, whose_turn=YOU_THEN_OPERATOR, remedy=remedy, then=RETRIED)


EITHER: Final[Mapping[str, Reason]] = {
    "connection_broken": RECONNECTS,
    "credentials_being_renewed": passing("Another process is renewing the credentials."),
    "credentials_renewed": passing("The credentials were renewed meanwhile."),
    "out_of_budget": passing("A vendor's rate limit is used up for now."),
    "vendor_unreachable": trouble("A vendor could not be reached."),
    "vendor_trouble": trouble("A vendor had trouble of its own."),
    "vendor_silent": trouble(
        "A vendor's answer was lost; Goodsout looks whether the write happened."
    ),
    "refused": _refused("A vendor refused; its own words say why."),
    "order_not_found": trouble("A vendor does not show the order.", GONE),
    "answer_too_large": fault("A vendor's answer was larger than allowed."),
    "foreign_redirect": fault("A vendor sent us to another host, which Goodsout never follows."),
    "foreign_host": fault("Brightpearl named a host that is not its own."),
    "foreign_account": settled("The webhook names another Brightpearl account."),
    "webhook_unreadable": Reason(
        sentence="A vendor's webhook cannot be read.",
        whose_turn=OPERATOR,
        remedy="Look for what the vendor has and the sync log lacks.",
        then="Notes and shipments that were missed are found by the next comparison.",
    ),
    "webhooks_url_unset": Reason(
        sentence="No public address of ours is set, so no webhook is registered.",
        whose_turn=OPERATOR,
        remedy="Set WEBHOOKS_URL_BRIGHTPEARL and WEBHOOKS_URL_SHIPHERO, and restart.",
        then="The webhooks are registered at the start.",
    ),
}

BRIGHTPEARL: Final[Mapping[str, Reason]] = {
    "brightpearl_app_refused": Reason(
        sentence="Brightpearl does not accept Goodsout's own app, whichever account is meant.",
        whose_turn=OPERATOR,
        remedy="Put BRIGHTPEARL_CLIENT_ID and BRIGHTPEARL_CLIENT_SECRET right, and restart.",
        then="The account stays connected. What waits goes on by itself then.",
    ),
    "brightpearl_bad_request": fault("Brightpearl could not read our request."),
    "brightpearl_forbidden": _refused(
        "Brightpearl does not allow this.", "Check the permissions of the app in Brightpearl."
    ),
    "brightpearl_outcome_unknown": trouble(
        "Brightpearl did not say whether it happened; Goodsout looks."
    ),
    "brightpearl_refused": _refused("Brightpearl refused; its own words say why."),
    "brightpearl_trouble": trouble("Brightpearl had trouble of its own."),
    "brightpearl_unreadable": trouble("Brightpearl's answer could not be read."),
    "request_too_long": fault("The address of a single record was too long."),
    "already_there": settled(
        "Brightpearl says this was done before.", "The note is read and compared."
    ),
    "note_version_moved": passing(
        "The note changed meanwhile.", "It is read again and compared by itself."
    ),
    "note_gone": passing("Brightpearl no longer knows the record.", "It is looked up once more."),
    "note_not_found": trouble("Brightpearl does not show the note.", GONE),
}

SHIPHERO: Final[Mapping[str, Reason]] = {
    "shiphero_already_there": settled("ShipHero has this already.", "It is looked up."),
    "shiphero_document_refused": fault("ShipHero's schema has changed."),
    "shiphero_forbidden": _refused(
        "ShipHero does not allow this.", "Check the rights of the user in ShipHero."
    ),
    "shiphero_invalid_argument": _refused("ShipHero refused a value; its own words say which."),
    "shiphero_not_found": _refused(
        "ShipHero does not know the record.", "Look in ShipHero for what the sentence above names."
    ),
    "shiphero_outcome_unknown": trouble(
        "ShipHero did not say whether it happened; Goodsout looks."
    ),
    "shiphero_scope_missing": _refused(
        "The ShipHero user lacks a right.", "Grant the one that is named above in ShipHero."
    ),
    "shiphero_too_costly": fault("The request needs more credits than the account may have."),
    "shiphero_trouble": trouble("ShipHero had trouble of its own."),
}  # fmt: skip

OF_VENDORS: Final[Mapping[str, Reason]] = {**EITHER, **BRIGHTPEARL, **SHIPHERO}
