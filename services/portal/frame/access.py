"""Who may see what: every page says what it needs, and one that says nothing is refused."""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_security import auth_required, current_user

NEEDS: Final = "goodsout.needs"
Page = Callable[..., ResponseReturnValue]


class Need(IntEnum):
    """What a page asks of the person; each includes those before it.

    A viewer reads, an operator (of the merchant's) acts on notes and settings, an owner decides
    about people, tokens and connections. Staff run the installation and see all accounts.
    """

    NOBODY = 0  # no log-in
    VIEWER = 1
    OPERATOR = 2
    OWNER = 3
    STAFF = 4


ROLES: Final[Mapping[str, Need]] = {
    "viewer": Need.VIEWER,
    "operator": Need.OPERATOR,
    "owner": Need.OWNER,
}


class Room(Blueprint):
    """A blueprint whose pages each say what they need."""

    def __init__(self, name: str, import_name: str, *, url_prefix: str | None = None) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.needs: dict[str, Need] = {}

    def page(
        self, path: str, show: Page, needs: Need, *, methods: Iterable[str] = ("GET",)
    ) -> None:
        """Add a page under the function's own name; a path may have one for each method."""
        name = show.__name__
        self.needs[f"{self.name}.{name}"] = needs
        self.add_url_rule(path, name, show, methods=list(methods))

    def act(self, path: str, do: Page, needs: Need) -> None:
        """Add what a form is sent to."""
        self.page(path, do, needs, methods=("POST",))


def admit(app: Flask, rooms: Iterable[Room], others: Mapping[str, Need]) -> None:
    """Register the rooms and let nobody in without need; `others` are endpoints of libraries."""
    needs: dict[str, Need] = {"static": Need.NOBODY, **others}
    for room in rooms:
        app.register_blueprint(room)
        needs |= room.needs
    app.extensions[NEEDS] = needs
    app.before_request(_let_in)


def need_of(app: Flask, endpoint: str) -> Need | None:
    """Give what an endpoint needs; None where nothing was said."""
    needs: Mapping[str, Need] = app.extensions[NEEDS]
    return needs.get(endpoint)


def _let_in() -> Any:
    """Answer for those who may not see the page; None lets the others go on."""
    if request.endpoint is None:
        return None  # there is no such page
    need = need_of(current_app, request.endpoint)
    if need is None:
        abort(403)
    if need is Need.NOBODY:
        return None
    asked_to_log_in = _signed_in()
    if asked_to_log_in is not None:
        return asked_to_log_in
    if not may(need):
        abort(403)
    return None


@auth_required("session")
def _signed_in() -> None:
    """Send whoever is not logged in to the log-in."""


def may(need: Need) -> bool:
    """Tell whether the person who is logged in has what `need` asks."""
    if not current_user.is_authenticated:
        return need is Need.NOBODY
    if need is Need.STAFF:
        return bool(current_user.is_staff)
    return any(ROLES.get(role.name, Need.NOBODY) >= need for role in current_user.roles)


def viewer_account() -> UUID:
    """Give the account of the person who is logged in."""
    if not current_user.is_authenticated:
        raise LookupError("nobody is logged in, so there is no account to read for")
    account_id: UUID = current_user.account_id
    return account_id


def viewer_name() -> str:
    """Give who is logged in, as the audit trail names them."""
    return str(current_user.email)
