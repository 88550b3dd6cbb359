"""Where an account's notices go besides mail: have one told to every destination that wants it.

Each destination gets an event of its own, so each has its own attempts, and one that is away
stops no other (decision 0029).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from shared.db.account_tables import Account
from shared.db.destination_tables import Destination
from shared.events import NOTICE_REQUESTED, NewEvent
from shared.journal.record import new_id, record_all
from shared.mails import Notice

WEBHOOK, SLACK, TEAMS = "webhook", "slack", "teams"
# Why one is switched off.
BY_PERSON, GONE, FAILING = "person", "gone", "failing"
# No kind that anybody chooses: a person pressed "Send a test".
TEST: Final = "test"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice on its way to one destination; `message` is the same for every attempt."""

    message: str
    kind: str
    about: str
    notice: Notice


def request(
    session: Session,
    account_id: UUID,
    *,
    kind: str,
    notice: Notice,
    about: str,
    once_for: str,
    now: datetime,
) -> int:
    """Have a notice told to all that want its kind, in the caller's transaction; says to how many.

    `kind` is one of `shared.notifications`, `about` an id of ours. For each `once_for` there is
    never a second notice of a kind at a destination.
    """
    wanting = [
        one
        for one in destinations_of(session, account_id)
        if one.off_since is None and kind in one.kinds
    ]
    return _record(
        session, wanting, kind=kind, notice=notice, about=about, once_for=once_for, now=now
    )


def request_test(
    session: Session, destination: Destination, *, notice: Notice, once_for: str, now: datetime
) -> int:
    """Have a notice told to one destination, whatever it wants; 0 when it was asked for already."""
    return _record(
        session, [destination], kind=TEST, notice=notice, about=TEST, once_for=once_for, now=now
    )


def destinations_of(session: Session, account_id: UUID) -> Sequence[Destination]:
    """Give an account's destinations, oldest first."""
    return session.exec(
        select(Destination)
        .where(Destination.account_id == account_id)
        .order_by(col(Destination.made_at), col(Destination.id))
    ).all()


def told_by(payload: Mapping[str, Any]) -> Told:
    """Read what an event of ours says; what a newer version wrote beside it is left out."""
    known = {one.name for one in fields(Notice)}
    notice = {name: _tupled(it) for name, it in payload["notice"].items() if name in known}
    return Told(
        message=payload["message"],
        kind=payload["kind"],
        about=payload["about"],
        notice=Notice(**notice),
    )


def _tupled(value: Any) -> Any:
    """Give JSON's lists as the tuples they were."""
    return tuple(map(_tupled, value)) if isinstance(value, list) else value


def _record(
    session: Session,
    destinations: Sequence[Destination],
    *,
    kind: str,
    notice: Notice,
    about: str,
    once_for: str,
    now: datetime,
) -> int:
    if not destinations:
        return 0
    account_id = destinations[0].account_id
    code = session.exec(select(Account.code).where(Account.id == account_id)).one()
    events = [
        NewEvent(
            account_id=account_id,
            name=NOTICE_REQUESTED,
            subject=str(one.id),
            dedupe_key=f"{code}:notice:{one.id}:{kind}:{once_for}",
            payload={
                "message": f"msg_{new_id().hex}",
                "kind": kind,
                "about": about,
                "notice": asdict(notice),
            },
        )
        for one in destinations
    ]
    return len(record_all(session, events, now=now))
