"""What shipment_return is told by its environment."""

from pydantic import Field

from shared.process import ConsumerSettings


class ShipmentReturnSettings(ConsumerSettings):
    """The consumer's settings."""

    reconcile_overlap: float = Field(
        default=600.0,
        ge=60,
        description="Seconds a comparison with a vendor's list begins before the last one's end",
    )
