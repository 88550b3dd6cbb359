"""One note's pages: its head with what can be done, and its tabs, each at its own address."""

from typing import Any
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.log import tabs
from services.portal.log.acts import acts_on
from services.portal.log.advice import advice_for
from services.portal.log.cursor import GREATEST_ID
from services.portal.log.deep_links import field_of, vendor_pages
from services.portal.log.note_panels import NotePanels, Panel
from services.portal.log.note_story import NoteStory, next_try, note_story, open_events
from services.portal.log.story_lines import lines_of
from services.portal.log.vendor_words import VendorWords, failing_attempt, vendor_words
from shared.audit import record_act
from shared.clock import Now
from shared.connections import Connections
from shared.db.correction_tables import NoteCorrection
from shared.journal.exchanges import exchanges_of
from shared.notes.asking import audit_subject
from shared.notes.retrying import foresee_retry
from shared.pushing.corrections import named


class NotePages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, tenants: Tenants, connections: Connections, now: Now) -> None:
        self._tenants = tenants
        self._panels = NotePanels(tenants, connections, now)
        self._now = now

    def show_note(self, note_id: int) -> ResponseReturnValue:
        """Show a note with its timeline."""
        return self._page(self._story(note_id), tabs.TIMELINE, {})

    def show_tab(self, note_id: int, tab: str) -> ResponseReturnValue:
        """Show a note with another of its tabs."""
        story = self._story(note_id)
        return self._page(story, tab, self._panels.read(tab, story))

    def show_sides_openly(self, note_id: int) -> ResponseReturnValue:
        """Show both sides with personal data, and keep who looked."""
        return self._openly(note_id, tabs.SIDES, "both sides")

    def show_rules_openly(self, note_id: int) -> ResponseReturnValue:
        """Show the rules used and what was corrected with personal data, and keep who looked."""
        return self._openly(note_id, tabs.RULES, "what was corrected")

    def show_attempt(self, note_id: int, event_id: UUID, number: int) -> ResponseReturnValue:
        """Show what an attempt asked of the vendors and was answered, personal data as initials."""
        story = self._story(note_id)
        return self._page(story, tabs.SENT, self._panels.attempt(story, event_id, number))

    def show_attempt_openly(self, note_id: int, event_id: UUID, number: int) -> ResponseReturnValue:
        """Show the same with personal data, and keep who looked."""
        story = self._story(note_id)
        panel = self._panels.attempt(story, event_id, number, personal=True)
        self._keep_looked(note_id, f"requests and answers of attempt {number}")
        return self._page(story, tabs.SENT, panel)

    def refresh_note(self, note_id: int) -> ResponseReturnValue:
        """Show the head as it is now, and the timeline where that is the open tab.

        What another tab shows is left as it was read: its page leaves it out, and htmx keeps it.
        """
        tab = request.args.get("tab", tabs.TIMELINE)
        if tab not in tabs.TABS:
            abort(404)
        story = self._story(note_id)
        return render_template("log/note_live.html", **self._whole(story, tab), again=True)

    def show_drawer(self, note_id: int) -> ResponseReturnValue:
        """Show a note without a page around it, to be laid over the sync log."""
        story = self._story(note_id)
        return render_template("log/note_drawer.html", **self._whole(story, tabs.TIMELINE))

    def show_menu(self, note_id: int) -> ResponseReturnValue:
        """Show what can be done about a note, and nothing that does not apply to it now."""
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            retry = foresee_retry(session, viewer_account(), note_id, now=self._now())
            pages = vendor_pages(session, viewer_account())
        acts = acts_on(story, retry) if may(Need.OPERATOR) else []
        return render_template(
            "log/row_menu.html",
            row=story.row,
            acts=[act for act in acts if not act.why_not],
            address=address_of(note_id),
            in_brightpearl=pages.sales_order(story.row.order_id),
            in_shiphero=pages.order_with_id(story.row.shiphero_order_id),
        )

    def _story(self, note_id: int) -> NoteStory:
        with self._tenants.open_reading() as session:
            return story_of(session, note_id)

    def _openly(self, note_id: int, tab: str, what: str) -> ResponseReturnValue:
        story = self._story(note_id)
        self._keep_looked(note_id, what)
        return self._page(story, tab, self._panels.read(tab, story, personal=True))

    def _page(self, story: NoteStory, tab: str, panel: Panel) -> ResponseReturnValue:
        shown = self._whole(story, tab)
        return render_template("log/note.html", **shown, panel=panel, tab_name=tabs.TABS[tab])

    def _whole(self, story: NoteStory, tab: str) -> dict[str, Any]:
        row, now = story.row, self._now()
        advice, waiting = advice_for(row), open_events(story)
        with self._tenants.open_reading() as session:
            retry = foresee_retry(session, viewer_account(), row.note_id, now=now)
            pages = vendor_pages(session, viewer_account())
            said = _said(session, story) if advice and advice.urgent else None
        causes = [event.hold_cause for event in waiting if event.hold_cause]
        return {
            "row": row,
            "links": story.links,
            "warehouse": story.warehouse,
            "advice": advice,
            "said": said,
            "field": field_of(advice.code, causes) if advice else None,
            "in_brightpearl": pages.sales_order(row.order_id),
            "in_shiphero": pages.order_with_id(row.shiphero_order_id),
            "acts": acts_on(story, retry) if may(Need.OPERATOR) else [],
            "request_of": story.request,
            "correction": story.correction,
            "corrected": _corrected(story.correction),
            "tab": tab,
            "tabs": tabs.tabs_of(row.note_id, tab),
            "lines": lines_of(story) if tab == tabs.TIMELINE else (),
            "waiting": waiting,
            "next_try": next_try(story, now=now),
            "now": now,
        }

    def _keep_looked(self, note_id: int, what: str) -> None:
        with self._tenants.open_session() as session:
            record_act(
                session,
                viewer_account(),
                who=viewer_name(),
                act="personal_data_shown",
                subject=audit_subject(note_id),
                after=what,
                now=self._now(),
            )
            session.commit()


