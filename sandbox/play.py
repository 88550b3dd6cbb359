"""The thread that lets the world go on by itself: the trickle of orders and the warehouse."""

import logging
import threading

from sandbox.person import Wish, make_sales_orders
from sandbox.shiphero.warehouse import ship_what_is_due
from sandbox.world import World

TICK = 0.05
log = logging.getLogger(__name__)


class Play:
    """Ticks until it is stopped; what it does is told by the switches."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="play", daemon=True)
        self._last_order = world.clock.now()

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(TICK):
            try:
                ship_what_is_due(self._world)
                self._trickle()
            except Exception:
                log.exception("the sandbox could not play on")

    def _trickle(self) -> None:
        every = self._world.switches.now.order_every
        now = self._world.clock.now()
        if every is None:
            self._last_order = now
            return
        if now - self._last_order < self._world.clock.scaled(every):
            return
        self._last_order = now
        notes = self._world.dice.choice((1, 1, 1, 2))
        lines = self._world.dice.choice((1, 2, 2, 3))
        make_sales_orders(self._world, Wish(notes=notes, lines=lines))
