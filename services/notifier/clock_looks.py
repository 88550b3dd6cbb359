"""One look of the clock: what our database does not take is there at the next look."""

from collections.abc import Callable

import structlog
from prometheus_client import Gauge

from shared.errors import OurTrouble

LAST_LOOK = Gauge(
    "goodsout_clock_last_look_timestamp_seconds",
    "When the clock last looked for what is due, by look; a look that failed does not count.",
    ["look"],
)
BEAT = Gauge("goodsout_clock_beat_seconds", "How often the clock looks, by look.", ["look"])

log = structlog.get_logger()


def looking(name: str, look: Callable[[], object], *, beat: float) -> Callable[[], None]:
    """Make a look that goes on after trouble of our own; `beat` is in seconds.

    It counts as looked until the first one is over, so that one that hangs is noticed too.
    """
    BEAT.labels(name).set(beat)
    LAST_LOOK.labels(name).set_to_current_time()

    def look_once() -> None:
        try:
            look()
        except OurTrouble as trouble:
            log.warning("clock.our_trouble", kind=name, reason=str(trouble))
        else:
            LAST_LOOK.labels(name).set_to_current_time()

    return look_once
