"""What each of a note's tabs shows beside the timeline; a vendor is asked only for the open one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import abort, url_for

from services.portal.corrections.showing import corrections_of, shown_corrections
from services.portal.frame.access import Need, may, viewer_account
from services.portal.frame.tenants import Tenants
from services.portal.log import tabs
from services.portal.log.attempts import SHOWN_AT_MOST, Tried, tried_of
from services.portal.log.corrected_sides import compare_as_corrected
from services.portal.log.deep_links import vendor_pages
from services.portal.log.exchange_view import ExchangeView, exchanges_in
from services.portal.log.note_story import NoteStory
from services.portal.log.rules_used import rules_used
from services.portal.log.sent import Sent, sent_of
from services.portal.log.sides import Sides, read_shiphero, read_sides
from services.portal.log.travelled import lines_of_note, parcels_of, rows_left
from services.portal.log.way_back import compare_back
from shared.accounts import AccountSettings, account_settings
from shared.audit import ACTS
from shared.clock import Now
from shared.connections import Connections
from shared.journal.exchanges import exchanges_of
from shared.vendors.personal import initials

Panel = Mapping[str, Any]


class NotePanels:
    """Reads for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, connections: Connections, now: Now) -> None:
        self._tenants = tenants
        self._connections = connections
        self._now = now
        self._readers: Mapping[str, Callable[[NoteStory], Panel]] = {
            tabs.LINES: self._lines,
            tabs.SENT: self._last_sent,
            tabs.SIDES: self._sides,
            tabs.PARCELS: self._parcels,
            tabs.RULES: self._rules,
            tabs.PEOPLE: self._people,
        }

    def read(self, tab: str, story: NoteStory, *, personal: bool = False) -> Panel:
        """Give what a tab's template is filled with; personal data in the clear or as initials."""
        shown = {"personal": personal, "may_see": may(Need.OPERATOR), "initials": initials}
        return {**shown, **self._readers[tab](story)}

    def attempt(
        self, story: NoteStory, event_id: UUID, number: int, *, personal: bool = False
    ) -> Panel:
        """Give the tab Sent vs answer of one attempt; there is no page of an attempt at others."""
        tried = tried_of(story, also=(event_id, number))
        chosen = next((one for one in tried if one.key == (event_id, number)), None)
        if chosen is None:
            abort(404)
        shown = {"personal": personal, "may_see": may(Need.OPERATOR)}
        return {**shown, **self._sent(story, tried, chosen, personal=personal)}

    def _last_sent(self, story: NoteStory) -> Panel:
        tried = tried_of(story)
        if not tried:
            return {"tried": (), "chosen": None}
        return self._sent(story, tried, tried[-1], personal=False)

    def _sent(
        self, story: NoteStory, tried: Sequence[Tried], chosen: Tried, *, personal: bool
    ) -> Panel:
        rows = [chosen.row, *((chosen.before,) if chosen.before else ())]
        with self._tenants.open_reading() as session:
            kept = exchanges_of(session, viewer_account(), [row.event_id for row in rows])
        before: list[ExchangeView] = []
        if chosen.before:
            key = (chosen.before.event_id, chosen.before.number)
            before = exchanges_in(chosen.before, kept.get(key, ()), personal=personal)
        return {
            "tried": tried,
            "shown_at_most": SHOWN_AT_MOST,
            "chosen": chosen,
            "compared_with": next((one for one in tried if one.row is chosen.before), None),
            "exchanges": exchanges_in(
                chosen.row, kept.get(chosen.key, ()), before=before, personal=personal
            ),
            "hidden_at": url_for(
                "pages.show_attempt",
                note_id=story.row.note_id,
                event_id=chosen.row.event_id,
                number=chosen.row.number,
            ),
        }

    def _lines(self, story: NoteStory) -> Panel:
        sides, _, sent = self._read_both(story, with_left=True)
        note, order = sides.brightpearl.note, sides.brightpearl.order
        there, link = sides.shiphero.order, story.link
        panel: dict[str, Any] = {"sides": sides, "read_at": self._now(), "lines": (), "left": ()}
        if note is not None:
            key = link.key if link else ""
            panel["lines"] = lines_of_note(note, order, there, key=key, sent=sent.lines)
        if note is not None and order is not None:
            brightpearl = sides.brightpearl
            panel["left"] = rows_left(note, order, brightpearl.others, brightpearl.products)
        return panel

    def _sides(self, story: NoteStory) -> Panel:
        sides, settings, sent = self._read_both(story, with_left=False)
        note, there = sides.brightpearl.note, sides.shiphero.order
        panel: dict[str, Any] = {
            "sides": sides, "read_at": self._now(), "sent": sent, "fields": (), "back": (),
            "there_page": self._page_of(there.legacy_id if there else None),
            "hidden_at": tabs.tab_address(story.row.note_id, tabs.SIDES),
        }  # fmt: skip
        if note is not None:
            corrections = corrections_of(story, self._connections)
            panel["fields"] = compare_as_corrected(
                sides, corrections, link=story.link, settings=settings, sent=sent
            )
        if note is not None and there is not None:
            panel["back"] = compare_back(note, there, settings=settings, sent=sent)
        return panel

    def _parcels(self, story: NoteStory) -> Panel:
        side = read_shiphero(self._connections, viewer_account(), story.link)
        parcels = parcels_of(side.order) if side.order else ()
        return {"shiphero": side, "parcels": parcels, "read_at": self._now()}

    def _rules(self, story: NoteStory) -> Panel:
        with self._tenants.open_reading() as session:
            settings = account_settings(session, viewer_account())
            used = rules_used(session, viewer_account(), story)
        return {
            "used": used,
            "corrected": shown_corrections(story, self._connections, settings),
            "hidden_at": tabs.tab_address(story.row.note_id, tabs.RULES),
        }

    def _people(self, story: NoteStory) -> Panel:
        return {"entries": story.entries, "act_words": ACTS}

    def _read_both(
        self, story: NoteStory, *, with_left: bool
    ) -> tuple[Sides, AccountSettings, Sent]:
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            settings = account_settings(session, account_id)
            kept = exchanges_of(session, account_id, [event.id for event in story.events])
        # No transaction is open while a vendor is asked.
        sides = read_sides(
            self._connections, account_id, story.row, story.link, with_left=with_left
        )
        return sides, settings, sent_of(story.attempts, kept)

    def _page_of(self, legacy_id: int | None) -> Any:
        with self._tenants.open_reading() as session:
            return vendor_pages(session, viewer_account()).order(legacy_id)
