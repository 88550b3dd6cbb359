"""What the environment tells about real test accounts; docs/contract-live.md says it for people."""

from typing import Literal

import pytest
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import Permanent
from shared.vendors.brightpearl.hosts import private_base_url
from shared.vendors.shiphero.api import PUBLIC_API

PREFIX = "GOODSOUT_CONTRACT_"
NEEDED = {
    "brightpearl": (
        "brightpearl_account",
        "brightpearl_data_centre",
        "brightpearl_app_ref",
        "brightpearl_staff_token",
    ),
    "shiphero": ("shiphero_refresh_token",),
}
NEEDED_TO_WRITE = {"brightpearl": (), "shiphero": ("shiphero_hook_url",)}
NEEDED_FOR_OAUTH = ("brightpearl_client_id", "brightpearl_dev_ref")
NEEDED_FOR_TOKENS = (*NEEDED_FOR_OAUTH, "brightpearl_redirect_uri", "brightpearl_code")


class LiveSettings(BaseSettings):
    """Real test accounts; what is empty was not told."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    vendor: Literal["", "brightpearl", "shiphero"] = ""
    writes: bool = False
    brightpearl_account: str = ""
    brightpearl_data_centre: str = ""
    brightpearl_hosts: str = ""
    brightpearl_app_ref: str = ""
    brightpearl_staff_token: SecretStr = SecretStr("")
    brightpearl_notes: str = Field(default="", pattern=r"^[0-9, ]*$")
    brightpearl_oauth_url: str = "https://oauth.brightpearl.com"
    brightpearl_client_id: str = ""
    brightpearl_client_secret: SecretStr = SecretStr("")
    brightpearl_dev_ref: str = ""
    brightpearl_redirect_uri: str = ""
    brightpearl_code: SecretStr = SecretStr("")
    shiphero_url: str = PUBLIC_API
    shiphero_refresh_token: SecretStr = SecretStr("")
    shiphero_username: str = ""
    shiphero_password: SecretStr = SecretStr("")
    shiphero_customer_account: str = ""
    shiphero_hook_url: str = ""

    @property
    def vendors(self) -> frozenset[str]:
        """Whose accounts are asked: one vendor's, or both."""
        return frozenset({self.vendor} if self.vendor else NEEDED)

    @property
    def hosts(self) -> frozenset[str]:
        """The `host:port` pairs allowed beside Brightpearl's own, such as a sandbox."""
        return frozenset(one.strip().lower() for one in self.brightpearl_hosts.split(",") if one)

    @property
    def notes(self) -> list[int]:
        """The open notes that may be written to and shipped for good."""
        return [int(one) for one in self.brightpearl_notes.split(",") if one.strip()]

    def missing(self, *names: str) -> list[str]:
        """Name the variables among these that are empty."""
        values = {name: getattr(self, name) for name in names}
        return [f"{PREFIX}{name.upper()}" for name, value in values.items() if not _text(value)]


def read_live_settings() -> LiveSettings:
    """Read the environment; UsageError says in one sentence which variables to set."""
    try:
        settings = LiveSettings()
    except ValidationError as error:
        # Only the names: a value may be a secret.
        wrong = ", ".join(f"{PREFIX}{str(one['loc'][0]).upper()}" for one in error.errors())
        raise pytest.UsageError(
            f"{wrong} cannot be read; docs/contract-live.md says how."
        ) from None
    _check_complete(settings)
    _check_host(settings)
    return settings


def _check_complete(settings: LiveSettings) -> None:
    needed = [name for vendor in sorted(settings.vendors) for name in NEEDED[vendor]]
    if settings.writes:
        needed += [name for vendor in sorted(settings.vendors) for name in NEEDED_TO_WRITE[vendor]]
    if missing := settings.missing(*needed):
        raise pytest.UsageError(
            f"Set {', '.join(missing)} (docs/contract-live.md says where each comes from), "
            f"or set {PREFIX}VENDOR to brightpearl or shiphero to ask one vendor alone."
        )


def _check_host(settings: LiveSettings) -> None:
    if "brightpearl" not in settings.vendors:
        return
    try:
        private_base_url(
            settings.brightpearl_data_centre, settings.brightpearl_account, extra=settings.hosts
        )
    except Permanent:
        raise pytest.UsageError(
            f"{PREFIX}BRIGHTPEARL_DATA_CENTRE is euw1, use1, a host of Brightpearl's, or a "
            f"host:port that stands in {PREFIX}BRIGHTPEARL_HOSTS; no token is sent elsewhere."
        ) from None


def _text(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
