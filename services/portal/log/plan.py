"""What a bulk act would do, told before it is done; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.portal.log.selection import NOTES_AT_MOST, Selection
from shared.budgets.shiphero_credits import USUAL, ShipHeroCredits
from shared.bulk import HANDLE, RETRY
from shared.notes.retrying_many import TO_SHIPHERO, Chance

MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The notes that were selected, and how many of them the act does something with.

    `lines` says what becomes of the others, each with its number.
    """

    selection: Selection
    filter_words: str
    matching: int
    possible: int
    lines: Sequence[tuple[int, str]]
    costs: str = ""

    @property
    def is_retry(self) -> bool:
        """Whether notes are retried; else they are marked as handled."""
        return self.selection.act == RETRY

    @property
    def is_handling(self) -> bool:
        """Whether notes are marked as handled."""
        return self.selection.act == HANDLE

    @property
    def is_cut(self) -> bool:
        """Whether more match than are taken at once."""
        return self.matching > NOTES_AT_MOST

    @property
    def limit(self) -> int:
        """How many are taken at once."""
        return NOTES_AT_MOST


def retry_lines(counts: Mapping[str, int]) -> Sequence[tuple[int, str]]:
    """Say what becomes of the notes that cannot be retried."""
    told = (
        (
            Chance.NEEDS_SETTING,
            "waiting for a setting or a connection: going on by itself once that is there",
        ),
        (Chance.KEPT_BACK, "kept back until their time has come"),
        (Chance.IN_PROGRESS, "in progress already"),
        (Chance.NOTHING, "with nothing to retry: nothing about them has failed or is planned"),
    )
    return [(counts[chance], words) for chance, words in told if counts.get(chance)]


def handle_lines(others: int) -> Sequence[tuple[int, str]]:
    """Say what becomes of the notes that need nobody."""
    words = "does not need you and stays" if others == 1 else "do not need you and stay"
    return [(others, f"{words} as before")] if others else []


def costs_of(counts: Mapping[str, int], credits_now: ShipHeroCredits) -> str:
    """Estimate what the retries take of ShipHero's credits, and how long those take to come."""
    orders = counts.get(TO_SHIPHERO, 0)
    if not orders:
        return ""
    cost = orders * USUAL
    seconds = cost / (credits_now.refill * credits_now.share / 100)
    return f"about {cost:,} ShipHero credits, which take {_span(seconds)} to come"


def _span(seconds: float) -> str:
    if seconds < MINUTE:
        return "less than a minute"
    return f"about {round(seconds / MINUTE):,} min"
