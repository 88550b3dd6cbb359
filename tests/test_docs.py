"""The docs' tables say what the code says, and the reverse."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer.main

from services.notifier.settings import ClockSettings
from services.order_ingest.settings import OrderIngestSettings
from services.portal.settings import PortalSettings
from services.shiphero_push.settings import ShipHeroPushSettings
from services.shipment_return.handler import NOTHING_SHIPPED
from services.shipment_return.settings import ShipmentReturnSettings
from shared import accounts, errors
from shared.cli.main import commands
from shared.cli.relay import RelayProcessSettings
from shared.events import ROUTES, Queue
from shared.notes.progress import DELETED_AFTER_SENDING, STAGES
from shared.process import ConsumerSettings
from shared.vendors.reasons import REASONS
from shared.webhooks.edge import EdgeSettings

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
SETTINGS = (
    EdgeSettings, ConsumerSettings, OrderIngestSettings, ShipHeroPushSettings,
    ShipmentReturnSettings, ClockSettings, RelayProcessSettings, PortalSettings,
)  # fmt: skip
# Codes are written as literals where they are raised; a hold's code is the first part of its cause.
CODE = re.compile(r'\bcode="([a-z_]+)"')


def test_every_event_and_its_queue_is_in_the_docs() -> None:
    told = {row[0]: row[1] for row in _table(ARCHITECTURE, "## Events")}

    assert told == {name: queue.value for name, queue in ROUTES.items()}


def test_every_queue_is_in_the_docs() -> None:
    told = {row[0] for row in _table(ARCHITECTURE, "## Queues")}

    assert told == {queue.value for queue in Queue}


def test_every_stage_is_in_the_docs() -> None:
    told = {row[0] for row in _table(ARCHITECTURE, "## Stages")}

    assert told == set(STAGES)


def test_every_setting_is_in_the_docs() -> None:
    told = {row[0] for row in _table(ARCHITECTURE, "## Settings")}

    assert told == {name.upper() for settings in SETTINGS for name in settings.model_fields}


def test_every_command_is_in_the_docs() -> None:
    told = {row[0].removeprefix("goodsout ") for row in _table(ARCHITECTURE, "## Commands")}

    assert told == set(_commands(typer.main.get_command(commands)))


def test_every_reason_code_is_in_the_docs() -> None:
    told = {row[0] for row in _table((ROOT / "docs" / "reasons.md").read_text(), "# Reasons")}

    assert told == _reason_codes()


def _table(text: str, heading: str) -> list[list[str]]:
    """Give the rows of the first table below a heading, without its head."""
    section = text.split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows[2:]]


def _commands(group: object, prefix: str = "") -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}"


def _reason_codes() -> set[str]:
    sources = [*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")]
    raised = {code for source in sources for code in CODE.findall(source.read_text())}
    defaults = {
        error.default_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.GoodsoutError)
    }
    holds = {
        accounts.ORDER_SYNC_OFF, accounts.SHIPMENT_SYNC_OFF, accounts.GO_LIVE_UNSET,
        accounts.EVENT_OWNER_UNSET, accounts.WAREHOUSE_UNDECIDED,
        accounts.SHIPPING_METHOD_UNMAPPED,
    }  # fmt: skip
    named = {"busy", DELETED_AFTER_SENDING, NOTHING_SHIPPED}
    return raised | defaults | holds | set(REASONS) | named
