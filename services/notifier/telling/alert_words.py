"""What the mails about alerts say, when one opens and when it ends; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared import alerts
from shared.connecting.stored import WRITTEN
from shared.db.vendor_tables import Alert
from shared.mails import Notice
from shared.notifications import (
    CONNECTION_BROKEN,
    DIFFERENCES_FOUND,
    ORDERS_FAILING,
    SILENCE,
    UNEXPLAINED,
    WEBHOOK_STOPPED,
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """Of which kind of mail an alert is, and what is said beside its own sentence.

    `{}` in `subject` and `ended` stands for what the alert is about.
    """

    kind: str
    subject: str
    todo: str
    meanwhile: str
    ended: str
    label: str
    path: str


WORDS: Final[Mapping[str, Words]] = {
    alerts.CONNECTION_BROKEN: Words(
        kind=CONNECTION_BROKEN,
        subject="{} is not connected any more",
        todo="Reconnect on the page Connections. It takes a minute.",
        meanwhile="What comes in is kept and waits in its order; nothing is lost.",
        ended="{} is connected again",
        label="Reconnect",
        path="/connections",
    ),
    alerts.WEBHOOK_UNHEALTHY: Words(
        kind=WEBHOOK_STOPPED,
        subject="A webhook had stopped: {}",
        todo="Nothing, if the next mail says that it is mended. Otherwise the page Connections "
        "says what the vendor answered.",
        meanwhile="Goodsout compares the vendor's own list, so orders come some minutes later "
        "and none is missed.",
        ended="The webhook {} works again",
        label="See the connections",
        path="/connections",
    ),
    alerts.DESTINATION_OFF: Words(
        kind=WEBHOOK_STOPPED,
        subject="Notices to a webhook or chat were switched off",
        todo="Put it right where they arrive, send a test from the page Webhooks and chat, and "
        "switch it on again.",
        meanwhile="Mail goes on as usual, and so do orders and shipments.",
        ended="Notices to the webhook or chat go on",
        label="See where notices go",
        path="/destinations",
    ),
    alerts.NOTES_MISSING: Words(
        kind=DIFFERENCES_FOUND,
        subject="Brightpearl's list lacks notes that were sent",
        todo="Look in Brightpearl whether they were deleted, and decide on the page "
        "Reconciliation.",
        meanwhile="Their orders in ShipHero stay as they are.",
        ended="No missing notes wait for you any more",
        label="Decide",
        path="/reconciliation",
    ),
    alerts.WAREHOUSE_NEW: Words(
        kind=ORDERS_FAILING,
        subject="Brightpearl has a new warehouse",
        todo="Decide which ShipHero warehouse it belongs to, or that its notes are not sent.",
        meanwhile="Its notes wait. Those of all other warehouses go on.",
        ended="The new warehouse is decided",
        label="Decide",
        path="/configuration#warehouses",
    ),
    alerts.SILENCE: Words(
        kind=SILENCE,
        subject="Unusually quiet",
        todo="If you expected as little, nothing. Otherwise look whether orders reach "
        "Brightpearl, and whether both connections work.",
        meanwhile="Goodsout goes on listening and comparing both vendors' lists.",
        ended="It is as busy as usual again",
        label="See the dashboard",
        path="/",
    ),
    alerts.UNEXPLAINED: Words(
        kind=UNEXPLAINED,
        subject="Webhooks are unaccounted for",
        todo="Tell Goodsout's operator: rows are gone from the database that were there.",
        meanwhile="Goodsout compares both vendors' lists, which finds what the missing webhooks "
        "told of.",
        ended="Every webhook is accounted for again",
        label="See the ledger",
        path="/",
    ),
}
# Each of these is about one note: many at once are told of together.
GATHERED: Final[Mapping[str, str]] = {alerts.ORDER_CANCELED: ORDERS_FAILING}


def words_of(kind: str) -> Words:
    """Give an alert's words; one without words of its own is told plainly."""
    title = kind.replace("_", " ").capitalize()
    return WORDS.get(kind) or Words(
        kind=WEBHOOK_STOPPED,
        subject=title,
        todo="See what it says.",
        meanwhile="Everything else goes on as usual.",
        ended=f"{title}: it is over",
        label="Open Goodsout",
        path="/",
    )


def opened_notice(alert: Alert, *, portal_url: str) -> Notice:
    """Say that something happened, or that it did and is over already."""
    words = words_of(alert.kind)
    if alert.ended_at is not None:
        return _notice(
            alert,
            words,
            heading=words.ended.format(_about(alert)),
            paragraphs=(alert.sentence, "That is over already."),
            portal_url=portal_url,
        )
    return _notice(
        alert,
        words,
        heading=words.subject.format(_about(alert)),
        paragraphs=(alert.sentence,),
        facts=(("What to do", words.todo), ("Meanwhile", words.meanwhile)),
        portal_url=portal_url,
    )


def ended_notice(alert: Alert, *, portal_url: str) -> Notice:
    """Say that it is over."""
    words = words_of(alert.kind)
    return _notice(
        alert,
        words,
        heading=words.ended.format(_about(alert)),
        paragraphs=("You need do nothing more.", f"It had been: {alert.sentence}"),
        portal_url=portal_url,
        label="Open Goodsout",
    )


def _notice(
    alert: Alert,
    words: Words,
    *,
    heading: str,
    paragraphs: tuple[str, ...],
    portal_url: str,
    facts: tuple[tuple[str, str], ...] = (),
    label: str = "",
) -> Notice:
    return Notice(
        subject=words.subject.format(_about(alert)),
        heading=heading,
        paragraphs=paragraphs,
        facts=facts,
        label=label or words.label,
        link=f"{portal_url}{words.path}",
    )


def _about(alert: Alert) -> str:
    """Name what an alert is about, such as "Brightpearl" or "Shipment Update at ShipHero"."""
    vendor, _, topic = alert.subject.partition(":")
    written = WRITTEN.get(vendor, vendor)
    return f"{topic} at {written}" if topic else written
