"""The pages of destinations: add one, see how it goes, test it, change it, remove it."""

from typing import Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.destinations.keeping import Desk, destination_of
from services.portal.destinations.view import read_shown, standing
from services.portal.destinations.wish import LONGEST_NAME, OFFERED, WAYS, Wish, checked, wish_of
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from shared.clock import Now
from shared.db.account_tables import Account
from shared.db.destination_tables import Destination
from shared.destinations import WEBHOOK, destinations_of
from shared.egress.address import Rules
from shared.mails import Notice
from shared.secrets import SecretBox

# Chosen before anybody has chosen: what something has to be done about.
FAILURES: Final = tuple(kind for kind, one in OFFERED.items() if one.failure)


class DestinationPages:
    """Reads and acts for the account of the owner who is logged in."""

    def __init__(
        self, tenants: Tenants, now: Now, *, box: SecretBox, rules: Rules, portal_url: str
    ) -> None:
        self._tenants = tenants
        self._now = now
        self._box = box
        self._rules = rules
        self._portal_url = portal_url

    def show(self) -> ResponseReturnValue:
        """List them, with the form for a new one."""
        return self._list(Wish(kinds=FAILURES))

    def add(self) -> ResponseReturnValue:
        """Keep a new one; a webhook's secret is shown on this one answer only."""
        with self._tenants.open_session() as session:
            kept = destinations_of(session, viewer_account())
            wish = checked(wish_of(request.form), kept, self._rules)
            made = None if wish.faults else self._desk().add(session, wish)
            session.commit()
        if made is None:
            return self._list(wish), 400
        row, secret = made
        if secret:
            return render_template("destinations/secret.html", row=row, secret=secret, is_new=True)
        flash(f"{row.name} is added. Send a test to see that it arrives.", "done")
        return _to(row)

    def show_one(self, destination_id: UUID) -> ResponseReturnValue:
        """Show one with what went to it last."""
        return self._one("destinations/destination.html", destination_id)

    def refresh(self, destination_id: UUID) -> ResponseReturnValue:
        """Show how it goes as it is now."""
        return self._one("destinations/destination_live.html", destination_id, again=True)

    def change(self, destination_id: UUID) -> ResponseReturnValue:
        """Keep name, address and kinds."""
        with self._tenants.open_session() as session:
            row = _found(session, destination_id, to_change=True)
            kept = destinations_of(session, viewer_account())
            wish = checked(wish_of(request.form), kept, self._rules, own=row.id)
            is_changed = not wish.faults and self._desk().change(session, row, wish)
            session.commit()
        if wish.faults:
            return self._one("destinations/destination.html", destination_id, wish=wish), 400
        flash(f"{row.name} is saved." if is_changed else "Everything is as it was.", "done")
        return _to(row)

    def test(self, destination_id: UUID) -> ResponseReturnValue:
        """Have a test told to it."""
        with self._tenants.open_session() as session:
            row = _found(session, destination_id)
            account = session.get_one(Account, viewer_account())
            is_asked = self._desk().test(session, row, self._test_notice(row, account.name))
            session.commit()
        said = (
            "is on its way; how it went stands below in a moment" if is_asked else "left just now"
        )
        flash(f"A test {said}.", "done")
        return _to(row)

    def switch(self, destination_id: UUID) -> ResponseReturnValue:
        """Switch it on or off."""
        is_on = request.form.get("on") == "yes"
        with self._tenants.open_session() as session:
            row = _found(session, destination_id, to_change=True)
            self._desk().switch(session, row, is_on=is_on)
            session.commit()
        flash(f"{row.name} is switched {'on' if is_on else 'off'}.", "done")
        return _to(row)

    def change_secret(self, destination_id: UUID) -> ResponseReturnValue:
        """Give a webhook another secret and show it, on this one answer only."""
        with self._tenants.open_session() as session:
            row = _found(session, destination_id, to_change=True)
            if row.way != WEBHOOK:
                abort(404)
            secret = self._desk().new_secret(session, row)
            session.commit()
        return render_template("destinations/secret.html", row=row, secret=secret, is_new=False)

    def ask_to_remove(self, destination_id: UUID) -> ResponseReturnValue:
        """Say what removing does, and ask."""
        with self._tenants.open_reading() as session:
            row = _found(session, destination_id)
        return render_template("destinations/remove.html", row=row)

    def remove(self, destination_id: UUID) -> ResponseReturnValue:
        """Forget it."""
        with self._tenants.open_session() as session:
            row = _found(session, destination_id, to_change=True)
            name = row.name
            self._desk().remove(session, row)
            session.commit()
        flash(f"{name} is removed; nothing is sent there any more.", "done")
        return redirect(url_for("destinations.show"))

    def _desk(self) -> Desk:
        return Desk(
            account_id=viewer_account(),
            who=viewer_name(),
            now=self._now(),
            box=self._box,
            rules=self._rules,
        )

    def _list(self, wish: Wish) -> str:
        with self._tenants.open_reading() as session:
            rows = destinations_of(session, viewer_account())
        return render_template(
            "destinations/destinations.html",
            rows=[(row, standing(row)) for row in rows],
            wish=wish,
            ways=WAYS,
            kinds=OFFERED,
            longest_name=LONGEST_NAME,
        )

    def _one(
        self, template: str, destination_id: UUID, *, wish: Wish | None = None, again: bool = False
    ) -> str:
        account_id, now = viewer_account(), self._now()
        with self._tenants.open_reading() as session:
            row = _found(session, destination_id)
            shown = read_shown(session, account_id, row, now=now)
        is_both = row.old_secret_until is not None and row.old_secret_until > now
        return render_template(
            template,
            row=row,
            standing=standing(row),
            wish=wish or Wish(name=row.name, way=row.way, kinds=tuple(row.kinds)),
            told=shown,
            ways=WAYS,
            kinds=OFFERED,
            longest_name=LONGEST_NAME,
            both_sign=is_both,
            again=again,
        )

    def _test_notice(self, row: Destination, account: str) -> Notice:
        path = url_for("destinations.show_one", destination_id=row.id)
        return Notice(
            subject=f"A test from Goodsout for {account}",
            heading="This is a test from Goodsout",
            paragraphs=(
                f"Notices of {account} arrive here as {row.name}.",
                "Nothing has happened, and nothing has to be done.",
            ),
            label="See where notices go",
            link=f"{self._portal_url}{path}",
        )


def destination_routes(pages: DestinationPages) -> Room:
    """Build the routes; notices carry the account's failures out of the house, so owners only."""
    routes = Room("destinations", __name__, url_prefix="/destinations")
    one = "/<uuid:destination_id>"
    routes.page("", pages.show, Need.OWNER)
    routes.act("", pages.add, Need.OWNER)
    routes.page(one, pages.show_one, Need.OWNER)
    routes.act(one, pages.change, Need.OWNER)
    routes.page(f"{one}/live", pages.refresh, Need.OWNER)
    routes.act(f"{one}/test", pages.test, Need.OWNER)
    routes.act(f"{one}/switch", pages.switch, Need.OWNER)
    routes.act(f"{one}/secret", pages.change_secret, Need.OWNER)
    routes.page(f"{one}/remove", pages.ask_to_remove, Need.OWNER)
    routes.act(f"{one}/remove", pages.remove, Need.OWNER)
    return routes


def _found(session: Session, destination_id: UUID, *, to_change: bool = False) -> Destination:
    row = destination_of(session, viewer_account(), destination_id, to_change=to_change)
    if row is None:
        abort(404)
    return row


def _to(row: Destination) -> ResponseReturnValue:
    return redirect(url_for("destinations.show_one", destination_id=row.id))
