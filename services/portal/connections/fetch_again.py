"""A person asks for one list to be fetched again."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shared.audit import record_act
from shared.catalogue.parts import Part
from shared.db.account_tables import Account
from shared.events import REFERENCE_REQUESTED, NewEvent
from shared.journal.record import record


def fetch_again(session: Session, account_id: UUID, part: Part, *, by: str, now: datetime) -> None:
    """Record the wish; the caller commits. Asked twice in a minute it is one fetch."""
    code = session.get_one(Account, account_id).code
    wish = NewEvent(
        account_id=account_id,
        name=REFERENCE_REQUESTED,
        subject=part.value,
        payload={"part": part.value},
        dedupe_key=f"{code}:{REFERENCE_REQUESTED}:{part.value}:asked-{now:%Y-%m-%dT%H:%M}",
    )
    if record(session, wish, now=now) is not None:
        record_act(session, account_id, who=by, act="fetched_again", subject=part.label, now=now)