def add_note_pages(routes: Room, pages: NotePages) -> None:
    """Add them to the sync log's routes."""
    note = "/sync-log/<int:note_id>"
    attempt = f"{note}/attempts/<uuid:event_id>/<int:number>"
    routes.page(note, pages.show_note, Need.VIEWER)
    routes.page(f"{note}/live", pages.refresh_note, Need.VIEWER)
    routes.page(f"{note}/drawer", pages.show_drawer, Need.VIEWER)
    routes.page(f"{note}/menu", pages.show_menu, Need.VIEWER)
    routes.page(f"{note}/<any({', '.join(tabs.OTHERS)}):tab>", pages.show_tab, Need.VIEWER)
    routes.act(f"{note}/{tabs.SIDES}", pages.show_sides_openly, Need.OPERATOR)
    routes.act(f"{note}/{tabs.RULES}", pages.show_rules_openly, Need.OPERATOR)
    routes.page(attempt, pages.show_attempt, Need.VIEWER)
    routes.act(attempt, pages.show_attempt_openly, Need.OPERATOR)


def story_of(session: Session, note_id: int) -> NoteStory:
    """Read a note's story; there is no such page for a note that this account does not have."""
    story = note_story(session, viewer_account(), note_id) if note_id <= GREATEST_ID else None
    if story is None:
        abort(404)
    return story


def address_of(note_id: int) -> str:
    """Give the address of a note's page."""
    return url_for("pages.show_note", note_id=note_id)


def _corrected(correction: NoteCorrection | None) -> tuple[str, str]:
    """Name the fields whose corrections count, and those that have given way to Brightpearl."""
    if correction is None:
        return "", ""
    return named(set(correction.fields) - set(correction.given_way)), named(correction.given_way)


def _said(session: Session, story: NoteStory) -> VendorWords | None:
    attempt = failing_attempt(story)
    if attempt is None:
        return None
    return vendor_words(attempt, exchanges_of(session, viewer_account(), [attempt.event_id]))
