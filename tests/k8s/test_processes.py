"""Every process of Goodsout is deployed with the right command, settings, secrets and probes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.parts import Ports, parts_of
from services.notifier.settings import ClockSettings, NotifierSettings
from services.order_ingest.settings import OrderIngestSettings
from services.portal.settings import PortalSettings
from services.shiphero_push.settings import ShipHeroPushSettings
from services.shipment_return.settings import ShipmentReturnSettings
from shared.cli.relay import RelayProcessSettings
from shared.settings import Settings
from shared.webhooks.edge import EdgeSettings
from tests.k8s.manifests import (
    FOLDER,
    OVERLAYS,
    Workload,
    of_kind,
    ours,
    processes,
    the_container,
    workloads,
)

EVERYWHERE = "0.0.0.0"  # noqa: S104 - named, not bound
EACH_OVERLAY = pytest.mark.parametrize("name", OVERLAYS)
SETTINGS: dict[str, type[Settings]] = {
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
WEB = {name for name, told in SETTINGS.items() if told in {EdgeSettings, PortalSettings}}


@EACH_OVERLAY
def test_every_process_is_deployed_by_its_command(name: str) -> None:
    parts = {_deployed_as(part.name): part.command for part in parts_of(Ports())}
    vendors = set() if name == "local" else {"sandbox"}

    commands = {
        one: the_container(workload)["command"] for one, workload in processes(name).items()
    }

    assert {one: _bare(words) for one, words in commands.items()} == {
        one: _bare(words) for one, words in parts.items() if one not in vendors
    }


def _deployed_as(part: str) -> str:
    return "portal" if part == "portal_web" else part.replace("_", "-")


def _bare(command: tuple[str, ...] | list[str]) -> list[str]:
    """Give a command without where it listens and for how long it ends; --flag=x is --flag x."""
    words = " ".join(command).replace(sys.executable, "python").replace("=", " ").split()
    for flag in ("--bind", "--graceful-timeout"):
        if flag in words:
            at = words.index(flag)
            del words[at : at + 2]
    return words


@EACH_OVERLAY
def test_every_variable_is_a_setting_of_its_process(name: str) -> None:
    told = {
        one: set(_variables(name, workload)) - _setting_names(SETTINGS[one])
        for one, workload in ours(name).items()
    }

    assert told == {one: set() for one in SETTINGS}


@EACH_OVERLAY
def test_every_setting_without_a_default_is_told(name: str) -> None:
    missing = {
        one: {
            field.upper()
            for field, about in SETTINGS[one].model_fields.items()
            if about.is_required()
        }
        - set(_variables(name, workload))
        for one, workload in ours(name).items()
    }

    assert missing == {one: set() for one in SETTINGS}


def _setting_names(settings: type[Settings]) -> set[str]:
    return {field.upper() for field in settings.model_fields}


def _variables(name: str, workload: Workload) -> Iterator[str]:
    """Give what the process is told, less what only makes up another variable's value."""
    container = the_container(workload)
    values = "".join(one.get("value", "") for one in container["env"])
    yield from (one["name"] for one in container["env"] if f"$({one['name']})" not in values)
    for source in container["envFrom"]:
        yield from of_kind(name, "ConfigMap")[source["configMapRef"]["name"]]["data"]


@EACH_OVERLAY
def test_every_process_but_the_webs_listens_where_it_is_asked(name: str) -> None:
    told = {
        one: {each["name"]: each.get("value") for each in the_container(workload)["env"]}
        for one, workload in ours(name).items()
    }

    assert {one for one, env in told.items() if env.get("HEALTH_PORT") == "8080"} == set(told) - WEB
    assert {env["HEALTH_HOST"] for one, env in told.items() if one not in WEB} == {EVERYWHERE}
    assert {
        one for one in told if "--bind=0.0.0.0:8080" in the_container(ours(name)[one])["command"]
    } == WEB


@pytest.mark.parametrize(
    ("name", "words", "made_by_the_operator"),
    [("local", ["local"], set()), ("production", [], {"rabbitmq-default-user"})],
)
def test_every_secret_that_is_read_is_made_by_the_script(
    name: str, words: list[str], made_by_the_operator: set[str], tmp_path: Path
) -> None:
    wanted = {
        (secret["name"], secret["key"])
        for one in workloads(name)
        for container in one.containers
        for variable in container.get("env", ())
        if (secret := variable.get("valueFrom", {}).get("secretKeyRef"))
    }

    made = _secrets_made(words, tmp_path)

    assert {(one, key) for one, key in wanted if one not in made_by_the_operator} <= made
    assert of_kind(name, "Secret") == {}


def _secrets_made(words: list[str], folder: Path) -> set[tuple[str, str]]:
    """Run the script with a kubectl that keeps what it is told: `name key=value` a line."""
    kept = folder / "kept"
    stub = folder / "kubectl"
    stub.write_text(
        "#!/bin/bash\n"
        '[ "$3" = create ] || exit 1\n'
        f'while read -r line; do echo "$6 $line" >> {kept}; done\n'
    )
    stub.chmod(0o755)
    given = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "DATABASE_URL": "postgresql+psycopg://goodsout:x@there/goodsout",
        "SMTP_URL": "smtp://there",
        "BRIGHTPEARL_CLIENT_SECRET": "x",
    }
    subprocess.run([str(FOLDER / "create-secrets.sh"), *words], check=True, env=given)
    lines = (line.partition("=")[0].split(" ") for line in kept.read_text().splitlines())
    return {(name, key) for name, key in lines}
