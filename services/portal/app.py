"""Build the portal's Flask application."""

from functools import partial
from types import TracebackType
from typing import Any, Final

import structlog
from flask import Flask, Response
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from services.portal.attention.reading import OpenLines
from services.portal.frame.access import Need, admit, may, viewer_account
from services.portal.frame.looks import teach_looks
from services.portal.frame.menu import menu
from services.portal.frame.policies import with_headers
from services.portal.frame.problems import add_problem_pages
from services.portal.frame.tenants import Tenants
from services.portal.frame.view import read_frame
from services.portal.house import House, rooms
from services.portal.people.log_in import LOG_IN_NEEDS, guard
from services.portal.settings import PortalSettings
from shared.budgets.book import BudgetBook
from shared.clock import Now, utc_now
from shared.connections import Connections
from shared.db.engine import our_trouble
from shared.db.migrate import missing_migrations
from shared.errors import OurTrouble
from shared.health import Check, health_routes
from shared.process import patience_of
from shared.secrets import SecretBox

# For the engineers' own network; a proxy in front keeps them from everybody else.
PROBES: Final = ("health.show_alive", "health.show_ready", "health.show_metrics")

log = structlog.get_logger()

# A person waits for the answer: a page that asks a vendor gives up after so many seconds.
VENDOR_DEADLINE: Final = 15.0

# Bytes; every form, and every mapping of a large account at once, fits many times.
LONGEST_BODY: Final = 500_000

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Portal(Flask):
    """Flask, but an unexpected error goes to our log with what may stand there."""

    def log_exception(self, exc_info: ErrorInfo | tuple[None, None, None] | Any) -> None:
        """Log the error's class; a database's own words may hold an address, so not those."""
        error = exc_info[1]
        shown = None if isinstance(error, SQLAlchemyError) else exc_info
        log.error("portal.page_failed", error=type(error).__name__, exc_info=shown)


def create_app(settings: PortalSettings, engine: Engine, *, now: Now = utc_now) -> Flask:
    """Wire the pages, the log-in and the health routes."""
    app = Portal(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    if proxies := settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    guard(app, settings, engine, now)
    teach_looks(app)
    tenants, lines = Tenants(engine, viewer_account), OpenLines(now)
    house = House(
        settings=settings,
        engine=engine,
        tenants=tenants,
        connections=_connections(settings, tenants, now),
        lines=lines,
        now=now,
    )
    admit(app, rooms(house), LOG_IN_NEEDS | dict.fromkeys(PROBES, Need.NOBODY))
    app.register_blueprint(health_routes({"database": _database_check(engine)}))
    add_problem_pages(app)
    app.context_processor(
        lambda: {
            "frame": partial(read_frame, tenants, lines.badges, now),
            "menu": menu,
            "may": may,
            "Need": Need,
            "demo_hint": settings.demo_hint,
        }
    )
    app.after_request(with_headers)
    if settings.secure_cookies:
        app.after_request(_only_https)
    return app


def _connections(settings: PortalSettings, tenants: Tenants, now: Now) -> Connections:
    return Connections(
        tenants.open_session,
        tenants.open_reading,
        SecretBox(settings.secret_keys.get_secret_value()),
        now=now,
        patience=patience_of(VENDOR_DEADLINE),
        vendor_settings=settings,
        allowances=BudgetBook(tenants.open_session, now=now),
    )


def _database_check(engine: Engine) -> Check:
    def check() -> None:
        with our_trouble():
            behind = missing_migrations(engine)
        if behind:
            raise OurTrouble("the database lacks migrations; run `goodsout migrate`")

    return check


def _only_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
