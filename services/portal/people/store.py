"""Flask-Security's view of our tables of people."""

from typing import Any, Final, cast

from flask import Flask, after_this_request, has_request_context, request
from flask.typing import ResponseClass
from flask_security import SQLAlchemySessionUserDatastore, UserMixin
from flask_security.proxies import _datastore
from sqlalchemy import Engine
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlmodel import Session

from services.portal.people.accounts import OWNER, make_account, new_user
from shared.clock import Now
from shared.db.user_tables import Role, User

# What writes people's rows. On SQLite all else is marked as reading: every page would queue for the
# write lock, and a page that asks a vendor would keep it.
WRITING: Final = frozenset({
    "security.register", "security.send_confirmation", "security.forgot_password",
    "security.reset_password", "security.change_password", "security.two_factor_setup",
    "security.two_factor_setup_validate", "security.two_factor_token_validation",
    "security.mf_recovery", "your_log_in.make_codes",
})  # fmt: skip
WRITING_WHEN_OPENED: Final = frozenset({"security.confirm_email"})


class People(SQLAlchemySessionUserDatastore):
    """Users and roles; a new user is the owner of an account of their own."""

    def __init__(self, sessions: "scoped_session[Session]", now: Now) -> None:
        super().__init__(sessions, User, Role)
        self._now = now

    @property
    def session(self) -> Session:
        """The session of this request."""
        return cast("Session", self.db.session())

    def create_user(self, **known: Any) -> User:
        """Make an account for the company that registers, and its owner, unconfirmed."""
        session, now = self.session, self._now()
        account = make_account(session, known["company"], now=now)
        user = new_user(
            session,
            account.id,
            email=known["email"],
            password_hash=known["password"],
            role=OWNER,
            now=now,
            name=known["name"],
            is_confirmed=False,
        )
        session.flush()  # two registrations at once meet here
        return user

    def tf_reset(self, user: UserMixin) -> None:
        """Forget the second factor; the library would forget a telephone too, which we lack."""
        user.tf_primary_method = None
        user.tf_totp_secret = None
        user.mf_recovery_codes = None
        self.session.add(user)


def open_people(app: Flask, engine: Engine, now: Now) -> People:
    """Give the store with one session for each request."""
    reading = engine.execution_options(reading=True)

    def open_session() -> Session:
        return Session(engine if _writes() else reading, expire_on_commit=False)

    sessions: scoped_session[Session] = scoped_session(cast("sessionmaker[Session]", open_session))

    def close(_error: BaseException | None) -> None:
        sessions.remove()

    app.teardown_appcontext(close)
    return People(sessions, now)


def leave_before_others_write(app: Flask, people: People) -> None:
    """End the store's transaction with the page, before failed tries are counted in another."""

    def leave(response: ResponseClass) -> ResponseClass:
        people.db.session.remove()
        return response

    app.after_request(leave)


def people_session() -> Session:
    """Give the session in which this request's person was found and is changed."""
    store: Any = _datastore
    return cast("Session", store.session)


def commit_with_page() -> None:
    """Commit what is changed in that session once the page is made."""

    def commit(response: ResponseClass) -> ResponseClass:
        people_session().commit()
        return response

    after_this_request(commit)


def _writes() -> bool:
    if not has_request_context():
        return False
    if request.endpoint in WRITING_WHEN_OPENED:
        return True
    return request.method == "POST" and request.endpoint in WRITING
