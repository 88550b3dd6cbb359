"""Give a person a log-in to an account's pages."""

from datetime import datetime
from uuid import uuid4

from flask import Flask
from flask_security import hash_password
from flask_security.proxies import _security
from sqlmodel import Session, col, select

from shared.db.account_tables import Account
from shared.db.user_tables import Role, User

ROLES = ("owner", "operator", "viewer")


def hashed(app: Flask, password: str) -> str:
    """Hash a password the way the log-in checks it: argon2 over an HMAC with the salt."""
    with app.app_context():
        return hash_password(_security.password_util.normalize(password))


def keep_user(
    session: Session,
    *,
    account_code: str,
    email: str,
    password_hash: str,
    role: str,
    now: datetime,
) -> bool:
    """Make the log-in, or give it this password and role; the caller commits.

    Returns whether it is new. Raises LookupError when there is no such account, and ValueError
    when the address logs in to another one.
    """
    account = session.exec(select(Account).where(Account.code == account_code)).one_or_none()
    if account is None:
        raise LookupError(f"there is no account with the code {account_code!r}")
    user = session.exec(select(User).where(col(User.email) == email.lower())).one_or_none()
    if user is not None and user.account_id != account.id:
        raise ValueError("this e-mail address logs in to another account; choose another address")
    is_new = user is None
    if user is None:
        user = User(
            account_id=account.id,
            email=email.lower(),
            password="",
            fs_uniquifier=uuid4().hex,
            create_datetime=now,
            confirmed_at=now,
        )
    user.password = password_hash
    user.update_datetime = now
    user.roles = [_role(session, role)]
    session.add(user)
    return is_new


def _role(session: Session, name: str) -> Role:
    if name not in ROLES:
        raise ValueError(f"{name!r} is no role; choose one of {', '.join(ROLES)}")
    known = session.exec(select(Role).where(Role.name == name)).one_or_none()
    return known or Role(name=name)
