"""Sync configuration: shown, changed by review and save, with what the saving sets free."""

from collections.abc import Mapping
from time import monotonic

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.configuration.counts import (
    InUse,
    example_parts,
    go_live_counts,
    in_use,
    methods_progress,
)
from services.portal.configuration.effect_told import MEANWHILE, effect_told
from services.portal.configuration.form import (
    GO_LIVE,
    LONGEST,
    Texts,
    altered,
    texts_of,
    to_change,
    typed,
)
from services.portal.configuration.notification_pages import viewers_choice
from services.portal.configuration.view import View, example_of, read_view
from services.portal.connections.fetch_again import fetch_again
from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.recent import Recently
from services.portal.frame.tenants import Tenants
from shared.accounts import account_settings
from shared.catalogue.parts import Part
from shared.clock import Now
from shared.configuring.faults import CHOICES, Unfit
from shared.configuring.fields import CHOICE_WORDS
from shared.configuring.saving import Preview, Saved, preview_of, save
from shared.configuring.words import was_done
from shared.connecting.stored import lock_account
from shared.notifications import KINDS
from shared.order_number import TOKENS

UNCHANGED = "Nothing is different from what is saved."


class ConfigurationPages:
    """Reads and saves for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now
        self._in_use: Recently[InUse] = Recently(monotonic)

    def show(self) -> ResponseReturnValue:
        """Show every setting as it stands."""
        with self._tenants.open_reading() as session:
            view = self._read(session)
        return _form(view)

    def review(self) -> ResponseReturnValue:
        """Show what saving would alter and set free; or the form once more, with an example."""
        with self._tenants.open_reading() as session:
            view = self._read(session)
            given = _given(view.texts)
            if "again" in request.form:
                return _form(view.typed(given))
            return self._reviewed(session, view, given)

    def save(self) -> ResponseReturnValue:
        """Save what was reviewed, unless the settings are others meanwhile."""
        faults: Mapping[str, str] = {}
        try:
            if self._save():
                return redirect(url_for("configuration.show"))
        except Unfit as unfit:
            faults = unfit.faults
        with self._tenants.open_reading() as session:
            view = self._read(session)
            given = _given(view.texts)
            if faults:
                return _form(view.typed(given, faults)), 400
            return self._reviewed(session, view, given, notice=MEANWHILE)

    def _save(self) -> bool:
        """Save and say what it set free; False where the settings are not those of the review."""
        with self._tenants.open_session() as session:
            # Whoever judges a note meanwhile waits for this: nothing is counted in between.
            row = lock_account(session, viewer_account())
            before = account_settings(session, row.id)
            if request.form.get("version") != str(before.version):
                return False
            texts = texts_of(row, before)
            change = to_change(texts, _given(texts), zone=row.time_zone)
            saved = save(session, row.id, change, by=viewer_name(), now=self._now())
            session.commit()
        _tell(saved)
        return True

    def show_example(self) -> ResponseReturnValue:
        """Show what a template that is being typed makes of a note."""
        typed_in = request.args.get("order_number_template", "").strip()[:LONGEST]
        with self._tenants.open_reading() as session:
            parts = example_parts(session, account_settings(session, viewer_account()))
        example = example_of(typed_in, parts)
        return render_template("configuration/example.html", example=example)

    def refresh_methods(self) -> ResponseReturnValue:
        """Have Brightpearl's shipping methods fetched again."""
        with self._tenants.open_session() as session:
            fetch_again(
                session,
                viewer_account(),
                Part.SHIPPING_METHODS,
                by=viewer_name(),
                now=self._now(),
            )
            session.commit()
        flash("Shipping methods: fetched again in a moment.", "done")
        return redirect(url_for("configuration.show", _anchor="methods"))

    def show_fetched(self) -> ResponseReturnValue:
        """Say how the fetch of shipping methods stands; `at` is the page's own last one."""
        with self._tenants.open_reading() as session:
            fetched = methods_progress(session, viewer_account())
        return render_template(
            "configuration/methods_fetched.html",
            fetched=fetched,
            at=request.args.get("at", "")[:LONGEST],
        )

    def _read(self, session: Session) -> View:
        account_id = viewer_account()
        used = self._in_use.get(account_id, lambda: in_use(session, account_id, now=self._now()))
        return read_view(session, account_id, used, mail=viewers_choice(session), now=self._now())

    def _reviewed(
        self, session: Session, view: View, given: Mapping[str, str], notice: str = ""
    ) -> ResponseReturnValue:
        try:
            change = to_change(view.texts, given, zone=view.account.time_zone)
            preview = preview_of(session, view.account.id, change, now=self._now())
        except Unfit as unfit:
            return _form(view.typed(given, unfit.faults)), 400
        if not preview.differences:
            flash(UNCHANGED, "done")
            return redirect(url_for("configuration.show"))
        since = None
        if GO_LIVE in given and preview.after.go_live_at is not None:
            since = go_live_counts(session, view.account.id, preview.after.go_live_at).since
        return _review(view, preview, given, notice, since)


def _form(view: View) -> str:
    return render_template(
        "configuration/configuration.html",
        view=view,
        may_change=may(Need.OPERATOR),
        choices=CHOICES,
        words=CHOICE_WORDS,
        tokens=TOKENS,
        kinds=KINDS,
    )


def _review(
    view: View, preview: Preview, given: Mapping[str, str], notice: str, since: int | None
) -> str:
    return render_template(
        "configuration/review.html",
        view=view,
        preview=preview,
        given=given,
        notice=notice,
        since=since,
        **effect_told(preview),
    )


def _given(texts: Texts) -> dict[str, str]:
    return altered(texts, typed(request.form.to_dict(flat=False), texts))


def _tell(saved: Saved) -> None:
    told = was_done(saved.effect, saved.after, zone=saved.time_zone)
    flash(" ".join(("Saved.", *told)) if saved.is_new else UNCHANGED, "done")


def configuration_routes(pages: ConfigurationPages) -> Room:
    """Build the routes; a viewer reads, an operator of the merchant's saves."""
    routes = Room("configuration", __name__, url_prefix="/configuration")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/example", pages.show_example, Need.VIEWER)
    routes.page("/methods-fetched", pages.show_fetched, Need.VIEWER)
    routes.act("/review", pages.review, Need.OPERATOR)
    routes.act("/save", pages.save, Need.OPERATOR)
    routes.act("/refresh-methods", pages.refresh_methods, Need.OPERATOR)
    return routes
