"""Walks every address of the portal, as whoever is wanted, with another merchant's ids in it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from services.portal.frame.access import NEEDS, Need
from services.portal.log.tabs import OTHERS
from services.portal.people.accounts import keep_user
from tests.integration.portal.merchants import (
    FERNLEAF,
    NOON,
    Merchants,
    _password_hash,
    log_in,
    token_on,
)
from tests.integration.portal.rows import Rows

# What each parameter of an address is filled with: the row's key where it names a row of an
# account, else a word that is nobody's. A new parameter has to be told here.
ROWS: Final[Mapping[str, tuple[str, str]]] = {
    "account_id": ("account", "id"),
    "destination_id": ("destination", "id"),
    "act_id": ("bulk_act", "id"),
    "difference_id": ("difference", "id"),
    "entry_id": ("audit_entry", "id"),
    "event_id": ("event", "id"),
    "invitation_id": ("invitation", "id"),
    "method_id": ("shipping_method_mapping", "brightpearl_method_id"),
    "note_id": ("sync_log", "note_id"),
    "number": ("attempt", "number"),
    "report_id": ("report", "id"),
    "session_id": ("portal_session", "id"),
    "token_id": ("api_token", "id"),
    "user_id": ("portal_user", "id"),
    "view_id": ("saved_view", "id"),
    "version": ("saved_settings", "version"),
    "warehouse_id": ("warehouse_mapping", "brightpearl_warehouse_id"),
}
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "filename": ("portal.css",),
    "kind": ("never_sent",),
    "name": ("retry", "send_again", "cancel", "handled", "unhandled", "evidence"),
    "queue": ("order_ingest",),
    "tab": OTHERS,
    "token": ("no-such-token",),
    "vendor": ("brightpearl",),
}
# What forms ask for beside ids.
FIELDS: Final[Mapping[str, str]] = {
    "act": "handle",
    "on": "no",
    "role": "viewer",
    "why": "By hand",
    "words": "By hand",
}
# Whom each role may not do without, least first.
ROLES: Final = (Need.VIEWER, Need.OPERATOR, Need.OWNER)
CLOSED: Final = 99
# They end the log-in with which the others are tried.
LAST: Final = ("security.logout",)


Form = Mapping[str, str | list[str]]


def addresses(app: Flask, rows: Rows) -> Iterator[tuple[Rule, str, str]]:
    """Give every rule with each of its methods and its addresses, filled with `rows`' ids."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in LAST, rule.rule))
    untold = {name: rule.rule for rule in rules for name in rule.arguments - ROWS.keys()
              if name not in WORDS}  # fmt: skip
    assert untold == {}, (
        "say in tests/integration/portal/walking.py which table's row each of these parameters "
        "names (ROWS), or words that are nobody's (WORDS)"
    )
    for rule in rules:
        names = sorted(rule.arguments)
        for filled in product(*(_values(name, rows) for name in names)):
            built = rule.build(dict(zip(names, filled, strict=True)))
            assert built is not None, f"{rule} cannot be filled with {filled}"
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield rule, method, built[1]


def need_at(app: Flask, rule: Rule) -> int:
    """Give what an address needs; one that says nothing is closed to everybody."""
    need: int = app.extensions[NEEDS].get(rule.endpoint, CLOSED)
    return need


def _values(name: str, rows: Rows) -> Sequence[Any]:
    if name in WORDS:
        return WORDS[name]
    table, column = ROWS[name]
    return (rows[table][column],)


def form_of(rows: Rows) -> Form:
    """Fill a form with every id there is, under each name that a page may give it."""
    form: dict[str, str | list[str]] = {**FIELDS}
    form["id"] = [str(_values(name, rows)[0]) for name in ROWS]
    for name in ROWS:
        stem = name.removesuffix("_id")
        for called in (name, f"{name}s", stem, f"{stem}s"):
            form[called] = str(_values(name, rows)[0])
    return form


class Walker:
    """Somebody who tries addresses; logs in again where an address ended the log-in."""

    def __init__(self, merchants: Merchants, email: str = "") -> None:
        """With no `email`, a visitor."""
        self._merchants = merchants
        self._email = email
        self._client, self._token = self._begin()

    def ask(self, method: str, address: str, fields: Form) -> TestResponse:
        """Send a request, with a form's token where the method sends a form."""
        answer = self._ask(method, address, fields)
        if self._email and answer.headers.get("Location", "").startswith("/login"):
            self._client, self._token = self._begin()
            answer = self._ask(method, address, fields)
        return answer

    def _ask(self, method: str, address: str, fields: Form) -> TestResponse:
        given: dict[str, Any] = {"query_string": fields}
        if method != "GET":
            given = {"data": {"csrf_token": self._token, **fields}}
        # Buffered: a file is sent as an open stream.
        return self._client.open(address, method=method, buffered=True, **given)

    def _begin(self) -> tuple[FlaskClient, str]:
        client = self._merchants.visitor()
        page = client.get("/login")
        if self._email:
            assert log_in(client, self._email).status_code == 302
            page = client.get("/sync-log")
        return client, token_on(page)


def colleague(merchants: Merchants, need: Need, account_id: UUID = FERNLEAF) -> str:
    """Make a person with the role of that name, and give their e-mail address."""
    email = f"{need.name.lower()}-{uuid4().hex[:6]}@{account_id.int}.example"
    code = {FERNLEAF: "fernleaf"}[account_id]
    with merchants.open_session() as session:
        keep_user(
            session,
            account_code=code,
            email=email,
            password_hash=_password_hash(merchants.app),
            role=need.name.lower(),
            now=NOON,
        )
        session.commit()
    return email
