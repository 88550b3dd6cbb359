"""What every way of having a server offers."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tests.servers.rabbitmq import Management


class Server(Protocol):
    """A private server; `url` stays the same over stop, kill and start, and so do its data."""

    @property
    def url(self) -> str:
        """The SQLAlchemy or AMQP URL of it."""
        ...

    def start(self) -> None:
        """Start it and wait until it serves."""
        ...

    def stop(self) -> None:
        """End it in good order."""
        ...

    def kill(self) -> None:
        """End it as a power cut would."""
        ...

    def remove(self) -> None:
        """End it and remove its data."""
        ...


class BrokerServer(Server, Protocol):
    """A RabbitMQ; without `management` it has one virtual host only."""

    @property
    def management(self) -> "Management | None":
        """Its HTTP interface, by which tests make virtual hosts."""
        ...

    def freeze(self) -> None:
        """Make it hang: connections stay open, nothing is answered."""
        ...

    def thaw(self) -> None:
        """Let it go on."""
        ...

    def control(self, *words: str) -> None:
        """Run `rabbitmqctl`, which takes about two seconds."""
        ...
