"""A merchant with a note that failed because its sales order has no street."""

import re
from typing import Any

from sqlmodel import select

from shared.db.correction_tables import NoteCorrection
from shared.db.note_tables import SyncLogRow
from shared.secrets import SecretBox
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.merchants import FERNLEAF, KEY, NOON, Merchants
from tests.integration.portal.notes import press
from tests.integration.portal.rehearsing import a_note, choose, ready

GO_LIVE = NOON.replace(year=2025)


class Failed:
    """Fernleaf, connected to the sandbox and live, with that note and its dead letter."""

    def __init__(self, portal: Merchants, vendors: Vendors, **terms: Any) -> None:
        self.portal, self.vendors = portal, vendors
        self.client = ready(portal, vendors)
        choose(portal, order_sync_on=True, go_live_at=GO_LIVE)
        self.note_id = a_note(vendors, **{"line1": "", "line2": "", "city": "Bristol", **terms})
        self.path = f"/sync-log/{self.note_id}"
        self.form = f"{self.path}/acts/correct"
        portal.note(self.note_id, order_stage="failed", order_reason_code="address_missing")
        portal.event(subject=str(self.note_id), outcome="dead", settled_at=NOON)

    def fields(self) -> dict[str, str]:
        """Open the form, and give what it is filled with."""
        return fields_on(press(self.client, f"{self.form}/form").text)

    def review(self, **changed: str) -> Any:
        """Send the form with something changed."""
        return press(self.client, f"{self.form}/review", **{**self.fields(), **changed})

    def save(self, **changed: str) -> Any:
        """Change something, look at it once more, and save it."""
        carried = hidden_on(self.review(**changed).text)
        return press(self.client, self.form, **carried)

    @property
    def row(self) -> SyncLogRow:
        """The note's row of the sync log."""
        with self.portal.open_session() as session:
            return session.get_one(SyncLogRow, (FERNLEAF, self.note_id))

    @property
    def kept(self) -> NoteCorrection | None:
        """What was kept of the correction."""
        with self.portal.open_session() as session:
            return session.exec(select(NoteCorrection)).one_or_none()

    @property
    def values(self) -> dict[str, str]:
        """What was kept, opened."""
        assert self.kept is not None
        return SecretBox(KEY).open_mapping(self.kept.sealed)


def fields_on(page: str) -> dict[str, str]:
    """Read what the form is filled with."""
    inputs = re.findall(r'<input class="form-control" id="field-(\w+)".*?value="([^"]*)"', page)
    areas = re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', page)
    selects = re.findall(r'<select [^>]*name="(\w+)".*?</select>', page, re.DOTALL)
    chosen = {
        name: found[1]
        for name in selects
        if (found := re.search(rf'name="{name}".*?value="([^"]*)" selected', page, re.DOTALL))
    }
    return {**dict(inputs), **dict(areas), **chosen}


def hidden_on(page: str) -> dict[str, str]:
    """Read what the form that saves carries."""
    form = page.partition("Save and retry")[0].rpartition("<form")[2]
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in pairs if name != "csrf_token"}
