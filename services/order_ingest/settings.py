"""What order_ingest is told by its environment."""

from shared.process import ConsumerSettings


class OrderIngestSettings(ConsumerSettings):
    """The consumer's settings."""
