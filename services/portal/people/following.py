"""What follows when Flask-Security lets people in and out, or changes what they log in with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import flask
import structlog
from blinker import NamedSignal
from flask import Flask, request
from flask_login import user_logged_out
from flask_security import password_changed, password_reset, user_authenticated, user_registered
from flask_security.signals import tf_disabled, tf_profile_changed, user_confirmed
from sqlalchemy import Engine
from sqlmodel import Session

from services.portal.people.sessions import (
    NOTED_EVERY,
    begin_session,
    end_session,
    end_sessions,
    is_open,
    note_seen,
)
from services.portal.people.store import People
from shared.audit import record_act
from shared.clock import Now
from shared.db.engine import OpenSession, reading_session_maker, session_maker
from shared.db.portal_tables import PortalSession
from shared.db.user_tables import User

SESSION: Final = "log_in"
FOLLOWED: Final = "goodsout-followed"

log = structlog.get_logger()


def this_session() -> UUID | None:
    """Give the id of the log-in that a request belongs to."""
    kept = flask.session.get(SESSION, "")
    try:
        return UUID(str(kept))
    except ValueError:
        return None


def follow_people(app: Flask, people: People, engine: Engine, now: Now) -> None:
    """Keep log-ins as rows, end them, and write the audit trail."""
    log_ins = _LogIns(
        people=people, opening=session_maker(engine), reading=reading_session_maker(engine), now=now
    )
    _connect(app, user_authenticated, log_ins.begin)
    _connect(app, user_logged_out, log_ins.end)
    _admit_open_sessions(app, log_ins.look)
    _keep_in_trail(app, people, now)


@dataclass(frozen=True, kw_only=True)
class _LogIns:
    """Each log-in is a row, in a transaction of its own."""

    people: People
    opening: OpenSession
    reading: OpenSession
    now: Now

    def begin(self, _app: Flask, user: User, **_how: Any) -> None:
        """Make the row of a person who was let in."""
        self.people.session.commit()  # what let the person in, such as a used recovery code
        with self.opening() as session:
            row = begin_session(
                session,
                user,
                address=request.remote_addr or "",
                agent=request.headers.get("User-Agent", ""),
                now=self.now(),
            )
            session.commit()
        flask.session[SESSION] = str(row.id)

    def end(self, _app: Flask, user: User | None, **_how: Any) -> None:
        """End the row of this request."""
        ended = this_session()
        flask.session.pop(SESSION, None)
        if ended is None or not isinstance(getattr(user, "id", None), int):
            return
        assert user is not None
        assert user.id is not None
        with self.opening() as session:
            end_session(session, user.account_id, user.id, ended, now=self.now())
            session.commit()

    def look(self, row_id: UUID) -> PortalSession | None:
        """Give a row that still holds, and note now and then that it was seen."""
        at = self.now()
        with self.reading() as session:
            row = session.get(PortalSession, row_id)
        if row is None or not is_open(row, at):
            return None
        if at - row.seen_at >= NOTED_EVERY:
            with self.opening() as session:
                note_seen(session, row, at)
                session.commit()
        return row


def _admit_open_sessions(app: Flask, look: Callable[[UUID], PortalSession | None]) -> None:
    """Let in only those whose log-in is a row that still holds."""
    manager = app.extensions["security"].login_manager
    find = manager._user_callback  # noqa: SLF001 - Flask-Security's, which notes how they came

    def load(uniquifier: str) -> User | None:
        mine = this_session()
        # Before the person is looked up: no other transaction is open while the row is noted.
        row = look(mine) if mine is not None else None
        if row is None:
            return None
        user: User | None = find(uniquifier)
        return user if user is not None and user.id == row.user_id else None

    manager.user_loader(load)


def _keep_in_trail(app: Flask, people: People, now: Now) -> None:
    def keep(user: User, act: str, *, after: str = "") -> None:
        session = people.session
        who, at = user.email, now()
        record_act(session, user.account_id, who=who, act=act, subject=who, after=after, now=at)

    def on_registered(_app: Flask, user: User, **_how: Any) -> None:
        keep(user, "registered")

    def on_confirmed(_app: Flask, user: User, **_how: Any) -> None:
        keep(user, "confirmed")

    def on_reset(_app: Flask, user: User, **_how: Any) -> None:
        # The link came by mail, so the address is theirs.
        user.confirmed_at = user.confirmed_at or now()
        _end_others(people.session, user, but=None, now=now)
        keep(user, "password_changed")

    def on_changed(_app: Flask, user: User, **_how: Any) -> None:
        _end_others(people.session, user, but=this_session(), now=now)
        keep(user, "password_changed")

    def on_factor(_app: Flask, user: User, **_how: Any) -> None:
        keep(user, "two_factor_changed", after="on")

    def on_no_factor(_app: Flask, user: User, **_how: Any) -> None:
        keep(user, "two_factor_changed", after="off")

    _connect(app, user_registered, on_registered)
    _connect(app, user_confirmed, on_confirmed)
    _connect(app, password_reset, on_reset)
    _connect(app, password_changed, on_changed)
    _connect(app, tf_profile_changed, on_factor)
    _connect(app, tf_disabled, on_no_factor)


def _connect(app: Flask, signal: NamedSignal, receiver: Callable[..., None]) -> None:
    """Have an application's signal received for as long as the application is there."""
    app.extensions.setdefault(FOLLOWED, []).append(receiver)
    signal.connect(receiver, app)


def _end_others(session: Session, user: User, *, but: UUID | None, now: Now) -> None:
    assert user.id is not None
    end_sessions(session, user.account_id, user.id, but=but, now=now())
