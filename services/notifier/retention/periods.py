"""How long each thing is kept, from the settings; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from services.notifier.settings import NotifierSettings


@dataclass(frozen=True, kw_only=True)
class Before:
    """What is older than these moments goes; `archive` and `reports` may be None: kept forever."""

    now: datetime
    personal: datetime
    journal: datetime
    archive: datetime | None
    reports: datetime | None
    logins: datetime
    comparisons: datetime

    @classmethod
    def of(cls, settings: NotifierSettings, now: datetime) -> Self:
        """Count back from now; days are days, whatever TIME_SCALE says."""

        def ago(days: int) -> datetime:
            return now - timedelta(days=days)

        archive, reports = settings.retention_archive_days, settings.retention_reports_days
        return cls(
            now=now,
            personal=ago(settings.retention_personal_days),
            journal=ago(settings.retention_journal_days),
            archive=ago(archive) if archive else None,
            reports=ago(reports) if reports else None,
            logins=ago(settings.retention_logins_days),
            comparisons=ago(settings.retention_comparisons_days),
        )
