"""The Connections page: how both vendors stand, testing, choosing staff, disconnecting."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.connections.connection_view import ABSENT, card_of, overview
from services.portal.connections.fetch_again import fetch_again
from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.ids import read_id
from shared.catalogue.parts import Part
from shared.connecting.leaving import disconnect
from shared.connecting.staff import choose_staff_contact, full_name, staff_contacts
from shared.connecting.stored import WRITTEN
from shared.connecting.trial import Look, try_connection
from shared.connections import Connections
from shared.errors import GoodsoutError


class ConnectionPages:
    """Reads and acts for the account of the person who is logged in."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def show(self) -> ResponseReturnValue:
        """Show both connections."""
        return self._page("connections/connections.html")

    def refresh(self) -> ResponseReturnValue:
        """Show the same as it is now."""
        return self._page("connections/connections_live.html", again=True)

    def test(self, vendor: str) -> ResponseReturnValue:
        """Try a connection and show how each part went."""
        try:
            looks = try_connection(self._connections, viewer_account(), known(vendor))
        except GoodsoutError as error:
            looks = (Look(what="the test", fine=False, sentence=str(error)),)
        return self._page("connections/connections.html", tested=WRITTEN[vendor], looks=looks)

    def ask_to_disconnect(self, vendor: str) -> ResponseReturnValue:
        """Say what disconnecting does, and ask."""
        with self._connections.open_reading() as session:
            card = card_of(session, viewer_account(), known(vendor))
        if card.standing == ABSENT:
            return redirect(url_for("connections.show"))
        return render_template("connections/disconnect.html", card=card)

    def disconnect(self, vendor: str) -> ResponseReturnValue:
        """Disconnect, and say what became of the webhooks."""
        name, who = WRITTEN[known(vendor)], viewer_name()
        try:
            left = disconnect(self._connections, viewer_account(), vendor, asked_by=who)
        except GoodsoutError as error:
            flash(f"{name} was not disconnected: {error}", "problem")
        else:
            webhooks = f"{left.webhooks_removed} webhooks were removed there"
            flash(f"{name} is disconnected and its credentials are erased; {webhooks}.", "done")
            if left.trouble:
                flash(left.trouble, "problem")
        return redirect(url_for("connections.show"))

    def fetch_again(self) -> ResponseReturnValue:
        """Have one list fetched again."""
        asked = request.form.get("part", "")
        if asked not in list(Part):
            abort(400)
        with self._connections.open_session() as session:
            fetch_again(
                session,
                viewer_account(),
                Part(asked),
                by=viewer_name(),
                now=self._connections.now(),
            )
            session.commit()
        flash(f"{Part(asked).label}: fetched again in a moment.", "done")
        return redirect(url_for("connections.show"))

    def search_staff(self) -> ResponseReturnValue:
        """Show the staff whose name holds what was typed."""
        return self._staff()

    def choose_staff(self) -> ResponseReturnValue:
        """Ship in the chosen person's name from now on."""
        contact_id = read_id(request.form.get("contact", "")) or 0
        try:
            name = choose_staff_contact(
                self._connections,
                viewer_account(),
                contact_id=contact_id,
                by=viewer_name(),
            )
        except GoodsoutError as error:
            return self._staff(problem=str(error)), 400
        flash(f"Shipped notes bear the name of {name} from now on.", "done")
        return redirect(url_for("connections.show"))

    def _staff(self, problem: str = "") -> str:
        typed = request.args.get("q", "").strip()[:100]
        try:
            found = staff_contacts(self._connections, viewer_account(), name=typed)
        except GoodsoutError as error:
            found, problem = (), problem or str(error)
        with self._connections.open_reading() as session:
            account = overview(session, viewer_account()).account
        people = [(one.contact_id, full_name(one)) for one in found]
        chosen = account.event_owner_contact_id
        return render_template(
            "connections/staff.html", people=people, typed=typed, chosen=chosen, problem=problem
        )

    def _page(self, template: str, **more: object) -> str:
        with self._connections.open_reading() as session:
            view = overview(session, viewer_account())
        return render_template(template, view=view, may_change=may(Need.OPERATOR), **more)


def connection_routes(pages: ConnectionPages) -> Room:
    """Build the routes; a viewer sees how it stands and changes nothing."""
    routes = Room("connections", __name__, url_prefix="/connections")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/live", pages.refresh, Need.VIEWER)
    routes.page("/staff", pages.search_staff, Need.OPERATOR)
    routes.act("/staff", pages.choose_staff, Need.OPERATOR)
    routes.act("/fetch", pages.fetch_again, Need.OPERATOR)
    routes.act("/<vendor>/test", pages.test, Need.OPERATOR)
    routes.page("/<vendor>/disconnect", pages.ask_to_disconnect, Need.OPERATOR)
    routes.act("/<vendor>/disconnect", pages.disconnect, Need.OPERATOR)
    return routes


def known(vendor: str) -> str:
    """Give the vendor back; an address with another name leads nowhere."""
    if vendor not in WRITTEN:
        abort(404)
    return vendor
