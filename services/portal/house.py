"""What the rooms of the portal are built from, and the list of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from services.portal.connections.connect_pages import ConnectPages, connect_routes
from services.portal.connections.connection_pages import ConnectionPages, connection_routes
from services.portal.frame.access import Need, Room
from services.portal.frame.tenants import Tenants
from services.portal.log.act_pages import ActPages, add_act_pages
from services.portal.log.bulk_pages import BulkPages, bulk_routes
from services.portal.log.list_pages import ListPages
from services.portal.log.note_pages import NotePages, add_note_pages
from services.portal.log.pages import sync_log_routes
from services.portal.settings import PortalSettings
from shared.clock import Now
from shared.connections import Connections


@dataclass(frozen=True, kw_only=True)
class House:
    """What a room may need.

    `tenants` opens sessions for the account of whoever is logged in, and `connections` reaches the
    vendors for that account; `engine` sees every account and is for the log-in and staff alone.
    """

    settings: PortalSettings
    engine: Engine
    tenants: Tenants
    connections: Connections
    now: Now


def rooms(house: House) -> Sequence[Room]:
    """Build every room."""
    return (
        _start(),
        _sync_log(house),
        bulk_routes(BulkPages(house.tenants, house.now)),
        connection_routes(ConnectionPages(house.connections)),
        connect_routes(ConnectPages(house.connections)),
    )


def _sync_log(house: House) -> Room:
    routes = sync_log_routes(ListPages(house.tenants, house.now))
    add_note_pages(routes, NotePages(house.tenants, house.connections, house.now))
    add_act_pages(routes, ActPages(house.tenants, house.connections, house.now))
    return routes


def _start() -> Room:
    routes = Room("start", __name__)

    def show_start() -> ResponseReturnValue:
        """Go to the page that is looked at first."""
        return redirect(url_for("pages.show_sync_log"))

    routes.page("/", show_start, Need.VIEWER)
    return routes
