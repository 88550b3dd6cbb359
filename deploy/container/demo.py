"""`--profile sandbox`: connect the demo account to the sandbox's container, say where to look."""

import os
import sys
from collections.abc import Mapping

import requests

from deploy.embedded.demo import connect_demo
from deploy.embedded.greeting import greeting
from deploy.embedded.waiting import NotReadyInTimeError
from deploy.embedded.walked import control
from shared.connecting.settings import VendorSettings
from shared.errors import GoodsoutError
from shared.logs import configure_logs
from shared.settings import settings_from_environment

ENDING = "Everything is kept in volumes; `docker compose --profile sandbox down` stops it."
REAL_VENDORS = (
    "SHIPHERO_URL is {url}, where no sandbox answers, so no demo account was made. For the demo, "
    "take the vendors' addresses from .env.example; for real vendors leave out --profile sandbox."
)


def main(environment: Mapping[str, str] = os.environ, *, ending: str = ENDING) -> int:
    """Do it once every process is ready; safe to repeat. `ending` says how all of it is ended."""
    configure_logs("demo", environment.get("LOG_FORMAT", "auto"))
    settings = settings_from_environment(VendorSettings)
    sandbox = settings.shiphero_url
    if not is_sandbox(sandbox):
        print(REAL_VENDORS.format(url=sandbox), file=sys.stderr)
        return 1
    try:
        connect_demo(environment)
    except (NotReadyInTimeError, GoodsoutError) as trouble:
        print(f"The demo account could not be made: {trouble}", file=sys.stderr)
        return 1
    print(greeting(portal=settings.portal_url, sandbox=sandbox, ending=ending), flush=True)
    return 0


def is_sandbox(address: str) -> bool:
    """Say whether our sandbox answers there: the demo's passwords go nowhere else."""
    try:
        control(address, "health")
    except (requests.RequestException, ValueError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(ending=" ".join(sys.argv[1:]) or ENDING))
