"""What the notifier is told by its environment."""

from shared.process import ConsumerSettings


class NotifierSettings(ConsumerSettings):
    """The consumer's settings."""
