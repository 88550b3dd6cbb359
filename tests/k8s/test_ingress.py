"""From outside come webhooks and the portal's pages, over TLS; probes and metrics do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from services.order_ingest.app import create_app as create_order_ingest
from services.portal.app import PROBES
from services.portal.app import create_app as create_portal
from services.portal.settings import PortalSettings
from services.shipment_return.app import create_app as create_shipment_return
from shared.db.engine import open_engine
from shared.secrets import new_key
from shared.webhooks.edge import EdgeSettings
from tests.k8s.manifests import Manifest, of_kind

SECRET = SecretStr("a-long-enough-secret")


@pytest.fixture
def apps(tmp_path: Path) -> dict[str, Flask]:
    """Build what answers requests, by its Service's name."""
    engine = open_engine(f"sqlite:///{tmp_path}/empty.sqlite")
    usual = {
        "database_url": "sqlite://",
        "broker_url": "memory://",
        "secret_keys": SecretStr(new_key()),
    }
    edge = EdgeSettings.model_validate(usual)
    portal = PortalSettings.model_validate(
        {**usual, "secret_key": SECRET, "security_password_salt": SECRET}
    )
    return {
        "order-ingest-web": create_order_ingest(edge, engine),
        "shipment-return-web": create_shipment_return(edge, engine),
        "portal": create_portal(portal, engine),
    }


def test_each_page_and_each_webhook_is_led_to_its_process(apps: dict[str, Flask]) -> None:
    wanted = {(service, path) for service, app in apps.items() for path in _paths(app)}

    led = {(service, path) for service, path in wanted if _leads(path) == service}

    assert led == {(service, path) for service, path in wanted if path not in _probes(apps)}


def test_probes_and_metrics_are_led_nowhere(apps: dict[str, Flask]) -> None:
    assert {path: _leads(path) for path in _probes(apps)} == {
        "/livez": "", "/readyz": "", "/metrics": "",
    }  # fmt: skip


def test_no_path_is_led_to_nothing(apps: dict[str, Flask]) -> None:
    idle = [
        path["path"]
        for path, service in _rules()
        if not any(_covers(path, each) for each in _paths(apps[service]))
    ]

    assert idle == []


def test_all_of_it_is_over_tls() -> None:
    told = of_kind("production", "Ingress").values()

    hosts = {rule["host"] for one in told for rule in one["spec"]["rules"]}

    assert hosts == {host for one in told for tls in one["spec"]["tls"] for host in tls["hosts"]}
    assert len({tls["secretName"] for one in told for tls in one["spec"]["tls"]}) == len(hosts)


def test_addresses_that_vendors_and_people_are_told_are_those_that_are_served() -> None:
    [told] = [
        one["data"]
        for name, one in of_kind("production", "ConfigMap").items()
        if name.startswith("vendor-settings")
    ]
    [portal] = of_kind("production", "Ingress")["portal"]["spec"]["rules"]
    [webhooks] = of_kind("production", "Ingress")["webhooks"]["spec"]["rules"]

    assert told["PORTAL_URL"] == f"https://{portal['host']}"
    assert told["WEBHOOKS_URL_BRIGHTPEARL"] == f"https://{webhooks['host']}"
    assert told["WEBHOOKS_URL_SHIPHERO"] == f"https://{webhooks['host']}"


def test_every_path_is_led_to_a_service_that_is_there() -> None:
    services = of_kind("production", "Service")

    assert {service for _, service in _rules()} <= services.keys()


def _paths(app: Flask) -> set[str]:
    """Give each route's path with something in the place of its variables."""
    served = (
        rule for rule in app.url_map.iter_rules() if _has_files(app) or rule.endpoint != "static"
    )
    return {rule.rule.replace("<", "").replace(">", "") for rule in served}


def _has_files(app: Flask) -> bool:
    return app.static_folder is not None and Path(app.static_folder).is_dir()


def _probes(apps: dict[str, Flask]) -> set[str]:
    rules = apps["portal"].url_map.iter_rules()
    return {rule.rule for rule in rules if rule.endpoint in PROBES}


def _rules() -> Iterator[tuple[Manifest, str]]:
    for ingress in of_kind("production", "Ingress").values():
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                yield path, path["backend"]["service"]["name"]


def _leads(path: str) -> str:
    """Name the Service that a path is led to; no two of the hosts' paths overlap."""
    led = {service for rule, service in _rules() if _covers(rule, path)}
    assert len(led) <= 1
    return led.pop() if led else ""


def _covers(rule: Manifest, path: str) -> bool:
    if rule["pathType"] == "Exact":
        return bool(rule["path"] == path)
    parts = rule["path"].strip("/").split("/")
    return bool(path.strip("/").split("/")[: len(parts)] == parts)
