"""In one word whether an account is live, for the head of every page; pure."""

from dataclasses import dataclass
from datetime import datetime

from shared.db.account_tables import Account


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A word with its icon and colour, and what it means."""

    word: str
    icon: str
    colour: str
    sentence: str


def mode_of(account: Account, *, now: datetime) -> Mode:
    """Say what happens to notes and shipments that come now."""
    if account.shadow_on:
        return Mode(word="Shadow", icon="flask", colour="purple",
                    sentence="Notes are read and shown; nothing is written.")  # fmt: skip
    if account.go_live_at is None:
        return Mode(word="Not live", icon="clock", colour="grey",
                    sentence="No go-live time is set; notes wait.")  # fmt: skip
    paused = _paused(account)
    if paused is not None:
        return paused
    if account.go_live_at > now:
        return Mode(word="Planned", icon="clock", colour="blue",
                    sentence="Notes made from the go-live time on will be sent.")  # fmt: skip
    return Mode(word="Live", icon="circle-check", colour="green",
                sentence="Orders go to ShipHero and shipments to Brightpearl.")  # fmt: skip


def _paused(account: Account) -> Mode | None:
    match account.order_sync_on, account.shipment_sync_on:
        case True, True:
            return None
        case False, False:
            word, what = "Paused", "Order sync and shipment sync are off"
        case False, True:
            word, what = "Orders paused", "Order sync is off"
        case _:
            word, what = "Shipments paused", "Shipment sync is off"
    return Mode(word=word, icon="clock-pause", colour="amber",
                sentence=f"{what}; what comes is kept and waits.")  # fmt: skip
