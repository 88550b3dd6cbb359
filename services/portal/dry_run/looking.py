"""Read one goods-out note as it is now and find out what would become of it; nothing is written.

Read from Brightpearl are the note, its sales order and what SKUs it lacks; ShipHero is asked
whether it has the order, and the SKUs that we do not know it to have.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.accounts import CONNECTION_BROKEN, AccountSettings, account_settings
from shared.catalogue.products import Catalogue, KnownProduct
from shared.clock import Now
from shared.connecting.refusal import Refused
from shared.connections import Connections
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.errors import ConnectionBroken, GoodsoutError
from shared.notes.correcting import CorrectionBook, Kept
from shared.notes.key import LARGEST_NOTE_ID, NoteKey, read_key
from shared.notes.links import present_link
from shared.pushing.corrections import Corrections, laid_over, own_values
from shared.pushing.judgement import held_by_erasure
from shared.pushing.rehearsal import HELD, KnownSkus, Obstacle, Rehearsal, rehearse
from shared.pushing.skus import ReadsProducts, with_skus
from shared.pushing.transform import needs_custom_fields
from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.models import GoodsOutNote
from shared.vendors.brightpearl.order_models import SalesOrder

# More SKUs than this are not asked for one by one while a person waits.
ASKED_AT_MOST: Final = 10
LONGEST: Final = 40

_NAME: Final = re.compile(r"#?\s*(\d{1,10})(?:\s*/\s*(\d{1,5}))?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Named:
    """How a person names a note: by its id, or by its sales order and its place among its notes."""

    number: int
    sequence: int | None = None


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """A note as it would be sent now, and what would become of it.

    `own` is what Brightpearl itself says of each field that can be corrected, `standing` and
    `given_way` name those that a person corrected. `link` is the order that it became already,
    `is_deleted` whether Brightpearl told that it was deleted. `adopts`: ShipHero has an order with
    our key, which would be taken and not made twice. `untold` says what could not be found out.
    """

    note: GoodsOutNote
    order: SalesOrder | None
    rehearsal: Rehearsal
    settings: AccountSettings
    own: Mapping[str, str] = field(default_factory=dict)
    standing: tuple[str, ...] = ()
    given_way: tuple[str, ...] = ()
    link: OrderLink | None = None
    is_deleted: bool = False
    adopts: bool = False
    untold: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the note is a ShipHero order already."""
        return self.link is not None and bool(self.link.shiphero_order_id)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What SKUs are found with: what has to be read of products is not remembered."""

    brightpearl: ReadsProducts
    catalogue: "OnlyRead"
    now: Now


@dataclass(frozen=True)
class OnlyRead:
    """The product cache, which a dry run leaves as it is."""

    kept: Catalogue

    def products(self, ids: Iterable[int]) -> Mapping[int, KnownProduct]:
        """Give those that are known."""
        return self.kept.products(ids)

    def remember(self, products: Iterable[Product], *, fetched_at: datetime) -> None:
        """Forget them again."""


def read_name(typed: str) -> Named:
    """Read how a person named a note: `41007` or `30012/1`. Raises Refused."""
    found = _NAME.fullmatch(typed.strip())
    number = int(found[1]) if found else 0
    if found is None or not 0 < number <= LARGEST_NOTE_ID:
        raise Refused(
            f"{typed[:LONGEST]!r} names no goods-out note: give its id, as 41007, or its sales "
            "order and sequence as Brightpearl shows them, as 30012/1."
        )
    return Named(number=number, sequence=int(found[2]) if found[2] else None)


def look(
    connections: Connections,
    account_id: UUID,
    named: Named,
    *,
    corrections: Corrections | None = None,
) -> DryRun:
    """Find out what would become of the note. Raises what a vendor client raises, and Refused.

    `corrections` are laid over it in place of those that a person has made already.
    """
    with connections.open_reading() as session:
        settings = account_settings(session, account_id)
    note = _note(connections.brightpearl(account_id), named)
    with connections.open_reading() as session:
        link = present_link(session, account_id, note.id)
        row = session.get(SyncLogRow, (account_id, note.id))
    order = _order(connections, account_id, note, settings)
    kept = _kept(connections, account_id, note.id) if corrections is None else Kept()
    laid = laid_over(
        note, order, kept.corrections if corrections is None else corrections, settings
    )
    run = DryRun(
        note=laid.note,
        order=laid.order,
        settings=settings,
        own=own_values(note, order, settings),
        standing=laid.standing,
        given_way=laid.given_way,
        rehearsal=Rehearsal(),
        link=link,
        is_deleted=row is not None and row.deleted_at is not None,
    )
    key = (read_key(link.key) if link else None) or NoteKey(account=settings.code, note_id=note.id)
    return _not_without(kept, _rehearsed(run, connections, key=key))


def _kept(connections: Connections, account_id: UUID, note_id: int) -> Kept:
    book = CorrectionBook(
        connections.open_session, connections.open_reading, account_id, connections.box
    )
    return book.of([note_id]).get(note_id, Kept())


def _not_without(kept: Kept, run: DryRun) -> DryRun:
    """Add that the note waits for corrections that are gone."""
    held = held_by_erasure(run.note, erased=kept.is_erased)
    if held is None or run.is_there:
        return run
    code = held.cause.partition(":")[0]
    gone = Obstacle(outcome=HELD, code=code, reason=held.reason, cause=held.cause)
    obstacles = (*run.rehearsal.obstacles, gone)
    return replace(run, rehearsal=replace(run.rehearsal, obstacles=obstacles))


def _note(brightpearl: Brightpearl, named: Named) -> GoodsOutNote:
    if named.sequence is None:
        found = brightpearl.goods_out_notes([named.number]).get(named.number)
    else:
        notes = brightpearl.goods_out_notes_of_order(named.number).values()
        found = next((one for one in notes if one.sequence == named.sequence), None)
    if found is None:
        which = f"{named.number}/{named.sequence}" if named.sequence else f"{named.number}"
        raise Refused(
            f"Brightpearl shows no goods-out note {which}. Look at the number: it is the note's "
            "own id, or the sales order's and the note's with a stroke between them."
        )
    return found


def _order(
    connections: Connections, account_id: UUID, note: GoodsOutNote, settings: AccountSettings
) -> SalesOrder | None:
    if not note.order_id:
        return None
    brightpearl = connections.brightpearl(account_id)
    catalogue = OnlyRead(_catalogue(connections, account_id))
    desk = Desk(brightpearl=brightpearl, catalogue=catalogue, now=connections.now)
    orders = brightpearl.sales_orders([note.order_id], custom_fields=needs_custom_fields(settings))
    return with_skus(orders, [note], desk=desk).get(note.order_id)


def _rehearsed(run: DryRun, connections: Connections, *, key: NoteKey) -> DryRun:
    """Rehearse with what we know of ShipHero, then ask it for what that leaves open."""
    account_id, settings = run.settings.id, run.settings
    catalogue = _catalogue(connections, account_id)

    def with_skus_known(skus: KnownSkus) -> Rehearsal:
        return rehearse(
            run.note, run.order, key=key, settings=settings, skus=skus, now=connections.now()
        )

    wanted = _skus(run)
    known = KnownSkus(has=catalogue.shiphero_skus(wanted) if wanted else set())
    if run.order is None or run.is_there:
        return replace(run, rehearsal=with_skus_known(KnownSkus(has=wanted)))
    try:
        shiphero = connections.shiphero(account_id)
        adopts = shiphero.has_order(str(key))
        nearly = {
            sku: tuple(sorted(one.sku for one in shiphero.products_like(sku)))
            for sku in sorted(wanted - set(known.has))[:ASKED_AT_MOST]
        }
    except ConnectionBroken as broken:
        there = Obstacle(outcome=HELD, code=CONNECTION_BROKEN, reason=str(broken))
        rehearsal = with_skus_known(known)
        return replace(run, rehearsal=replace(rehearsal, obstacles=(*rehearsal.obstacles, there)))
    except GoodsoutError as trouble:
        untold = f"ShipHero could not be asked just now ({trouble}) Its SKUs are those of our list."
        return replace(run, rehearsal=with_skus_known(known), untold=untold)
    there_too = {sku for sku, alike in nearly.items() if sku in alike}
    skus = KnownSkus(has=set(known.has) | there_too, nearly=nearly)
    return replace(run, rehearsal=with_skus_known(skus), adopts=adopts)


def _skus(run: DryRun) -> set[str]:
    rows = (run.order.row(row_id) for row_id in run.note.quantities) if run.order else ()
    return {row.product_sku.strip() for row in rows if row is not None} - {""}


def _catalogue(connections: Connections, account_id: UUID) -> Catalogue:
    return Catalogue(
        connections.open_session, connections.open_reading, account_id, connections.now
    )
