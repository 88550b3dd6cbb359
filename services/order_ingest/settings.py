"""What order_ingest is told by its environment."""

from pydantic import Field

from shared.process import ConsumerSettings


class OrderIngestSettings(ConsumerSettings):
    """The consumer's settings."""

    reconcile_overlap: float = Field(
        default=600.0,
        ge=60,
        description="Seconds a comparison with a vendor's list begins before the last one's end",
    )
    open_notes_every: float = Field(
        default=3600.0,
        ge=1,
        description="Seconds between two looks through all open notes for those that are gone",
    )
