"""The report's sentences: its subject, its verdict, its lines; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.notifier.report import numbers
from services.notifier.report.facts import AlertLine, Change, Facts, NoteLine
from services.notifier.report.numbers import Usual
from shared.number_words import counted, lasting
from shared.took import Took
from shared.watermarks import NOTES, OPEN_NOTES, ORDERS, Compared

RED, AMBER, GREEN = "red", "amber", "green"
LATE_BY: Final = timedelta(hours=1)
DASH: Final = "\N{EN DASH}"
NONE: Final = DASH

PLACE_WORDS: Final[Mapping[str, str]] = {
    numbers.SHIPPED: "Shipped, and Brightpearl knows",
    numbers.AT_SHIPHERO: "At ShipHero, waiting for shipment",
    numbers.SHIPMENT_HELD: "Shipped; the way back is held",
    numbers.SHIPMENT_FAILED: "Shipped; the way back failed",
    numbers.UNDER_WAY: "On their way, by themselves",
    numbers.HELD: "Held: a setting or a connection is missing",
    numbers.FAILED: "Failed",
    numbers.HANDLED: "Handled by hand",
    numbers.CANCELLED: "Cancelled",
    numbers.SKIPPED: "Skipped: not for ShipHero",
}
LISTS: Final[Mapping[str, tuple[str, str]]] = {
    NOTES: ("Brightpearl's goods-out notes", "note"),
    OPEN_NOTES: ("Brightpearl's open notes", "note"),
    ORDERS: ("ShipHero's orders and shipments", "order"),
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The report in one sentence, and how it looks."""

    colour: str
    sentence: str


def subject(facts: Facts) -> str:
    """Write the mail's subject."""
    title = "Sync report so far" if facts.asked.so_far else "Sync report"
    needs = f"{facts.need_you:,} {'needs' if facts.need_you == 1 else 'need'} you"
    return (
        f"{title}: {facts.of_day.sent:,} synced · {needs} · "
        f"{facts.unexplained:,} unexplained {DASH} {day_words(facts.asked.day)}"
    )


def verdict(facts: Facts) -> Verdict:
    """Judge the day."""
    if facts.unexplained:
        return Verdict(
            colour=RED,
            sentence=f"{counted(facts.unexplained, 'webhook')} kept here cannot be accounted for. "
            "Tell Goodsout's operator.",
        )
    if facts.need_you:
        verb = "needs" if facts.need_you == 1 else "need"
        return Verdict(
            colour=AMBER,
            sentence=f"{counted(facts.need_you, 'note')} {verb} you; what to do stands below. "
            "Nothing is lost.",
        )
    if open_alerts := [one for one in facts.alerts if one.ended_at is None]:
        return Verdict(
            colour=AMBER,
            sentence=f"No note needs you, but {counted(len(open_alerts), 'alert')} "
            f"{'is' if len(open_alerts) == 1 else 'are'} open; see below.",
        )
    if not facts.of_day.received and not facts.of_day.sent and not facts.of_day.shipped:
        return Verdict(colour=GREEN, sentence=_quiet(facts))
    if facts.standing.under_way:
        verb = "is" if facts.standing.under_way == 1 else "are"
        return Verdict(
            colour=GREEN,
            sentence=f"Nothing needs you; {counted(facts.standing.under_way, 'note')} {verb} on "
            "the way by themselves.",
        )
    return Verdict(colour=GREEN, sentence="Everything is sent, and nothing needs you.")


def _quiet(facts: Facts) -> str:
    told = "A quiet day: no note came in, nothing was sent, nothing needs you."
    span = usual_of(facts, "received")
    if span is None or not span.high:
        return told
    return f"{told} A {facts.asked.day:%A} usually brings {span_words(span)}."


def usual_of(facts: Facts, what: str) -> Usual | None:
    """Say what such a weekday usually brings: of notes "received", "sent" or "shipped"."""
    alike = (facts.counts.get(day) for day in numbers.like_it(facts.asked.day))
    return numbers.usual([getattr(one, what) for one in alike if one is not None])


def span_words(span: Usual | None) -> str:
    """Write a span."""
    if span is None:
        return NONE
    return f"{span.low:,}" if span.low == span.high else f"{span.low:,}{DASH}{span.high:,}"


def day_words(day: date) -> str:
    """Write a day in short."""
    return f"{day:%a} {day.day} {day:%b}"


def late_words(facts: Facts) -> str:
    """Say that it comes late, and why that can be; "" where it does not."""
    due = facts.asked.due_at
    if due is None or facts.asked.made_at - due < LATE_BY:
        return ""
    return (
        f"This report was due {moment(due, facts.owner.zone)} and comes late: Goodsout was not "
        "running then, or its mail had to wait."
    )


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write a time with its day."""
    there = at.astimezone(zone)
    return f"{day_words(there.date())} at {there:%H:%M}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Write a time of the day."""
    return f"{at.astimezone(zone):%H:%M}"


def took_words(span: Took | None) -> str:
    """Say how long it took."""
    if span is None:
        return NONE
    return f"half within {lasting(span.half)}, 19 of 20 within {lasting(span.most)}"


def name_of(note: NoteLine) -> str:
    """Name a note as its merchant knows it."""
    number = (
        f"{note.order_id}/{note.sequence}" if note.order_id and note.sequence is not None else ""
    )
    by_id = f"note {number or note.note_id}"
    return f"{note.reference} ({by_id})" if note.reference else by_id.capitalize()


def change_words(change: Change, zone: ZoneInfo) -> str:
    """Say who did what."""
    told = f"{clock(change.at, zone)} {change.who} {change.act}"
    if change.subject:
        told += f": {change.subject}"
    if change.before and change.after:
        return f"{told}, {change.before} → {change.after}"
    return f"{told}, {change.after}" if change.after else told


def alert_words(alert: AlertLine, zone: ZoneInfo) -> str:
    """Say since when an alert stands, or until when it stood."""
    if alert.ended_at is None:
        return f"Open since {moment(alert.raised_at, zone)}: {alert.sentence}"
    return f"Ended {moment(alert.ended_at, zone)}: {alert.sentence}"


def list_words(one: Compared, zone: ZoneInfo) -> str:
    """Say how a vendor's list was compared last; "" for what is no list of its own."""
    if one.name not in LISTS:
        return ""
    title, noun = LISTS[one.name]
    found = f"{counted(one.found, noun)} seen"
    missed = f"{one.missed:,} of them new to us" if one.missed else "none new to us"
    return f"{title}: compared {moment(one.compared_at, zone)}, {found}, {missed}."
