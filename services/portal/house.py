"""What the rooms of the portal are built from, and the list of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from services.portal.api.routes import api_routes
from services.portal.attention.pages import AttentionPages, attention_routes
from services.portal.attention.reading import OpenLines
from services.portal.audit.pages import AuditPages, audit_routes
from services.portal.bulk.pages import BulkActPages, bulk_act_routes
from services.portal.configuration.history_pages import HistoryPages, history_routes
from services.portal.configuration.notification_pages import (
    NotificationPages,
    notification_routes,
)
from services.portal.configuration.pages import ConfigurationPages, configuration_routes
from services.portal.connections.connect_pages import ConnectPages, connect_routes
from services.portal.connections.connection_pages import ConnectionPages, connection_routes
from services.portal.connections.wizard import (
    WizardPages,
    both_cards,
    is_first_time,
    wizard_routes,
)
from services.portal.corrections.pages import CorrectionPages, add_correction_pages
from services.portal.dashboard.pages import DashboardPages, dashboard_routes
from services.portal.destinations.pages import DestinationPages, destination_routes
from services.portal.dry_run.room import dry_run_routes
from services.portal.events.replay_pages import events_room
from services.portal.frame.access import Need, Room, may, viewer_account
from services.portal.frame.tenants import Tenants
from services.portal.log.act_pages import ActPages, add_act_pages
from services.portal.log.bulk_pages import BulkPages, bulk_routes
from services.portal.log.customers import Customers
from services.portal.log.list_pages import ListPages
from services.portal.log.note_pages import NotePages, add_note_pages
from services.portal.log.own_pages import OwnPages, own_routes
from services.portal.log.pages import sync_log_routes
from services.portal.people.joining import JoiningPages, joining_routes
from services.portal.people.team import TeamPages, team_routes
from services.portal.people.unsubscribing import UnsubscribingPages, unsubscribing_routes
from services.portal.people.your_log_in import YourLogInPages, your_log_in_routes
from services.portal.reconciliation.pages import reconciliation_room
from services.portal.reports.pages import ReportPages, report_routes
from services.portal.settings import PortalSettings
from services.portal.staff.pages import StaffPages, staff_routes
from services.portal.tokens.pages import TokenPages, token_routes
from shared.clock import Now
from shared.connections import Connections
from shared.notes.persons import PersonDigests
from shared.secrets import SecretBox


@dataclass(frozen=True, kw_only=True)
class House:
    """What a room may need.

    `tenants` opens sessions for the account of whoever is logged in, and `connections` reaches the
    vendors for that account; `engine` sees every account and is for the log-in and staff alone.
    `lines` keeps the counts of what needs attention for a moment.
    """

    settings: PortalSettings
    engine: Engine
    tenants: Tenants
    connections: Connections
    lines: OpenLines
    now: Now


def rooms(house: House) -> Sequence[Room]:
    """Build every room."""
    customers = Customers(PersonDigests(house.settings.secret_keys.get_secret_value()))
    return (
        _start(house),
        dashboard_routes(DashboardPages(house.tenants.open_reading, house.now)),
        _sync_log(house, customers),
        attention_routes(AttentionPages(house.tenants, house.lines, house.now)),
        own_routes(OwnPages(house.tenants, customers, house.now)),
        bulk_routes(BulkPages(house.tenants, customers, house.now)),
        bulk_act_routes(BulkActPages(house.tenants, house.now)),
        connection_routes(ConnectionPages(house.connections)),
        connect_routes(ConnectPages(house.connections)),
        wizard_routes(WizardPages(house.connections)),
        configuration_routes(ConfigurationPages(house.tenants, house.now)),
        history_routes(HistoryPages(house.tenants, house.now)),
        notification_routes(NotificationPages(house.tenants, house.now)),
        _destinations(house),
        audit_routes(AuditPages(house.tenants)),
        token_routes(TokenPages(house.tenants, house.now)),
        report_routes(ReportPages(house.tenants, house.now)),
        *api_routes(house.settings, house.engine, house.tenants, house.connections, house.now),
        staff_routes(StaffPages(house.settings, house.engine, house.tenants, house.now)),
        dry_run_routes(house.connections),
        reconciliation_room(house.tenants.open_session, house.tenants.open_reading, house.now),
        events_room(house.tenants.open_session, house.tenants.open_reading, house.now),
        team_routes(TeamPages(house.tenants, house.now)),
        your_log_in_routes(YourLogInPages(house.tenants, house.now)),
        joining_routes(JoiningPages(house.engine, house.now)),
        unsubscribing_routes(
            UnsubscribingPages(
                house.engine, house.settings.secret_keys.get_secret_value(), house.now
            )
        ),
    )


def _sync_log(house: House, customers: Customers) -> Room:
    routes = sync_log_routes(ListPages(house.tenants, customers, house.now))
    add_note_pages(routes, NotePages(house.tenants, house.connections, house.now))
    add_act_pages(routes, ActPages(house.tenants, house.connections, house.now))
    add_correction_pages(routes, CorrectionPages(house.tenants, house.connections))
    return routes


def _destinations(house: House) -> Room:
    settings = house.settings
    pages = DestinationPages(
        house.tenants,
        house.now,
        box=SecretBox(settings.secret_keys.get_secret_value()),
        rules=settings.egress_rules,
        portal_url=settings.portal_url,
    )
    return destination_routes(pages)


def _start(house: House) -> Room:
    routes = Room("start", __name__)

    def show_start() -> ResponseReturnValue:
        """Go to the page that is looked at first; a new merchant to the steps of connecting."""
        with house.tenants.open_reading() as session:
            is_new = is_first_time(both_cards(session, viewer_account()))
        if is_new and may(Need.OPERATOR):
            return redirect(url_for("wizard.show"))
        return redirect(url_for("dashboard.show"))

    def show_keys() -> ResponseReturnValue:
        """Show which keys do what."""
        return render_template("keys.html")

    routes.page("/", show_start, Need.VIEWER)
    routes.page("/keyboard", show_keys, Need.VIEWER)
    return routes
