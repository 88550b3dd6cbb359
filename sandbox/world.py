"""Everything the two vendors share: state, time, dice, switches, faults, counts, webhooks."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.calls import CallBook
from sandbox.clock import Clock
from sandbox.deliveries import Deliveries
from sandbox.faults import FaultBoard
from sandbox.settings import Settings
from sandbox.store import Change, Store
from sandbox.switches import SwitchBoard, Switches


@dataclass(frozen=True)
class World:
    """Handed to every route and thread instead of globals."""

    settings: Settings
    store: Store
    clock: Clock
    dice: random.Random
    switches: SwitchBoard
    faults: FaultBoard
    calls: CallBook
    deliveries: Deliveries

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Open a transaction; when it is kept, the webhooks it caused are sent."""
        with self.store.change() as change:
            yield change
        self.deliveries.nudge()


def build_world(settings: Settings, clock: Clock | None = None) -> World:
    """Open the state and wire what stands on it; no thread is started."""
    store = Store(settings.state)
    clock = clock or Clock(scale=settings.time_scale)
    dice = random.Random(settings.seed)
    defaults = Switches(ship_after=settings.ship_after, order_every=settings.order_every)
    switches = SwitchBoard(store, defaults)
    return World(
        settings=settings,
        store=store,
        clock=clock,
        dice=dice,
        switches=switches,
        faults=FaultBoard(dice),
        calls=CallBook(),
        deliveries=Deliveries(store, clock, switches),
    )
