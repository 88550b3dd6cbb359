"""The SKUs that ShipHero is known to have, so that no request is spent on them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from shared.db.engine import insert_for
from shared.db.vendor_tables import ShipHeroProduct

# Both databases bound the values of one statement.
SKUS_AT_ONCE = 500


def known_skus(session: Session, account_id: UUID, skus: Collection[str]) -> set[str]:
    """Pick those that ShipHero is known to have, spelt exactly so."""
    found: set[str] = set()
    for some in _chunks(skus):
        rows = select(ShipHeroProduct.sku).where(
            ShipHeroProduct.account_id == account_id, col(ShipHeroProduct.sku).in_(some)
        )
        found.update(session.exec(rows))
    return found


def skus_like(session: Session, account_id: UUID, sku: str) -> list[str]:
    """Name the known ones that differ from `sku` by case or outer spaces alone."""
    rows = select(ShipHeroProduct.sku).where(
        ShipHeroProduct.account_id == account_id,
        func.lower(func.trim(ShipHeroProduct.sku)) == sku.strip().lower(),
        col(ShipHeroProduct.sku) != sku,
    )
    return sorted(session.exec(rows))


def keep_skus(
    session: Session, account_id: UUID, skus: Iterable[str], *, fetched_at: datetime
) -> None:
    """Keep that ShipHero has them; `fetched_at` is when it was asked. The caller commits."""
    # In one order everywhere, so that two writers of the same SKUs cannot deadlock.
    for some in _chunks(skus):
        rows = [
            {"account_id": account_id, "sku": sku, "name": "", "fetched_at": fetched_at}
            for sku in some
        ]
        insert = insert_for(session)(ShipHeroProduct).values(rows)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["account_id", "sku"],
                set_={"fetched_at": insert.excluded.fetched_at},
            )
        )


def forget_skus(session: Session, account_id: UUID, skus: Iterable[str]) -> None:
    """Have them looked up before they are relied upon again. The caller commits."""
    for some in _chunks(skus):
        session.execute(
            delete(ShipHeroProduct).where(
                col(ShipHeroProduct.account_id) == account_id, col(ShipHeroProduct.sku).in_(some)
            )
        )


def _chunks(skus: Iterable[str]) -> Iterable[Sequence[str]]:
    ordered = sorted(set(skus))
    return (ordered[at : at + SKUS_AT_ONCE] for at in range(0, len(ordered), SKUS_AT_ONCE))
