"""Numbers in the words of a sentence; pure."""

from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
PRECISE_BELOW: Final = 10  # seconds
TWO_PARTS_BELOW: Final = 10 * HOUR
HOURS_BELOW: Final = 2 * DAY


def lasting(seconds: float) -> str:
    """Say how long something lasts, such as "4.2 s", "9 min", "3 h 20 min"."""
    if seconds < PRECISE_BELOW:
        return f"{seconds:.1f} s"
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / MINUTE)
    if minutes < MINUTE:
        return f"{minutes} min"
    if seconds < TWO_PARTS_BELOW:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    if seconds < HOURS_BELOW:
        return f"{round(seconds / HOUR)} h"
    return f"{round(seconds / DAY)} days"


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun, such as "1 note" and "2,000 notes"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
