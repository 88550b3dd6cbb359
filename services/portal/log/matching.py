"""Which rows of the sync log a filter lets through, as conditions that indexes answer.

The account is named in each. What is searched for is looked up in each of the ways that a note may
be found by; the list is of the notes whose ids were found.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlmodel import Session

from services.portal.log.stage_filter import in_stage
from services.portal.log.wanted import (
    CANCELLED,
    HANDLED,
    LEFT_OUT,
    NEEDS_YOU,
    ON_THE_WAY,
    SHADOW,
    SHIPPED,
    SYNCED,
    TURNS,
    Wanted,
    id_in,
)
from shared.db.note_tables import NOTE_TRACKING, ORDER_LINK, SYNC_LOG, TELLS_WHY
from shared.db.portal_tables import NOTE_PERSON, NOTE_SKU
from shared.issues.issue import way_of_note
from shared.notes.key import read_key
from shared.notes.state import ORDER_WORDS
from shared.reasons.listed import REASONS

_S, _T, _K, _L = SYNC_LOG.c, NOTE_TRACKING.c, NOTE_SKU.c, ORDER_LINK.c
_P = NOTE_PERSON.c
# The same table by another name: inside the list's own query it would be taken for the list's row.
_O = SYNC_LOG.alias("one").c

# A search takes so many of the notes that it finds in one way; the page says when there are more.
BROAD: Final = 3_000
# Greater than every character: what begins with a text lies between it and it with this behind.
LAST_CHARACTER: Final = "\U0010ffff"
PERSON: Final = (NEEDS_YOU, HANDLED)
# In which states a row with an order status can be: the states are what the index knows.
STATES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "Pending": (ON_THE_WAY, SHADOW, SHIPPED, *PERSON),
    "Synced": (SYNCED, SHIPPED, *PERSON),
    "Failed": PERSON,
    "Skipped": (LEFT_OUT, SHIPPED, *PERSON),
    "Cancelled": (CANCELLED, SHIPPED, *PERSON),
}

_PAIR = re.compile(r"(\d+)\s*/\s*(\d+)", re.ASCII)

Condition = ColumnElement[bool]


def matching(account_id: UUID, wanted: Wanted, *, now: datetime) -> Sequence[Condition]:
    """Give the conditions of a filter."""
    conditions = [_S.account_id == account_id, *_states(wanted), *_times(wanted, now)]
    conditions += in_stage(account_id, wanted.stage, now=now)
    if wanted.reason:
        conditions += [_S.reason_code == wanted.reason, TELLS_WHY]
    if wanted.turn:
        conditions += [_S.state == NEEDS_YOU, _S.reason_code.in_(_codes_of(wanted.turn))]
    if wanted.direction:
        conditions.append(way_of_note == wanted.direction)
    if wanted.warehouse is not None:
        conditions.append(_S.warehouse_id == wanted.warehouse)
    if wanted.method:
        conditions.append(_S.brightpearl_method == wanted.method)
    if wanted.channel:
        conditions.append(_S.channel == wanted.channel)
    if wanted.listed:
        conditions.append(_S.note_id.in_(union_all(*_listed(account_id, wanted.listed))))
    if wanted.sought:
        conditions.append(_search(account_id, wanted))
    return conditions


def _codes_of(turn: str) -> Sequence[str]:
    return [code for code, one in REASONS.items() if one.whose_turn == TURNS[turn]]


def _states(wanted: Wanted) -> Iterator[Condition]:
    if wanted.state:
        yield _S.state == wanted.state
    if wanted.status:
        yield _S.order_stage.in_(
            [one for one, word in ORDER_WORDS.items() if word == wanted.status]
        )
        if not wanted.state:
            yield _S.state.in_(STATES_OF[wanted.status])


def _times(wanted: Wanted, now: datetime) -> Iterator[Condition]:
    if wanted.begins:
        yield _S.inserted_at >= wanted.begins
    if wanted.ends:
        yield _S.inserted_at < wanted.ends
    if wanted.within:
        yield _S.inserted_at >= now - timedelta(hours=wanted.within)
    if wanted.older:
        yield _S.inserted_at < now - timedelta(hours=wanted.older)


def _search(account_id: UUID, wanted: Wanted) -> Condition:
    broad = (_at_most(one, BROAD) for one in _broad(account_id, wanted))
    return _S.note_id.in_(union_all(*_exact(account_id, [wanted.sought]), *broad))


def finds_too_much(session: Session, account_id: UUID, wanted: Wanted) -> bool:
    """Tell whether a search finds more in one way than the BROAD that are taken."""
    if not wanted.sought:
        return False
    counts = [
        select(func.count()).select_from(one.limit(BROAD + 1).subquery())
        for one in _broad(account_id, wanted)
    ]
    return any(count > BROAD for count in session.execute(union_all(*counts)).scalars())


def _exact(account_id: UUID, texts: Collection[str]) -> Iterator[Select[tuple[int]]]:
    """Find the notes with one of these ids, ours or a vendor's."""
    numbers = [number for text in texts if (number := id_in(text)) is not None]
    keys = [key.note_id for text in texts if (key := read_key(text)) is not None]
    # A way that can find nothing is left out: to PostgreSQL it would seem to be a dear one.
    if numbers or keys:
        yield _rows(account_id, _O.note_id.in_([*numbers, *keys]))
    if numbers:
        yield _rows(account_id, _O.order_id.in_(numbers))
    yield select(_L.note_id).where(_L.account_id == account_id, _L.shiphero_order_id.in_(texts))
    pairs = [_pair(found[1], found[2]) for text in texts if (found := _PAIR.fullmatch(text))]
    if known := [pair for pair in pairs if pair is not None]:
        yield _rows(account_id, or_(*known))


def _pair(order: str, sequence: str) -> Condition | None:
    order_id, number = id_in(order), id_in(sequence)
    if order_id is None or number is None:
        return None
    return and_(_O.order_id == order_id, _O.sequence == number)


def _broad(account_id: UUID, wanted: Wanted) -> Iterator[Select[tuple[int]]]:
    """Find notes in the ways by which one text may find very many."""
    text = wanted.sought
    # One digest at a time: then the index gives the newest without sorting.
    for digest in wanted.digests:
        theirs = select(_P.note_id).where(_P.account_id == account_id, _P.digest == digest)
        yield theirs.order_by(_P.note_id.desc())
    newest_first = select(_K.note_id).where(_K.account_id == account_id, _K.sku == text.lower())
    yield newest_first.order_by(_K.note_id.desc())
    yield _rows(account_id, _begins(_O.reference_key, text))
    yield select(_T.note_id).where(_T.account_id == account_id, _begins(_T.number, text))


def _listed(account_id: UUID, texts: Sequence[str]) -> Iterator[Select[tuple[int]]]:
    yield from _exact(account_id, texts)
    keys = [func.lower(literal(text)) for text in texts]
    yield _rows(account_id, _O.reference_key.in_(keys))
    yield select(_T.note_id).where(_T.account_id == account_id, _T.number.in_(keys))


def _begins(column: ColumnElement[str], text: str) -> Condition:
    # Lowered by the database, whose rules made the column; between two bounds, which an index
    # answers, as LIKE is nothing that row-level security lets near one.
    first = func.lower(literal(text))
    return and_(column >= first, column < first.concat(LAST_CHARACTER))


def _rows(account_id: UUID, condition: Condition) -> Select[tuple[int]]:
    return select(_O.note_id).where(_O.account_id == account_id, condition)


def _at_most(ids: Select[tuple[int]], limit: int) -> Select[tuple[int]]:
    some = ids.limit(limit).subquery()
    return select(some.c[0])
