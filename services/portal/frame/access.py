"""Who may see what: every page says what it needs, and one that says nothing is refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_security import auth_required, current_user

NEEDS: Final = "goodsout.needs"
CHECKS: Final = "goodsout.checks"
HOLDER: Final = "goodsout_token_holder"
Page = Callable[..., ResponseReturnValue]
Check = Callable[[str], None]


class Need(IntEnum):
    """What a page asks of the person; each includes those before it.

    A viewer reads, an operator (of the merchant's) acts on notes and settings, an owner decides
    about people, tokens and connections. Staff run the installation and see all accounts. What is
    for programs asks for a token instead, and no person has that by a log-in.
    """

    NOBODY = 0  # no log-in
    VIEWER = 1
    OPERATOR = 2
    OWNER = 3
    STAFF = 4
    TOKEN = 5


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


class TokenRoom(Room):
    """A blueprint for programs: `check` lets each call in by its endpoint, or raises.

    A session counts for nothing here. So no form's token is asked for either: another site can
    make a browser send its cookies, but no token.
    """

    def __init__(self, name: str, import_name: str, *, url_prefix: str, check: Check) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.check = check

    def page(
        self, path: str, show: Page, needs: Need, *, methods: Iterable[str] = ("GET",)
    ) -> None:
        """Add a call; raises ValueError for one that a person's log-in would be needed for."""
        if needs not in (Need.TOKEN, Need.NOBODY):
            raise ValueError(f"{self.name} is for programs: {path} cannot need {needs.name}")
        super().page(path, show, needs, methods=methods)


@dataclass(frozen=True, kw_only=True)
class TokenHolder:
    """The program that calls: for which account, and what its token is called and may do."""

    account_id: UUID
    name: str
    scopes: frozenset[str]


def admit(app: Flask, rooms: Iterable[Room], others: Mapping[str, Need]) -> None:
    """Register the rooms and let nobody in without need; `others` are endpoints of libraries."""
    needs: dict[str, Need] = {"static": Need.NOBODY, **others}
    checks: dict[str, Check] = {}
    for room in rooms:
        app.register_blueprint(room)
        needs |= room.needs
        if isinstance(room, TokenRoom):
            app.extensions["csrf"].exempt(room)
            checks |= dict.fromkeys(room.needs, room.check)
    app.extensions[NEEDS] = needs
    app.extensions[CHECKS] = checks
    app.before_request(_let_in)


def need_of(app: Flask, endpoint: str) -> Need | None:
    """Give what an endpoint needs; None where nothing was said."""
    needs: Mapping[str, Need] = app.extensions[NEEDS]
    return needs.get(endpoint)


def _let_in() -> Any:
    """Answer for those who may not see the page; None lets the others go on."""
    g.pop(HOLDER, None)
    if request.endpoint is None:
        return None  # there is no such page
    need = need_of(current_app, request.endpoint)
    if need is None:
        abort(403)
    if need is Need.NOBODY:
        return None
    if need is Need.TOKEN:
        return _checked(request.endpoint)
    asked_to_log_in = _signed_in()
    if asked_to_log_in is not None:
        return asked_to_log_in
    if not may(need):
        abort(403)
    return None


def _checked(endpoint: str) -> None:
    """Leave it to the room's own check; without one nobody gets in."""
    check: Check | None = current_app.extensions[CHECKS].get(endpoint)
    if check is None:
        abort(403)
    check(endpoint)
    if _token_holder() is None:
        abort(401)


@auth_required("session")
def _signed_in() -> None:
    """Send whoever is not logged in to the log-in."""


def may(need: Need) -> bool:
    """Tell whether the person who is logged in has what `need` asks; a program only reads."""
    if _token_holder() is not None:
        return need <= Need.VIEWER
    if not current_user.is_authenticated:
        return need is Need.NOBODY
    if need is Need.STAFF:
        return bool(current_user.is_staff)
    return any(ROLES.get(role.name, Need.NOBODY) >= need for role in current_user.roles)


def speak_as(holder: TokenHolder) -> None:
    """Answer the present request for whoever holds this token."""
    g.setdefault(HOLDER, holder)


def has_scope(scope: str) -> bool:
    """Tell whether a program calls whose token was made for `scope`."""
    holder = _token_holder()
    return holder is not None and scope in holder.scopes


def _token_holder() -> TokenHolder | None:
    holder: TokenHolder | None = g.get(HOLDER)
    return holder


def viewer_account() -> UUID:
    """Give the account of the person who is logged in, or of the token that a program showed."""
    if (holder := _token_holder()) is not None:
        return holder.account_id
    if not current_user.is_authenticated:
        raise LookupError("nobody is logged in, so there is no account to read for")
    account_id: UUID = current_user.account_id
    return account_id


def viewer_id() -> int:
    """Give the id of the person who is logged in, for what each keeps for themselves."""
    person: int = current_user.id
    return person


def viewer_name() -> str:
    """Give who is logged in, or which token was shown, as the audit trail names them."""
    if (holder := _token_holder()) is not None:
        return f"token {holder.name}"
    return str(current_user.email)
