"""What shipment_return is told by its environment."""

from shared.process import ConsumerSettings


class ShipmentReturnSettings(ConsumerSettings):
    """The consumer's settings."""
