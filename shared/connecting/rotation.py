"""Encrypt every stored credential anew with the newest key, while all processes run.

Each row is a transaction of its own, under its lock: a process that writes newer credentials
meanwhile is waited for. A row that the newest key made is left alone, so repeating costs nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import column, table, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, select

from shared.db.account_tables import VendorConnection, WebhookSubscription
from shared.db.columns import Json
from shared.db.correction_tables import NoteCorrection
from shared.db.destination_tables import Destination
from shared.db.engine import OpenSession, our_trouble
from shared.secrets import SecretBox

CONNECTIONS, WEBHOOKS, SECOND_FACTORS = "connections", "webhooks", "second factors"
DESTINATIONS: Final = "destinations"
CORRECTIONS: Final = "corrections"

# Of `shared.db.user_tables`, which would bring Flask-Security along.
_USER: Final = table(
    "portal_user", column("id"), column("tf_totp_secret"), column("mf_recovery_codes", Json)
)


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """How it went with one kind of row; `unreadable` names rows that no key opens."""

    kind: str
    renewed: int
    untouched: int
    unreadable: tuple[str, ...]


Row = VendorConnection | WebhookSubscription | Destination | NoteCorrection
Progress = Callable[[str, int, int], None]  # kind, done, of how many
Renew = Callable[[Session, Any], bool]


def rotate(open_session: OpenSession, box: SecretBox, tell: Progress) -> Iterator[Rotated]:
    """Go through everything that is kept encrypted, and tell how each kind went."""
    with our_trouble(), open_session() as session:
        connections = list(
            session.exec(select(VendorConnection.account_id, VendorConnection.vendor)).all()
        )
        webhooks = list(session.exec(select(WebhookSubscription.id)).all())
        destinations = list(session.exec(select(Destination.id)).all())
        corrections = list(
            session.exec(select(NoteCorrection.account_id, NoteCorrection.note_id)).all()
        )
        has_factor = select_columns(_USER.c.id).where(_USER.c.tf_totp_secret.is_not(None))
        people = list(session.execute(has_factor).scalars())
    renew = partial(_renew_row, box=box, kind=VendorConnection, fields=("credentials",))
    yield _all(open_session, CONNECTIONS, connections, renew, tell)
    fields = ("path_secret", "signing_secret")
    renew = partial(_renew_row, box=box, kind=WebhookSubscription, fields=fields)
    yield _all(open_session, WEBHOOKS, webhooks, renew, tell)
    sealed = ("address", "secret", "old_secret")
    renew = partial(_renew_row, box=box, kind=Destination, fields=sealed)
    yield _all(open_session, DESTINATIONS, destinations, renew, tell)
    renew = partial(_renew_row, box=box, kind=NoteCorrection, fields=("sealed",))
    yield _all(open_session, CORRECTIONS, corrections, renew, tell)
    yield _all(open_session, SECOND_FACTORS, people, partial(_renew_factor, box=box), tell)


def _all(
    open_session: OpenSession, kind: str, keys: Sequence[Any], renew: Renew, tell: Progress
) -> Rotated:
    renewed, unreadable = 0, []
    for done, key in enumerate(keys, start=1):
        with our_trouble(), open_session() as session:
            try:
                renewed += renew(session, key)
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


def _renew_row(
    session: Session, key: Any, *, box: SecretBox, kind: type[Row], fields: Iterable[str]
) -> bool:
    row = session.get(kind, key, with_for_update=True)
    if row is None:
        return False  # removed meanwhile
    stored = {field: getattr(row, field) for field in fields}
    anew = {field: box.anew(sealed) for field, sealed in stored.items() if sealed}
    changed = {field: sealed for field, sealed in anew.items() if sealed is not None}
    for field, sealed in changed.items():
        setattr(row, field, sealed)
    session.add(row)
    return bool(changed)


def _renew_factor(session: Session, key: int, *, box: SecretBox) -> bool:
    found = session.execute(
        select_columns(_USER.c.tf_totp_secret, _USER.c.mf_recovery_codes)
        .where(_USER.c.id == key)
        .with_for_update()
    ).one_or_none()
    if found is None or found.tf_totp_secret is None:
        return False  # removed or switched off meanwhile
    secret = box.anew(found.tf_totp_secret)
    codes = [box.anew(code) for code in found.mf_recovery_codes or ()]
    if secret is None and not any(codes):
        return False
    session.execute(
        update(_USER)
        .where(_USER.c.id == key)
        .values(
            tf_totp_secret=secret or found.tf_totp_secret,
            mf_recovery_codes=[
                anew or old for anew, old in zip(codes, found.mf_recovery_codes or (), strict=True)
            ],
        )
    )
    return True
