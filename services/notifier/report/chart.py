"""The chart of two weeks, as bars that every mail client draws; pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from services.notifier.report import wording
from services.notifier.report.facts import Facts
from services.notifier.report.numbers import CHART_DAYS
from services.notifier.report.shapes import Bar

HIGHEST_BAR: Final = 64  # pixels
THOUSAND: Final = 1_000
TEN_THOUSAND: Final = 10_000


def bars(facts: Facts) -> Sequence[Bar]:
    """Give the last two weeks, the oldest first, as far as there is anything to tell."""
    first = facts.asked.day - timedelta(days=CHART_DAYS - 1)
    days = [day for day in sorted(facts.counts) if day >= first]
    most = max(facts.counts[day].sent for day in days)
    if not most:
        return []
    return [
        Bar(
            day=f"{day.day}",
            label=_short(facts.counts[day].sent),
            height=round(HIGHEST_BAR * facts.counts[day].sent / most),
            is_reported=day == facts.asked.day,
            words=wording.day_words(day),
        )
        for day in days
    ]


def _short(number: int) -> str:
    if number < THOUSAND:
        return str(number)
    return f"{number / THOUSAND:.1f}k" if number < TEN_THOUSAND else f"{number // THOUSAND}k"
