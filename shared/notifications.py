"""What mail a person may choose to get, and what they get while they have chosen nothing.

Mail about a person's own log-in (confirming, a new password, an invitation) is no choice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Integer, Uuid, column, table
from sqlalchemy import select as select_columns
from sqlmodel import Session, select

from shared.db.columns import UtcDateTime
from shared.db.engine import insert_for
from shared.db.portal_tables import NotificationChoice

OWNER, OPERATOR, VIEWER = "owner", "operator", "viewer"

# Of `shared.db.user_tables`, which would bring Flask-Security along.
_USER: Final = table(
    "portal_user",
    column("id", Integer),
    column("account_id", Uuid),
    column("email"),
    column("name"),
    column("active", Boolean),
    column("confirmed_at", UtcDateTime),
)
_ROLE: Final = table("portal_role", column("id", Integer), column("name"))
_ROLE_OF: Final = table("role_of_user", column("user_id", Integer), column("role_id", Integer))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of mail: `failure` says that something has to be done about it."""

    label: str
    explanation: str
    failure: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of an account who may be written to."""

    user_id: int
    email: str
    name: str


FIRST_FETCH_DONE: Final = "first_fetch_done"
CONNECTION_BROKEN: Final = "connection_broken"
WEBHOOK_STOPPED: Final = "webhook_stopped"
ORDERS_FAILING: Final = "orders_failing"
DEAD_LETTERS: Final = "dead_letters"
DIFFERENCES_FOUND: Final = "differences_found"
SILENCE: Final = "silence"
UNEXPLAINED: Final = "unexplained"
ISSUE_ASSIGNED: Final = "issue_assigned"
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
    UNEXPLAINED: Kind(
        label="Webhooks unaccounted for",
        explanation="The ledger lacks something that was kept: nobody should ever get this.",
        failure=True,
    ),
    ISSUE_ASSIGNED: Kind(
        label="Assigned to you",
        explanation="A colleague has you see to something that needs attention; gathered for a "
        "quarter of an hour.",
        failure=True,
    ),
    DAILY_REPORT: Kind(
        label="Daily report",
        explanation="How much was synced, what failed and why.",
        failure=False,
    ),
}

# Mail to one person about what is theirs: no destination is told of it.
PERSONAL: Final = frozenset({ISSUE_ASSIGNED})


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


def people_wanting(session: Session, account_id: UUID, kind: str) -> list[Person]:
    """Give everybody of an account who gets a kind of mail: as they chose, else by their role.

    Somebody who was switched off, or has not confirmed their address, gets none. Raises ValueError
    for a kind that nobody can choose.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of mail; add it to KINDS with its words")
    chosen = session.exec(
        select(NotificationChoice).where(
            NotificationChoice.account_id == account_id, NotificationChoice.kind == kind
        )
    )
    choices = {row.user_id: row.wanted for row in chosen}
    people, roles = _reachable(session, account_id)
    return [
        one
        for one in people
        if choices.get(one.user_id, wanted_by_role(kind, roles.get(one.user_id, ())))
    ]


def person_of(session: Session, account_id: UUID, user_id: int) -> Person | None:
    """Give one of an account's people; None for somebody who gets no mail at all."""
    people, _roles = _reachable(session, account_id)
    return next((one for one in people if one.user_id == user_id), None)


def _reachable(
    session: Session, account_id: UUID
) -> tuple[Sequence[Person], Mapping[int, Sequence[str]]]:
    """Give the people of an account by their ids, and what roles each has."""
    query = (
        select_columns(_USER.c.id, _USER.c.email, _USER.c.name, _ROLE.c.name)
        .select_from(
            _USER.outerjoin(_ROLE_OF, _ROLE_OF.c.user_id == _USER.c.id).outerjoin(
                _ROLE, _ROLE.c.id == _ROLE_OF.c.role_id
            )
        )
        .where(_USER.c.account_id == account_id, _USER.c.active, _USER.c.confirmed_at.is_not(None))
        .order_by(_USER.c.id)
    )
    people: dict[int, Person] = {}
    roles: dict[int, list[str]] = {}
    for user_id, email, name, role in session.execute(query):
        people[user_id] = Person(user_id=user_id, email=email, name=name)
        roles.setdefault(user_id, []).extend([role] if role else [])
    return list(people.values()), roles
