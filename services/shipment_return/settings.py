"""What shipment_return is told by its environment."""

from shared.process import ConsumerSettings
from shared.webhooks.edge import EdgeSettings


class ShipmentReturnWebSettings(EdgeSettings):
    """The webhook endpoint's settings."""


class ShipmentReturnSettings(ConsumerSettings):
    """The consumer's settings."""
