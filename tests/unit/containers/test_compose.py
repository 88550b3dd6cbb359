"""compose.yaml runs every process, tells each its own settings, and lets none do too much."""

from typing import Any

import pytest

from deploy.embedded.parts import Ports, parts_of
from tests.servers.containers import POSTGRESQL_IMAGE, RABBITMQ_IMAGE
from tests.unit.containers.composed import (
    COMPOSE,
    OURS,
    PROCESSES,
    SERVERS,
    SERVICES,
    default_of,
    published,
)

PARTS = {
    part.name.replace("_", "-").replace("portal-web", "portal"): part for part in parts_of(Ports())
}
# The image tells each process where its health is asked.
BY_IMAGE = {"HEALTH_HOST", "HEALTH_PORT"}
each_of_ours = pytest.mark.parametrize("service", OURS)
each_process = pytest.mark.parametrize("service", list(PROCESSES))


def test_every_process_of_the_system_has_a_service() -> None:
    assert {*PARTS, "migrate", "demo"} == set(OURS)
    assert set(SERVICES) == {*OURS, *SERVERS}


@pytest.mark.parametrize("service", sorted(PARTS))
def test_a_service_runs_what_the_embedded_system_runs(service: str) -> None:
    words = [*SERVICES[service]["command"]]
    runs = ["-m", "shared.cli.main", *words[1:]] if words[0] == "goodsout" else words[1:]

    assert list(PARTS[service].command)[-len(runs) :] == runs


@each_process
def test_a_process_is_told_its_own_settings_and_no_other(service: str) -> None:
    wanted = {name.upper() for name in PROCESSES[service].model_fields}

    assert set(SERVICES[service]["environment"]) == wanted - BY_IMAGE


@each_of_ours
def test_a_service_of_ours_may_do_no_more_than_it_must(service: str) -> None:
    told = SERVICES[service]

    assert (told["user"], told["read_only"], told["cap_drop"]) == ("10001:10001", True, ["ALL"])
    assert told["security_opt"] == ["no-new-privileges"]
    assert told["mem_limit"]
    assert told["pids_limit"]
    assert "privileged" not in told
    assert "cap_add" not in told


@pytest.mark.parametrize("service", SERVERS)
def test_a_server_gains_no_privileges(service: str) -> None:
    told = SERVICES[service]

    assert (told["cap_drop"], told["security_opt"]) == (["ALL"], ["no-new-privileges"])
    assert told["mem_limit"]


@each_process
def test_a_process_starts_after_the_migration_and_again_when_it_ends(service: str) -> None:
    told = SERVICES[service]

    assert told["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert told["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ["migrate", "demo"])
def test_what_ends_by_itself_is_not_started_again(service: str) -> None:
    assert SERVICES[service]["restart"] == "no"


@pytest.mark.parametrize("service", [name for name in PROCESSES if name.endswith("-consumer")])
def test_a_consumer_has_time_to_end_what_it_has_in_hand(service: str) -> None:
    lease = PROCESSES[service].model_fields["note_lease"].default
    grace = SERVICES[service]["stop_grace_period"]

    assert int(grace.removesuffix("s")) > lease + 10  # what delivery.py writes for afterwards


def test_the_demo_waits_for_every_process() -> None:
    waits = SERVICES["demo"]["depends_on"]

    assert set(waits) == {*PROCESSES, "sandbox"}
    assert {each["condition"] for each in waits.values()} == {"service_healthy"}


def test_only_the_demo_needs_the_profile() -> None:
    profiles = {name: told["profiles"] for name, told in SERVICES.items() if "profiles" in told}

    assert profiles == {"sandbox": ["sandbox"], "demo": ["sandbox"]}


def test_nothing_but_pages_and_webhooks_is_published_and_all_on_this_machine_alone() -> None:
    ports = {name: published(name) for name in SERVICES if published(name)}

    assert set(ports) == {
        "portal", "order-ingest-web", "shipment-return-web", "grafana", "sandbox",
    }  # fmt: skip
    assert all(port.startswith("127.0.0.1:") for each in ports.values() for port in each)


def test_the_servers_have_no_way_out() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [SERVICES[name]["networks"] for name in ("postgresql", "rabbitmq")] == [["inside"]] * 2


@pytest.mark.parametrize("service", [*SERVERS, *OURS])
def test_an_image_is_named_by_a_variable_and_pinned_by_a_tag(service: str) -> None:
    image = SERVICES[service]["image"]

    _, _, tag = default_of(image).rpartition(":")
    assert image.startswith("${")
    assert tag[0].isdecimal() or tag[0] == "v"


def test_the_servers_are_those_that_the_tests_run_against() -> None:
    named = [default_of(SERVICES[name]["image"]) for name in ("postgresql", "rabbitmq")]

    assert named == [POSTGRESQL_IMAGE, RABBITMQ_IMAGE]


def test_no_secret_has_a_default() -> None:
    values = [text for told in SERVICES.values() for text in _values(told.get("environment", {}))]
    secret = [text for text in values if "PASSWORD" in text or "SECRET_KEY" in text]

    assert len(secret) > len(PROCESSES)
    assert [text for text in secret if ":-" in text] == []


def test_a_missing_secret_stops_the_start_with_a_sentence() -> None:
    values = "\n".join(_values([SERVICES["portal"]["environment"], SERVICES["grafana"]]))

    missing = {
        name for name in SECRETS if f"${{{name}:?run make env, which writes deploy/.env}}" in values
    }
    assert missing == SECRETS


SECRETS = {
    "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "SECRET_KEYS", "SECRET_KEY",
    "SECURITY_PASSWORD_SALT", "GRAFANA_PASSWORD",
}  # fmt: skip


def _values(told: Any) -> list[str]:
    """Give every text in a value, however deep."""
    if isinstance(told, dict):
        told = list(told.values())
    if isinstance(told, list):
        return [text for each in told for text in _values(each)]
    return [told] if isinstance(told, str) else []
