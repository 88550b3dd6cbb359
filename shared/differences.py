"""Differences between a vendor's own list and ours: one open row each, until it is gone.

The comparisons raise, see again and end them, in the transactions that settle their events; a
person asks for a repair in the portal. The caller commits.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlmodel import Session, col, select

from shared.db.portal_tables import Difference
from shared.journal.record import new_id
from shared.notifications import DIFFERENCES_FOUND
from shared.untold import note_untold

NEVER_SENT: Final = "never_sent"
MISSING: Final = "missing_in_brightpearl"
WITHOUT_NOTE: Final = "order_without_note"
DOUBLED: Final = "doubled"
NOT_WRITTEN_BACK: Final = "not_written_back"
CANCELED_THERE: Final = "canceled_at_shiphero"
NOT_CANCELED: Final = "not_canceled"

# An alert or the failing order itself tells people of these.
TOLD_OTHERWISE: Final = frozenset({MISSING, CANCELED_THERE, NOT_CANCELED})

# Databases bound the values of one statement.
AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of difference in a merchant's words.

    `button` and `repair` name what a person may ask for and what it does, "" where nothing that
    Goodsout can do would help; `by_hand` is what a person does then, or where the repair fails.
    """

    title: str
    meaning: str
    button: str = ""
    repair: str = ""
    by_hand: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    NEVER_SENT: Kind(
        title="Notes never sent",
        meaning="They are open in Brightpearl, in a warehouse that is mapped, for longer than a "
        "quarter of an hour; no order was sent, and nothing here says why.",
        button="Look again",
        repair="Goodsout reads the note again and sends it, or says on the sync log why not. A "
        "note that became an order meanwhile is not sent twice.",
    ),
    MISSING: Kind(
        title="Notes that Brightpearl does not show",
        meaning="Their orders are at ShipHero. So many at once may be a mistake of a list, so "
        "nothing was cancelled: you decide.",
        button="Decide",
        repair="Say that they are deleted, and their orders are cancelled in ShipHero unless "
        "something has shipped. Say that they exist, and they are compared afresh.",
    ),
    WITHOUT_NOTE: Kind(
        title="Orders without a note here",
        meaning="ShipHero has a live order with our key, and our books know no order of that "
        "note; so it is after a backup was restored.",
        button="Look again",
        repair="Goodsout looks at the note, finds the order by its key and takes it as the "
        "note's. Nothing is sent twice.",
        by_hand="If the note is not in Brightpearl any more, cancel the order in ShipHero.",
    ),
    DOUBLED: Kind(
        title="Notes with more than one order",
        meaning="ShipHero has more than one live order of the same note: it might be packed twice.",
        by_hand="Goodsout cancels no order of which it cannot tell that it is the wrong one. Look "
        "at them in ShipHero and cancel the one that nobody packs.",
    ),
    NOT_WRITTEN_BACK: Kind(
        title="Shipments not written back",
        meaning="ShipHero has shipped the order; Goodsout has looked at it, and Brightpearl still "
        "does not show the note as shipped.",
        button="Look again",
        repair="Goodsout reads the order again and writes tracking and shipped event, unless "
        "Brightpearl has them by now.",
    ),
    CANCELED_THERE: Kind(
        title="Cancelled in ShipHero only",
        meaning="The warehouse cancelled the order; the note is still there in Brightpearl.",
        by_hand="Delete the note in Brightpearl if it is not to be sent, or send it again from "
        "the note's page.",
    ),
    NOT_CANCELED: Kind(
        title="Deleted in Brightpearl only",
        meaning="The note was deleted, and ShipHero could not cancel its order.",
        button="Try again",
        repair="Goodsout tries once more to cancel the order. What has been shipped is left alone.",
        by_hand="If something of it has left, stop the parcel at the warehouse.",
    ),
}


def of_order(note_id: int, order_id: str) -> str:
    """Name an order of a note as the subject of a difference."""
    return f"{note_id}:{order_id}"


def note_of(subject: str) -> int:
    """Give the note that a difference is about."""
    return int(subject.partition(":")[0])


def see(
    session: Session, account_id: UUID, kind: str, found: Mapping[str, str], *, now: datetime
) -> None:
    """Raise differences, or see them again: a sentence each, by subject."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of difference; add it to KINDS with its words")
    if not found:
        return
    known = {row.subject: row for row in _rows(session, account_id, kind)}
    if kind not in TOLD_OTHERWISE:
        new = found.keys() - known.keys()
        note_untold(session, account_id, kind=DIFFERENCES_FOUND, cause=kind, subjects=new, now=now)
    for subject, sentence in found.items():
        row = known.get(subject)
        if row is None:
            row = Difference(
                id=new_id(),
                account_id=account_id,
                kind=kind,
                subject=subject,
                sentence=sentence,
                found_at=now,
                seen_at=now,
            )
        row.sentence, row.seen_at = sentence, now
        session.add(row)


def end(
    session: Session, account_id: UUID, kind: str, subjects: Collection[str], *, now: datetime
) -> None:
    """End what is open of a kind about these subjects."""
    for some in _chunks(sorted(subjects)):
        of_these = (*_open(account_id, kind), col(Difference.subject).in_(some))
        session.execute(update(Difference).where(*of_these).values(ended_at=now))


def end_unseen(
    session: Session, account_id: UUID, kind: str, *, since: datetime, now: datetime
) -> None:
    """End what a comparison that began at `since`, and is complete now, did not see."""
    unseen = (*_open(account_id, kind), col(Difference.seen_at) < since)
    session.execute(update(Difference).where(*unseen).values(ended_at=now))


def replace(
    session: Session, account_id: UUID, kind: str, found: Mapping[str, str], *, now: datetime
) -> None:
    """See what was found, which is all there is of this kind, and end all others."""
    see(session, account_id, kind, found, now=now)
    end(session, account_id, kind, subjects(session, account_id, kind) - found.keys(), now=now)


def subjects(session: Session, account_id: UUID, kind: str) -> set[str]:
    """Give the subjects of what is open of a kind."""
    return set(session.exec(select(Difference.subject).where(*_open(account_id, kind))))


def open_counts(session: Session, account_id: UUID) -> dict[str, int]:
    """Count what is open, by kind; every kind is there."""
    counted = select(Difference.kind, func.count()).where(*_open(account_id))
    found = {kind: number for kind, number in session.exec(counted.group_by(Difference.kind))}  # noqa: C416 - rows are no pairs to mypy
    return {kind: found.get(kind, 0) for kind in KINDS}


def _rows(session: Session, account_id: UUID, kind: str) -> Iterable[Difference]:
    return session.exec(select(Difference).where(*_open(account_id, kind)))


def _open(account_id: UUID, kind: str = "") -> tuple[ColumnElement[bool], ...]:
    of_kind = (col(Difference.kind) == kind,) if kind else ()
    mine = (col(Difference.account_id) == account_id, col(Difference.ended_at).is_(None))
    return (*mine, *of_kind)


def _chunks(subjects: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(subjects), AT_ONCE):
        yield subjects[start : start + AT_ONCE]
