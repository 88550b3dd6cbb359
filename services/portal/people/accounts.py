"""Accounts, the log-ins of their people and what each may do."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from flask import Flask
from flask_security import hash_password
from flask_security.proxies import _security
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from services.portal.people.codes import codes_for
from shared.db.account_tables import Account
from shared.db.engine import insert_for
from shared.db.user_tables import Role, User
from shared.journal.record import new_id

OWNER: Final = "owner"
ROLES = (OWNER, "operator", "viewer")


def hashed(app: Flask, password: str) -> str:
    """Hash a password the way the log-in checks it: argon2 over an HMAC with the salt."""
    with app.app_context():
        return hash_password(_security.password_util.normalize(password))


def make_account(session: Session, company: str, *, now: datetime) -> Account:
    """Make a new merchant's account under a code that nobody has; the caller commits."""
    for code in codes_for(company):
        if session.exec(select(Account.id).where(Account.code == code)).first() is not None:
            continue
        account = Account(id=new_id(), code=code, name=company, created_at=now)
        try:
            with session.begin_nested():
                session.add(account)
        except IntegrityError:
            continue  # another took the code since
        return account
    raise AssertionError("there is always another code")


def new_user(
    session: Session,
    account_id: UUID,
    *,
    email: str,
    password_hash: str,
    role: str,
    now: datetime,
    name: str = "",
    is_confirmed: bool = True,
) -> User:
    """Make a log-in; the caller commits, and meets IntegrityError where the address has one."""
    user = User(
        account_id=account_id,
        email=email,
        password=password_hash,
        name=name,
        fs_uniquifier=uuid4().hex,
        create_datetime=now,
        update_datetime=now,
        confirmed_at=now if is_confirmed else None,
    )
    user.roles = [role_named(session, role)]
    session.add(user)
    return user


def keep_user(
    session: Session,
    *,
    account_code: str,
    email: str,
    password_hash: str,
    role: str,
    now: datetime,
    is_staff: bool = False,
    without_factor: bool = False,
) -> bool:
    """Make the log-in, or give it this password and role; the caller commits.

    Staff see all accounts; who is staff stays so. `without_factor` lets somebody in again who lost
    app and recovery codes. Returns whether it is new. Raises LookupError when there is no such
    account, and ValueError when the address logs in to another one.
    """
    account = session.exec(select(Account).where(Account.code == account_code)).one_or_none()
    if account is None:
        raise LookupError(f"there is no account with the code {account_code!r}")
    user = user_with(session, email)
    if user is not None and user.account_id != account.id:
        raise ValueError("this e-mail address logs in to another account; choose another address")
    is_new = user is None
    if user is None:
        address = email.lower()
        user = new_user(
            session, account.id, email=address, password_hash=password_hash, role=role, now=now
        )
    user.password = password_hash
    user.update_datetime = now
    user.is_staff = user.is_staff or is_staff
    user.roles = [role_named(session, role)]
    if without_factor:
        user.tf_primary_method, user.tf_totp_secret, user.mf_recovery_codes = None, None, None
    session.add(user)
    return is_new


def user_with(session: Session, email: str) -> User | None:
    """Find who logs in with an address."""
    return session.exec(select(User).where(col(User.email) == email.lower())).one_or_none()


def role_of(user: User) -> str:
    """Give a person's role; the least where they have none."""
    names = {role.name for role in user.roles}
    return next((name for name in ROLES if name in names), ROLES[-1])


def role_named(session: Session, name: str) -> Role:
    """Give a role; the first person of an installation to have it makes it."""
    if name not in ROLES:
        raise ValueError(f"{name!r} is no role; choose one of {', '.join(ROLES)}")
    made = insert_for(session)(Role).values(name=name, description="")
    session.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    return session.exec(select(Role).where(Role.name == name)).one()
