"""How a private staff app proves itself to Brightpearl (contract §2, §3a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class StaffApp:
    """A private app's token: it has no refresh, a refusal means reconnecting.

    `app_ref` is `{account}_{name}`.
    """

    app_ref: str
    staff_token: str = field(repr=False)
    base_url: str = ""
    version: int | None = None

    def headers(self) -> Mapping[str, str]:
        """Build the two headers of a private staff app."""
        return {
            "brightpearl-app-ref": self.app_ref,
            "brightpearl-staff-token": self.staff_token,
        }

    def refreshed(self) -> None:
        """Answer that there is nothing newer."""
