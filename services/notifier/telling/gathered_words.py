"""What the mails about gathered causes say: orders, dead letters, differences; pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from services.notifier.telling.gathering import Act
from shared import differences
from shared.alerts import ORDER_CANCELED
from shared.mails import Notice
from shared.notifications import DEAD_LETTERS, DIFFERENCES_FOUND, ORDERS_FAILING
from shared.reasons.listed import reason_of
from shared.reasons.reason import OPERATOR, Reason

LATER: Final = (
    "What else comes of this cause is gathered: another mail about it comes in an hour at the "
    "earliest, and one once it is cleared."
)
GOES_ON: Final = "Everything else goes on as usual; these wait, and nothing of them is lost."

CANCELED_TODO: Final = (
    "Delete the note in Brightpearl if it is not to be sent, or send it again from the note's page."
)


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What is told of a cause: how many are new and stand in all, and the names of a few.

    `example` is what is said of the first of them.

    `since` is the first mail of the thread, in the account's own zone, and `things` how many were
    told of since.
    """

    cause: str
    act: Act
    fresh: int
    names: Sequence[str]
    example: str
    standing: int
    things: int
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a kind's things are called and what is said of one cause."""

    one: str
    many: str
    need: tuple[str, str]  # after one, after many
    title: str
    facts: tuple[tuple[str, str], ...]
    label: str
    path: str


def gathered_notice(kind: str, told: Gathered, *, portal_url: str) -> Notice:
    """Say that things of one cause ask for somebody, that more do, or that none does any more."""
    words = _WORDINGS[kind](told.cause)
    heading, sentence = _heading(words, told)
    of_these = _these(words, told)
    ended = told.act is Act.ENDED
    return Notice(
        # The same for the whole thread: some mailboxes keep it together by its subject alone.
        subject=f"{words.many.capitalize()} {words.need[1]}: {words.title.rstrip('.')}",
        heading=heading,
        paragraphs=tuple(line for line in (words.title, sentence) if line),
        facts=() if ended else (*of_these, *words.facts),
        label=words.label if not ended else "Open Goodsout",
        link=f"{portal_url}{words.path if not ended else '/'}",
        small="" if ended else LATER,
    )


def _heading(words: Wording, told: Gathered) -> tuple[str, str]:
    if told.act is Act.ENDED:
        since = f"{told.since:%a %d %b, %H:%M} {told.since.tzname()}"
        in_all = _counted(told.things, words)
        return (
            f"Cleared: no {words.one} waits for this any more",
            f"{in_all} in all had this cause since {since}.",
        )
    count = _counted(told.fresh, words)
    need = words.need[0 if told.fresh == 1 else 1]
    if told.act is Act.FIRST:
        return f"{count} {need}", ""
    more = f"{told.fresh:,} more {words.one if told.fresh == 1 else words.many} {need}"
    return more, f"With those you know of it is {_counted(told.standing, words)} now."


def _these(words: Wording, told: Gathered) -> tuple[tuple[str, str], ...]:
    found = []
    if told.names:
        listed, rest = ", ".join(told.names), told.fresh - len(told.names)
        these = f"{listed} and {rest:,} more" if rest > 0 else listed
        found.append((words.many.capitalize(), these))
    if told.example and told.example.rstrip(".") != words.title.rstrip("."):
        name = f"Of {told.names[0]} it says" if told.names else "For example"
        found.append((name, told.example))
    return tuple(found)


def _counted(count: int, words: Wording) -> str:
    return f"{count:,} {words.one if count == 1 else words.many}"


def _orders(code: str) -> Wording:
    if code == ORDER_CANCELED:
        return Wording(
            one="order",
            many="orders",
            need=("was cancelled in the warehouse", "were cancelled in the warehouse"),
            title="Their notes are still there in Brightpearl.",
            facts=(
                ("What to do", CANCELED_TODO),
                ("Meanwhile", "A note on the sales order in Brightpearl says it too."),
            ),
            label="See cancelled orders",
            path="/sync-log?state=cancelled",
        )
    reason = reason_of(code)
    return Wording(
        one="order",
        many="orders",
        need=("needs you", "need you"),
        title=reason.sentence,
        facts=(
            ("What to do", _remedy(reason)),
            *((("After that", _plain(reason.then)),) if reason.then else ()),
            ("Meanwhile", GOES_ON),
        ),
        label="See these orders",
        path=f"/sync-log?{urlencode({'state': 'needs_you', 'reason': code})}",
    )


def _dead_letters(code: str) -> Wording:
    reason = reason_of(code)
    return Wording(
        one="task",
        many="tasks",
        need=("was given up on", "were given up on"),
        title=reason.sentence,
        facts=(("What to do", _remedy(reason)), ("Meanwhile", GOES_ON)),
        label="See the dead letters",
        path=f"/events?{urlencode({'state': 'dead', 'reason': code})}",
    )


def _differences(kind: str) -> Wording:
    words = differences.KINDS[kind]
    act = f"“{words.button}”: {words.repair}" if words.button else words.by_hand
    return Wording(
        one="difference",
        many="differences",
        need=("was found", "were found"),
        title=f"{words.title}.",
        facts=(
            ("What it means", words.meaning),
            ("What to do", act),
            ("Meanwhile", "Goodsout goes on comparing; what mends itself ends by itself."),
        ),
        label="See the differences",
        path=f"/reconciliation/{kind}",
    )


def _remedy(reason: Reason) -> str:
    remedy = _plain(reason.remedy)
    return f"{OPERATOR}: {remedy}" if reason.whose_turn == OPERATOR else remedy


def _plain(words: str) -> str:
    """Write what the docs set as code in quotation marks: a mail has no code."""
    return re.sub(r"`([^`]+)`", r"“\1”", words)


_WORDINGS: Final[Mapping[str, Callable[[str], Wording]]] = {
    ORDERS_FAILING: _orders,
    DEAD_LETTERS: _dead_letters,
    DIFFERENCES_FOUND: _differences,
}
