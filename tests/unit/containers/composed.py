"""Reads compose.yaml, the Dockerfile and .env.example for the tests that compare them."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from services.notifier.settings import ClockSettings, NotifierSettings
from services.order_ingest.settings import OrderIngestSettings
from services.portal.settings import PortalSettings
from services.shiphero_push.settings import ShipHeroPushSettings
from services.shipment_return.settings import ShipmentReturnSettings
from shared.cli.relay import RelayProcessSettings
from shared.settings import Settings
from shared.webhooks.edge import EdgeSettings

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()

# Each process that keeps running, with the settings that it reads.
PROCESSES: dict[str, type[Settings]] = {
    "order-ingest-web": EdgeSettings,
    "order-ingest-consumer": OrderIngestSettings,
    "shiphero-push-consumer": ShipHeroPushSettings,
    "shipment-return-web": EdgeSettings,
    "shipment-return-consumer": ShipmentReturnSettings,
    "notifier-consumer": NotifierSettings,
    "relay": RelayProcessSettings,
    "clock": ClockSettings,
    "portal": PortalSettings,
}
OURS = (*PROCESSES, "migrate", "sandbox", "demo")
SERVERS = ("postgresql", "rabbitmq", "prometheus", "grafana")


class Stage(NamedTuple):
    """One stage of the Dockerfile: what it begins with, and its instructions, one a line."""

    base: str
    instructions: list[str]


def stages() -> list[Stage]:
    """Read the Dockerfile's stages, comments left out and continued lines joined."""
    kept = [line for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
    lines = re.sub(r"\s*\\\n\s*", " ", "\n".join(kept)).splitlines()
    found: list[Stage] = []
    for line in lines:
        if line.startswith("FROM "):
            found.append(Stage(line.split()[1], []))
        elif found:
            found[-1].instructions.append(line)
    return found


def argument(name: str) -> str:
    """Give the default of one of the Dockerfile's arguments."""
    [value] = re.findall(rf"^ARG {name}=(\S+)$", DOCKERFILE, flags=re.MULTILINE)
    return str(value)


def default_of(text: str) -> str:
    """Give the default of a value that is one variable: `${NAME:-default}`, and what follows."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def published(service: str) -> list[str]:
    """Give a service's ports on the host, variables at their defaults."""
    return [default_of(port) for port in SERVICES[service].get("ports", [])]
