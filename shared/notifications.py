"""What mail a person may choose to get, and what they get while they have chosen nothing.

Mail about a person's own log-in (confirming, a new password, an invitation) is no choice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from shared.db.engine import insert_for
from shared.db.portal_tables import NotificationChoice

OWNER, OPERATOR, VIEWER = "owner", "operator", "viewer"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of mail: `failure` says that something has to be done about it."""

    label: str
    explanation: str
    failure: bool


FIRST_FETCH_DONE: Final = "first_fetch_done"
CONNECTION_BROKEN: Final = "connection_broken"
WEBHOOK_STOPPED: Final = "webhook_stopped"
ORDERS_FAILING: Final = "orders_failing"
DEAD_LETTERS: Final = "dead_letters"
DIFFERENCES_FOUND: Final = "differences_found"
SILENCE: Final = "silence"
DAILY_REPORT: Final = "daily_report"

KINDS: Final[Mapping[str, Kind]] = {
    FIRST_FETCH_DONE: Kind(
        label="First fetch done",
        explanation="Products, warehouses and shipping methods are here: time to configure. Or it "
        "stopped, and why.",
        failure=False,
    ),
    CONNECTION_BROKEN: Kind(
        label="Connection broken, and mended",
        explanation="Brightpearl or ShipHero refuses the credentials; everything waits until "
        "somebody reconnects.",
        failure=True,
    ),
    WEBHOOK_STOPPED: Kind(
        label="Webhook switched off, and mended",
        explanation="A vendor stopped telling us at once; the comparison finds what it misses.",
        failure=True,
    ),
    ORDERS_FAILING: Kind(
        label="Orders failing",
        explanation="A new cause at once, then gathered each hour, with what to do.",
        failure=True,
    ),
    DEAD_LETTERS: Kind(
        label="Given up on",
        explanation="Something was tried to the end and waits for a person.",
        failure=True,
    ),
    DIFFERENCES_FOUND: Kind(
        label="Reconciliation found differences",
        explanation="The vendors' own lists and ours do not agree.",
        failure=True,
    ),
    SILENCE: Kind(
        label="Unusual silence",
        explanation="Fewer notes, shipments or webhooks than this weekday and hour usually bring.",
        failure=True,
    ),
    DAILY_REPORT: Kind(
        label="Daily report",
        explanation="How much was synced, what failed and why.",
        failure=False,
    ),
}


def wanted_by_role(kind: str, roles: Iterable[str]) -> bool:
    """Say whether somebody gets a kind of mail who never chose: owners all, operators failures."""
    given = set(roles)
    return OWNER in given or (OPERATOR in given and KINDS[kind].failure)


def wanted_kinds(
    session: Session, account_id: UUID, user_id: int, roles: Iterable[str]
) -> Mapping[str, bool]:
    """Say of every kind whether a person gets it, as they chose or by their role."""
    given = list(roles)
    chosen = session.exec(
        select(NotificationChoice).where(
            NotificationChoice.account_id == account_id, NotificationChoice.user_id == user_id
        )
    )
    theirs = {row.kind: row.wanted for row in chosen}
    return {kind: theirs.get(kind, wanted_by_role(kind, given)) for kind in KINDS}


def choose_kinds(
    session: Session, account_id: UUID, user_id: int, wanted: Mapping[str, bool]
) -> None:
    """Keep a person's choice of some kinds; the caller commits."""
    for kind in sorted(wanted):
        row = {
            "account_id": account_id,
            "user_id": user_id,
            "kind": kind,
            "wanted": wanted[kind],
        }
        insert = insert_for(session)(NotificationChoice).values(row)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["account_id", "user_id", "kind"],
                set_={"wanted": insert.excluded.wanted},
            )
        )
