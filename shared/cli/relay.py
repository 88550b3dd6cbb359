"""`goodsout relay`: the process that publishes due events and re-sends unsettled ones."""

from pydantic import Field

from shared.accounts import cause_is_present
from shared.clock import utc_now
from shared.db.engine import open_engine, session_maker
from shared.health import serve_health
from shared.journal.hint import Waiter
from shared.messaging.open import open_broker
from shared.messaging.relay import Relay, RelaySettings
from shared.process import begin, database_check, stop_on_signals
from shared.settings import Settings


class RelayProcessSettings(Settings):
    """What the relay is told; durations in seconds."""

    relay_batch: int = Field(default=1000, gt=0, description="Events published at once")
    relay_window: int = Field(
        default=500, gt=0, description="Unsettled events of one account and queue at a time"
    )
    relay_poll: float = Field(default=0.05, gt=0, description="Seconds between looks for due rows")
    relay_gather: float = Field(
        default=5.0, ge=0, description="Seconds that a busy account's events wait for company"
    )
    publish_lease: float = Field(
        default=300.0, gt=0, description="A message nobody took is sent again after"
    )
    sweep_every: float = Field(default=5.0, gt=0, description="Seconds between sweeps")


def run_relay() -> None:
    """Publish until told to stop."""
    settings = begin("relay", RelayProcessSettings)
    stop = stop_on_signals()
    engine = open_engine(settings.database_url, pool_size=5)
    broker = open_broker(settings.broker_url)
    broker.declare()
    publisher = broker.publisher()
    relay = Relay(
        open_session=session_maker(engine),
        publisher=publisher,
        cause_is_present=cause_is_present,
        settings=RelaySettings(
            batch=settings.relay_batch,
            window=settings.relay_window,
            poll=settings.relay_poll,
            publish_lease=settings.publish_lease,
            sweep_every=settings.sweep_every,
            gather=settings.relay_gather,
        ),
        now=utc_now,
        pace=settings.pace,
    )
    if settings.health_port:
        checks = {"database": database_check(engine), "broker": broker.check}
        serve_health(settings.health_host, settings.health_port, checks)
    relay.run(stop, Waiter(engine).wait)
    publisher.close()
