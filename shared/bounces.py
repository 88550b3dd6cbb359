"""Addresses that a mail server refuses for good, and when mail to them pauses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import case, delete
from sqlmodel import Session, SQLModel, col, select

from shared.db.engine import insert_for
from shared.db.telling_tables import MailBounce

# So often in a row, and only a person has mail sent there again.
PAUSED_AFTER: Final = 3

_B: Final = SQLModel.metadata.tables["mail_bounce"].c


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """A mail server's final word on an address; `code` is SMTP's."""

    account_id: UUID
    email: str
    code: int
    sentence: str


def count_bounce(session: Session, bounce: Bounce, *, event_id: UUID, now: datetime) -> None:
    """Count one refusal; a mail that is delivered twice counts once. The caller commits."""
    insert = insert_for(session)(MailBounce).values(
        account_id=bounce.account_id,
        email=bounce.email.lower(),
        code=bounce.code,
        sentence=bounce.sentence,
        at=now,
        count=1,
        event_id=event_id,
    )
    is_same = _B.event_id == insert.excluded.event_id
    told = {name: insert.excluded[name] for name in ("code", "sentence", "at", "event_id")}
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["account_id", "email"],
            set_=told | {"count": case((is_same, _B.count), else_=_B.count + 1)},
        )
    )


def forget_bounces(session: Session, account_id: UUID, email: str) -> bool:
    """Count from nothing again: a mail was taken, or a person says so. The caller commits."""
    gone = session.execute(
        delete(MailBounce)
        .where(col(MailBounce.account_id) == account_id, col(MailBounce.email) == email.lower())
        .returning(col(MailBounce.email))
    )
    return gone.first() is not None


def bounces(session: Session, account_id: UUID) -> Sequence[MailBounce]:
    """List an account's addresses that were refused last."""
    return session.exec(select(MailBounce).where(MailBounce.account_id == account_id)).all()


def paused(session: Session, account_id: UUID) -> set[str]:
    """Pick the addresses that get no mail until a person says again; in lower case."""
    return {one.email for one in bounces(session, account_id) if one.count >= PAUSED_AFTER}
