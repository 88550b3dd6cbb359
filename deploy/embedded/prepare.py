"""Make everything ready before the first process starts: folder, keys, schema, queues."""

import os
import socket
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from deploy.embedded.keys import keys_in
from deploy.embedded.parts import Ports, own_environment
from shared.db.engine import open_engine
from shared.db.migrate import migrate
from shared.messaging.open import open_broker


class NotReadyError(Exception):
    """Something stands in the way of starting; the sentence says what to do."""


def prepare(folder: Path, ports: Ports, given: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of every process; safe to repeat.

    Raises NotReadyError when a port is taken or the folder cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        keys = keys_in(folder)
    except OSError as error:
        raise NotReadyError(f"{folder} cannot be used: {error.strerror}.") from error
    _refuse_taken(ports)
    environment = own_environment(folder, ports, {**keys, **given})
    engine = open_engine(environment["DATABASE_URL"])
    migrate(engine)
    engine.dispose()
    open_broker(environment["BROKER_URL"]).declare()
    return environment


def _refuse_taken(ports: Ports) -> None:
    for name, port in asdict(ports).items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise NotReadyError(
                    f"Port {port} is taken, which {name.replace('_', ' ')} wants. Stop what "
                    f"listens there, or choose another: {name.upper()}_PORT=… make run"
                ) from None


def given_by_person() -> dict[str, str]:
    """Read what the person who starts us chose: brokers, databases and times of their own."""
    return {name: value for name, value in os.environ.items() if value}
