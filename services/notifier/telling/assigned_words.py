"""What the mail says about what was assigned to somebody; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.mails import Notice
from shared.number_words import counted

SHOWN: Final = 20
LONGEST: Final = 60  # characters of a title in the subject
GATHERED: Final = "What is assigned to you within a quarter of an hour comes in one mail."


@dataclass(frozen=True, kw_only=True)
class AssignedLine:
    """One line that is somebody's: how many notes, since when in the account's zone, by whom."""

    title: str
    notes: int
    since: datetime
    by: str


def assigned_notice(lines: Sequence[AssignedLine], *, portal_url: str) -> Notice:
    """Say what is theirs now, those with the most notes first."""
    number = len(lines)
    what = _short(lines[0].title) if number == 1 else f"{number:,} things that need attention"
    rest = [("And", f"{number - SHOWN:,} more.")] if number > SHOWN else []
    return Notice(
        subject=f"Assigned to you: {what}",
        heading=f"{counted(number, 'thing')} {'was' if number == 1 else 'were'} assigned to you",
        paragraphs=("Your colleagues rely on you to see to it, or to pass it on.",),
        facts=(*((one.title, _words(one)) for one in lines[:SHOWN]), *rest),
        label="See what is yours",
        link=f"{portal_url}/attention?assigned=me",
        small=GATHERED,
    )


def _words(one: AssignedLine) -> str:
    needs = "needs" if one.notes == 1 else "need"
    since = f"{one.since:%a %d %b, %H:%M} {one.since.tzname()}"
    return f"{counted(one.notes, 'note')} {needs} somebody, the first since {since}. By {one.by}."


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"
