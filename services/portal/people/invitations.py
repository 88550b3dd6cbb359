"""Inviting colleagues by mail: the link is good for seven days, and known here by its digest."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import email_validator
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from services.portal.people.accounts import ROLES
from services.portal.people.letters import invitation as words
from services.portal.people.team_acts import Actor, RefusedError, team
from shared.audit import record_act
from shared.db.account_tables import Account
from shared.db.portal_tables import Invitation
from shared.journal.record import new_id
from shared.mails import Post, to_letter
from shared.secrets import SecretBox, digest

GOOD_FOR: Final = timedelta(days=7)
MOST_OPEN: Final = 50
GONE: Final = "This invitation was accepted or withdrawn meanwhile."

LinkOf = Callable[[str], str]  # the address that a token is sent in

_I = Invitation


def open_invitations(session: Session, account_id: UUID) -> Sequence[Invitation]:
    """List what is neither accepted nor withdrawn, the latest first."""
    found = session.exec(select(_I).where(col(_I.account_id) == account_id, *_is_open()))
    return sorted(found, key=lambda one: one.invited_at, reverse=True)


def invite(
    session: Session, actor: Actor, *, email: str, role: str, link_of: LinkOf, box: SecretBox
) -> Invitation:
    """Invite an address, or once more whoever was invited; the caller commits.

    Raises RefusedError. Whether the address logs in to another account is told to its owner only.
    """
    address = _address(email)
    if role not in ROLES:
        raise RefusedError("Choose a role.")
    if any(user.email == address for user in team(session, actor.account_id)):
        raise RefusedError(f"{address} is in the team already.")
    waiting = open_invitations(session, actor.account_id)
    known = next((one for one in waiting if one.email == address), None)
    if known is None and len(waiting) >= MOST_OPEN:
        raise RefusedError(f"{MOST_OPEN} invitations are open already; withdraw some first.")
    row = known or Invitation(
        id=new_id(),
        account_id=actor.account_id,
        email=address,
        role=role,
        token_digest="",
        invited_by=actor.who,
        invited_at=actor.now,
        expires_at=actor.now,
    )
    row.role = role
    _send(session, actor, row, link_of=link_of, box=box)
    _keep(session, actor, "invited", row)
    return row


def send_again(
    session: Session, actor: Actor, invitation_id: UUID, *, link_of: LinkOf, box: SecretBox
) -> Invitation:
    """Send another link, good for seven days from now; the earlier one stops working."""
    row = _open(session, actor, invitation_id)
    _send(session, actor, row, link_of=link_of, box=box)
    _keep(session, actor, "invited", row)
    return row


def withdraw(session: Session, actor: Actor, invitation_id: UUID) -> Invitation:
    """Make an invitation's link stop working; the caller commits. Raises RefusedError."""
    row = _open(session, actor, invitation_id)
    row.withdrawn_at = actor.now
    session.add(row)
    _keep(session, actor, "invitation_withdrawn", row)
    return row


def invitation_of(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """Find the invitation of a link that is still good."""
    found = session.exec(
        select(_I)
        .where(_I.token_digest == digest(token), col(_I.expires_at) > now, *_is_open())
        .with_for_update()
    )
    return found.one_or_none()


def _send(
    session: Session, actor: Actor, row: Invitation, *, link_of: LinkOf, box: SecretBox
) -> None:
    token = secrets.token_urlsafe(32)
    row.token_digest = digest(token)
    row.invited_by, row.invited_at = actor.who, actor.now
    row.expires_at = actor.now + GOOD_FOR
    session.add(row)
    account = session.get_one(Account, actor.account_id)
    notice = words(company=account.name, invited_by=actor.who, role=row.role, link=link_of(token))
    Post(account_id=account.id, code=account.code, box=box).request(
        session,
        to_letter(notice, to=row.email),
        kind="invitation",
        about=f"invitation {row.id}",
        once_for=row.token_digest,
        now=actor.now,
    )


def _open(session: Session, actor: Actor, invitation_id: UUID) -> Invitation:
    row = session.exec(
        select(_I)
        .where(col(_I.account_id) == actor.account_id, _I.id == invitation_id, *_is_open())
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise RefusedError(GONE)
    return row


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return col(_I.accepted_at).is_(None), col(_I.withdrawn_at).is_(None)


def _address(typed: str) -> str:
    try:
        known = email_validator.validate_email(typed.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise RefusedError("That is no e-mail address.") from error
    return known.normalized.lower()


def _keep(session: Session, actor: Actor, act: str, row: Invitation) -> None:
    record_act(
        session,
        actor.account_id,
        who=actor.who,
        act=act,
        subject=row.email,
        after=row.role,
        now=actor.now,
    )
