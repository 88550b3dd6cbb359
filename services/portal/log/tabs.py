"""The tabs of a note: what each shows stands at an address of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for

TIMELINE: Final = "timeline"
LINES, SENT, SIDES, PARCELS = "lines", "sent", "sides", "parcels"
RULES, PEOPLE = "rules", "people"
TABS: Final[Mapping[str, str]] = {
    TIMELINE: "Timeline",
    LINES: "Lines",
    SENT: "Sent vs answer",
    SIDES: "Both sides",
    PARCELS: "Parcels",
    RULES: "Rules used",
    PEOPLE: "Comments & people",
}
# All but the first, as a note's address takes them.
OTHERS: Final = tuple(code for code in TABS if code != TIMELINE)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab as it is drawn."""

    code: str
    name: str
    address: str
    is_open: bool


def tabs_of(note_id: int, opened: str) -> Sequence[Tab]:
    """List a note's tabs, one of them opened."""
    return [
        Tab(code=code, name=name, address=tab_address(note_id, code), is_open=code == opened)
        for code, name in TABS.items()
    ]


def tab_address(note_id: int, code: str) -> str:
    """Give the address of one of a note's tabs; the timeline's is the note's own."""
    if code == TIMELINE:
        return url_for("pages.show_note", note_id=note_id)
    return url_for("pages.show_tab", note_id=note_id, tab=code)
