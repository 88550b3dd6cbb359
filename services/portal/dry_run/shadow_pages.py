"""Shadow mode: what it found out, one note of it, and its switch."""

from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.dry_run.fields import LINE_SOURCES, groups_of, is_personal, lines_of
from services.portal.dry_run.shadow_notes import (
    counts_of,
    page_of,
    read_wanted,
    sent_otherwise,
    sentence_of,
    went_live,
)
from services.portal.frame.access import Need, may, viewer_account, viewer_name
from services.portal.frame.ids import read_id
from shared.accounts import SHADOW_MODE, account_settings
from shared.configuring.change import SettingsChange
from shared.configuring.saving import Saved, effect_of, save
from shared.configuring.words import was_done
from shared.connections import Connections
from shared.db.account_tables import Account
from shared.db.columns import GREATEST_INTEGER
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import ShadowNote
from shared.journal.release import held_by_cause
from shared.reasons.listed import reason_of

WORDS: Final = {True: "on", False: "off"}


class ShadowPages:
    """Reads and switches for the account of the person who is logged in."""

    def __init__(self, connections: Connections) -> None:
        """Sessions are opened for that account alone."""
        self._connections = connections

    def show_shadow(self) -> ResponseReturnValue:
        """Show the counts and one page of the list."""
        wanted = read_wanted(request.args.get("outcome", ""), request.args.get("reason", ""))
        before = read_id(request.args.get("before", ""))
        account_id = viewer_account()
        with self._connections.open_reading() as session:
            counts = counts_of(session, account_id)
            page = page_of(session, account_id, wanted, before=before)
            view = {
                "account": session.get_one(Account, account_id),
                "counts": counts,
                "sentence": sentence_of(counts) if counts else "",
                "page": page,
                "wanted": wanted,
                "live": went_live(session, account_id),
                "otherwise": sent_otherwise(session, account_id),
                "waiting": held_by_cause(session, account_id).get(SHADOW_MODE, 0),
            }
        return render_template(
            "dry_run/shadow.html", **view, is_personal=is_personal, may_act=may(Need.OPERATOR)
        )

    def show_shadow_note(self, note_id: int) -> ResponseReturnValue:
        """Show one note as it would have been sent, and in what it was sent otherwise."""
        if note_id > GREATEST_INTEGER:
            abort(404)
        key = (viewer_account(), note_id)
        with self._connections.open_reading() as session:
            note = session.get(ShadowNote, key)
            row = session.get(SyncLogRow, key)
            settings = account_settings(session, viewer_account())
        if note is None:
            abort(404)
        return render_template(
            "dry_run/shadow_note.html",
            note=note,
            row=row,
            groups=groups_of(note.order_sent, settings),
            lines=lines_of(note.order_sent, settings),
            line_sources=LINE_SOURCES,
            is_older=note.settings_version != settings.version,
            reason=reason_of(note.reason_code) if note.reason_code else None,
            is_personal=is_personal,
            may_act=may(Need.OPERATOR),
        )

    def ask_to_switch_shadow(self) -> ResponseReturnValue:
        """Say what switching does, and ask."""
        account_id, now = viewer_account(), self._connections.now()
        with self._connections.open_reading() as session:
            account = session.get_one(Account, account_id)
            change = SettingsChange(shadow_on=not account.shadow_on)
            effect = effect_of(session, account_id, change, now=now)
        return render_template("dry_run/switch_shadow.html", account=account, effect=effect)

    def switch_shadow(self) -> ResponseReturnValue:
        """Switch it as the form says, and have what waits looked at."""
        wanted = request.form.get("to", "")
        if wanted not in WORDS.values():
            abort(400)
        to, account_id, now = wanted == WORDS[True], viewer_account(), self._connections.now()
        with self._connections.open_session() as session:
            change = SettingsChange(shadow_on=to)
            saved = save(session, account_id, change, by=viewer_name(), now=now)
            session.commit()
        flash(_said(saved, to=to), "done")
        return redirect(url_for("dry_run.show_shadow"))


def _said(saved: Saved, *, to: bool) -> str:
    begun = "Shadow mode is on: nothing is sent." if to else "Shadow mode is off."
    return " ".join((begun, *was_done(saved.effect, saved.after, zone=saved.time_zone)))
