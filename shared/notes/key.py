"""Our key of a goods-out note at ShipHero: `GO-<account>-<note>`, recognisable as ours.

It is the order's `partner_order_id`; line ids are made from it. A person's deliberate re-create
raises the generation, which then shows: `GO-acme-7001.2`.
"""

import re
from dataclasses import dataclass

# What the tables' columns hold; Brightpearl's ids are Java's ints.
LARGEST_NOTE_ID = 2**31 - 1

# Only what `str(NoteKey)` writes: plain digits, no generation 1.
_KEY = re.compile(
    r"GO-(?P<account>[a-z0-9][a-z0-9_-]*)-(?P<note>[1-9]\d{0,9})(\.(?P<gen>[2-9]|[1-9]\d{1,5}))?",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class NoteKey:
    """Which note of which account an order of ours at ShipHero stands for."""

    account: str
    note_id: int
    generation: int = 1

    def __str__(self) -> str:
        again = "" if self.generation == 1 else f".{self.generation}"
        return f"GO-{self.account}-{self.note_id}{again}"

    def line(self, order_row_id: int) -> str:
        """Give the id of the line that stands for an order row; unique in the whole store."""
        return f"{self}-{order_row_id}"


def read_key(text: str) -> NoteKey | None:
    """Read a `partner_order_id`; None when the order is not ours."""
    found = _KEY.fullmatch(text)
    if found is None or int(found["note"]) > LARGEST_NOTE_ID:
        return None
    return NoteKey(
        account=found["account"],
        note_id=int(found["note"]),
        generation=int(found["gen"] or 1),
    )
