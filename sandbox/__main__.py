"""`python -m sandbox`: both vendors, the mailbox and the control room in one process."""

import logging
import os
import signal
import sys
import threading
from contextlib import suppress

from aiosmtpd.controller import Controller

from sandbox.app import create_app
from sandbox.mailbox import open_mailbox
from sandbox.play import Play
from sandbox.server import PortTaken, Server, open_server
from sandbox.settings import Settings, UnusableSetting, read_settings
from sandbox.world import World, build_world

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - named, not bound
log = logging.getLogger("sandbox")


def main() -> int:
    """Start, wait for a signal, stop; give the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    try:
        settings = read_settings(os.environ)
        run(settings)
    except (UnusableSetting, PortTaken) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    world = build_world(settings)
    servers = _servers(world, settings)
    try:
        mailbox = _mailbox(world, settings)
    except PortTaken:
        for server in servers:
            server.server_close()
        raise
    play = Play(world)
    world.deliveries.start()
    play.start()
    _serve(servers)
    stop.wait()
    play.stop()
    for server in servers:
        server.shutdown()
    if mailbox is not None:
        with suppress(RuntimeError):
            mailbox.stop()
    world.deliveries.stop()
    world.store.close()
    # Sender threads may still wait up to 10 s for an answer; what they send is kept.
    logging.shutdown()
    os._exit(0)


def _serve(servers: list[Server]) -> None:
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        log.info("sandbox at http://%s:%d", server.server_name, server.port)


def _servers(world: World, settings: Settings) -> list[Server]:
    """Listen as both data centres of Brightpearl; where the second cannot, go on with one."""
    app = create_app(world)
    first = open_server(app, settings.host, settings.port)
    # Who listens at every address hears the second one too.
    if not settings.second_host or settings.host in _EVERYWHERE:
        return [first]
    try:
        return [first, open_server(app, settings.second_host, first.port)]
    except PortTaken as error:
        log.warning("There is one data centre only, accounts cannot move: %s", error)
        return [first]


def _mailbox(world: World, settings: Settings) -> Controller | None:
    if not settings.smtp_port:
        return None
    try:
        return open_mailbox(world, settings.host, settings.smtp_port)
    except OSError as error:
        raise PortTaken(
            f"The sandbox's mailbox cannot listen at {settings.host}:{settings.smtp_port} "
            f"({error.strerror}); choose another port with SANDBOX_SMTP_PORT, or 0 for none."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
