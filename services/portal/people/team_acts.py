"""What an owner does with the people of an account; each act is in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from services.portal.people.accounts import OWNER, ROLES, role_named, role_of
from shared.audit import record_act
from shared.bounces import forget_bounces
from shared.db.account_tables import Account
from shared.db.list_tables import ListChoice, SavedView
from shared.db.portal_tables import NotificationChoice, PortalSession
from shared.db.user_tables import User

LAST_OWNER: Final = "An account needs an owner: make somebody else owner first."
GONE: Final = "This person is not in the team any more."


class RefusedError(Exception):
    """The act is not done; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, for which account, when."""

    account_id: UUID
    who: str
    now: datetime


def team(session: Session, account_id: UUID) -> Sequence[User]:
    """List an account's people, owners first, then by address."""
    found = session.exec(select(User).where(col(User.account_id) == account_id)).all()
    return sorted(found, key=lambda user: (ROLES.index(role_of(user)), user.email))


def change_role(session: Session, actor: Actor, user_id: int, role: str) -> User:
    """Give a person another role; the caller commits. Raises RefusedError."""
    if role not in ROLES:
        raise RefusedError("That is no role.")
    user = _locked(session, actor, user_id)
    before = role_of(user)
    if before == OWNER and role != OWNER:
        _keep_an_owner(session, actor, user)
    user.roles = [role_named(session, role)]
    user.update_datetime = actor.now
    session.add(user)
    if before != role:
        _keep(session, actor, "role_changed", user.email, before=before, after=role)
    return user


def remove(session: Session, actor: Actor, user_id: int) -> str:
    """Remove a person with their log-ins and give their address; the caller commits."""
    user = _locked(session, actor, user_id)
    before = role_of(user)
    if before == OWNER:
        _keep_an_owner(session, actor, user)
    for table in (PortalSession, NotificationChoice, ListChoice, SavedView):
        theirs = (
            col(table.account_id) == actor.account_id,
            col(table.user_id) == user_id,
        )
        session.execute(delete(table).where(*theirs))
    session.delete(user)
    _keep(session, actor, "removed", user.email, before=before)
    return user.email


def mail_again(session: Session, actor: Actor, user_id: int) -> str:
    """Have mail sent to a person's address again and give it; the caller commits."""
    user = find(session, actor.account_id, user_id)
    if forget_bounces(session, actor.account_id, user.email):
        _keep(session, actor, "mail_sent_again", user.email)
    return user.email


def find(session: Session, account_id: UUID, user_id: int) -> User:
    """Give one of the account's people. Raises RefusedError."""
    user = session.get(User, user_id)
    if user is None or user.account_id != account_id:
        raise RefusedError(GONE)
    return user


def is_last_owner(session: Session, account_id: UUID, user: User) -> bool:
    """Tell whether nobody else decides about the account; who cannot log in does not count."""
    others = (one for one in team(session, account_id) if one.id != user.id)
    return not any(
        role_of(one) == OWNER and one.active and one.confirmed_at is not None for one in others
    )


def _keep_an_owner(session: Session, actor: Actor, user: User) -> None:
    if is_last_owner(session, actor.account_id, user):
        raise RefusedError(LAST_OWNER)


def _locked(session: Session, actor: Actor, user_id: int) -> User:
    # Two owners who demote each other at once would leave none: one waits for the other here.
    session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
    return find(session, actor.account_id, user_id)


def _keep(
    session: Session, actor: Actor, act: str, subject: str, *, before: str = "", after: str = ""
) -> None:
    record_act(
        session,
        actor.account_id,
        who=actor.who,
        act=act,
        subject=subject,
        before=before,
        after=after,
        now=actor.now,
    )
