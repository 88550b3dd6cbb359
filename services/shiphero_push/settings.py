"""What shiphero_push is told by its environment."""

from pydantic import Field

from shared.process import ConsumerSettings


class ShipHeroPushSettings(ConsumerSettings):
    """The consumer's settings."""

    checking_for: float = Field(
        default=900.0, ge=0, description="Seconds a lost order is looked for before a repeat"
    )
