"""How far an order has come, told by its goods-out notes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sandbox.store import Document


def noted(notes: Iterable[Document]) -> Counter[int]:
    """Add up the quantity that notes hold, by order row."""
    return Counter(
        {
            row_id: sum(line["quantity"] for line in lines)
            for row_id, lines in _by_row(notes).items()
        }
    )


def shipping_status(order: Document, notes: Sequence[Document]) -> str:
    """Give `NST`, `SNS`, `SPS` or `ASS` (contract section 7d)."""
    wanted = {row["id"]: row["quantity"] for row in order["rows"] if row["is_tracked"]}
    if not wanted:
        return "NST"
    shipped = noted(note for note in notes if note["steps"].get("SHW"))
    if not shipped:
        return "SNS"
    is_all = all(shipped[row_id] >= quantity for row_id, quantity in wanted.items())
    return "ASS" if is_all else "SPS"


def allocation_status(order: Document, notes: Sequence[Document]) -> str:
    """Give `ANR`, `ANA`, `APA` or `AAA`: how much stock the notes hold."""
    wanted = {row["id"]: row["quantity"] for row in order["rows"] if row["is_tracked"]}
    if not wanted:
        return "ANR"
    held = noted(notes)
    if not held:
        return "ANA"
    return "AAA" if all(held[row_id] >= number for row_id, number in wanted.items()) else "APA"


def _by_row(notes: Iterable[Document]) -> dict[int, list[Document]]:
    rows: dict[int, list[Document]] = {}
    for note in notes:
        for line in note["rows"]:
            rows.setdefault(line.get("row_id", 0), []).append(line)
    return rows
