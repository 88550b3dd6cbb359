"""Put what was read into the words and links that the templates draw; pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.notifier.report import numbers, wording
from services.notifier.report.chart import bars
from services.notifier.report.facts import Facts, NoteLine
from services.notifier.report.links import Links
from services.notifier.report.numbers import NEEDS_YOU, SHIPPED, Need
from services.notifier.report.shapes import Item, NeedView, Row, View
from services.notifier.report.sheet import reason_words
from shared.differences import KINDS
from shared.mails import Notice
from shared.notes.state import ORDER, SHIPMENT
from shared.number_words import counted
from shared.reasons.listed import reason_for_person, reason_of

PLACES_ALWAYS: Final = (SHIPPED, numbers.AT_SHIPHERO, numbers.UNDER_WAY, numbers.FAILED)


def view_of(facts: Facts, links: Links) -> View:
    """Put everything into words."""
    zone, day = facts.owner.zone, facts.asked.day
    return View(
        account=facts.owner.name,
        heading=f"{day:%A} {day.day} {day:%B %Y}" + (", so far" if facts.asked.so_far else ""),
        as_of=f"{wording.moment(facts.asked.made_at, zone)} ({zone.key.replace('_', ' ')})",
        late=wording.late_words(facts),
        verdict=wording.verdict(facts),
        standing=_standing(facts),
        before=(
            wording.day_words(day),
            wording.day_words(day - timedelta(days=1)),
            f"Usual {day:%a}",
        ),
        compared=_compared(facts),
        received=facts.tally.received,
        day_link=links.log_of_day(day, zone),
        places=_places(facts),
        skipped=[
            Row(name=reason_of(code).sentence, cells=(f"{count:,}",))
            for code, count in facts.tally.skipped_by_reason.items()
        ],
        needs=[_need(facts, need, links) for need in facts.needs],
        times=[
            Row(name="Note to ShipHero order", cells=(wording.took_words(facts.sending),)),
            Row(
                name="Shipment to shipped note",
                cells=(wording.took_words(facts.writing_back),),
            ),
        ],
        late_notes=_late(facts),
        late_link=links.log(state="synced"),
        late_listed=[_note(note, links) for note in facts.late],
        bars=bars(facts),
        proof=_proof(facts, links),
        changes=[wording.change_words(one, zone) for one in facts.changes],
        changes_link=links.page("audit"),
        more_changes=facts.more_changes,
        alerts=[wording.alert_words(one, zone) for one in facts.alerts],
        settings_link=links.page("configuration#report"),
    )


def in_short(facts: Facts, *, link: str) -> Notice:
    """Say the report in a few lines, for webhooks and chats; the whole of it is one click away."""
    return Notice(
        subject=wording.subject(facts),
        heading=f"{facts.asked.day:%A} {facts.asked.day.day} {facts.asked.day:%B %Y}",
        paragraphs=(wording.verdict(facts).sentence,),
        facts=tuple(
            (name, f"{getattr(facts.of_day, what):,}")
            for name, what in (
                ("Notes received", "received"),
                ("Orders sent", "sent"),
                ("Shipments returned", "shipped"),
            )
        ),
        label="See the whole report",
        link=link,
    )


def _standing(facts: Facts) -> Sequence[Row]:
    return [
        Row(
            name="Orders",
            cells=(
                f"{facts.of_day.sent:,}",
                f"{facts.standing.under_way:,}",
                *_stuck(facts, ORDER),
            ),
        ),
        Row(
            name="Shipments",
            cells=(
                f"{facts.of_day.shipped:,}",
                f"{facts.standing.at_shiphero:,}",
                *_stuck(facts, SHIPMENT),
            ),
        ),
    ]


def _stuck(facts: Facts, side: str) -> tuple[str, str]:
    held = sum(need.count for need in facts.needs if need.side == side and need.is_held)
    failed = sum(need.count for need in facts.needs if need.side == side and not need.is_held)
    return f"{held:,}", f"{failed:,}"


def _compared(facts: Facts) -> Sequence[Row]:
    yesterday = facts.counts.get(facts.asked.day - timedelta(days=1))
    return [
        Row(
            name=name,
            cells=(
                f"{getattr(facts.of_day, what):,}",
                wording.NONE if yesterday is None else f"{getattr(yesterday, what):,}",
                wording.span_words(wording.usual_of(facts, what)),
            ),
        )
        for name, what in (
            ("Notes received", "received"),
            ("Orders sent", "sent"),
            ("Shipments returned", "shipped"),
        )
    ]


def _places(facts: Facts) -> Sequence[Row]:
    return [
        Row(name=wording.PLACE_WORDS[place], cells=(f"{count:,}",))
        for place, count in facts.tally.by_place.items()
        if count or place in PLACES_ALWAYS
    ]


def _need(facts: Facts, need: Need, links: Links) -> NeedView:
    reason = reason_for_person(need.code)
    new = "" if need.new in (0, need.count) else f", {need.new:,} of them new"
    theirs = [one for one in facts.failures if one.code == need.code and not need.is_held]
    return NeedView(
        title=f"{counted(need.count, 'note' if need.side == ORDER else 'shipment')}{new}: "
        f"{reason_of(need.code).sentence}",
        colour=wording.AMBER if need.is_held else wording.RED,
        remedy=reason.remedy,
        then=reason.then,
        link=links.log(state=NEEDS_YOU, reason=need.code)
        if need.code
        else links.log(state=NEEDS_YOU),
        notes=[_note(one, links, why=reason_words(one)) for one in theirs],
        more=0 if need.is_held else need.count - len(theirs),
    )


def _note(note: NoteLine, links: Links, why: str = "") -> Item:
    return Item(
        words=wording.name_of(note),
        link=links.note(note.note_id),
        rest=f": {why}" if why else "",
    )


def _late(facts: Facts) -> str:
    if not facts.standing.late:
        return ""
    verb = "waits" if facts.standing.late == 1 else "wait"
    return f"{counted(facts.standing.late, 'order')} {verb} for shipment for over 24 hours."


def _proof(facts: Facts, links: Links) -> Sequence[Item]:
    zone = facts.owner.zone
    unexplained = (
        f"{counted(facts.unexplained, 'webhook')} unexplained",
        ": kept, and their rows are gone."
        if facts.unexplained
        else ": all that was kept is there.",
    )
    told = [wording.list_words(one, zone) for one in facts.lists]
    differences = [
        Item(
            words=counted(count, "difference"),
            link=links.differences(kind),
            rest=f": {KINDS[kind].title}",
        )
        for kind, count in facts.differences.items()
        if count
    ]
    dead = (
        [
            Item(
                words=f"{counted(facts.dead, 'task')} beside the notes given up on",
                link=links.page("events?state=dead"),
            )
        ]
        if facts.dead
        else []
    )
    return [
        Item(words=unexplained[0], link=links.differences(), rest=unexplained[1]),
        *(Item(words=one) for one in told if one),
        *(
            differences
            or (
                [Item(words="No difference between the vendors' lists and ours is open.")]
                if facts.lists
                else []
            )
        ),
        *dead,
    ]
