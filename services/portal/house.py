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
from services.portal.log.pages import SyncLogPages, sync_log_routes
from services.portal.people.joining import JoiningPages, joining_routes
from services.portal.people.team import TeamPages, team_routes
from services.portal.people.your_log_in import YourLogInPages, your_log_in_routes
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
        sync_log_routes(SyncLogPages(house.tenants.open_reading, house.now)),
        connection_routes(ConnectionPages(house.connections)),
        connect_routes(ConnectPages(house.connections)),
        team_routes(TeamPages(house.tenants, house.now)),
        your_log_in_routes(YourLogInPages(house.tenants, house.now)),
        joining_routes(JoiningPages(house.engine, house.now)),
    )


def _start() -> Room:
    routes = Room("start", __name__)

    def show_start() -> ResponseReturnValue:
        """Go to the page that is looked at first."""
        return redirect(url_for("pages.show_sync_log"))

    routes.page("/", show_start, Need.VIEWER)
    return routes
