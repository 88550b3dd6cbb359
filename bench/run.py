"""`make bench`: every measurement after the other; or name some: `python -m bench.run relay`."""

import sys
from collections.abc import Callable

from bench import latency, relay, webhook

MEASUREMENTS: dict[str, Callable[[], None]] = {
    "relay": relay.main,
    "webhook": webhook.main,
    "latency": latency.main,
}


def main() -> int:
    """Run the named measurements, or all."""
    wanted = sys.argv[1:] or list(MEASUREMENTS)
    unknown = sorted(set(wanted) - set(MEASUREMENTS))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
        return 2
    for name in wanted:
        print(f"\n== {name}")
        MEASUREMENTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
