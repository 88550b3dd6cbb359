"""The report's table: what came in on the day and what needs a person, as CSV."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from services.notifier.report.facts import Facts, NoteLine
from services.notifier.report.numbers import NEEDS_YOU
from shared.notes.state import status_words
from shared.reasons.listed import reason_for_person
from shared.spreadsheet import BEGINNING, csv_line

ROWS_AT_MOST: Final = 2_000
COLUMNS: Final = (
    "Order #", "Order id", "Note", "Note id", "Total", "Currency", "Inserted at", "Synced at",
    "Order status", "Shipment status", "Needs you", "Came in on this day", "Reason code",
    "Reason", "What to do", "Tracking", "Shipped at", "ShipHero order id", "Time zone",
)  # fmt: skip


def sheet(facts: Facts, notes: Sequence[NoteLine], *, more_at: str) -> str:
    """Write up to ROWS_AT_MOST notes; a last line says where more of them are."""
    lines = [BEGINNING + csv_line(COLUMNS)]
    lines += [csv_line(_cells(facts, note)) for note in notes[:ROWS_AT_MOST]]
    if len(notes) > ROWS_AT_MOST:
        lines.append(csv_line([f"Only {ROWS_AT_MOST:,} notes are in this file. All: {more_at}"]))
    return "".join(lines)


def _cells(facts: Facts, note: NoteLine) -> Sequence[str]:
    zone = facts.owner.zone
    words = status_words(note.order_stage, note.shipment_stage)
    needs_you = note.state == NEEDS_YOU
    of_day = facts.begins <= note.inserted_at < facts.ends
    return (
        note.reference,
        str(note.order_id or ""),
        f"{note.order_id}/{note.sequence}" if note.order_id and note.sequence is not None else "",
        str(note.note_id),
        "" if note.total is None else f"{note.total:f}",
        note.currency,
        _moment(note.inserted_at, zone),
        _moment(note.synced_at, zone),
        words.order,
        words.shipment,
        "yes" if needs_you else "no",
        "yes" if of_day else "no",
        note.code,
        reason_words(note),
        reason_for_person(note.code).remedy if needs_you else "",
        note.tracking,
        _moment(note.shipped_at, zone),
        note.shiphero_order_id,
        zone.key,
    )


def reason_words(note: NoteLine) -> str:
    """Give the sentence of whichever side the log's reason is."""
    if note.code == note.order_code and note.order_reason:
        return note.order_reason
    return note.shipment_reason if note.code == note.shipment_code else note.order_reason


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
