"""What a bulk act would do, told before it is done; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.portal.log.selection import NOTES_AT_MOST, Selection
from shared.budgets.shiphero_credits import USUAL, ShipHeroCredits
from shared.bulk import HANDLE, HOLD, LET_GO, RETRY
from shared.notes.retrying_many import TO_SHIPHERO, Chance
from shared.notes.stopping_many import Fate

MINUTE: Final = 60


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How an act on many notes is asked about; `{}` stands for them, as in "3 notes".

    `possible` says of one note, and of several, what is done with them; `note` names the field for
    why, "" where it is not asked, and `note_needed` says whether it may be left empty.
    """

    name: str
    act: str
    possible: tuple[str, str]
    means: str
    note: str = ""
    note_needed: bool = False


WORDINGS: Final[Mapping[str, Wording]] = {
    RETRY: Wording(
        name="Retry",
        act="Retry {}",
        possible=("can be retried now", "can be retried now"),
        means="What failed is tried once more, by today's settings, and "
        "what was planned for later is tried now. Goodsout looks at ShipHero before it sends "
        "anything again, so no order is made twice.",
    ),
    HANDLE: Wording(
        name="Mark as handled",
        act="Mark {} as handled",
        possible=("needs you and is marked as handled", "need you and are marked as handled"),
        means="They no longer ask for you and are counted under “Handled”. Nothing is changed in "
        "Brightpearl or ShipHero. What waits for a setting still goes on once that is made, and a "
        "new failure asks again.",
        note="What was done, and why",
        note_needed=True,
    ),
    HOLD: Wording(
        name="Hold",
        act="Hold {}",
        possible=("can be held", "can be held"),
        means="Nothing of them is sent to ShipHero until somebody presses “Let it go”. What is "
        "being sent at this very moment still goes, and its page says so.",
        note="Why (if you like)",
    ),
    LET_GO: Wording(
        name="Let go",
        act="Let {} go",
        possible=("waits for a person and goes on", "wait for a person and go on"),
        means="They are read afresh in Brightpearl and sent by today's settings. "
        "Whoever had them wait is not asked.",
    ),
}


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
    def wording(self) -> Wording:
        """How it is asked about."""
        return WORDINGS[self.selection.act]

    @property
    def act_words(self) -> str:
        """Say what is done with how many."""
        noun = "note" if self.possible == 1 else "notes"
        return self.wording.act.format(f"{self.possible:,} {noun}")

    @property
    def possible_words(self) -> str:
        """Say what is done with those with which something is done."""
        return self.wording.possible[self.possible != 1]

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
    return _lines(counts, {
        Chance.NEEDS_SETTING:
            "waiting for a setting or a connection: going on by itself once that is there",
        Chance.KEPT_BACK: "kept back until their time has come",
        Chance.IN_PROGRESS: "in progress already",
        Chance.NOTHING: "with nothing to retry: nothing about them has failed or is planned",
    })  # fmt: skip


def hold_lines(counts: Mapping[str, int]) -> Sequence[tuple[int, str]]:
    """Say what becomes of the notes that cannot be held, or let go."""
    return _lines(counts, {
        Fate.STOPPED_ALREADY: "held by a person already",
        Fate.TOO_LATE: "at ShipHero, on the way there, failed or ended: too late to hold them",
        Fate.NOT_STOPPED: "with nobody who has them wait",
    })  # fmt: skip


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


def _lines(counts: Mapping[str, int], words: Mapping[str, str]) -> Sequence[tuple[int, str]]:
    return [(counts[code], told) for code, told in words.items() if counts.get(code)]


def _span(seconds: float) -> str:
    if seconds < MINUTE:
        return "less than a minute"
    return f"about {round(seconds / MINUTE):,} min"
