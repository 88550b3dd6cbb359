"""One note's pages: its story, what was asked of the vendors, and both sides as they are now."""

from typing import Any
from uuid import UUID

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.log.acts import acts_on
from services.portal.log.advice import advice_for
from services.portal.log.cursor import GREATEST_ID
from services.portal.log.deep_links import field_of, vendor_pages
from services.portal.log.differences import compare
from services.portal.log.exchange_view import exchanges_in
from services.portal.log.note_story import NoteStory, next_try, note_story, open_events
from services.portal.log.sent import Sent, sent_of
from services.portal.log.sides import Sides, read_sides
from services.portal.log.story_lines import lines_of
from services.portal.log.travelled import lines_of_note, parcels_of, rows_left
from services.portal.log.way_back import compare_back
from shared.accounts import AccountSettings, account_settings
from shared.audit import record_act
from shared.clock import Now
from shared.connections import Connections
from shared.db.journal_tables import AttemptRow, EventRow
from shared.journal.exchanges import exchanges_of
from shared.notes.asking import audit_subject
from shared.notes.retrying import foresee_retry
from shared.vendors.personal import initials


class NotePages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, tenants: Tenants, connections: Connections, now: Now) -> None:
        self._tenants = tenants
        self._connections = connections
        self._now = now

    def show_note(self, note_id: int) -> ResponseReturnValue:
        """Show everything known about one note."""
        return render_template("log/note.html", **self._note(note_id))

    def refresh_note(self, note_id: int) -> ResponseReturnValue:
        """Show the same as it is now."""
        return render_template("log/note_live.html", **self._note(note_id), again=True)

    def show_drawer(self, note_id: int) -> ResponseReturnValue:
        """Show the same without a page around it, to be laid over the sync log."""
        return render_template("log/note_drawer.html", **self._note(note_id))

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

    def show_attempt(self, note_id: int, event_id: UUID, number: int) -> ResponseReturnValue:
        """Show what an attempt asked of the vendors and was answered, personal data as initials."""
        return self._attempt(note_id, event_id, number, personal=False)

    def show_attempt_openly(self, note_id: int, event_id: UUID, number: int) -> ResponseReturnValue:
        """Show the same with personal data, and keep who looked."""
        self._keep_looked(note_id, f"requests and answers of attempt {number}")
        return self._attempt(note_id, event_id, number, personal=True)

    def show_sides(self, note_id: int) -> ResponseReturnValue:
        """Read the note and its order at the vendors, and show them side by side."""
        return self._sides(note_id, personal=False)

    def show_sides_openly(self, note_id: int) -> ResponseReturnValue:
        """Show the same with personal data, and keep who looked."""
        self._keep_looked(note_id, "both sides")
        return self._sides(note_id, personal=True)

    def _note(self, note_id: int) -> dict[str, Any]:
        now = self._now()
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            retry = foresee_retry(session, viewer_account(), note_id, now=now)
            pages = vendor_pages(session, viewer_account())
        advice, waiting = advice_for(story.row), open_events(story)
        causes = [event.hold_cause for event in waiting if event.hold_cause]
        return {
            "row": story.row,
            "links": story.links,
            "warehouse": story.warehouse,
            "advice": advice,
            "field": field_of(advice.code, causes) if advice else None,
            "in_brightpearl": pages.sales_order(story.row.order_id),
            "in_shiphero": pages.order_with_id(story.row.shiphero_order_id),
            "acts": acts_on(story, retry) if may(Need.OPERATOR) else [],
            "request_of": story.request,
            "lines": lines_of(story),
            "waiting": waiting,
            "next_try": next_try(story, now=now),
            "now": now,
        }

    def _attempt(
        self, note_id: int, event_id: UUID, number: int, *, personal: bool
    ) -> ResponseReturnValue:
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            event = session.get(EventRow, event_id)
            attempt = session.get(AttemptRow, (event_id, number)) if event else None
            # Of an event about several notes, or another one, there is nothing of this note's.
            if event is None or attempt is None or event.subject != str(note_id):
                abort(404)
            kept = exchanges_of(session, account_id, [event_id])
            earlier = session.get(AttemptRow, (event_id, number - 1))
        tried = sorted(one for event, one in kept if event == event_id)
        before = (
            exchanges_in(earlier, kept.get((event_id, number - 1), ()), personal=personal)
            if earlier
            else ()
        )
        told = exchanges_in(
            attempt, kept.get((event_id, number), ()), before=before, personal=personal
        )
        return render_template(
            "log/note_attempt.html",
            row=story.row,
            attempt=attempt,
            tried=tried,
            exchanges=told,
            personal=personal,
            may_see=may(Need.OPERATOR),
        )

    def _sides(self, note_id: int, *, personal: bool) -> ResponseReturnValue:
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            settings = account_settings(session, account_id)
            pages = vendor_pages(session, account_id)
            kept = exchanges_of(session, account_id, [event.id for event in story.events])
        # No transaction is open while a vendor is asked.
        sides = read_sides(self._connections, account_id, story.row, story.link)
        order = sides.shiphero.order
        return render_template(
            "log/note_sides.html",
            row=story.row,
            sides=sides,
            read_at=self._now(),
            **_compared(sides, story, settings, sent_of(story.attempts, kept)),
            in_brightpearl=pages.sales_order(story.row.order_id),
            in_shiphero=pages.order(order.legacy_id if order else None),
            personal=personal,
            may_see=may(Need.OPERATOR),
            initials=initials,
        )

    def _keep_looked(self, note_id: int, what: str) -> None:
        with self._tenants.open_session() as session:
            story_of(session, note_id)
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
    routes.page(attempt, pages.show_attempt, Need.VIEWER)
    routes.act(attempt, pages.show_attempt_openly, Need.OPERATOR)
    routes.page(f"{note}/sides", pages.show_sides, Need.VIEWER)
    routes.act(f"{note}/sides", pages.show_sides_openly, Need.OPERATOR)


def story_of(session: Session, note_id: int) -> NoteStory:
    """Read a note's story; there is no such page for a note that this account does not have."""
    story = note_story(session, viewer_account(), note_id) if note_id <= GREATEST_ID else None
    if story is None:
        abort(404)
    return story


def address_of(note_id: int) -> str:
    """Give the address of a note's page."""
    return url_for("pages.show_note", note_id=note_id)


def _compared(
    sides: Sides, story: NoteStory, settings: AccountSettings, sent: Sent
) -> dict[str, Any]:
    """Set both sides and what was sent beside each other as far as they are known."""
    note, order = sides.brightpearl.note, sides.brightpearl.order
    there, link = sides.shiphero.order, story.link
    if note is None:
        return {"fields": (), "back": (), "note_lines": (), "left": (), "sent": sent,
                "parcels": parcels_of(there) if there else ()}  # fmt: skip
    return {
        "fields": compare(note, order, there, link=link, settings=settings, sent=sent),
        "back": compare_back(note, there, settings=settings, sent=sent) if there else (),
        "note_lines": lines_of_note(
            note, order, there, key=link.key if link else "", sent=sent.lines
        ),
        "left": rows_left(note, order, sides.brightpearl.others, sides.brightpearl.products)
        if order
        else (),
        "parcels": parcels_of(there) if there else (),
        "sent": sent,
    }
