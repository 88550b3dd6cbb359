"""One line of what needs attention: why, which way, and what in particular; as the log has it.

A line is nothing that is kept: it is there while a note of the log needs a person for its reason
(decision 0040).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, func
from sqlmodel import Session, select

from shared.accounts import SHIPPING_METHOD_UNMAPPED, WAREHOUSE_UNDECIDED
from shared.db.note_tables import SYNC_LOG
from shared.notes.state import CANCEL_REFUSED, FAILED, HELD

_S: Final = SYNC_LOG.c

NEEDS_YOU: Final = "needs_you"
TO_SHIPHERO, TO_BRIGHTPEARL = "shiphero", "brightpearl"
WAYS: Final = (TO_SHIPHERO, TO_BRIGHTPEARL)

# Which way a note stands in; of one that needs a person, the way that says why: as `telling_side`
# of `shared.notes.state` has it.
way_of_note: Final[ColumnElement[str]] = case(
    (and_(_S.order_stage == CANCEL_REFUSED, _S.shipment_stage == FAILED), TO_BRIGHTPEARL),
    (_S.order_stage.in_((HELD, FAILED, CANCEL_REFUSED)), TO_SHIPHERO),
    (_S.shipment_stage != "", TO_BRIGHTPEARL),
    else_=TO_SHIPHERO,
)
# What in particular is missing, where the log's row has it.
key_of_note: Final[ColumnElement[str]] = case(
    (_S.reason_code == SHIPPING_METHOD_UNMAPPED, _S.brightpearl_method),
    (_S.reason_code == WAREHOUSE_UNDECIDED, func.coalesce(cast(_S.warehouse_id, String), "")),
    else_="",
)


@dataclass(frozen=True, kw_only=True, order=True)
class Issue:
    """Notes that need a person for the reason `code`, on the way to one of WAYS.

    `key` is the shipping method's name or the warehouse's id, "" where a reason has no such thing.
    """

    code: str
    way: str
    key: str = ""

    @property
    def subject(self) -> str:
        """Name it as the audit trail does, by which its history is found."""
        way = "to ShipHero" if self.way == TO_SHIPHERO else "to Brightpearl"
        return ", ".join(part for part in (f"issue {self.code}", way, self.key) if part)

    @property
    def written(self) -> str:
        """Write it so that `read` reads it."""
        return json.dumps([self.code, self.way, self.key])

    @classmethod
    def read(cls, written: str) -> Self:
        """Read what was written."""
        code, way, key = json.loads(written)
        return cls(code=code, way=way, key=key)


def affected(account_id: UUID, issue: Issue) -> Sequence[ColumnElement[bool]]:
    """Give the conditions of the notes of one line."""
    mine = (_S.account_id == account_id, _S.state == NEEDS_YOU, _S.reason_code == issue.code)
    return (*mine, way_of_note == issue.way, key_of_note == issue.key)


def is_there(session: Session, account_id: UUID, issue: Issue) -> bool:
    """Say whether a note is left that needs a person for it."""
    one = select(_S.note_id).where(*affected(account_id, issue)).limit(1)
    return session.execute(one).first() is not None
