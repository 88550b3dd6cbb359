"""The forms that connect a vendor, and the way back from Brightpearl's consent page."""

from collections.abc import Mapping

import structlog
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from services.portal.connections.connection_view import card_of
from services.portal.connections.wizard import (
    BRIGHTPEARL_STEP,
    SHIPHERO_STEP,
    both_cards,
    is_first_time,
    steps,
)
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from shared.connecting.consent import begin_brightpearl, finish_brightpearl
from shared.connecting.private_app import connect_private_app, data_centres
from shared.connecting.refusal import Refused
from shared.connecting.shiphero import choose_customer, connect_shiphero, shiphero_customers
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.connections import Connections
from shared.errors import GoodsoutError

log = structlog.get_logger()

LONGEST = 4096  # characters of a field; a token is far shorter


class ConnectPages:
    """Connects for the account of the person who is logged in."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def show_brightpearl(self) -> ResponseReturnValue:
        """Ask for the account code, or for a private app."""
        return self._brightpearl_form()

    def begin_brightpearl(self) -> ResponseReturnValue:
        """Check the account code and lead to Brightpearl's consent page."""
        code = _field("account_code")
        try:
            address = begin_brightpearl(
                self._connections,
                viewer_account(),
                vendor_account=code,
                asked_by=str(current_user.id),
            )
        except GoodsoutError as error:
            return self._brightpearl_form(problem=_said(error)), _status(error)
        # A link, no redirect: the page's policy lets a form lead nowhere but to us.
        return render_template(
            "connections/consent.html",
            address=address,
            code=code,
            **self._frame(BRIGHTPEARL_STEP),
        )

    def finish_brightpearl(self) -> ResponseReturnValue:
        """Take the code that a person brings back from the consent page."""
        given, onward = request.args, self._onward()
        if given.get("error"):
            flash("Brightpearl was not connected: you did not approve it there.", "problem")
            return redirect(onward)
        try:
            code = finish_brightpearl(
                self._connections,
                viewer_account(),
                state=given.get("state", "")[:LONGEST],
                code=given.get("code", "")[:LONGEST],
                asked_by=str(current_user.id),
                by=viewer_name(),
            )
        except GoodsoutError as error:
            return self._brightpearl_form(problem=_said(error)), _status(error)
        flash(f"Brightpearl account {code} is connected; we fetch what we need now.", "done")
        return redirect(onward)

    def connect_private_app(self) -> ResponseReturnValue:
        """Try and keep a private app's token."""
        onward = self._onward()
        try:
            code = connect_private_app(
                self._connections,
                viewer_account(),
                vendor_account=_field("account_code"),
                app_name=_field("app_name"),
                staff_token=_field("staff_token"),
                data_centre=_field("data_centre"),
                by=viewer_name(),
            )
        except GoodsoutError as error:
            return self._brightpearl_form(problem=_said(error), is_private=True), _status(error)
        flash(f"Brightpearl account {code} is connected by its private app.", "done")
        return redirect(onward)

    def show_shiphero(self) -> ResponseReturnValue:
        """Ask for a user and password."""
        return self._shiphero_form()

    def connect_shiphero(self) -> ResponseReturnValue:
        """Exchange them for tokens; a 3PL goes on to choose its customer."""
        onward = self._onward()
        try:
            has_to_choose = connect_shiphero(
                self._connections,
                viewer_account(),
                username=_field("username"),
                password=request.form.get("password", "")[:LONGEST],
                by=viewer_name(),
            )
        except GoodsoutError as error:
            return self._shiphero_form(problem=_said(error)), _status(error)
        if has_to_choose:
            return redirect(url_for("connect.show_customers"))
        flash("ShipHero is connected; we fetch what we need now.", "done")
        return redirect(onward)

    def show_customers(self) -> ResponseReturnValue:
        """List a 3PL's customers."""
        return self._customers_form()

    def choose_customer(self) -> ResponseReturnValue:
        """Act for the chosen customer from now on."""
        onward = self._onward()
        try:
            choose_customer(
                self._connections,
                viewer_account(),
                customer_id=_field("customer"),
                by=viewer_name(),
            )
        except GoodsoutError as error:
            return self._customers_form(problem=_said(error)), _status(error)
        flash("ShipHero is connected for that customer; we fetch what we need now.", "done")
        return redirect(onward)

    def _onward(self) -> str:
        """Say where to go once the vendor is connected: a new merchant to the next step."""
        with self._connections.open_reading() as session:
            cards = both_cards(session, viewer_account())
        return url_for("wizard.show" if is_first_time(cards) else "connections.show")

    def _frame(self, step: int) -> Mapping[str, object]:
        """Give the steps around a form, for a new merchant."""
        with self._connections.open_reading() as session:
            cards = both_cards(session, viewer_account())
        return {"steps": steps(cards, step) if is_first_time(cards) else ()}

    def _brightpearl_form(self, problem: str = "", *, is_private: bool = False) -> str:
        settings = self._connections.settings
        with self._connections.open_reading() as session:
            card = card_of(session, viewer_account(), BRIGHTPEARL)
        before = card.row.vendor_account if card.row else ""
        return render_template(
            "connections/connect_brightpearl.html",
            card=card,
            problem=problem,
            is_private=is_private or not settings.brightpearl_client_id,
            has_app=bool(settings.brightpearl_client_id),
            code=_field("account_code") or before,
            app_name=_field("app_name"),
            data_centres=data_centres(settings),
            data_centre=_field("data_centre"),
            **self._frame(BRIGHTPEARL_STEP),
        )

    def _shiphero_form(self, problem: str = "") -> str:
        with self._connections.open_reading() as session:
            card = card_of(session, viewer_account(), SHIPHERO)
        return render_template(
            "connections/connect_shiphero.html",
            card=card,
            problem=problem,
            username=_field("username"),
            **self._frame(SHIPHERO_STEP),
        )

    def _customers_form(self, problem: str = "") -> str:
        try:
            customers = shiphero_customers(self._connections, viewer_account())
        except GoodsoutError as error:
            customers, problem = (), problem or _said(error)
        return render_template(
            "connections/choose_customer.html",
            customers=customers,
            problem=problem,
            **self._frame(SHIPHERO_STEP),
        )


def connect_routes(pages: ConnectPages) -> Room:
    """Build the routes."""
    routes = Room("connect", __name__, url_prefix="/connections")
    for path, show, act in (
        ("/brightpearl", pages.show_brightpearl, pages.begin_brightpearl),
        ("/shiphero", pages.show_shiphero, pages.connect_shiphero),
        ("/shiphero/customer", pages.show_customers, pages.choose_customer),
    ):
        routes.page(path, show, Need.OPERATOR)
        routes.act(path, act, Need.OPERATOR)
    routes.act("/brightpearl/private-app", pages.connect_private_app, Need.OPERATOR)
    routes.page("/brightpearl/callback", pages.finish_brightpearl, Need.OPERATOR)
    return routes


def _field(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]


def _said(error: GoodsoutError) -> str:
    """Say a refusal as it is; of trouble that may pass, only what the person can do."""
    if isinstance(error, Refused):
        return str(error)
    log.warning("connecting.failed", reason=str(error), reason_code=error.code)
    return "No proper answer came just now, and nothing was changed. Please try again in a minute."


def _status(error: GoodsoutError) -> int:
    """Tell a refusal of what was asked from trouble that may pass."""
    return 400 if isinstance(error, Refused) else 503
