"""What shadow mode has found out so far, counted and listed; every question names the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import Session, SQLModel, col

from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import ShadowNote
from shared.number_words import counted
from shared.pushing.rehearsal import FAILED, HELD, OUTCOMES, SKIPPED, WOULD_SEND
from shared.reasons.listed import reason_of

PAGE_SIZE: Final = 50
_S: Final = SQLModel.metadata.tables["shadow_note"].c
# Both databases spell it so.
DIFFERS: Final = func.json_array_length(_S.differences) > 0

# "9 have an unmapped shipping method": what follows the number, for one and for several.
PHRASES: Final[Mapping[str, tuple[str, str]]] = {
    "warehouse_undecided": ("has an undecided warehouse", "have an undecided warehouse"),
    "shipping_method_unmapped": (
        "has an unmapped shipping method",
        "have an unmapped shipping method",
    ),
    "address_missing": ("has no delivery street", "have no delivery street"),
    "address_too_long": ("has too long an address", "have too long an address"),
    "country_missing": ("has no country", "have no country"),
    "fractional_quantity": ("takes part of a piece", "take part of a piece"),
    "note_without_rows": ("takes nothing", "take nothing"),
    "order_row_missing": ("takes from a row that is gone", "take from rows that are gone"),
    "product_without_sku": ("has a product without SKU", "have a product without SKU"),
    "sku_unknown": ("has an unknown SKU", "have an unknown SKU"),
    "stock_transfer": ("is a stock transfer", "are stock transfers"),
    "already_shipped": ("was shipped before it was seen", "were shipped before they were seen"),
    "warehouse_not_sent": ("is of a warehouse left out", "are of a warehouse left out"),
    "note_deleted": ("was deleted since", "were deleted since"),
    "kept_back": ("would go at its time", "would go at their time"),
}


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many notes have one outcome for one reason; `code` is "" where they simply would go."""

    outcome: str
    code: str
    number: int

    @property
    def phrase(self) -> str:
        """Say it in words: `9 have an unmapped shipping method`."""
        return f"{self.number:,} {self.meaning}"

    @property
    def meaning(self) -> str:
        """Say what is counted."""
        if self.outcome == WOULD_SEND and not self.code:
            return "would go"
        one, several = PHRASES.get(self.code, ("", ""))
        words = one if self.number == 1 else several
        return words or f"would not go: {reason_of(self.code).sentence.rstrip('.').lower()}"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; "" for all."""

    outcome: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Up to PAGE_SIZE notes, newest first, with their rows of the sync log."""

    rows: Sequence[ShadowNote]
    known: Mapping[int, SyncLogRow] = field(default_factory=dict)
    older: int | None = None


@dataclass(frozen=True, kw_only=True)
class WentLive:
    """How many shown notes have been sent since, and how many of them otherwise than shown."""

    number: int = 0
    otherwise: int = 0


def counts_of(session: Session, account_id: UUID) -> list[Count]:
    """Count the notes by outcome and reason, those that would go first, then by number."""
    found = session.execute(
        select(_S.outcome, _S.reason_code, func.count())
        .where(_S.account_id == account_id)
        .group_by(_S.outcome, _S.reason_code)
    )
    counts = [Count(outcome=outcome, code=code, number=number) for outcome, code, number in found]
    order = {WOULD_SEND: 0, HELD: 1, FAILED: 1, SKIPPED: 2}
    return sorted(counts, key=lambda one: (order[one.outcome], -one.number, one.code))


def sentence_of(counts: Sequence[Count]) -> str:
    """Say all counts in one sentence: `412 notes: 396 would go, 9 have …`."""
    total = sum(one.number for one in counts)
    return f"{counted(total, 'note')}: {', '.join(one.phrase for one in counts)}."


def page_of(
    session: Session, account_id: UUID, wanted: Wanted, *, before: int | None = None
) -> Page:
    """List the notes, those made last first; `before` is the last note of the page before."""
    query = select(ShadowNote).where(col(ShadowNote.account_id) == account_id)
    if wanted.outcome:
        query = query.where(col(ShadowNote.outcome) == wanted.outcome)
    if wanted.code:
        query = query.where(col(ShadowNote.reason_code) == wanted.code)
    if before:
        query = query.where(col(ShadowNote.note_id) < before)
    newest = query.order_by(col(ShadowNote.note_id).desc()).limit(PAGE_SIZE + 1)
    found = session.execute(newest).scalars().all()
    rows = found[:PAGE_SIZE]
    older = rows[-1].note_id if len(found) > PAGE_SIZE else None
    return Page(rows=rows, known=_known(session, account_id, rows), older=older)


def went_live(session: Session, account_id: UUID) -> WentLive:
    """Count what was sent since of what was shown, and what was otherwise then."""
    sent = (_S.account_id == account_id, _S.sent_at.is_not(None))
    differs = func.coalesce(func.sum(case((DIFFERS, 1), else_=0)), 0)
    number, otherwise = session.execute(select(func.count(), differs).where(*sent)).one()
    return WentLive(number=number, otherwise=otherwise)


def sent_otherwise(session: Session, account_id: UUID) -> Sequence[ShadowNote]:
    """List the newest notes that were sent otherwise than shown."""
    query = select(ShadowNote).where(
        col(ShadowNote.account_id) == account_id,
        col(ShadowNote.sent_at).is_not(None),
        DIFFERS,
    )
    newest = query.order_by(col(ShadowNote.note_id).desc()).limit(PAGE_SIZE)
    return session.execute(newest).scalars().all()


def read_wanted(outcome: str, code: str) -> Wanted:
    """Take from an address what can be meant; the rest is left aside."""
    return Wanted(outcome=outcome if outcome in OUTCOMES else "", code=code[:64])


def _known(
    session: Session, account_id: UUID, rows: Sequence[ShadowNote]
) -> Mapping[int, SyncLogRow]:
    query = select(SyncLogRow).where(
        col(SyncLogRow.account_id) == account_id,
        col(SyncLogRow.note_id).in_([row.note_id for row in rows]),
    )
    return {row.note_id: row for row in session.execute(query).scalars()}
