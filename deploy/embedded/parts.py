"""Which processes make up the system, and what each is told by its environment."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


def python(module: str, *words: str) -> tuple[str, ...]:
    """Give the command that runs a module by the Python that runs us."""
    return (sys.executable, "-m", module, *words)


GUNICORN = python(
    "gunicorn", "--worker-class", "gthread", "--workers", "1",
    "--threads", "16", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where each process listens on 127.0.0.1; the health ports are of those without a page."""

    portal: int = 8000
    order_ingest: int = 8001
    shipment_return: int = 8002
    sandbox: int = 8100
    mail: int = 8125
    relay_health: int = 8011
    order_ingest_health: int = 8012
    shiphero_push_health: int = 8013
    shipment_return_health: int = 8014
    notifier_health: int = 8015
    clock_health: int = 8016

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> "Ports":
        """Read `PORTAL_PORT` and its like; ValueError names one that is no port."""
        chosen = {}
        for name in Ports.__dataclass_fields__:
            variable = f"{name.upper()}_PORT"
            text = environment.get(variable, "")
            if not text:
                continue
            if not text.isdecimal() or not 0 < int(text) < 2**16:
                raise ValueError(f"{variable} is {text!r}; a port is a number from 1 to 65535")
            chosen[name] = int(text)
        return Ports(**chosen)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process: its command, its own environment, and where it answers /readyz."""

    name: str
    command: tuple[str, ...]
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_path: str = "/readyz"

    @property
    def ready_url(self) -> str:
        """Where the process says that it is ready."""
        return f"http://127.0.0.1:{self.port}{self.ready_path}"


def parts_of(ports: Ports) -> tuple[Part, ...]:
    """List every process of the system, the sandbox first."""
    return (
        _sandbox(ports),
        Part(
            name="relay",
            command=python("shared.cli.main", "relay"),
            port=ports.relay_health,
            environment={"HEALTH_PORT": str(ports.relay_health)},
        ),
        _web("order_ingest", "services.order_ingest.app:app()", ports.order_ingest),
        _consumer("order_ingest", ports.order_ingest_health),
        _consumer("shiphero_push", ports.shiphero_push_health),
        _web("shipment_return", "services.shipment_return.app:app()", ports.shipment_return),
        _consumer("shipment_return", ports.shipment_return_health),
        _consumer("notifier", ports.notifier_health),
        Part(
            name="clock",
            command=python("services.notifier.clock"),
            port=ports.clock_health,
            environment={"HEALTH_PORT": str(ports.clock_health)},
        ),
        _web("portal", "services.portal.wsgi:app", ports.portal),
    )


def _sandbox(ports: Ports) -> Part:
    return Part(
        name="sandbox",
        command=python("sandbox"),
        port=ports.sandbox,
        environment={
            "SANDBOX_PORT": str(ports.sandbox),
            "SANDBOX_SMTP_PORT": str(ports.mail),
        },
        ready_path="/control/health",
    )


def _web(service: str, app: str, port: int) -> Part:
    command = (*GUNICORN, "--bind", f"127.0.0.1:{port}", app)
    return Part(name=f"{service}_web", command=command, port=port)


def _consumer(service: str, port: int) -> Part:
    return Part(
        name=f"{service}_consumer",
        command=python(f"services.{service}.consumer"),
        port=port,
        environment={"HEALTH_PORT": str(port)},
    )


def own_environment(folder: Path, ports: Ports, given: Mapping[str, str]) -> dict[str, str]:
    """Build what every process is told: `given` wins, the embedded defaults fill the rest.

    Everything that is kept lies in `folder`; the vendors are the sandbox, unless others are given.
    """
    folder = folder.resolve()
    defaults = {
        "DATABASE_URL": f"sqlite:///{folder}/goodsout.sqlite",
        "BROKER_URL": f"filesystem://{folder}/broker",
        "SANDBOX_STATE": f"{folder}/sandbox.sqlite",
        "LOG_FORMAT": "brief",
        # The filesystem broker forgets what a killed process held: it is sent again soon.
        "PUBLISH_LEASE": "30",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **defaults, **_vendors(ports), **given}


def _vendors(ports: Ports) -> dict[str, str]:
    """Tell where the sandbox plays both vendors and the mail server, and where it calls us.

    The sandbox's Brightpearl has two data centres: two addresses with one port.
    """
    sandbox = f"http://127.0.0.1:{ports.sandbox}"
    return {
        "BRIGHTPEARL_CLIENT_ID": "goodsout-sandbox",
        "BRIGHTPEARL_CLIENT_SECRET": "sandbox-client-secret",
        "BRIGHTPEARL_DEV_REF": "goodsout-dev",
        "BRIGHTPEARL_OAUTH_URL": f"{sandbox}/oauth",
        "BRIGHTPEARL_HOSTS": f"127.0.0.1:{ports.sandbox},127.0.0.2:{ports.sandbox}",
        "SHIPHERO_URL": sandbox,
        "WEBHOOKS_URL_BRIGHTPEARL": f"http://127.0.0.1:{ports.order_ingest}",
        "WEBHOOKS_URL_SHIPHERO": f"http://127.0.0.1:{ports.shipment_return}",
        "PORTAL_URL": f"http://127.0.0.1:{ports.portal}",
        "SMTP_URL": f"smtp://127.0.0.1:{ports.mail}?starttls=off",
        "MAIL_FROM": "Goodsout <portal@goodsout.example>",
        "EGRESS_NETWORKS": "127.0.0.1/32",
        "EGRESS_PORTS": f"443,8443,{ports.sandbox}",
    }
