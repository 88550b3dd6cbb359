"""Going live: the moment, the notes that it takes in, and the saving."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.dry_run.going_live import (
    TakenIn,
    going_live,
    notes_from,
    read_moment,
    taken_in,
)
from services.portal.frame.access import viewer_account, viewer_name
from shared.accounts import account_settings
from shared.configuring.effect import Effect
from shared.configuring.saving import effect_of, save
from shared.connecting.refusal import Refused
from shared.connections import Connections
from shared.days import zone_of
from shared.db.account_tables import Account
from shared.errors import GoodsoutError
from shared.reasons.listed import reason_of


class GoLivePages:
    """Asks and saves for the account of the person who is logged in."""

    def __init__(self, connections: Connections) -> None:
        """Brightpearl's list is read with the account's own connection."""
        self._connections = connections

    def show_go_live(self) -> ResponseReturnValue:
        """Ask for the moment, and show what one that is named in the address takes in."""
        typed = request.args.get("at", "").strip()[:40]
        return self._form(typed, preview=bool(typed))

    def go_live(self) -> ResponseReturnValue:
        """Save the moment; orders are sent from then on, and shadow mode ends."""
        typed = request.form.get("at", "").strip()[:40]
        account_id, now = viewer_account(), self._connections.now()
        with self._connections.open_session() as session:
            before = session.get_one(Account, account_id)
            try:
                at = read_moment(typed, before.time_zone)
                saved = save(session, account_id, going_live(at), by=viewer_name(), now=now)
            except Refused as refused:
                return self._form(typed, problem=str(refused))
            session.commit()
        flash(_said(saved.effect), "done")
        return redirect(url_for("dry_run.show"))

    def _form(self, typed: str, *, preview: bool = False, problem: str = "") -> ResponseReturnValue:
        account_id, now = viewer_account(), self._connections.now()
        with self._connections.open_reading() as session:
            account = session.get_one(Account, account_id)
        at: datetime | None = None
        taken, effect = TakenIn(), Effect()
        if preview:
            try:
                at = read_moment(typed, account.time_zone)
                with self._connections.open_reading() as session:
                    effect = effect_of(session, account_id, going_live(at), now=now)
                taken = self._taken(at)
            except Refused as refused:
                problem, at = str(refused), None
            except GoodsoutError as trouble:
                problem, at = f"Brightpearl's list could not be read: {trouble}", None
        page = render_template(
            "dry_run/go_live.html",
            account=account,
            typed=typed or f"{now.astimezone(zone_of(account.time_zone)):%Y-%m-%dT%H:%M}",
            at=at,
            is_ahead=at is not None and at > now,
            taken=taken,
            effect=effect,
            problem=problem,
            reason_of=reason_of,
        )
        return page, 400 if problem else 200

    def _taken(self, at: datetime) -> TakenIn:
        account_id = viewer_account()
        found, is_all = notes_from(self._connections.brightpearl(account_id), at)
        with self._connections.open_reading() as session:
            settings = account_settings(session, account_id)
            return taken_in(session, settings, found, at=at, is_all=is_all)


def _said(effect: Effect) -> str:
    waiting = sum(effect.released.values()) + sum(effect.looked_at_again.values())
    compared = " Brightpearl's list is compared from then on." if effect.compared_from else ""
    return f"Go-live is saved and order sync is on. Waiting notes that go on: {waiting}.{compared}"
