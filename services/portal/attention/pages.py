"""The page Needs attention: its lines, one line's details, and what is done about them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.attention import acting
from services.portal.attention.acting import Actor, GoneError
from services.portal.attention.details import assignable, read_details
from services.portal.attention.lines import links_of
from services.portal.attention.reading import OpenLines, read_attention
from services.portal.frame.access import Need, Room, may, viewer_account, viewer_id, viewer_name
from services.portal.frame.ids import read_id
from services.portal.frame.links import link
from services.portal.frame.tenants import Tenants
from shared.audit import ACTS
from shared.clock import Now
from shared.configuring.fields import moment
from shared.db.account_tables import Account
from shared.issues.issue import WAYS, Issue

LONGEST: Final = 500  # characters of a key, and of a comment
# Hours for which nobody is told; never for good.
SPANS: Final[Mapping[int, str]] = {
    1: "1 hour", 4: "4 hours", 24: "1 day", 72: "3 days", 168: "7 days", 720: "30 days",
}  # fmt: skip
RESOLVED: Final = "Nothing was done: no note needs you for this any more."
MUTED: Final = "nobody is mailed of it meanwhile. The daily report still counts it."
MAILED: Final = " A mail says so within a quarter of an hour."
NO_WORDS: Final = "Write what your colleagues are to read."
NO_SPAN: Final = "Choose for how long."

Act = Callable[[Session, Issue, Actor], str]


class AttentionPages:
    """Reads and acts for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, lines: OpenLines, now: Now) -> None:
        self._tenants = tenants
        self._lines = lines
        self._now = now

    def show(self) -> ResponseReturnValue:
        """Show every line as it stands now."""
        return self._list("attention/attention.html", anew=True)

    def refresh(self) -> ResponseReturnValue:
        """Show the same a moment later."""
        return self._list("attention/attention_live.html", anew=False, again=True)

    def show_issue(self) -> ResponseReturnValue:
        """Show one line: its notes, what to do, and what was said and done."""
        return render_template("attention/issue.html", **self._details())

    def ask_to_mute(self) -> ResponseReturnValue:
        """Ask for how long nobody is to be told."""
        return render_template("attention/mute.html", **self._details())

    def ask_to_assign(self) -> ResponseReturnValue:
        """Ask who is to see to it."""
        with self._tenants.open_reading() as session:
            people = assignable(session, viewer_account())
        return render_template("attention/assign.html", people=people, **self._details())

    def acknowledge(self) -> ResponseReturnValue:
        """Keep that somebody sees to it, or take that back."""
        on = request.form.get("on") != "no"

        def act(session: Session, issue: Issue, actor: Actor) -> str:
            acting.acknowledge(session, issue, actor, on=on)
            return (
                "Acknowledged: it no longer counts as open. It is resolved once no note is left."
                if on
                else "It counts as open again."
            )

        return self._do(act)

    def mute(self) -> ResponseReturnValue:
        """Have nobody told for a while, or at once again."""
        hours = read_id(request.form.get("hours", "")) or 0
        if hours not in SPANS and request.form.get("hours") != "0":
            return self._back(NO_SPAN, "problem")
        until = self._now() + timedelta(hours=hours) if hours else None

        def act(session: Session, issue: Issue, actor: Actor) -> str:
            zone = session.get_one(Account, actor.account_id).time_zone
            words = f"until {moment(until, zone)}" if until else ""
            acting.mute(session, issue, actor, until=until, words=words)
            return f"Muted {words}: {MUTED}" if until else "It is not muted any more."

        return self._do(act)

    def assign(self) -> ResponseReturnValue:
        """Give it to a person, or to nobody."""
        wanted = read_id(request.form.get("person", ""))

        def act(session: Session, issue: Issue, actor: Actor) -> str:
            people = {one.user_id: one for one in assignable(session, actor.account_id)}
            if wanted and wanted not in people:
                abort(400)
            named = {one.user_id: one.email for one in people.values()}
            acting.assign(session, issue, actor, to=wanted, names=named)
            if not wanted:
                return "It is nobody's now."
            mailed = "" if wanted == actor.user_id else MAILED
            return f"Assigned to {people[wanted].label}.{mailed}"

        return self._do(act)

    def comment(self) -> ResponseReturnValue:
        """Keep what somebody writes about it."""
        words = request.form.get("words", "").strip()[:LONGEST]
        if not words:
            return self._back(NO_WORDS, "problem")

        def act(session: Session, issue: Issue, actor: Actor) -> str:
            acting.comment(session, issue, actor, words=words)
            return "Your comment stands below."

        return self._do(act)

    def _list(self, template: str, *, anew: bool, again: bool = False) -> str:
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            found = self._lines.found(session, account_id, anew=anew)
            view = read_attention(session, account_id, found, now=self._now())
        mine = request.args.get("assigned") == "me"
        return render_template(
            template, view=view.of(viewer_id()) if mine else view, mine=mine, again=again, link=link
        )

    def _details(self) -> dict[str, object]:
        issue, account_id = _issue(request.args), viewer_account()
        with self._tenants.open_reading() as session:
            found = self._lines.found(session, account_id, anew=True)
            details = read_details(session, account_id, issue, found, viewer_id(), now=self._now())
        if details is None:
            abort(404)
        return {
            "view": details,
            "links": links_of(issue),
            "acts": may(Need.OPERATOR),
            "trail_acts": ACTS,
            "spans": SPANS,
            "longest": LONGEST,
            "link": link,
            "me": viewer_id(),
        }

    def _do(self, act: Act) -> ResponseReturnValue:
        issue = _issue(request.form)
        actor = Actor(
            account_id=viewer_account(), user_id=viewer_id(), who=viewer_name(), now=self._now()
        )
        try:
            with self._tenants.open_session() as session:
                told = act(session, issue, actor)
                session.commit()
        except GoneError:
            return self._back(RESOLVED, "problem")
        return self._back(told, "done")

    def _back(self, told: str, kind: str) -> ResponseReturnValue:
        flash(told, kind)
        if request.form.get("back") == "list":
            return redirect(url_for("attention.show"))
        values: dict[str, Any] = links_of(_issue(request.form))
        return redirect(url_for("attention.show_issue", **values))


def attention_routes(pages: AttentionPages) -> Room:
    """Build the routes; everybody of the account sees what is broken, operators act on it."""
    routes = Room("attention", __name__, url_prefix="/attention")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/live", pages.refresh, Need.VIEWER)
    routes.page("/issue", pages.show_issue, Need.VIEWER)
    routes.page("/mute", pages.ask_to_mute, Need.OPERATOR)
    routes.page("/assign", pages.ask_to_assign, Need.OPERATOR)
    routes.act("/acknowledge", pages.acknowledge, Need.OPERATOR)
    routes.act("/mute", pages.mute, Need.OPERATOR)
    routes.act("/assign", pages.assign, Need.OPERATOR)
    routes.act("/comment", pages.comment, Need.OPERATOR)
    return routes


def _issue(given: Mapping[str, str]) -> Issue:
    """Read which line is meant; there is no such page for what is none."""
    texts = (given.get(name, "")[:LONGEST].replace("\0", "") for name in ("reason", "way", "key"))
    code, way, key = texts
    if way not in WAYS:
        abort(404)
    return Issue(code=code, way=way, key=key)
