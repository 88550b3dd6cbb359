"""What the notifier is told by its environment."""

from pydantic import Field

from shared.connecting.settings import VendorSettings
from shared.process import ConsumerSettings


class NotifierSettings(ConsumerSettings):
    """The consumer's settings."""


class ClockSettings(VendorSettings):
    """The clock's settings."""

    reconcile_every: float = Field(
        default=300.0, gt=0, description="Seconds between two comparisons with a vendor's own list"
    )
    webhook_check_every: float = Field(
        default=86_400.0, gt=0, description="Seconds between two looks at a vendor's webhooks"
    )
    vendor_deadline: float = Field(default=25.0, gt=0, description="Longest vendor call, seconds")
