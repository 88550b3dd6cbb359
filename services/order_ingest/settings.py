"""What order_ingest is told by its environment."""

from shared.process import ConsumerSettings
from shared.webhooks.edge import EdgeSettings


class OrderIngestWebSettings(EdgeSettings):
    """The webhook endpoint's settings."""


class OrderIngestSettings(ConsumerSettings):
    """The consumer's settings."""
