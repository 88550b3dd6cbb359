"""Have the demo account's notices told to the sandbox's receivers too, so that both can be seen."""

from uuid import UUID

import requests

from shared.clock import utc_now
from shared.db.destination_tables import Destination
from shared.db.engine import OpenSession
from shared.destinations import SLACK, WEBHOOK, destinations_of
from shared.journal.record import new_id
from shared.notifications import KINDS
from shared.secrets import SecretBox
from shared.standard_webhooks import new_secret

NAMES = {WEBHOOK: "The sandbox's program", SLACK: "The sandbox's chat"}
MADE_BY = "demo"


def add_destinations(
    open_session: OpenSession, account_id: UUID, box: SecretBox, *, sandbox: str
) -> None:
    """Add both, or point them to where the sandbox is now; safe to repeat.

    What a person has renamed, removed or added is left alone.
    """
    with open_session() as session:
        kept = {row.name: row for row in destinations_of(session, account_id)}
        for way, name in NAMES.items():
            row = kept.get(name) if kept else _added(account_id, way, name, box)
            if row is not None:
                row.address = box.seal(f"{sandbox}/receivers/{way}")
                row.shown_address = f"{sandbox}/…"
                session.add(row)
                _tell_secret(row, box, sandbox)
        session.commit()


def _added(account_id: UUID, way: str, name: str, box: SecretBox) -> Destination:
    return Destination(
        id=new_id(),
        account_id=account_id,
        name=name,
        way=way,
        address="",
        shown_address="",
        secret=box.seal(new_secret()) if way == WEBHOOK else "",
        kinds=list(KINDS),
        made_by=MADE_BY,
        made_at=utc_now(),
    )


def _tell_secret(row: Destination, box: SecretBox, sandbox: str) -> None:
    if row.way == WEBHOOK:
        secret = {"secret": box.open(row.secret)}
        answer = requests.post(f"{sandbox}/control/received/secret", json=secret, timeout=10)
        answer.raise_for_status()
