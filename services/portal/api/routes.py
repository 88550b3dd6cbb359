"""Puts the API together: its room for programs, its document, and the page for people."""

import json
from collections.abc import Sequence

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from services.portal.api.configuration_calls import ConfigurationCalls
from services.portal.api.correction_calls import CorrectionCalls
from services.portal.api.document import document
from services.portal.api.gate import Gate
from services.portal.api.issue_calls import IssueCalls
from services.portal.api.log_calls import LogCalls
from services.portal.api.operation import Operation
from services.portal.api.operations import operations
from services.portal.api.page import ApiPages
from services.portal.api.standing_calls import StandingCalls
from services.portal.frame.access import Need, Room, TokenRoom
from services.portal.frame.problem_documents import API_PREFIX
from services.portal.frame.tenants import Tenants
from services.portal.log.customers import Customers
from services.portal.settings import PortalSettings
from shared.clock import Now
from shared.connections import Connections
from shared.db.engine import session_maker
from shared.notes.persons import PersonDigests

NAME = "api"
VERSION = "1"


def api_routes(
    settings: PortalSettings, engine: Engine, tenants: Tenants, connections: Connections, now: Now
) -> tuple[Room, Room]:
    """Build the room for programs, and that of the page which tells of it."""
    customers = Customers(PersonDigests(settings.secret_keys.get_secret_value()))
    calls = operations(
        LogCalls(tenants, customers, now),
        IssueCalls(tenants, now),
        CorrectionCalls(tenants, connections),
        ConfigurationCalls(tenants, connections),
        StandingCalls(tenants, now),
    )
    gate = Gate(
        open_session=session_maker(engine),
        scopes={f"{NAME}.{operation.name}": operation.scope for operation in calls},
        calls_a_minute=settings.api_calls_a_minute,
        now=now,
    )
    written = document(calls, version=VERSION)
    pages = Room("api_page", __name__)
    pages.page("/api", ApiPages(written, settings.portal_url).show, Need.NOBODY)
    return _for_programs(calls, gate, json.dumps(written)), pages


def _for_programs(calls: Sequence[Operation], gate: Gate, written: str) -> TokenRoom:
    routes = TokenRoom(NAME, __name__, url_prefix=API_PREFIX, check=gate.let_in)
    for operation in calls:
        routes.page(operation.path, operation.view(), Need.TOKEN, methods=(operation.method,))

    def show_document() -> ResponseReturnValue:
        """Give the OpenAPI document to anybody: it says nothing of an account."""
        return Response(written, mimetype="application/json")

    routes.page("/openapi.json", show_document, Need.NOBODY)
    return routes
