"""The operator's area: all accounts, one account's figures, the queues and what runs them."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import monotonic
from typing import Any
from uuid import UUID

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from services.portal.dashboard.pages import WORDS, columns_of, dear_kept
from services.portal.dashboard.queues import LABELS
from services.portal.dashboard.reading import Dashboard, read_dashboard
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.recent import Recently
from services.portal.frame.tenants import Tenants
from services.portal.settings import PortalSettings
from services.portal.staff.accounts import read_accounts
from services.portal.staff.at_broker import AtBroker
from services.portal.staff.journal import read_queues, read_relays, read_workers
from shared.audit import record_act
from shared.clock import Now
from shared.db.account_tables import Account
from shared.db.engine import reading_session_maker
from shared.db.migrate import revisions
from shared.errors import OurTrouble
from shared.events import Queue
from shared.number_words import counted

LONGEST_SEARCH = 100


@dataclass(frozen=True, kw_only=True)
class Versions:
    """The software and the schema that the database has, and should have."""

    software: str
    schema: str
    wanted: str


class StaffPages:
    """Reads over all accounts; what staff do is in their own account's audit trail."""

    def __init__(
        self, settings: PortalSettings, engine: Engine, tenants: Tenants, now: Now
    ) -> None:
        self._engine = engine
        self._open = reading_session_maker(engine)
        self._tenants = tenants
        self._now = now
        self._broker = AtBroker(settings, Recently(monotonic))
        self._dear = dear_kept()

    def show(self) -> ResponseReturnValue:
        """Show all accounts, those in trouble first."""
        text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
        page = request.args.get("page", 1, type=int)
        with self._open() as session:
            view = read_accounts(session, text, page, now=self._now())
        return render_template("staff/accounts.html", view=view, versions=self._versions())

    def show_account(self, account_id: UUID) -> ResponseReturnValue:
        """Show one account's figures, without its merchant's buttons."""
        hours_url = url_for("staff.tell_hours", account_id=account_id)
        return render_template(
            "staff/account.html", view=self._account(account_id), read_only=True,
            hours_url=hours_url, **WORDS,
        )  # fmt: skip

    def tell_hours(self, account_id: UUID) -> ResponseReturnValue:
        """Give the figures of an account's chart."""
        return jsonify(columns_of(self._account(account_id).dear.hours))

    def show_queues(self) -> ResponseReturnValue:
        """Show the queues, what publishes into them and what works on them."""
        return render_template("staff/queues.html", **self._queues())

    def refresh_queues(self) -> ResponseReturnValue:
        """Show the same as it is now."""
        return render_template("staff/queues_live.html", **self._queues(), again=True)

    def ask_to_redrive(self, queue: str) -> ResponseReturnValue:
        """Say what putting dead letters back does, and ask."""
        named = _known(queue)
        try:
            count = self._broker.dead_letters(named)
        except OurTrouble as trouble:
            flash(str(trouble), "problem")
            return redirect(url_for("staff.show_queues"))
        return render_template(
            "staff/redrive.html", queue=named.value, label=LABELS[named], count=count
        )

    def redrive(self, queue: str) -> ResponseReturnValue:
        """Put the dead letters back, recorded before it is done: a broker knows no rolling back."""
        named = _known(queue)
        with self._tenants.open_session() as session:
            record_act(session, viewer_account(), who=viewer_name(), act="queue_redriven",
                       now=self._now(), subject=named.value)  # fmt: skip
            session.commit()
        try:
            done = self._broker.redrive(named)
        except OurTrouble as trouble:
            flash(f"Nothing was put back: {trouble}", "problem")
        else:
            stay = f"; {counted(done.stay, 'message')} nobody can read stay" if done.stay else ""
            flash(f"{counted(done.moved, 'message')} went back into {named.value}{stay}.", "done")
        return redirect(url_for("staff.show_queues"))

    def _account(self, account_id: UUID) -> Dashboard:
        with self._open() as session:
            if session.get(Account, account_id) is None:
                abort(404)
            return read_dashboard(session, account_id, self._dear.get, now=self._now())

    def _queues(self) -> dict[str, Any]:
        now = self._now()
        with self._open() as session:
            queues = read_queues(session, now=now)
            relays = read_relays(session, queues, now=now)
            workers = read_workers(session)
        return {
            "broker": self._broker.look(),
            "queues": {each.queue: each for each in queues},
            "relays": relays,
            "workers": workers,
            "versions": self._versions(),
            "queue_labels": LABELS,
            **WORDS,
        }

    def _versions(self) -> Versions:
        try:
            software = version("goodsout")
        except PackageNotFoundError:
            software = "not installed as a package"
        schema, wanted = revisions(self._engine)
        return Versions(software=software, schema=schema or "none", wanted=wanted or "none")


def staff_routes(pages: StaffPages) -> Room:
    """Build the routes."""
    routes = Room("staff", __name__, url_prefix="/staff")
    routes.page("", pages.show, Need.STAFF)
    routes.page("/accounts/<uuid:account_id>", pages.show_account, Need.STAFF)
    routes.page("/accounts/<uuid:account_id>/hours.json", pages.tell_hours, Need.STAFF)
    routes.page("/queues", pages.show_queues, Need.STAFF)
    routes.page("/queues/live", pages.refresh_queues, Need.STAFF)
    routes.page("/queues/<queue>/redrive", pages.ask_to_redrive, Need.STAFF)
    routes.act("/queues/<queue>/redrive", pages.redrive, Need.STAFF)
    return routes


def _known(queue: str) -> Queue:
    if queue not in list(Queue):
        abort(404)
    return Queue(queue)
