"""The consent page and the token address of the simulated Brightpearl (contract section 3)."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.brightpearl import oauth
from sandbox.brightpearl.data_centres import DataCentres
from sandbox.brightpearl.fault_kinds import ODD_KINDS
from sandbox.brightpearl.gate import Visit, play_faults
from sandbox.brightpearl.trouble import answer_of, json_answer, spoiled
from sandbox.faults import Fault
from sandbox.world import World

TOKEN = "post-token"  # noqa: S105 - the operation's name
_OPERATIONS = {"authorization_code": "token-exchange", "refresh_token": "token-refresh"}
_KEYS = (
    "access_token",
    "refresh_token",
    "installation_instance_id",
    "api_domain",
    "token_type",
    "expires_in",
)


def oauth_routes(world: World, centres: DataCentres) -> Blueprint:
    """Build `/oauth/authorize/{account}` and `/oauth/token/{account}`."""
    routes = Blueprint("oauth", __name__, url_prefix="/oauth", template_folder="templates")

    @routes.get("/authorize/<account>")
    def authorize(account: str) -> ResponseReturnValue:
        if trouble := _trouble(world, account):
            return render_template("consent.html", account=account, trouble=trouble), 404
        decision = request.args.get("decision")
        if decision == "approve":
            code = oauth.new_code(world, account, request.args["redirect_uri"])
            return _back(code=code)
        if decision == "refuse":
            return _back(error="access_denied")
        return render_template("consent.html", account=account, trouble=None)

    @routes.post("/token/<account>")
    def token(account: str) -> Response:
        grant = _OPERATIONS.get(request.form.get("grant_type", ""), "token-unknown")
        world.calls.note("brightpearl", account, grant)
        here = Visit(grant, switches=world.switches.of(account))
        fault = play_faults(world, account, here, (TOKEN, grant), is_named=True)
        if fault is None:
            return _token(world, centres, account, grant)
        return _with_fault(world, fault, here, lambda: _token(world, centres, account, grant))

    return routes


def _with_fault(world: World, fault: Fault, here: Visit, answer: Any) -> Response:
    if fault.kind in ODD_KINDS:
        return spoiled(fault, answer(), world.clock.scaled(fault.seconds))
    if fault.strikes_after():
        answer()
    return answer_of(fault, here.switches)


def _trouble(world: World, account: str) -> str | None:
    """Say why there is nothing to approve; one who cannot be sent back stays on the page."""
    if world.store.get("bp_account", account) is None:
        return f"There is no Brightpearl account {account}."
    if request.args.get("client_id") != world.settings.client_id:
        return f"No app has the reference {request.args.get('client_id', '(none)')}."
    if request.args.get("response_type") != "code":
        return "The app must ask with response_type=code."
    if not request.args.get("redirect_uri", "").startswith(("http://", "https://")):
        return "The app must name the redirect_uri it wants you to come back to."
    return None


def _back(**given: str) -> ResponseReturnValue:
    state = request.args.get("state")
    where = request.args["redirect_uri"]
    told = urlencode(given if state is None else {**given, "state": state})
    return redirect(f"{where}{'&' if '?' in where else '?'}{told}", code=302)


def _token(world: World, centres: DataCentres, account: str, grant: str) -> Response:
    """Answer a token call; this address carries no throttle headers (recorded)."""
    try:
        oauth.check_client(world, request.form)
        found = _granted(world, account, grant)
    except oauth.Ungranted as ungranted:
        world.calls.note("brightpearl", account, "token-refused", is_request=False)
        told = {"error_description": ungranted.description} if ungranted.description else {}
        return json_answer({**told, "error": ungranted.error}, 400)
    kept = world.store.get("bp_account", account)
    assert kept is not None  # a token was given for it
    found["api_domain"] = centres.domain(kept["data_centre"], request.host)
    return json_answer({key: found[key] for key in _KEYS if key in found})


def _granted(world: World, account: str, grant: str) -> dict[str, Any]:
    if grant == "token-exchange":
        return oauth.exchange_code(world, account, request.form)
    if grant == "token-refresh":
        return oauth.exchange_refresh(world, account, request.form)
    raise oauth.Ungranted("unsupported_grant_type")
