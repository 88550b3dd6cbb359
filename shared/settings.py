"""The settings that every process shares; each service adds its own in a subclass.

Made once at the entry point from the environment and handed down; nothing else reads the
environment. What it lacks may lie in a file of the setting's name, as engines of containers mount
secrets.
"""

import sys
from pathlib import Path
from typing import TypeVar

import structlog
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy.engine import make_url

from shared.clock import Pace
from shared.messaging.url import without_secret

log = structlog.get_logger()


class Settings(BaseSettings):
    """What every process needs. The field's name in capitals is the variable's name."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: str = Field(description="sqlite:///… or postgresql+psycopg://…")
    broker_url: str = Field(description="filesystem://…, memory:// or amqp://…")
    secret_keys: SecretStr = Field(
        description="Keys that encrypt vendor credentials, newest first, comma-separated"
    )
    time_scale: float = Field(default=1.0, gt=0, description="Stretches or shrinks every delay")
    health_port: int = Field(
        default=0, description="Where /livez, /readyz, /metrics answer; 0: off"
    )
    health_host: str = Field(default="127.0.0.1", description="The address of the health port")
    traces_url: str = Field(
        default="",
        description="OpenTelemetry's collector, http://…:4318/v1/traces; empty: no traces",
    )
    metrics_accounts: int = Field(
        default=200, ge=0, description="How many accounts have metrics of their own"
    )
    log_format: str = Field(
        default="auto", pattern="^(auto|json|pretty|brief)$", description="Log lines"
    )

    @property
    def pace(self) -> Pace:
        """The one time scale of all our delays."""
        return Pace(self.time_scale)


S = TypeVar("S", bound=BaseSettings)


SECRETS = Path("/run/secrets")  # where Docker and Compose mount them


def settings_from_environment(wanted: type[S], *, secrets: Path = SECRETS) -> S:
    """Read and check the settings; a wrong one ends the process with a sentence naming it.

    The environment wins over the files in `secrets`, whose names are the settings' in either case.
    """
    try:
        # pydantic-settings fills it from both, and complains of a folder that is not there.
        return wanted(_secrets_dir=secrets if secrets.is_dir() else None)
    except SettingsError as error:
        print(f"A setting cannot be read: {error.__cause__ or error}.", file=sys.stderr)  # noqa: T201 - logs may not be set up yet
        raise SystemExit(2) from None
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]).upper()
            sentence = f"{problem['msg']}. {_description(wanted, name.lower())}"
            print(f"{name}: {sentence}" if name else sentence, file=sys.stderr)  # noqa: T201 - as above
        print("Set the variables above and start again.", file=sys.stderr)  # noqa: T201 - as above
        raise SystemExit(2) from None


def log_settings(settings: Settings) -> None:
    """Log every setting; a secret only as set or not, a URL without its password."""
    shown: dict[str, object] = {}
    for name in sorted(type(settings).model_fields):
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            shown[name] = "set" if value.get_secret_value() else "not set"
        elif name == "database_url":
            # A password may stand in the query too, as libpq allows.
            shown[name] = make_url(value).set(query={}).render_as_string(hide_password=True)
        elif name == "broker_url":
            shown[name] = without_secret(value)
        else:
            shown[name] = value
    log.info("process.settings", **shown)


def _description(wanted: type[BaseSettings], name: str) -> str:
    field = wanted.model_fields.get(name)
    return (field.description or "") if field else ""
