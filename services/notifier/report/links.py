"""Where the report's links lead: pages of the portal, as people reach it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Links:
    """Builds addresses below the portal's own."""

    portal: str

    def log(self, **wanted: str) -> str:
        """Lead to the sync log, narrowed as its address says."""
        return f"{self.portal}/sync-log?{urlencode(wanted)}"

    def log_of_day(self, day: date, zone: ZoneInfo) -> str:
        """Lead to the notes that came in on a day."""
        return self.log(**{"from": day.isoformat(), "to": day.isoformat(), "zone": zone.key})

    def note(self, note_id: int) -> str:
        """Lead to one note."""
        return f"{self.portal}/sync-log/{note_id}"

    def differences(self, kind: str = "") -> str:
        """Lead to the open differences, all or of one kind."""
        return f"{self.portal}/reconciliation{f'/{quote(kind)}' if kind else ''}"

    def page(self, path: str) -> str:
        """Lead to any page."""
        return f"{self.portal}/{path}"
