"""Write credentials under a new version, in one transaction with what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.db.account_tables import VendorConnection
from shared.secrets import SecretBox


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """Credentials that a vendor has just given; `expires_at` is None where they do not end."""

    secrets: Mapping[str, str] = field(repr=False)
    base_url: str
    expires_at: datetime | None
    warnings: tuple[str, ...] = ()


def write(row: VendorConnection, fresh: Fresh, box: SecretBox, *, now: datetime) -> None:
    """Replace a locked row's credentials, all of them at once; the lease of a refresh ends."""
    row.credentials = box.seal_mapping(fresh.secrets)
    row.credentials_version += 1
    row.base_url = fresh.base_url
    row.expires_at = fresh.expires_at
    row.refreshed_at = now
    row.refreshing_by, row.refreshing_until = None, None
    row.warnings = list(fresh.warnings)
    row.updated_at = now
