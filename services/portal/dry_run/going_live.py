"""Which notes a go-live moment takes in, told before it is saved."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from shared.accounts import AccountSettings
from shared.configuring.change import SettingsChange
from shared.connecting.refusal import Refused
from shared.days import zone_of
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import ShadowNote
from shared.outcome import Held
from shared.pushing.judgement import obstacles
from shared.pushing.rehearsal import FAILED, HELD, LONG_AGO, SKIPPED, WOULD_SEND
from shared.vendors.brightpearl.account_models import FoundNote
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.models import GoodsOutNote, NoteShipping, NoteStatus

# Brightpearl gives 500 a page; beyond so many a person is told "or more".
PAGES_AT_MOST: Final = 10
LISTED_AT_MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A note that the moment takes in, and what is to be expected of it."""

    note_id: int
    order_id: int
    made_at: datetime | None
    warehouse: str
    method: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """The notes of one moment, newest first; `is_all` is False where there are more still."""

    notes: Sequence[Taken] = ()
    is_all: bool = True
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def listed(self) -> Sequence[Taken]:
        """Give those that are shown one by one."""
        return self.notes[:LISTED_AT_MOST]


def read_moment(typed: str, zone: str) -> datetime:
    """Read `2026-11-24T09:00` as a time of the account's zone. Raises Refused."""
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise Refused("Choose a date and a time, such as 24 November 2026, 09:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=zone_of(zone))


def going_live(at: datetime) -> SettingsChange:
    """Say what is saved: orders are sent from then on, and shadow mode ends."""
    return SettingsChange(go_live_at=at, order_sync_on=True, shadow_on=False)


def notes_from(brightpearl: Brightpearl, at: datetime) -> tuple[Sequence[FoundNote], bool]:
    """Go through Brightpearl's open notes made from `at` on; False where there are more still."""
    found: list[FoundNote] = []
    first: int | None = 1
    for _ in range(PAGES_AT_MOST):
        page = brightpearl.notes_page(
            created_from=at, first=first or 1, shipped=False, transfer=False
        )
        # A filter may be ignored: the note's own words decide.
        found += [row for row in page.rows if _is_taken(row, at)]
        first = page.next_first
        if first is None:
            break
    return found, first is None


def taken_in(
    session: Session,
    settings: AccountSettings,
    found: Sequence[FoundNote],
    *,
    at: datetime,
    is_all: bool,
) -> TakenIn:
    """Say what is to be expected of each note, were `at` saved; nothing is written.

    What shadow mode found out of a note is told, else what the list itself tells. Left out are
    notes that ShipHero has already.
    """
    after = going_live(at).applied_to(settings)
    ids = [row.goods_out_note_id for row in found]
    shown, there = _shown(session, settings.id, ids), _there(session, settings.id, ids)
    notes = [
        _taken(row, after, shown.get(row.goods_out_note_id))
        for row in _newest(found)
        if row.goods_out_note_id not in there
    ]
    counts = Counter(note.outcome for note in notes)
    return TakenIn(notes=notes, is_all=is_all, counts=counts)


def _newest(found: Sequence[FoundNote]) -> Iterator[FoundNote]:
    by_id = {row.goods_out_note_id: row for row in found}
    return (by_id[one] for one in sorted(by_id, reverse=True))


def _is_taken(row: FoundNote, at: datetime) -> bool:
    is_ours = not row.transfer and not row.shipped
    return is_ours and (row.created_on is None or row.created_on >= at)


def _taken(row: FoundNote, after: AccountSettings, shown: ShadowNote | None) -> Taken:
    warehouse = after.warehouses.get(row.warehouse_id)
    method = after.methods.get(row.shipping_method_id)
    outcome, reason = _expected(row, after, shown)
    return Taken(
        note_id=row.goods_out_note_id,
        order_id=row.order_id,
        made_at=row.created_on,
        warehouse=warehouse.name if warehouse else str(row.warehouse_id),
        method=method.name if method else ("" if not row.shipping_method_id else "unknown"),
        outcome=outcome,
        reason=reason,
    )


def _expected(row: FoundNote, after: AccountSettings, shown: ShadowNote | None) -> tuple[str, str]:
    """Judge by what the list tells; what only the whole note tells, shadow mode may know."""
    stopped = next(obstacles(_as_note(row, after.go_live_at or LONG_AGO), after), None)
    if stopped is not None:
        return (HELD if isinstance(stopped, Held) else SKIPPED), stopped.reason
    if shown is not None and shown.outcome == FAILED:
        return FAILED, shown.reason
    return WOULD_SEND, ""


def _as_note(row: FoundNote, at: datetime) -> GoodsOutNote:
    return GoodsOutNote(
        id=row.goods_out_note_id,
        order_id=row.order_id,
        warehouse_id=row.warehouse_id,
        transfer=row.transfer,
        status=NoteStatus(shipped=row.shipped),
        shipping=NoteShipping(shipping_method_id=row.shipping_method_id),
        release_date=row.release_date,
        # The list need not tell it: then the note itself is asked when it is looked at.
        created_on=row.created_on or at,
    )


def _shown(session: Session, account_id: UUID, note_ids: Sequence[int]) -> Mapping[int, ShadowNote]:
    query = select(ShadowNote).where(
        col(ShadowNote.account_id) == account_id, col(ShadowNote.note_id).in_(note_ids)
    )
    return {row.note_id: row for row in session.execute(query).scalars()}


def _there(session: Session, account_id: UUID, note_ids: Sequence[int]) -> set[int]:
    query = select(col(SyncLogRow.note_id)).where(
        col(SyncLogRow.account_id) == account_id,
        col(SyncLogRow.note_id).in_(note_ids),
        col(SyncLogRow.shiphero_order_id) != "",
    )
    return set(session.execute(query).scalars())
