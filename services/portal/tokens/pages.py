"""The page of API tokens: make one, see it once, revoke it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.tokens.keeping import (
    LASTING,
    LONGEST_NAME,
    Wish,
    checked,
    is_good,
    make_token,
    revoke,
    token_of,
    tokens_of,
)
from services.portal.tokens.token import SCOPES
from shared.clock import Now
from shared.db.portal_tables import ApiToken


class TokenPages:
    """Reads and acts for the account of the owner who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def show(self) -> ResponseReturnValue:
        """List the tokens, with the form for a new one."""
        return self._page(Wish())

    def make(self) -> ResponseReturnValue:
        """Make a token and show it, on this one answer only."""
        account_id, who, now = viewer_account(), viewer_name(), self._now()
        with self._tenants.open_session() as session:
            wish = checked(_wish(), tokens_of(session, account_id), now=now)
            made = None if wish.faults else make_token(session, account_id, wish, who=who, now=now)
            session.commit()
        if made is None:
            return self._page(wish), 400
        row, token = made
        return render_template("tokens/made.html", row=row, token=token, scopes=SCOPES)

    def ask_to_revoke(self, token_id: UUID) -> ResponseReturnValue:
        """Say what revoking does, and ask."""
        with self._tenants.open_reading() as session:
            row = token_of(session, viewer_account(), token_id)
        if row is None:
            abort(404)
        if row.revoked_at is not None:
            return redirect(url_for("tokens.show"))
        return render_template("tokens/revoke.html", row=row)

    def revoke(self, token_id: UUID) -> ResponseReturnValue:
        """Revoke it."""
        account_id = viewer_account()
        with self._tenants.open_session() as session:
            row = token_of(session, account_id, token_id)
            if row is None:
                abort(404)
            revoke(session, account_id, row, who=viewer_name(), now=self._now())
            session.commit()
        flash(f"The token {row.name} is revoked; a call with it is refused from now on.", "done")
        return redirect(url_for("tokens.show"))

    def _page(self, wish: Wish) -> str:
        with self._tenants.open_reading() as session:
            rows = tokens_of(session, viewer_account())
        return render_template(
            "tokens/tokens.html",
            rows=[(row, self._standing(row)) for row in rows],
            wish=wish,
            scopes=SCOPES,
            lasting=LASTING,
            longest_name=LONGEST_NAME,
        )

    def _standing(self, row: ApiToken) -> tuple[str, str, str]:
        """Give word, colour and icon of how a token stands."""
        if row.revoked_at is not None:
            return "Revoked", "grey", "ban"
        if not is_good(row, now=self._now()):
            return "Expired", "grey", "clock"
        return "In use" if row.used_at else "Not used yet", "green", "circle-check"


def token_routes(pages: TokenPages) -> Room:
    """Build the routes; whoever makes tokens decides about people too, so owners only."""
    routes = Room("tokens", __name__, url_prefix="/api-tokens")
    routes.page("", pages.show, Need.OWNER)
    routes.act("", pages.make, Need.OWNER)
    routes.page("/<uuid:token_id>/revoke", pages.ask_to_revoke, Need.OWNER)
    routes.act("/<uuid:token_id>/revoke", pages.revoke, Need.OWNER)
    return routes


def _wish() -> Wish:
    return Wish(
        name=request.form.get("name", "").strip()[:LONGEST_NAME],
        scopes=tuple(request.form.getlist("scope"))[: len(SCOPES)],
        lasting=request.form.get("lasting", ""),
    )
