"""Every process of Goodsout is deployed with the right command, settings, secrets and probes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from deploy.embedded.parts import Ports, parts_of
from services.notifier.settings import ClockSettings, NotifierSettings
from services.order_ingest.settings import OrderIngestSettings
from services.portal.settings import PortalSettings
from services.shiphero_push.settings import ShipHeroPushSettings
from services.shipment_return.settings import ShipmentReturnSettings
from shared.cli.relay import RelayProcessSettings
from shared.messaging.open import open_broker
from shared.secrets import SecretBox
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


@EACH_OVERLAY
def test_every_secret_that_is_read_is_made_by_the_script(name: str, tmp_path: Path) -> None:
    wanted = {
        (told["name"], told["key"])
        for one in workloads(name)
        for container in one.containers
        for variable in container.get("env", ())
        if (told := variable.get("valueFrom", {}).get("secretKeyRef"))
    }

    made = _secrets(name, tmp_path)

    assert wanted <= made.keys()
    assert of_kind(name, "Secret") == {}


@EACH_OVERLAY
def test_every_process_can_read_what_it_is_told(name: str, tmp_path: Path) -> None:
    secrets = _secrets(name, tmp_path)

    read = {
        one: SETTINGS[one].model_validate(_lower(_environment(name, workload, secrets)))
        for one, workload in ours(name).items()
    }

    assert read["portal"].database_url == secrets["goodsout", "DATABASE_URL"]
    assert SecretBox(read["portal"].secret_keys.get_secret_value())
    assert open_broker(read["relay"].broker_url)


def test_the_portal_finds_the_brokers_management_by_name_and_password(tmp_path: Path) -> None:
    secrets = _secrets("local", tmp_path)

    told = _environment("local", ours("local")["portal"], secrets)["RABBITMQ_MANAGEMENT_URL"]

    password = secrets["rabbitmq-default-user", "password"]
    assert told == f"http://goodsout:{password}@rabbitmq:15672"


def _lower(environment: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in environment.items()}


def _environment(
    name: str, workload: Workload, secrets: Mapping[tuple[str, str], str]
) -> dict[str, str]:
    """Give the variables as the pod has them: those of its ConfigMaps, then its own."""
    container = the_container(workload)
    told: dict[str, str] = {}
    for source in container["envFrom"]:
        told |= of_kind(name, "ConfigMap")[source["configMapRef"]["name"]]["data"]
    for one in container["env"]:
        if "value" in one:
            value = re.sub(r"\$\((\w+)\)", lambda found: told[found[1]], one["value"])
        else:
            reference = one["valueFrom"]["secretKeyRef"]
            value = secrets[reference["name"], reference["key"]]
        told[one["name"]] = value
    return told


def _secrets(name: str, folder: Path) -> dict[tuple[str, str], str]:
    """Give the Secrets' values by name and key: the script's, and the Cluster Operator's."""
    by_the_operator = {
        ("rabbitmq-default-user", "username"): "default_user_x",
        ("rabbitmq-default-user", "password"): "x",
        ("rabbitmq-default-user", "connection_string"): "amqp://u:x@rabbitmq.goodsout.svc:5672/",
    }
    words = ["local"] if name == "local" else []
    made = _made_by_the_script(words, folder)
    return made if name == "local" else by_the_operator | made


def _made_by_the_script(words: list[str], folder: Path) -> dict[tuple[str, str], str]:
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
    made = {}
    for line in kept.read_text().splitlines():
        key, _, value = line.partition("=")
        name, _, key = key.partition(" ")
        made[name, key] = value
    return made
