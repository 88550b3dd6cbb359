"""The control room in a browser: both sides on one floor, buttons for both, every switch."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from sandbox import seed
from sandbox.brightpearl.faults import Refused as NoteRefused
from sandbox.control.acts import ACTS
from sandbox.control.closeups import note_closeup, order_closeup
from sandbox.control.floors import FLOORS, shown_account
from sandbox.control.ledger import ledger
from sandbox.person import Nonsense
from sandbox.shiphero import seed as shiphero_seed
from sandbox.shiphero.faults import Refused as OrderRefused
from sandbox.switches import UnknownSwitch
from sandbox.world import World

# A mail's own HTML may show pictures and colours, run nothing, and open links beside the page.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: http: https:"

CLOSEUPS = {"notes": ("note", note_closeup), "orders": ("order", order_closeup)}
_ADDRESS = re.compile(r"(https?://[^\s<>\"]+)")
_CLOSEUP = re.compile(r"(notes|orders)/[0-9]+")


def page_routes(world: World) -> Blueprint:
    """Build `/` and the forms' addresses under `/page/`."""
    routes = Blueprint("page", __name__, template_folder="templates", static_folder="static")
    routes.add_app_template_filter(_clock_time, "clock_time")
    routes.add_app_template_filter(_seconds_between, "seconds_since")
    routes.add_app_template_filter(_with_links, "with_links")

    @routes.get("/", defaults={"floor": "notes"})
    @routes.get(f"/<any({','.join(FLOORS)}):floor>")
    def show(floor: str) -> ResponseReturnValue:
        return render_template(f"{floor}.html", floor=floor, **_shown(world, floor))

    @routes.get("/<any(notes,orders):floor>/<int:number>")
    def show_one(floor: str, number: int) -> ResponseReturnValue:
        """Show one goods-out note, or one ShipHero order, with all that can be done to it."""
        word, closeup = CLOSEUPS[floor]
        found = closeup(world, shown_account(world), number)
        common = {"floor": floor, "number": number, **_common(world)}
        if found is None:
            return render_template("gone.html", word=word, **common), HTTPStatus.NOT_FOUND
        return render_template(f"{word}.html", **common, **found)

    @routes.get("/mail/<int:number>/html")
    def show_letter(number: int) -> ResponseReturnValue:
        """Give a mail's HTML as its reader would see it; links open in a page of their own."""
        mail = world.store.get("mail", number)
        if mail is None or not mail["html"]:
            return "", HTTPStatus.NOT_FOUND
        body = f'<base target="_blank" rel="noopener">{mail["html"]}'
        return body, {"Content-Security-Policy": MAIL_POLICY}

    @routes.post("/page/<act>")
    def do(act: str) -> ResponseReturnValue:
        said = _did(world, act, request.form)
        where = request.form.get("back", "notes")
        shown = where if where in FLOORS or _CLOSEUP.fullmatch(where) else "notes"
        told = urlencode({"account": request.form.get("account", ""), "said": said})
        return redirect(f"/{shown}?{told}", code=303)

    return routes


def _did(world: World, act: str, form: Mapping[str, str]) -> str:
    """Do what a button asks; give the sentence that the page says next."""
    try:
        return ACTS[act](world, form) if act in ACTS else f"There is no button {act}"
    except (Nonsense, UnknownSwitch, ValueError) as error:
        return str(error)
    except NoteRefused as refused:
        return refused.errors[0]["message"]
    except OrderRefused as refused:
        return refused.message


def _shown(world: World, floor: str) -> dict[str, Any]:
    return {**_common(world), **FLOORS[floor](world, shown_account(world))}


def _common(world: World) -> dict[str, Any]:
    account = shown_account(world)
    return {
        "said": request.args.get("said"),
        "account": account["code"],
        "accounts": [each["code"] for each in world.store.all("bp_account")],
        "ledger": ledger(world, account["code"]),
        "seed": seed,
        "shiphero_seed": shiphero_seed,
        "settings": world.settings,
        "pending": len(world.store.find("delivery", "state", "pending")),
        "mails": world.store.count("mail"),
        "switches": asdict(world.switches.of(account["code"])),
    }


def _with_links(text: str) -> Markup:
    """Make the addresses in a plain text links."""
    parts = _ADDRESS.split(text)
    link = Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>')
    return Markup("").join(
        link.format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def _clock_time(epoch: float | None) -> str:
    return "" if epoch is None else f"{datetime.fromtimestamp(epoch, UTC):%d %b %H:%M:%S}"


def _seconds_between(later: float | None, earlier: float | None) -> str:
    return "" if later is None or earlier is None else f"{later - earlier:.1f} s"
