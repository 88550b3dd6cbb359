"""The pages of the sync log: the list, and one note's story."""

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from services.portal.frame.access import Need, Room, viewer_account
from services.portal.log.advice import advice_for
from services.portal.log.cursor import GREATEST_ID
from services.portal.log.list_pages import ListPages
from services.portal.log.note_story import next_try, note_story, open_events
from services.portal.log.story_lines import lines_of
from shared.clock import Now
from shared.db.engine import OpenSession


class SyncLogPages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, open_session: OpenSession, now: Now) -> None:
        """`open_session` opens sessions that only read."""
        self._open = open_session
        self._now = now

    def show_note(self, note_id: int) -> ResponseReturnValue:
        """Show everything known about one note."""
        return render_template("log/note.html", **self._note(note_id))

    def refresh_note(self, note_id: int) -> ResponseReturnValue:
        """Show the same as it is now."""
        return render_template("log/note_live.html", **self._note(note_id), again=True)

    def _note(self, note_id: int) -> dict[str, Any]:
        if note_id > GREATEST_ID:
            abort(404)
        with self._open() as session:
            story = note_story(session, viewer_account(), note_id)
        if story is None:
            abort(404)
        return {
            "row": story.row,
            "links": story.links,
            "warehouse": story.warehouse,
            "advice": advice_for(story.row),
            "lines": lines_of(story),
            "waiting": open_events(story),
            "next_try": next_try(story, now=self._now()),
            "now": self._now(),
        }


def sync_log_routes(lists: ListPages, pages: SyncLogPages) -> Room:
    """Build the routes."""
    routes = Room("pages", __name__)
    routes.page("/sync-log", lists.show_sync_log, Need.VIEWER)
    routes.page("/sync-log/live", lists.refresh_sync_log, Need.VIEWER)
    routes.page("/sync-log/export.csv", lists.download, Need.VIEWER)
    routes.page("/sync-log/<int:note_id>", pages.show_note, Need.VIEWER)
    routes.page("/sync-log/<int:note_id>/live", pages.refresh_note, Need.VIEWER)
    return routes
