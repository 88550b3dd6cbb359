"""The docs' tables say what the code says, and the reverse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from pydantic import SecretStr

from services.notifier.settings import ClockSettings, NotifierSettings
from services.order_ingest.settings import OrderIngestSettings
from services.portal.settings import PortalSettings
from services.shiphero_push.settings import ShipHeroPushSettings
from services.shipment_return.settings import ShipmentReturnSettings
from shared.cli.main import commands
from shared.cli.relay import RelayProcessSettings
from shared.events import ROUTES, Queue
from shared.notes.progress import DELIVERED_STAGES
from shared.notes.state import ORDER_WORDS, STAGES
from shared.process import ConsumerSettings
from shared.reasons.listed import REASONS
from shared.vendors import reasons as vendor_reasons
from shared.webhooks.edge import EdgeSettings
from tests.reason_codes import given_codes, sources, texts
from tests.written_docs import pages

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
SETTINGS = (
    EdgeSettings, ConsumerSettings, OrderIngestSettings, ShipHeroPushSettings,
    ShipmentReturnSettings, NotifierSettings, ClockSettings, RelayProcessSettings,
    PortalSettings,
)  # fmt: skip

# Each variable of the example: whether it is commented out, and its value.
EXAMPLE = {
    name: (mark, value)
    for mark, name, value in re.findall(
        r"^(#?)([A-Z_0-9]+)=(.*)$",
        (ROOT / "deploy" / ".env.example").read_text(),
        flags=re.MULTILINE,
    )
}
# What containers are told otherwise than a process started by hand.
SET_BY_IMAGE = {"HEALTH_HOST", "HEALTH_PORT", "RABBITMQ_MANAGEMENT_URL"}


def test_every_event_and_its_queue_is_in_the_docs() -> None:
    told = {row[0]: row[1] for row in _table(ARCHITECTURE, "## Events")}

    assert told == {name: queue.value for name, queue in ROUTES.items()}


def test_every_queue_is_in_the_docs() -> None:
    told = {row[0] for row in _table(ARCHITECTURE, "## Queues")}

    assert told == {queue.value for queue in Queue}


def test_every_stage_and_its_words_are_in_the_docs() -> None:
    told = {row[0]: row[1] for row in _table(ARCHITECTURE, "## Stages")}

    assert set(told) == {stage or "not_begun" for stages in STAGES.values() for stage in stages}
    assert {stage: told[stage] for stage in ORDER_WORDS} == ORDER_WORDS


def test_every_setting_is_in_the_docs() -> None:
    told = {row[0] for row in _table(ARCHITECTURE, "## Settings")}

    assert told == {name.upper() for settings in SETTINGS for name in settings.model_fields}


def test_every_setting_is_in_the_example_for_containers() -> None:
    wanted = {name.upper() for settings in SETTINGS for name in settings.model_fields}

    assert wanted - EXAMPLE.keys() == set()


def test_the_example_for_containers_shows_the_defaults() -> None:
    defaults = {
        name.upper(): _shown(field.default)
        for settings in SETTINGS
        for name, field in settings.model_fields.items()
        if not field.is_required()
    }
    shown = {name: value for name, (mark, value) in EXAMPLE.items() if mark == "#"}

    differing = {name for name in shown.keys() & defaults.keys() if shown[name] != defaults[name]}
    assert differing == SET_BY_IMAGE


def test_every_command_is_in_the_docs() -> None:
    told = {row[0].removeprefix("goodsout ") for row in _table(ARCHITECTURE, "## Commands")}

    assert told == set(_commands(typer.main.get_command(commands)))


@pytest.mark.parametrize("name", ["reasons.md", "states.md"])
def test_a_page_that_is_written_from_the_code_says_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == pages()[name]


def test_every_reason_code_that_anything_gives_is_listed() -> None:
    given = given_codes(sources())

    assert {code: where for code, where in given.codes.items() if code not in REASONS} == {}
    assert set(vendor_reasons.REASONS) <= set(REASONS)
    assert given.unread == []


def test_every_listed_reason_code_occurs_in_the_code() -> None:
    assert set(REASONS) - texts(sources()) == set()


def test_every_code_of_a_delivery_leads_to_a_stage() -> None:
    given = given_codes(sources(), called="Delivered")

    assert set(given.codes) == set(DELIVERED_STAGES)


def _shown(default: object) -> str:
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


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
