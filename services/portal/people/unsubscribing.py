"""The page that a mail's “Switch it off” leads to: no log-in, one press, and the way back.

The link itself says whose choice it is (`shared.unsubscribing`), so no form's token is asked for:
a mailbox's own button sends none (RFC 8058). Opening it changes nothing, as scanners open links.
"""

from dataclasses import dataclass
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlmodel import Session

from services.portal.frame.access import Need, TokenRoom
from shared.audit import record_act
from shared.clock import Now
from shared.db.engine import OpenSession, session_maker
from shared.db.user_tables import User
from shared.notifications import KINDS, Kind, choose_kinds, wanted_kinds
from shared.unsubscribing import PATH, choice_of

OVER: Final = "This link is not valid any more"
WHY: Final = (
    "Either you are not in the team any more, or the link is very old. Log in to choose which "
    "mail you get, on the page Sync configuration."
)
ON, OFF = "on", "off"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One person's choice of one kind of mail, as it stands."""

    user: User
    code: str
    is_wanted: bool

    @property
    def kind(self) -> Kind:
        """The kind in words."""
        return KINDS[self.code]


class UnsubscribingPages:
    """Nobody is logged in here."""

    def __init__(self, engine: Engine, secret_keys: str, now: Now) -> None:
        self._open_session: OpenSession = session_maker(engine)
        self._secret_keys = secret_keys
        self._now = now

    def show(self, token: str) -> ResponseReturnValue:
        """Say which mail it is, and ask."""
        with self._open_session() as session:
            return self._page(self._chosen(session, token), token, "ask")

    def switch_off(self, token: str) -> ResponseReturnValue:
        """Send this person no more mail of the kind, and say so."""
        return self._choose(token, is_wanted=False)

    def switch_on(self, token: str) -> ResponseReturnValue:
        """Undo it."""
        return self._choose(token, is_wanted=True)

    def _choose(self, token: str, *, is_wanted: bool) -> ResponseReturnValue:
        with self._open_session() as session:
            chosen = self._chosen(session, token)
            if chosen is None:
                return self._page(None, token, "")
            if chosen.is_wanted != is_wanted:
                self._keep(session, chosen, is_wanted=is_wanted)
                session.commit()
            return self._page(chosen, token, ON if is_wanted else OFF)

    def _keep(self, session: Session, chosen: Chosen, *, is_wanted: bool) -> None:
        user = chosen.user
        assert user.id is not None
        choose_kinds(session, user.account_id, user.id, {chosen.code: is_wanted})
        record_act(
            session,
            user.account_id,
            who=user.email,
            act="notifications_chosen",
            subject=chosen.kind.label,
            before=OFF if is_wanted else ON,
            after=ON if is_wanted else OFF,
            now=self._now(),
        )

    def _chosen(self, session: Session, token: str) -> Chosen | None:
        choice = choice_of(token, secret_keys=self._secret_keys)
        user = session.get(User, choice.user_id) if choice else None
        if choice is None or user is None:
            return None
        roles = [role.name for role in user.roles]
        wanted = wanted_kinds(session, user.account_id, choice.user_id, roles)
        return Chosen(user=user, code=choice.kind, is_wanted=wanted[choice.kind])

    def _page(self, chosen: Chosen | None, token: str, done: str) -> ResponseReturnValue:
        if chosen is None:
            return render_template("people/over.html", title=OVER, sentence=WHY), 404
        return render_template("people/unsubscribe.html", chosen=chosen, token=token, done=done)


def unsubscribing_routes(pages: UnsubscribingPages) -> TokenRoom:
    """Build the routes."""
    routes = TokenRoom("unsubscribing", __name__, url_prefix=PATH, check=lambda _endpoint: None)
    routes.page("/<token>", pages.show, Need.NOBODY)
    routes.act("/<token>", pages.switch_off, Need.NOBODY)
    routes.act("/<token>/undo", pages.switch_on, Need.NOBODY)
    return routes
