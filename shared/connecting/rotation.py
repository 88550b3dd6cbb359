"""Encrypt every stored credential anew with the newest key, while all processes run.

Each row is a transaction of its own, under its lock: a process that writes newer credentials
meanwhile is waited for. A row that the newest key made is left alone, so repeating costs nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from shared.db.account_tables import VendorConnection, WebhookSubscription
from shared.db.engine import OpenSession, our_trouble
from shared.secrets import SecretBox

CONNECTIONS, WEBHOOKS = "connections", "webhooks"


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """How it went with one kind of row; `unreadable` names rows that no key opens."""

    kind: str
    renewed: int
    untouched: int
    unreadable: tuple[str, ...]


Row = VendorConnection | WebhookSubscription
Progress = Callable[[str, int, int], None]  # kind, done, of how many


def rotate(open_session: OpenSession, box: SecretBox, tell: Progress) -> Iterator[Rotated]:
    """Go through connections and webhooks, and tell how each kind went."""
    with our_trouble(), open_session() as session:
        connections = list(
            session.exec(select(VendorConnection.account_id, VendorConnection.vendor)).all()
        )
        webhooks = list(session.exec(select(WebhookSubscription.id)).all())
    yield _all(
        open_session, box, (VendorConnection, CONNECTIONS, ("credentials",)), connections, tell
    )
    fields = ("path_secret", "signing_secret")
    yield _all(open_session, box, (WebhookSubscription, WEBHOOKS, fields), webhooks, tell)


def _all(
    open_session: OpenSession,
    box: SecretBox,
    what: tuple[type[Row], str, tuple[str, ...]],
    keys: Sequence[Any],
    tell: Progress,
) -> Rotated:
    table, kind, fields = what
    renewed, unreadable = 0, []
    for done, key in enumerate(keys, start=1):
        with our_trouble(), open_session() as session:
            try:
                renewed += _one(session, box, table, key, fields)
            except ValueError:
                unreadable.append(str(key))
            session.commit()
        tell(kind, done, len(keys))
    return Rotated(
        kind=kind,
        renewed=renewed,
        untouched=len(keys) - renewed - len(unreadable),
        unreadable=tuple(unreadable),
    )


def _one(
    session: Session, box: SecretBox, table: type[Row], key: Any, fields: Iterable[str]
) -> bool:
    row = session.get(table, key, with_for_update=True)
    if row is None:
        return False  # removed meanwhile
    stored = {field: getattr(row, field) for field in fields}
    anew = {field: box.anew(sealed) for field, sealed in stored.items() if sealed}
    changed = {field: sealed for field, sealed in anew.items() if sealed is not None}
    for field, sealed in changed.items():
        setattr(row, field, sealed)
    session.add(row)
    return bool(changed)
