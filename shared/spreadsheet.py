"""Tables as CSV that spreadsheets open and run nothing of."""

import csv
import io
from collections.abc import Sequence
from typing import Final

# The mark by which spreadsheets know UTF-8; it stands before the first line.
BEGINNING: Final = "\ufeff"
# What a spreadsheet may take for a formula, and run; some also where it is written in full width.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_line(cells: Sequence[str]) -> str:
    """Write one line, with its end; a cell that may be taken for a formula gets a quote before."""
    written = io.StringIO()
    csv.writer(written).writerow([_harmless(cell) for cell in cells])
    return written.getvalue()


def _harmless(cell: str) -> str:
    is_number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(FORMULA) and not is_number else cell
