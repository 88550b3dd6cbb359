"""Write rows that may be there already, alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, SQLModel

from shared.catalogue.products import LARGEST_ID
from shared.db.columns import Words
from shared.db.engine import insert_for

ROWS_AT_ONCE = 500

_WORDS = Words()


def put(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    changing: Sequence[str],
) -> None:
    """Add rows; of one that is there only `changing` is written. The caller commits.

    In the order of their keys, so that two writers with the same rows cannot deadlock.
    """
    unique = {tuple(row[name] for name in keys): dict(row) for row in rows}
    ordered = [unique[key] for key in sorted(unique)]
    for start in range(0, len(ordered), ROWS_AT_ONCE):
        insert = insert_for(session)(table).values(ordered[start : start + ROWS_AT_ONCE])
        told = {name: insert.excluded[name] for name in changing}
        session.execute(insert.on_conflict_do_update(index_elements=list(keys), set_=told))


def storable(session: Session, text: str) -> str:
    """Write text as a database keeps it: what both spell alike is then one row."""
    return _WORDS.process_bind_param(text, session.get_bind().dialect) or ""


def is_id(number: int) -> bool:
    """Say whether a vendor's number can be an id."""
    return 0 < number <= LARGEST_ID
