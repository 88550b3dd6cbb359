"""A server that somebody else runs and named in TEST_DATABASE_URL or TEST_BROKER_URL."""


class GivenServer:
    """It is there already, and not ours to stop."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def url(self) -> str:
        """The URL as it was given."""
        return self._url

    @property
    def management(self) -> None:
        """Nothing is known of it but its URL."""

    def start(self) -> None:
        """Do nothing: it runs."""

    def stop(self) -> None:
        """Refuse: the tests that need this need a server of their own."""
        raise RuntimeError(
            "This test stops its server, and the one named by TEST_DATABASE_URL or "
            "TEST_BROKER_URL is not ours to stop: install PostgreSQL and RabbitMQ here."
        )

    def kill(self) -> None:
        """Refuse, as `stop` does."""
        self.stop()

    def remove(self) -> None:
        """Do nothing: it stays."""

    def freeze(self) -> None:
        """Refuse, as `stop` does."""
        self.stop()

    def thaw(self) -> None:
        """Refuse, as `stop` does."""
        self.stop()

    def control(self, *words: str) -> None:
        """Refuse, as `stop` does."""
        del words
        self.stop()
