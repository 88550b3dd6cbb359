"""The page that an invitation leads to: set a name and a password, and join."""

from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password
from flask_security.proxies import _security
from flask_wtf import FlaskForm
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from wtforms import PasswordField
from wtforms.validators import DataRequired

from services.portal.frame.access import Need, Room
from services.portal.people.accounts import new_user, user_with
from services.portal.people.forms import name_field
from services.portal.people.invitations import invitation_of
from services.portal.people.passwords import problem_with
from shared.audit import record_act
from shared.clock import Now
from shared.db.account_tables import Account
from shared.db.engine import OpenSession, session_maker
from shared.db.portal_tables import Invitation

OVER: Final = (
    "This invitation is not valid any more",
    "It was accepted, withdrawn, or is older than seven days. Ask whoever invited you for another.",
)
LONGEST_TOKEN: Final = 100


class JoinForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What the invited person fills in."""

    name = name_field("Your name")
    password = PasswordField("Password", validators=[DataRequired("Please type a password.")])


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A good invitation and the name of the company that it is to."""

    row: Invitation
    company: str
    has_log_in: bool


class JoiningPages:
    """Nobody is logged in here: the link in the mail is what lets a person in."""

    def __init__(self, engine: Engine, now: Now) -> None:
        self._open_session: OpenSession = session_maker(engine)
        self._now = now

    def show(self, token: str) -> ResponseReturnValue:
        """Show who invites to what, and ask for name and password."""
        with self._open_session() as session:
            asked = self._asked(session, token)
        return self._page(asked, token, JoinForm())

    def join(self, token: str) -> ResponseReturnValue:
        """Make the log-in; the mail proved the address."""
        form = JoinForm()
        with self._open_session() as session:
            asked = self._asked(session, token)
            if asked is None or asked.has_log_in or not _is_fine(form, asked):
                return self._page(asked, token, form)
        # Hashing is slow on purpose; no transaction is open meanwhile.
        password = hash_password(_security.password_util.normalize(form.password.data))
        with self._open_session() as session:
            asked = self._asked(session, token)
            if asked is None or asked.has_log_in:
                return self._page(asked, token, form)
            try:
                self._join(session, asked.row, str(form.name.data), password)
                session.commit()
            except IntegrityError:
                return self._page(None, token, form)  # the same link, followed twice at once
        flash(f"Welcome to {asked.company}. Log in with your new password.", "done")
        return redirect(url_for("security.login"))

    def _join(self, session: Session, row: Invitation, name: str, password: str) -> None:
        now = self._now()
        row.accepted_at = now
        session.add(row)
        new_user(
            session,
            row.account_id,
            email=row.email,
            password_hash=password,
            role=row.role,
            now=now,
            name=name,
        )
        record_act(
            session,
            row.account_id,
            who=row.email,
            act="joined",
            subject=row.email,
            after=row.role,
            now=now,
        )

    def _asked(self, session: Session, token: str) -> Asked | None:
        row = invitation_of(session, token[:LONGEST_TOKEN], now=self._now())
        if row is None:
            return None
        return Asked(
            row=row,
            company=session.get_one(Account, row.account_id).name,
            has_log_in=user_with(session, row.email) is not None,
        )

    def _page(self, asked: Asked | None, token: str, form: JoinForm) -> ResponseReturnValue:
        if asked is None:
            title, sentence = OVER
            return render_template("people/over.html", title=title, sentence=sentence), 404
        status = 400 if request.method == "POST" else 200
        return render_template("people/join.html", asked=asked, token=token, form=form), status


def joining_routes(pages: JoiningPages) -> Room:
    """Build the routes."""
    routes = Room("invitation", __name__, url_prefix="/invitation")
    routes.page("/<token>", pages.show, Need.NOBODY)
    routes.act("/<token>", pages.join, Need.NOBODY)
    return routes


def _is_fine(form: JoinForm, asked: Asked) -> bool:
    if not form.validate():
        return False
    about = [str(form.name.data), asked.row.email, asked.company]
    problem = problem_with(_security.password_util.normalize(form.password.data or ""), about=about)
    if problem:
        form.password.errors = [problem]
    return not problem
